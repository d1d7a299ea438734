"""What instructors and students see of the results: gradebook, feedback, and a table of the class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coursekit import manual_grades as by_hand
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.files import unusable
from coursekit.core.result import BadResult, Question, Result, read_questions, read_result
from coursekit.core.text import one_line
from coursekit.outputs.feedback import write_feedback
from coursekit.outputs.gradebook import write_gradebook


@dataclass(frozen=True)
class Report:
    """What `report` read and wrote.

    results: by student's name. problems: a sentence for each thing that a person has to see to.
    """

    assignment: Assignment
    questions: list[Question]
    results: list[Result]
    problems: list[str]
    gradebook: Path
    feedback: Path


def report(assignment: Assignment) -> Report:
    """Write the gradebook and each student's feedback from the assignment's results, and a person's points.

    A damaged or foreign JSON file is left out, and named in `problems`. Raises CourseError when there is no
    result at all, and when the reports can't be written.
    """
    results, problems = read_results(assignment)
    if not results and not problems:
        raise CourseError(f"There are no results in {assignment.results}: run 'coursekit grade' first.")
    questions = read_questions(assignment, results)
    results, found = by_hand.take_up(results, assignment.results / by_hand.FILE_NAME)
    problems += found
    gradebook = assignment.results / "gradebook.csv"
    write_gradebook(questions, results, gradebook)
    pages = {f"{result.student}.html": result for result in results}
    confused = unusable(pages, assignment.feedback)
    problems += [
        f"{one_line(page)} {why}: not written. Rename the student's folder." for page, why in confused.items()
    ]
    for page, result in pages.items():
        if page not in confused:
            write_feedback(assignment, result, assignment.feedback / page)
    return Report(assignment, questions, results, problems, gradebook, assignment.feedback)


def read_results(assignment: Assignment) -> tuple[list[Result], list[str]]:
    """All results of the assignment, by student's name, and a sentence for each file that is none."""
    results, problems = [], []
    for path in sorted(assignment.results.glob("*.json"), key=lambda path: (path.stem.casefold(), path.stem)):
        try:
            results.append(read_result(path, assignment.name))
        except BadResult as error:
            problems.append(one_line(f"{path.name} was left out: {error}.", 500))
    return results, problems
