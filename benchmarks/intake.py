"""The time to take a submission in: to copy it, read it and match its cells with the release's.

    python benchmarks/intake.py [--runs 30]

The submissions are the worked solutions of the course's assignments. The peer is nbformat, which reads and validates
the same notebook, as nbgrader and otter do before they look at a cell; both take turns, and the medians are printed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from coursekit.core.course import Course
from coursekit.grading.autograder import read_autograder


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=30, help="rounds of each assignment (default: 30)")
    runs = parser.parse_args().runs
    print(f"{'Medians, in ms':32} {'take in':>8} {'nbformat':>9} {'ratio':>6}")
    for assignment in Course.find(Path(__file__).parent).assignments():
        autograder = read_autograder(assignment.autograder, assignment.release)
        autograder.look_through()
        notebook = assignment.solution / autograder.notebook

        def ours() -> None:
            with autograder.take_in(assignment.solution):
                pass

        def theirs() -> None:
            nbformat.validate(nbformat.read(notebook, as_version=4))

        took: list[tuple[float, float]] = [(timed(ours), timed(theirs)) for _ in range(runs + 1)][1:]
        mine, peer = (1000 * statistics.median(times) for times in zip(*took, strict=True))
        print(f"  {assignment.name:30} {mine:8.1f} {peer:9.1f} {mine / peer:6.2f}")


def timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
