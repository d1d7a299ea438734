"""What fuzzing found stays mended, and the targets hold on a few new inputs; tests/fuzz/run.py runs for longer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))

import run  # noqa: E402
from targets import GROUPS, TARGETS  # noqa: E402


@pytest.mark.parametrize("target", TARGETS)
def test_the_kept_corpus(target):
    kept = run.corpus(target)
    assert kept
    for name, data in kept.items():
        try:
            TARGETS[target](data)
        except Exception as error:
            error.add_note(f"{target}: {name}")
            raise


@pytest.mark.parametrize("target", TARGETS)
def test_a_few_new_inputs(target, tmp_path):
    ran, _ = run.hypothesis_run(target, 30, tmp_path, examples=8)
    assert ran
    assert not list(tmp_path.iterdir())


def test_every_target_is_in_a_group():
    assert sorted(target for group in GROUPS.values() for target in group) == sorted(TARGETS)


def test_the_corpus_is_small():
    assert sum(path.stat().st_size for path in run.CORPUS.iterdir()) < 1_000_000
