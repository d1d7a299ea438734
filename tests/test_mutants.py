"""Mutants of the solution are caught, or explained; all of them: coursekit verify mutants."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from courses import tiny

from coursekit.build import build
from coursekit.cli import main
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading
from coursekit.sandbox import choose as sandbox
from coursekit.verify import mutants

pytestmark = pytest.mark.skipif(
    not any(sandbox.check(backend).works for backend in sandbox.sealed()),
    reason="no sandbox works on this machine",
)

COURSE = Course.find(Path(__file__).parent)
WEAK = 'assert total([2]) == 2, "total([2]) should be 2"\n'
UNTESTED = """\
def total(values):
    unused = 1
    ### BEGIN SOLUTION
    doubled = scale(values, 2)
    return max(doubled, default=0) / 2
    ### END SOLUTION
"""
SURVIVOR = ("solve_total", "return max(doubled, default=0) / 2", "return max(doubled, default=1) / 2")
GONE = ("solve_total", "return 0", "return 1")
CAUGHT = ("solve_total", "doubled = scale(values, 2)", "doubled = None")


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """A built course with a test that leaves something of the solution untested."""
    source = tiny.notebook()
    tiny.cell(source, "solve_total").source = UNTESTED
    test = tiny.cell(source, "total")
    test.source, test.metadata.nbgrader.points = WEAK, 0
    assignment = tiny.course(tmp_path_factory.mktemp("course"), source)
    build(assignment, verify=False)
    return assignment


@pytest.fixture(scope="module")
def found(weak):
    return mutants.run(weak)


@pytest.fixture
def explained(weak):
    """Write an equivalent.py with these changes as its reasons; it is gone after the test."""
    path = weak.source / "equivalent.py"

    def write(*keys):
        entries = [f"Equivalent({cell!r}, 'As right.', (({old!r}, {new!r}),))" for cell, old, new in keys]
        text = f"from coursekit.samples import Equivalent\nEQUIVALENT = [{', '.join(entries)}]\n"
        path.write_text(text)

    yield write
    path.unlink(missing_ok=True)


def verify(code, monkeypatch, folder):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, ["verify", "mutants"], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_only_the_solutions_own_lines_are_mutated(weak):
    made = mutants.make_mutants(weak)
    assert {mutant.cell for mutant in made} == {"solve_scale", "solve_total"}
    assert SURVIVOR in [mutant.key for mutant in made]
    assert len({mutant.text for mutant in made}) == len(made)
    for mutant in made:
        assert "SOLUTION" not in mutant.text
        assert "factor=2" in mutant.text or "    unused = 1\n" in mutant.text


def test_a_survivor_that_nobody_explained_is_reported(weak, monkeypatch):
    said = verify(1, monkeypatch, weak.course.root)
    assert "No test catches this mutant, and equivalent.py gives no reason:\n  solve_total\n" in said
    assert f"    - {SURVIVOR[1]}\n    + {SURVIVOR[2]}\n" in said


def test_explained_survivors_are_shown_with_their_reason(weak, found, explained, monkeypatch):
    explained(*(mutant.key for mutant in found.survivors))
    again = replace(found, reasons=mutants.read_equivalent(weak))
    monkeypatch.setattr(mutants, "run", lambda assignment, **settings: again)
    assert f"    + {SURVIVOR[2]}\n    As right.\n" in verify(0, monkeypatch, weak.course.root)


def test_an_explanation_has_to_fit_a_survivor(weak, found, explained):
    explained(*(mutant.key for mutant in found.survivors), CAUGHT, GONE)
    assert replace(found, reasons=mutants.read_equivalent(weak)).problems == [
        f"equivalent.py explains a mutant that is caught: solve_total: {CAUGHT[1]!r} -> {CAUGHT[2]!r}.",
        f"equivalent.py explains a mutant that does not exist: solve_total: {GONE[1]!r} -> {GONE[2]!r}.",
    ]
    explained(*((cell, *mutants.WHOLE_CELL) for cell in ("solve_total", "solve_scale", "gone")))
    assert replace(found, reasons=mutants.read_equivalent(weak)).problems == [
        "equivalent.py explains a mutant that is caught: solve_scale: '' -> ''.",
        "equivalent.py explains a mutant that does not exist: gone: '' -> ''.",
    ]
    explained(CAUGHT, CAUGHT)
    with pytest.raises(CourseError, match="explains a mutant twice"):
        mutants.read_equivalent(weak)


def test_explanations_stay_with_the_instructor(weak, explained):
    explained(SURVIVOR)
    build(weak, verify=False)
    root = weak.course.root
    assert [path.parent.parent.name for path in root.rglob("equivalent.py")] == ["source"]


@pytest.mark.parametrize("missing", ["libcst", "mutmut"])
def test_without_the_packages_that_make_mutants_one_sentence_says_what_to_install(weak, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    for name in [name for name in sys.modules if name.startswith(f"{missing}.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(CourseError, match=f"Mutants need {missing}.*: pip install libcst mutmut"):
        mutants.run(weak)


def test_a_sample_of_the_assignments_mutants_is_caught():
    try:
        loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))
    assignment = COURSE.assignment("optimization_techniques")
    found = mutants.run(assignment, sample=16)
    assert len(found.graded) >= 25
    assert found.problems == []
    assert found.share > 0.9
