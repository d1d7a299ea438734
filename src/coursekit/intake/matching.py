"""Match a submission's cells with the release's: which cells run, with which text, and what students are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursekit.core import cells
from coursekit.intake.notebook import CheckedCell


@dataclass(frozen=True)
class Matched:
    """A submission's cells, sorted out.

    A cell's number is its position in the student's notebook, from 1; cells that they deleted get numbers below 1.
    """

    to_run: list[tuple[int, str]]
    """the code cells to run, in order: (number, source)"""

    own: frozenset[int]
    """the cells that the student added"""

    tasks: dict[int, str]
    """the cells that answer a task, by number, with the task's name in the release"""

    answers: dict[str, str]
    """the answers that a person grades, by grade_id"""

    notes: list[str]
    """the differences from the release, a sentence each"""


def match(release: Sequence[CheckedCell], submitted: Sequence[CheckedCell]) -> Matched:
    """Match submitted cells with the release's.

    A cell is the release's if it has the same grade_id or, without one, the same text: so a notebook that lost its
    metadata can be graded too. A read-only cell runs once, with the release's text. Test cells and cells tagged as
    not graded do not run.
    """
    pairs = list(_pairs(release, submitted))
    run: list[tuple[int, str]] = []
    started: set[int] = set()
    for cell, original in pairs:
        locked = original is not None and cells.is_locked(original)
        if locked and id(original) in started:
            continue
        started.add(id(original))
        if (locked or _is_run(cell)) and (original is None or _is_run(original)):
            run.append((cell["number"], original["source"] if locked and original else cell["source"]))
    notes = list(_notes(release, pairs))
    present = {id(original) for _, original in pairs}
    deleted = [c for c in release if cells.is_locked(c) and _is_run(c) and id(c) not in present]
    for place, cell in enumerate(deleted):
        notes.append(f"the read-only cell {cells.grade_id(cell)!r} is missing: graded with the original")
        run.insert(_place_of(cell, release, pairs, run), (-place, cell["source"]))
    return Matched(
        run,
        frozenset(cell["number"] for cell, original in pairs if original is None),
        dict(_tasks(release, submitted)),
        _answers(release, submitted),
        notes,
    )


def _pairs(
    release: Sequence[CheckedCell], submitted: Sequence[CheckedCell]
) -> Iterator[tuple[CheckedCell, CheckedCell | None]]:
    """Each submitted cell with the release's cell that it matches, if any."""
    by_id = {name: cell for cell in release if (name := cells.grade_id(cell))}
    by_text = {_text(cell): cell for cell in release}
    for cell in submitted:
        yield cell, by_id.get(cells.grade_id(cell) or "") or by_text.get(_text(cell))


def _is_run(cell: CheckedCell) -> bool:
    return cells.is_code(cell) and not cells.is_test(cell) and not cells.is_skipped(cell)


def _text(cell: CheckedCell) -> str:
    return f"{cell.get('cell_type')}\n{cell.get('source', '').strip()}"


def _place_of(
    cell: CheckedCell,
    release: Sequence[CheckedCell],
    pairs: list[tuple[CheckedCell, CheckedCell | None]],
    run: list[tuple[int, str]],
) -> int:
    """Where in `run` a deleted cell goes: after the last cell that comes before it in the release."""
    earlier = {id(before) for before in release[: release.index(cell)]}
    last = max((mine["number"] for mine, original in pairs if id(original) in earlier), default=0)
    return sum(number <= last for number, _ in run)


def _tasks(release: Sequence[CheckedCell], submitted: Sequence[CheckedCell]) -> Iterator[tuple[int, str]]:
    names = {}
    for cell in release:
        if cells.is_code(cell) and cells.is_solution(cell):
            name = cells.grade_id(cell)
            names[name] = str(cell.get("metadata", {}).get("coursekit", {}).get("task") or name)
    for cell in submitted:
        if (name := cells.grade_id(cell)) in names:
            yield cell["number"], names[name]


def _answers(release: Sequence[CheckedCell], submitted: Sequence[CheckedCell]) -> dict[str, str]:
    """The text of each manual answer; all texts of a cell that occurs more than once."""
    found: dict[str, list[str]] = {
        name: [] for cell in release if cells.is_manual(cell) and (name := cells.grade_id(cell))
    }
    for cell in submitted:
        if (name := cells.grade_id(cell)) in found:
            found[name].append(cell["source"])
    return {name: "\n\n".join(texts) for name, texts in found.items()}


def _notes(
    release: Sequence[CheckedCell], pairs: list[tuple[CheckedCell, CheckedCell | None]]
) -> Iterator[str]:
    seen = Counter(cells.grade_id(cell) for cell, _ in pairs)
    by_id = {name: cell for cell in release if (name := cells.grade_id(cell))}
    for name, original in by_id.items():
        if seen[name] > 1:
            yield f"cell {name!r} occurs {seen[name]} times"
        if cells.is_test(original) and not seen[name]:
            yield f"test cell {name!r} is missing: the tests ran anyway"
        if cells.is_solution(original) and not seen[name]:
            yield f"answer cell {name!r} is missing or renamed"
    for cell, _ in pairs:
        known = by_id.get(cells.grade_id(cell) or "")
        if known is None or not (cells.is_locked(known) and cells.is_code(known)):
            continue
        if cell["source"].strip() != known["source"].strip():
            what = "test cell" if cells.is_test(known) else "read-only cell"
            yield f"{what} {cells.grade_id(cell)!r} was edited: graded with the original"
