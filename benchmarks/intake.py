"""The time to take a submission in: to copy it, read it and match its cells with the release's.

    python benchmarks/intake.py [--runs 30]

The submissions are the worked solutions of the course's assignments. The peer is nbformat, which reads and validates
the same notebook, as nbgrader and otter do before they look at a cell; both take turns, and the medians are printed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import nbformat

from coursekit.core.course import Course
from coursekit.grading.autograder import Autograder, read_autograder


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
        took = [times(autograder, assignment.solution) for _ in range(runs + 1)]
        mine, peer = (1000 * statistics.median(seconds) for seconds in zip(*took[1:], strict=True))
        print(f"  {assignment.name:30} {mine:8.1f} {peer:9.1f} {mine / peer:6.2f}")


def times(autograder: Autograder, submission: Path) -> tuple[float, float]:
    """Seconds that we take for a submission, and nbformat for its notebook."""
    started = time.perf_counter()
    with autograder.take_in(submission):
        pass
    between = time.perf_counter()
    nbformat.validate(nbformat.read(submission / autograder.notebook, as_version=4))
    return between - started, time.perf_counter() - between


if __name__ == "__main__":
    main()
