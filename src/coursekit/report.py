"""Write every output of an assignment from its results and the manual grades."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from coursekit import attempts, formgrader, history, manual_grades, standings, store
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.reference import Reference, lookalikes
from coursekit.core.result import Result
from coursekit.core.text import number, one_line
from coursekit.grading.autograder import digest_of
from coursekit.grading.job import build_in
from coursekit.layouts import layouts
from coursekit.outputs import outputs
from coursekit.outputs.base import ClassReport, QuestionInfo
from coursekit.roster import Roster
from coursekit.roster.people import contradicts
from coursekit.schedule import Schedule


def report(assignment: Assignment) -> ClassReport:
    """Write all outputs, and return the report that they were made from.

    A damaged or foreign JSON file is left out, and named in `problems`. Raises CourseError when there are no
    results, when roster.csv or course.toml has a mistake, and when the outputs can't be written.
    """
    made = _gather(assignment, write=True)
    failed: CourseError | None = None
    for name, output in outputs().items():
        try:
            made.written[name] = output.write(made)
        except CourseError as error:  # the others are written all the same
            failed = failed or error
    if failed:
        raise failed
    return made


def gather(assignment: Assignment) -> ClassReport:
    """The report of a class, with nothing written. Raises CourseError as report() does."""
    return _gather(assignment, write=False)


def _gather(assignment: Assignment, *, write: bool) -> ClassReport:
    """write: whether the sheet for grading by hand gets rows for new answers, and digests are remembered."""
    schedule, roster = Schedule.read(assignment.course), Roster.read(assignment.course)
    results, problems = store.read_all(assignment)
    if not results and not problems:
        raise CourseError(f"There are no results in {assignment.results}: run 'coursekit grade' first.")
    changes = _changes(assignment, results)
    title, questions = _described(assignment, results)
    problems += _older_builds(assignment, questions, results)
    typed, said = formgrader.typed(assignment, results)
    problems += said if write else said + formgrader.untaken(typed)
    sheet = assignment.results / manual_grades.FILE_NAME
    graded = manual_grades.take_up(results, sheet, typed if write else {}, write=write)
    formgrader.agree(assignment, {key: typed[key] for key in graded.agreed})
    remarks = [*lookalikes(store.students(assignment)), *_same_hand_ins(graded.results), *graded.remarks]
    made = ClassReport(
        assignment,
        title,
        questions,
        graded.results,
        problems + graded.problems,
        remarks,
        changes,
        roster=roster,
        schedule=schedule,
    )
    _compare_hand_ins(made, remember=write)
    _name_people(made)
    _weigh(made)
    return made


def _compare_hand_ins(made: ClassReport, *, remember: bool) -> None:
    """Find out whose hand-in has no result, or one of other work. remember: whether the digests are kept for later."""
    assignment, known = made.assignment, store.digests(made.assignment)
    paths = {one.student: one.path for one in layouts()["nbgrader"].find(assignment)}
    digests = {result.student: result.digest for result in made.results}
    unread = set(store.students(assignment)) - digests.keys()  # which the problems name already
    new = paths.keys() - digests.keys() - unread
    unplaced = set(attempts.students(assignment)) - paths.keys() - digests.keys()
    made.ungraded = sorted({*unread, *new, *unplaced})
    made.outdated = [
        student
        for student, digest in digests.items()
        if digest and student in paths and known.of(paths[student]) != digest
    ]
    if remember:
        known.save()
    if new:
        made.problems.append(f"The hand-in of {_students(new)} has no result: run 'coursekit grade'.")
    if made.outdated:
        made.problems.append(
            f"The hand-in of {_students(made.outdated)} is not the one that was graded: run 'coursekit grade'."
        )
    if unplaced:
        made.problems.append(
            f"Work of {_students(unplaced)} is in collected/ and not in submitted/: collect the download again, or "
            "remove it there too."
        )
    if paths and (gone := digests.keys() - paths.keys()):
        made.remarks.append(
            f"There is no hand-in in submitted/ of {_students(gone)}, and the result of before counts. If it should "
            f"not, remove it from {assignment.results}."
        )


def _students(names: Iterable[str]) -> str:
    return _listed([one_line(name, 100) for name in sorted(names)])


def _name_people(made: ClassReport) -> None:
    """Find out who in the roster everybody is."""
    found: dict[str, list[str]] = {}
    for result in made.results:
        if person := made.roster.match(result.reference):
            made.people[result.student] = person
            found.setdefault(person.id, []).append(one_line(result.student, 100))
    made.missing = [person for person in made.roster.people if person.id not in found]
    made.problems += [
        f"{_listed(students)} are hand-ins of one person of roster.csv, {one_line(id, 60)}: keep one."
        for id, students in found.items()
        if len(students) > 1
    ]
    other = [
        one.student
        for one in made.results
        if (person := made.people.get(one.student)) and contradicts(person, one.reference.ids)
    ]
    if other:
        made.remarks.append(
            f"roster.csv has other ids or emails of {_students(other)} than the hand-in: look which are right."
        )
    strangers = [one.student for one in made.results if one.student not in made.people]
    if made.roster.people and strangers:
        who = "1 hand-in is" if len(strangers) == 1 else f"{len(strangers)} hand-ins are"
        made.remarks.append(f"{who} of nobody in roster.csv: {_students(strangers)}.")


def _weigh(made: ClassReport) -> None:
    """Work out what counts of each result."""
    name, schedule = made.assignment.name, made.schedule
    others = _other_hand_ins(made)
    for result in made.results:
        person = made.people.get(result.student)
        known = {**others.get(person.id if person else result.student, {}), name: result.reference}
        one = standings.hand_ins(known, person, schedule).get(name)
        made.standings[result.student] = standings.standing(result.score, result.max_score, one, schedule)
    made.remarks += _marked_late(made)
    made.problems += standings.extension_problems(made.roster.people, name, schedule)
    if made.has_due_date:
        untimed = [one.student for one in made.results if standings.time_of(one.reference, schedule) is None]
        if untimed:
            its = "its hand-in counts" if len(untimed) == 1 else "their hand-ins count"
            made.remarks.append(f"No time of submission is known of {_students(untimed)}: {its} in full.")


def _marked_late(made: ClassReport) -> list[str]:
    """A sentence for each platform that says who was late, and not by how much."""
    found: dict[str, list[str]] = {}
    for result in made.results:
        with contextlib.suppress(CourseError):  # of a damaged file; collect says it
            if platform := attempts.read(made.assignment, result.student).marked_late:
                found.setdefault(platform, []).append(one_line(result.student, 100))
    return [
        f"{platform} marks as late, and does not say by how much: {_listed(students)}. Nothing is deducted here."
        for platform, students in sorted(found.items())
    ]


def _other_hand_ins(made: ClassReport) -> dict[str, dict[str, Reference]]:
    """What each student handed in for the assignments that share the free days with this one."""
    schedule = made.schedule
    found: dict[str, dict[str, Reference]] = {}
    if not schedule.free_days or not made.has_due_date:
        return found
    for assignment in made.assignment.course.assignments():
        if assignment == made.assignment or assignment.name not in schedule.due:
            continue
        results, problems = store.read_all(assignment)
        references = {result.student: result.reference for result in results}
        references |= {one.student: one.reference for one in layouts()["nbgrader"].find(assignment)}
        for reference in references.values():
            person = made.roster.match(reference)
            mine = found.setdefault(person.id if person else reference.student, {})
            mine[assignment.name] = reference
        if problems:
            made.problems.append(
                f"Free days may have been used in {assignment.name}, where not all results can be read: "
                f"run 'coursekit report {assignment.name}'."
            )
    return found


def _changes(assignment: Assignment, results: list[Result]) -> list[str]:
    """Whose points differ from the result before, and in which questions."""
    before = history.before(assignment, [result.student for result in results])
    said = {
        result.student: history.changes(before[result.student], result)
        for result in results
        if result.student in before
    }
    return [f"{one_line(student, 100)}: {what}" for student, what in said.items() if what]


def _older_builds(assignment: Assignment, questions: list[QuestionInfo], results: list[Result]) -> list[str]:
    """A sentence if some results were graded with another build than the one that is there."""
    current = digest_of(assignment.autograder, assignment.release)
    points = {question.name: question.points for question in questions}

    def is_older(result: Result) -> bool:
        if current and (build := build_in(result.stamp)):
            return not current.startswith(build)
        return points != {question.name: question.max_score for question in result.questions}

    older = [result for result in results if is_older(result)]
    if not older:
        return []
    names = _students(result.student for result in older)
    worth = {number(result.max_score) for result in older} - {number(sum(points.values()))}
    other = (
        f", and of {' or '.join(sorted(worth))} points instead of {number(sum(points.values()))}"
        if worth
        else ""
    )
    are = "is" if len(older) == 1 else "are"
    return [
        f"{len(older)} of {len(results)} results {are} of another build of the assignment{other}: {names}. "
        "Run 'coursekit grade'. It can't renew those whose hand-in is gone."
    ]


def _same_hand_ins(results: list[Result]) -> list[str]:
    """A sentence for each group of students who earned points with the same bytes."""
    found: dict[str, list[str]] = {}
    for result in results:
        if result.digest and result.score > 0:
            found.setdefault(result.digest, []).append(one_line(result.student, 100))
    return [
        f"The hand-ins of {_listed(students)} are the same, byte for byte: look at them. No points were changed."
        for students in found.values()
        if len(students) > 1
    ]


def _listed(names: list[str], most: int = 10) -> str:
    """Names as a list in a sentence; of very many, only the first."""
    shown = names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _described(assignment: Assignment, results: list[Result]) -> tuple[str, list[QuestionInfo]]:
    """The assignment's title, and its questions in notebook order; if it is not built, from the results."""
    built = assignment.description()
    title = built.get("title")
    try:
        questions = [QuestionInfo(str(one["name"]), float(one["points"])) for one in built["questions"]]
    except (KeyError, TypeError, ValueError):
        known = {one.name: QuestionInfo(one.name, one.max_score) for r in results for one in r.questions}
        questions = list(known.values())
    return (title if isinstance(title, str) and title else assignment.name), questions
