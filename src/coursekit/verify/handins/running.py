"""Grade hand-ins as a class is graded, and say which do not come out as they must."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.files import remove_folder
from coursekit.core.progress import Progress
from coursekit.core.reference import Reference
from coursekit.core.result import Kind, Result
from coursekit.executors import executor
from coursekit.grade_class import jobs_of
from coursekit.grading.job import Job
from coursekit.layouts.base import Collected
from coursekit.layouts.nbgrader import Nbgrader
from coursekit.sandbox import choose as sandbox
from coursekit.verify.handins.making import EVERYTHING, Due, HandIn
from coursekit.verify.handins.work import Work, course_of

BATCH = 10
"""so many are on disk at a time"""


@dataclass(frozen=True)
class Graded:
    """A hand-in, what had to come out and what did. problem: a sentence, empty if it is as it must be."""

    hand_in: HandIn
    result: Result | None
    problem: str = ""


def run(
    assignment: Assignment,
    chosen: Iterable[HandIn],
    *,
    jobs: int = 2,
    progress: Progress = lambda step: None,
) -> list[Graded]:
    """Make and grade hand-ins, sealed, without the questions that train; an outcome for each.

    Raises CourseError when no sandbox works, or the assignment has not been built.
    """
    waiting = order = list(chosen)
    done: list[Graded] = []
    while waiting:
        batch, waiting = waiting[:BATCH], waiting[BATCH:]
        for graded in _grade(assignment, batch, jobs):
            done.append(graded)
            progress(f"{len(done)} hand-ins, last {graded.hand_in.name}")
    return sorted(done, key=lambda one: order.index(one.hand_in))


def _grade(assignment: Assignment, batch: list[HandIn], workers: int) -> Iterator[Graded]:
    root = Path(tempfile.mkdtemp(prefix="coursekit-handins-"))
    try:
        scratch, work = course_of(assignment, root), Work(assignment)
        due: dict[str, Due] = {}
        for one in batch:
            try:
                due[one.name] = one.make(work, scratch.course.submitted / one.name / assignment.name) or Due()
            except (CourseError, OSError, LookupError, ValueError) as error:
                yield Graded(one, None, f"{one.name} could not be made: {error}")
        found = {one.student: one for one in Nbgrader().find(scratch)}
        made = [
            Collected(Reference(name), wanted.path) if wanted.path else found[name]
            for name, wanted in due.items()
            if wanted.path or name in found
        ]
        listed = {one.student for one in made}
        results = {}
        for result in executor(workers=workers).run(_jobs(assignment, made, work)):
            results[result.student] = result
        for one in batch:
            if one.name in due and one.name not in listed:
                yield Graded(one, None, f"{one.name} is not found in submitted/.")
            elif one.name in due:
                result = results[one.name]
                said = "; ".join(problems(work, due[one.name], result))
                yield Graded(one, result, f"{one.name} {said}." if said else "")
    finally:
        remove_folder(root)


def _jobs(assignment: Assignment, made: list[Collected], work: Work) -> list[Job]:
    return jobs_of(assignment, made, sandbox.strongest(), selection=work.selection) if made else []


def problems(work: Work, due: Due, result: Result) -> Iterator[str]:
    """What is not as it must be: a part of a sentence for each."""
    notes = [str(note) for note in result.notes]
    if result.fault:
        yield f"has no result: {result.error}"
    elif due.refused:
        if not result.error:
            yield f"is not refused, but gets {result.score:g} points"
        for pattern in due.refused:
            if result.error and not re.search(pattern, result.error, re.I):
                yield f"is refused without a word on {pattern!r}: {result.error}"
    elif result.error:
        yield f"is refused: {result.error}"
    else:
        yield from _points(work, due, result)
        for pattern in due.noted:
            if not any(re.search(pattern, note, re.I) for note in notes):
                yield f"has no note on {pattern!r}, but {notes or 'none'}"
        if due.quiet and notes:
            yield f"has notes, but needs none: {notes}"
        answers = [text for q in result.questions for text in q.texts(Kind.ANSWER)]
        for words in due.words:
            if not any(words in text for text in answers):
                yield f"lacks an answer for the person who grades it: {words!r}"


def _points(work: Work, due: Due, result: Result) -> Iterator[str]:
    must = work.questions if due.loses is EVERYTHING else due.loses & work.questions
    for name in sorted(result.lost - must - due.may_lose):
        question = result.question(name)
        said = question.output.strip().splitlines() if question else []
        yield f"loses {name}, which is right ({' '.join(said[1:3])[:160]})"
    if kept := must - result.lost:
        yield f"keeps {', '.join(sorted(kept))}, which is not done or wrong"
