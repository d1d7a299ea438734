"""Build an assignment: release, worked solution and autograder from the one source notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coursekit import snapshot
from coursekit.build import checks
from coursekit.build.source import Source, is_left_out, read_source
from coursekit.build.staging import replace, staged
from coursekit.core import cells
from coursekit.core import quick_start as quick_start
from coursekit.core.course import Assignment
from coursekit.core.progress import Progress
from coursekit.core.result import Result
from coursekit.grading.known_mistakes import FILE_NAME
from coursekit.grading.times import FILE_NAME as TIMES


def build(assignment: Assignment, *, verify: bool = True, progress: Progress = lambda step: None) -> None:
    """Build `assignment` and replace its three built folders, or raise CourseError and change nothing.

    With `verify`, the solution must earn full marks under sealed grading and the unchanged release none.
    """
    from coursekit.build import record_mistakes, record_times
    from coursekit.build.handing_in import hand_in_file
    from coursekit.build.record_snapshots import record, stored_snapshots
    from coursekit.build.release import worked_files
    from coursekit.build.solution import solution

    progress("checking the source")
    source, released = _checked(assignment)
    progress("recording snapshots")
    snapshots = record(source, stored_snapshots(assignment.autograder / snapshot.FILE_NAME))
    progress("making the release and the autograder")
    built = _without_execution(source, released, snapshots)
    progress("executing the solution")
    executed = solution(source, assignment.solution, lambda cell: progress(f"executing the solution: {cell}"))
    built["solutions"] = executed | worked_files(source) | hand_in_file(source, released)
    with staged(assignment.course.root, built) as folders:
        hints = record_mistakes.record(
            source, folders, record_mistakes.stored_hints(assignment.autograder), progress
        )
        if hints:
            (folders["autograder"] / FILE_NAME).write_text(hints, encoding="utf-8")
        key = record_mistakes.solution_key(source, record_mistakes.tests_of(folders["autograder"]))
        times = record_times.stored_times(assignment.autograder)
        times = times if times.get("key") == key else {}
        if verify:
            solved = _verify(assignment, folders, progress)
            times = times or record_times.recorded(key, solved)
        if times:
            (folders["autograder"] / TIMES).write_text(record_times.text(times), encoding="utf-8")
        replace(_targets(assignment), folders)


def stale(assignment: Assignment) -> list[str]:
    """The built files that are out of date, missing or left over; empty if everything is up to date.

    Nothing is executed: the stored snapshots are used as they are, and the solution notebook is up to date if it was
    executed from the current input. Raises CourseError when the source itself is wrong.
    """
    from coursekit.build import record_mistakes, record_times
    from coursekit.build.handing_in import hand_in_file
    from coursekit.build.record_snapshots import stored_snapshots
    from coursekit.build.release import worked_files
    from coursekit.build.solution import is_current, stored

    source, released = _checked(assignment)
    snapshots = stored_snapshots(assignment.autograder / snapshot.FILE_NAME)
    expected = _without_execution(source, released, snapshots)
    solved = assignment.solution
    executed = stored(source, solved) if is_current(source, solved) else {}
    expected["solutions"] = executed | worked_files(source) | hand_in_file(source, released)
    hints = assignment.autograder / FILE_NAME
    if record_mistakes.is_current(
        source, expected["autograder"], record_mistakes.stored_hints(assignment.autograder)
    ):
        expected["autograder"] |= {FILE_NAME: hints.read_bytes()} if hints.is_file() else {}
    else:
        expected["autograder"][FILE_NAME] = b""
    tests = record_mistakes.tests_among(expected["autograder"])
    times = record_times.stored_times(assignment.autograder)
    if times:  # without them, limits are what authors ask for
        are_current = times["key"] == record_mistakes.solution_key(source, tests)
        expected["autograder"][TIMES] = record_times.text(times).encode() if are_current else b""
    found = []
    for kind, target in _targets(assignment).items():
        present = {
            path.relative_to(target).as_posix(): path.read_bytes()
            for path in sorted(target.rglob("*"))
            if path.is_file() and not is_left_out(path.relative_to(target))
        }
        wanted = expected[kind]
        names = {name for name in present.keys() | wanted.keys() if present.get(name) != wanted.get(name)}
        if kind == "solutions" and not executed:
            names.add(assignment.notebook_name)
        found += [f"{kind}/{assignment.name}/{name}" for name in sorted(names)]
    return found


def _checked(assignment: Assignment) -> tuple[Source, Any]:
    """The source and the released notebook, both checked. Raises CourseError."""
    from coursekit.build import release

    source = read_source(assignment)
    checks.check_source(source)
    released = release.released(source.notebook)
    checks.check_release(source, released)
    return source, released


def _without_execution(
    source: Source, released: Any, snapshots: dict[str, Any]
) -> dict[str, dict[str, bytes]]:
    """All built files that depend on the source and the recorded arrays alone: folder, name, bytes."""
    from coursekit.build import bundle, release, testfiles
    from coursekit.build.handing_in import hand_in_file

    assignment = source.assignment
    tests = testfiles.test_files(source, released, snapshots)
    hand_in = hand_in_file(source, released)
    needed = bundle.requirements(released, source.files | hand_in)
    given = dict(sorted((source.given_files | hand_in).items()))
    autograder = {
        "assignment.json": _description(source, given).encode(),
        "autograder.zip": bundle.bundle(tests, given, needed),
        **{f"tests/{name}": text.encode() for name, text in tests.items()},
        **{f"files/{name}": data for name, data in given.items()},
    }
    named = {
        name: snapshots[name]
        for cell in source.tests
        for name in testfiles.snapshot_names(cell)
        if name in snapshots
    }
    if named:
        autograder[snapshot.FILE_NAME] = snapshot.dumps(named).encode()
    return {
        "release": {
            assignment.notebook_name: release.text(released).encode(),
            **release.released_files(source),
            **hand_in,
        },
        "autograder": autograder,
    }


def _description(source: Source, given: dict[str, bytes]) -> str:
    """The text of ``assignment.json``, from which the grader learns questions, limits and files.

    given: the files that students don't write in, by name.
    """
    limits = source.limits
    questions = []
    for cell in source.questions:
        question = {"name": cells.grade_id(cell), "points": cells.points(cell)}
        if cells.is_manual(cell):
            question["manual"] = True
        else:
            wanted = cell.metadata.get("coursekit", {}).get("limits", {})
            question["test"] = f"tests/{cells.grade_id(cell)}.py"
            question["limits"] = limits.merged(wanted).as_dict()
            if leaderboard := cell.metadata.get("coursekit", {}).get("leaderboard"):
                question["leaderboard"] = dict(leaderboard)
        questions.append(question)
    description = {
        "assignment": source.assignment.name,
        "title": source.title,
        "notebook": source.assignment.notebook_name,
        "limits": limits.as_dict(),
        "questions": questions,
        "files": list(given),
        "answer_files": list(source.answer_files),
        "writes": source.writes,
        "dataset": source.dataset,
    }
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def _verify(assignment: Assignment, folders: dict[str, Path], progress: Progress) -> Result:
    """Grade the worked solution, whose result it returns, and the unchanged release. Raises CourseError."""
    from coursekit.grade_class import grade_one

    def grade(folder: str) -> Result:
        built = folders["autograder"], folders["release"]
        return grade_one(assignment, folders[folder], folder, built=built)

    progress("grading the solution")
    solved = grade("solutions")
    checks.require(checks.full_marks(solved), assignment.name)
    progress("grading the unchanged release")
    checks.require(checks.no_marks(grade("release")), assignment.name)
    return solved


def _targets(assignment: Assignment) -> dict[str, Path]:
    return {
        "release": assignment.release,
        "solutions": assignment.solution,
        "autograder": assignment.autograder,
    }
