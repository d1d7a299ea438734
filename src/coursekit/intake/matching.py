"""Which cells of a submission are run, and whose text: the student's, or the release's for locked ones."""

from __future__ import annotations

from collections import Counter
from typing import Any

from coursekit.core import cells


def plan(
    release: list[dict[str, Any]], submitted: list[dict[str, Any]]
) -> tuple[list[tuple[int, str]], list[str]]:
    """The code cells to run, in order, as (number, source), and notes on what differs from the release.

    A number is the cell's place in the student's notebook, from 1; cells that they deleted get numbers below 1.
    Test cells and cells tagged as not graded are left out. A cell is the release's when it has its grade_id or,
    without one, its text: so a notebook that lost its metadata on the way is graded too.
    """
    by_id = {cells.grade_id(cell): cell for cell in release if cells.grade_id(cell)}
    matched = _originals(release, submitted)
    notes = _notes(by_id, submitted)

    run: list[tuple[int, str]] = []
    started: set[int] = set()
    for cell, original in zip(submitted, matched, strict=True):
        if original is not None:
            if cells.is_locked(original) and id(original) in started:
                continue
            started.add(id(original))
        given = original is not None and cells.is_locked(original)
        if (given or _is_run(cell)) and (original is None or _is_run(original)):
            run.append((cell["number"], original["source"] if given else cell["source"]))

    present = {id(original) for original in matched if original is not None}
    deleted = [
        cell for cell in release if cells.is_locked(cell) and _is_run(cell) and id(cell) not in present
    ]
    for place, cell in enumerate(deleted):
        notes.append(f"the read-only cell {cells.grade_id(cell)!r} is missing: graded with the original")
        run.insert(_after_predecessors(cell, release, submitted, matched, run), (-place, cell["source"]))
    return run, notes


def added(release: list[dict[str, Any]], submitted: list[dict[str, Any]]) -> frozenset[int]:
    """The numbers of the submitted cells that are not the release's: a student's own."""
    pairs = zip(submitted, _originals(release, submitted), strict=True)
    return frozenset(cell["number"] for cell, original in pairs if original is None)


def answers(release: list[dict[str, Any]], submitted: list[dict[str, Any]]) -> dict[int, str]:
    """The submitted cells that answer a task: number, and what the release calls the task."""
    tasks = {
        cells.grade_id(cell): str(
            cell.get("metadata", {}).get("coursekit", {}).get("task") or cells.grade_id(cell)
        )
        for cell in release
        if cells.is_code(cell) and cells.is_solution(cell)
    }
    return {
        cell["number"]: tasks[cells.grade_id(cell)] for cell in submitted if cells.grade_id(cell) in tasks
    }


def _originals(release: list[dict[str, Any]], submitted: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """For each submitted cell the one of the release that it is, if any."""
    by_id = {cells.grade_id(cell): cell for cell in release if cells.grade_id(cell)}
    by_text = {_text(cell): cell for cell in release}
    return [by_id.get(cells.grade_id(cell)) or by_text.get(_text(cell)) for cell in submitted]


def _is_run(cell: dict[str, Any]) -> bool:
    return cells.is_code(cell) and not cells.is_test(cell) and not cells.is_skipped(cell)


def _text(cell: dict[str, Any]) -> str:
    return f"{cell.get('cell_type')}\n{cell.get('source', '').strip()}"


def _after_predecessors(
    cell: dict[str, Any],
    release: list[dict[str, Any]],
    submitted: list[dict[str, Any]],
    matched: list[dict[str, Any] | None],
    run: list[tuple[int, str]],
) -> int:
    """Where in `run` a deleted cell goes: behind the last cell that the release has before it."""
    earlier = {id(before) for before in release[: release.index(cell)]}
    last = max(
        (
            mine["number"]
            for mine, original in zip(submitted, matched, strict=True)
            if id(original) in earlier
        ),
        default=0,
    )
    return sum(number <= last for number, _ in run)


def _notes(by_id: dict[str | None, dict[str, Any]], submitted: list[dict[str, Any]]) -> list[str]:
    notes = []
    seen = Counter(cells.grade_id(cell) for cell in submitted)
    for name, original in by_id.items():
        if seen[name] > 1:
            notes.append(f"cell {name!r} is there {seen[name]} times")
        if cells.is_test(original) and not seen[name]:
            notes.append(f"test cell {name!r} is missing: tested all the same")
        if cells.is_solution(original) and not seen[name]:
            notes.append(f"answer cell {name!r} is missing or renamed")
    for cell in submitted:
        original = by_id.get(cells.grade_id(cell))
        changed = (
            original is not None
            and cells.is_locked(original)
            and cell["source"].strip() != original["source"].strip()
        )
        if changed and cells.is_code(original):
            what = "test cell" if cells.is_test(original) else "read-only cell"
            notes.append(f"{what} {cells.grade_id(cell)!r} was edited: graded with the original")
    return notes
