"""Do the tests notice when the worked solution is changed? Mutants of it, made by mutmut, are graded sealed.

Each mutant that no question catches must be explained in ``equivalent.py`` (EQUIVALENT) beside the source notebook,
which is never released.
"""

from __future__ import annotations

import difflib
import multiprocessing
import os
import runpy
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from coursekit.build.source import read_source
from coursekit.core import cells
from coursekit.core.course import Assignment
from coursekit.core.errors import CaseEnded, CourseError
from coursekit.core.progress import Counted
from coursekit.core.scope import names, parse_cell
from coursekit.datasets.located import Located
from coursekit.grading import find_data
from coursekit.grading.autograder import Autograder, read_autograder, without_slow_questions
from coursekit.samples.known import WHOLE_CELL
from coursekit.samples.students import Student
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.fork import Fork
from coursekit.verify.grading import grade_students
from coursekit.verify.loaded_solution import hurried, loaded, passes

CASE_SECONDS = 5
"""A test case's limit: the solution takes far less, and an endless mutant must end at some time."""
BATCH = 20
BECOME = "_become_mutant"
BECOME_CELL = f"""\
def {BECOME}(text, module):
    import sys

    names = vars(sys.modules[module]) if module else globals()
    before = dict(names)
    exec(compile(text, "mutant", "exec"), names)
    if module:  # names that the notebook has imported from it become the mutant's too
        imported = {{name for name, value in before.items() if globals().get(name) is value}}
        globals().update({{name: names[name] for name in imported}})
"""


@dataclass(frozen=True)
class Mutant:
    """The worked solution with one small change. cell: the answer cell's grade_id, or the answer file's name.

    text: the whole cell or file. old, new: the lines that differ.
    """

    cell: str
    text: str
    old: str
    new: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.cell, self.old, self.new

    @property
    def module(self) -> str:
        """The answer file's module name; empty for a cell."""
        return self.cell.removesuffix(".py") if self.cell.endswith(".py") else ""

    @property
    def diff(self) -> str:
        lines = [
            *(f"- {line}" for line in self.old.split("\n")),
            *(f"+ {line}" for line in self.new.split("\n")),
        ]
        return "\n".join([f"  {self.cell}", *(f"    {line}" for line in lines)])


@dataclass(frozen=True)
class Found:
    """The outcome for an assignment's mutants. made: all of them. reasons: from equivalent.py, by Mutant.key."""

    made: list[Mutant]
    graded: list[Mutant]
    survivors: list[Mutant]
    reasons: dict[tuple[str, str, str], str]

    @property
    def caught(self) -> int:
        return len(self.graded) - len(self.survivors)

    @property
    def share(self) -> float:
        """The share caught; 1 if there are no mutants."""
        return self.caught / len(self.graded) if self.graded else 1.0

    def reason(self, mutant: Mutant) -> str:
        """Why no test needs to catch it; empty if equivalent.py does not say."""
        return self.reasons.get(mutant.key) or self.reasons.get((mutant.cell, *WHOLE_CELL), "")

    @property
    def problems(self) -> list[str]:
        """A sentence for each survivor without a reason, and for each reason without a survivor."""
        made, alive = _keys(self.made), _keys(self.survivors)
        dead = _keys(self.graded) - alive  # for a whole cell: none of its mutants is alive
        found = [
            f"No test catches this mutant, and equivalent.py gives no reason:\n{mutant.diff}"
            for mutant in self.survivors
            if not self.reason(mutant)
        ]
        found += [
            f"equivalent.py explains a mutant that is caught: {cell}: {old!r} -> {new!r}."
            for cell, old, new in self.reasons
            if (cell, old, new) in dead
        ]
        found += [
            f"equivalent.py explains a mutant that does not exist: {cell}: {old!r} -> {new!r}."
            for cell, old, new in self.reasons
            if (cell, old, new) not in made
        ]
        return found


def _keys(mutants: list[Mutant]) -> set[tuple[str, str, str]]:
    """The keys by which an entry may explain one of these: the change, or the whole cell."""
    return {mutant.key for mutant in mutants} | {(mutant.cell, *WHOLE_CELL) for mutant in mutants}


def run(
    assignment: Assignment,
    *,
    sample: int = 1,
    jobs: int | None = None,
    progress: Counted = lambda done, total: None,
) -> Found:
    """Grade every mutant of the worked solution, or every `sample`-th, without the questions that train.

    Raises CourseError when the built folders are out of date, or when the solution itself fails.
    """
    from coursekit.build import stale

    if old := stale(assignment):
        raise CourseError(f"{old[0]} is out of date: run 'coursekit build' first.")
    made, reasons = make_mutants(assignment), read_equivalent(assignment)
    graded = made[::sample]
    suspects = _uncaught(assignment, graded, jobs or os.cpu_count() or 1, progress)
    return Found(made, graded, _confirmed(assignment, suspects), reasons)


def make_mutants(assignment: Assignment) -> list[Mutant]:
    """Every mutant that mutmut makes of the solution's lines, in notebook order."""
    source = read_source(assignment)
    answers = [c for c in source.notebook.cells if cells.is_code(c) and cells.is_solution(c)]
    texts = [(cells.grade_id(cell), cell.source) for cell in answers]
    texts += [(name, source.files[name].decode()) for name in source.answer_files]
    found = []
    for name, solved in texts:
        text, lines = _worked(solved)
        found += [Mutant(name, mutated, *_changed(text, mutated)) for mutated in _mutated(name, text, lines)]
    return found


def read_equivalent(assignment: Assignment) -> dict[tuple[str, str, str], str]:
    """The reasons in the assignment's equivalent.py, by Mutant.key; empty if there is no such file."""
    path = assignment.source / "equivalent.py"
    entries = runpy.run_path(str(path))["EQUIVALENT"] if path.is_file() else []
    pairs = [((entry.cell, old, new), entry.reason) for entry in entries for old, new in entry.changes]
    reasons = dict(pairs)
    if len(reasons) < len(pairs):
        twice = next(key for number, (key, _) in enumerate(pairs) if key in dict(pairs[:number]))
        raise CourseError(f"{path} explains a mutant twice: {': '.join(twice)}")
    return reasons


def _worked(source: str) -> tuple[str, set[int]]:
    """An answer cell without the solution's delimiters, and the numbers, from 1, of the lines between them."""
    kept: list[str] = []
    inside, lines = False, set()
    for line in source.split("\n"):
        if cells.BEGIN_SOLUTION in line or cells.END_SOLUTION in line:
            inside = cells.BEGIN_SOLUTION in line
            continue
        kept.append(line)
        if inside:
            lines.add(len(kept))
    return "\n".join(kept), lines


def _mutated(name: str, text: str, lines: set[int]) -> list[str]:
    """All texts that mutmut makes of `text` by a change in `lines`, without duplicates."""
    try:
        import libcst
        from mutmut.mutation.file_mutation import MutationVisitor
        from mutmut.mutation.mutators import mutation_operators
        from mutmut.mutation.pragma_handling import IgnoredCode
    except ModuleNotFoundError as error:
        raise CourseError(f"Mutants need {error.name}: pip install libcst mutmut.") from None

    try:
        module = libcst.parse_module(text)
    except libcst.ParserSyntaxError as error:
        raise CourseError(f"The cell {name!r} is not plain Python: {error.message}.") from None
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()), covered_lines=lines)
    module = libcst.MetadataWrapper(module).visit(visitor)
    texts = [module.deep_replace(one.original_node, one.mutated_node).code for one in visitor.mutations]
    return [mutated for mutated in dict.fromkeys(texts) if mutated != text]


def _changed(text: str, mutated: str) -> tuple[str, str]:
    """The differing lines of both texts, without their indentation."""
    before, after = text.split("\n"), mutated.split("\n")
    changes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    old = [line.strip() for kind, i, j, _, _ in changes if kind != "equal" for line in before[i:j]]
    new = [line.strip() for kind, _, _, i, j in changes if kind != "equal" for line in after[i:j]]
    return "\n".join(old), "\n".join(new)


def _uncaught(assignment: Assignment, mutants: list[Mutant], jobs: int, progress: Counted) -> list[Mutant]:
    """The mutants that fail no question, found in a quick way that may also return some that fail.

    The notebook is loaded once for many mutants: only the mutated cell or file is run again, in each test case's fork.
    Objects that other cells made from the old definition while loading (a subclass, a table of functions) stay as they
    were.
    """
    autograder = read_autograder(assignment.autograder, assignment.release)
    data = find_data(assignment.course, autograder.dataset)
    autograder = hurried(without_slow_questions(autograder), CASE_SECONDS)
    work = (autograder, assignment.solution, sandbox.strongest(), data)
    sys.path.insert(
        0, str(autograder.files)
    )  # as the grader does: tests may import the assignment's own files
    try:
        with loaded(*work, BECOME_CELL) as solution:
            for question in autograder.questions:
                if not passes(solution, question):
                    raise CourseError(f"The solution itself fails {question.name}: run 'coursekit build'.")
        batches = [mutants[k : k + BATCH] for k in range(0, len(mutants), BATCH)]
        # fork: the tests and libraries are loaded once
        context, alive = multiprocessing.get_context("fork"), {}
        with ProcessPoolExecutor(jobs, context, _begin, work) as pool:
            running = {pool.submit(_alive, batch): number for number, batch in enumerate(batches)}
            for done in as_completed(running):
                alive[running[done]] = done.result()
                progress(sum(len(batches[number]) for number in alive), len(mutants))
    finally:
        sys.path.remove(str(autograder.files))
    return [mutants[number * BATCH + place] for number in sorted(alive) for place in alive[number]]


_work: tuple[Autograder, Path, str, Located | None]
"""in a worker: the data that all its batches need"""


def _begin(*work) -> None:
    global _work
    _work = work


def _alive(batch: list[Mutant]) -> list[int]:
    """The indexes in `batch` of the mutants that fail no question. Questions that read its names come first."""
    autograder = _work[0]
    alive = []
    with loaded(*_work, BECOME_CELL) as solution:
        for place, mutant in enumerate(batch):
            defined = names(parse_cell(mutant.text)).defines
            solution.prepare = _becomes(mutant)
            ordered = sorted(autograder.questions, key=lambda q, its=defined: its.isdisjoint(q.names))
            if all(passes(solution, question) for question in ordered):
                alive.append(place)
    return alive


def _becomes(mutant: Mutant) -> Callable[[Fork], None]:
    """A function that turns a fork of the solution into the mutant."""

    def prepare(fork: Fork) -> None:
        try:
            fork.request("get", BECOME)(mutant.text, mutant.module)
        except Exception as error:
            raise CaseEnded("gone", f"the mutated cell raised {error!r}") from None

    return prepare


def _confirmed(assignment: Assignment, suspects: list[Mutant]) -> list[Mutant]:
    """Those that lose nothing either when graded as whole submissions."""
    students = [
        Student(f"mutant-{number}", one.new, **{"files" if one.module else "answers": {one.cell: one.text}})
        for number, one in enumerate(suspects)
    ]
    results = grade_students(assignment, students, quick=True) if students else {}
    return [mutant for mutant, one in zip(suspects, students, strict=True) if not results[one.name].lost]
