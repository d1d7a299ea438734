"""A job as the task that is sent to a worker, and the result in the worker's answer, if it is one of that job."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgpack

from coursekit.core.result import BadResult, Result
from coursekit.executors.dask import packing
from coursekit.executors.dask.protocol import versions
from coursekit.grading.autograder import Autograder
from coursekit.grading.job import Job, autograder_of, stamp
from coursekit.intake.digest import digest_of


@dataclass(frozen=True)
class Parcel:
    """A task, and what is known of it here."""

    job: Job
    task: bytes
    """what a worker needs besides, as msgpack"""
    submission: bytes
    """packed"""
    shared: list[str]
    """the digests of what the worker must have besides"""
    expected: str
    """the stamp that its result must have"""


@dataclass
class Shared:
    """What the tasks of a class share, packed once."""

    packed: dict[str, bytes] = field(default_factory=dict)
    """by digest"""
    _digests: dict[tuple[Path, Path | None], list[str]] = field(default_factory=dict)

    def digests(self, job: Job) -> list[str]:
        """Of the built folders and of the dataset. Raises packing.TooLarge and OSError."""
        key = job.autograder, job.data.folder if job.data else None
        if key not in self._digests:
            found = [packing.pack(_built(job))]
            if job.data:
                found.append(packing.pack([("data", job.data.folder)]))
            digests = [packing.digest_of(one) for one in found]
            self.packed.update(zip(digests, found, strict=True))
            self._digests[key] = digests
        return self._digests[key]


def parcel(job: Job, shared: Shared) -> Parcel:
    """Raises packing.TooLarge and OSError."""
    data, digests = job.data, shared.digests(job)
    task = {
        "assignment": job.assignment,
        "reference": job.reference.to_json(),
        "name": job.path.name,
        "digest": job.digest,
        "sandbox": job.sandbox,
        "data": [data.variable, data.label, data.note, data.warning] if data else None,
        "notes": list(job.notes),
        "versions": versions(),
        "shared": digests,
    }
    submission = packing.pack([(job.path.name, job.path)])
    expected = stamp(job, digest_of(job.path))
    packed = msgpack.packb(task, unicode_errors="surrogatepass")
    return Parcel(job, packed, submission, digests, expected)


def _built(job: Job) -> Iterator[tuple[str, Path]]:
    """The built folders of a job's assignment, and the other releases, by which another assignment is told."""
    yield f"autograder/{job.assignment}", job.autograder
    yield f"release/{job.assignment}", job.release
    for path in sorted(job.release.parent.glob("*/*.ipynb")):
        if path.parent != job.release:
            yield f"release/{path.parent.name}/{path.name}", path


def result_in(reply: Mapping[str, Any], job: Job, expected: str) -> Result:
    """The result in a worker's answer. expected: its stamp. Raises BadResult if it is not one of this job."""
    try:
        result = Result.loads(reply["result"])
        took = {str(name): float(seconds) for name, seconds in json.loads(reply["took"]).items()}
        log = str(reply["log"])
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadResult(str(error)) from error
    fits = _fits(result, expected, autograder_of(job)) or (result.fault and not result.score)
    if result.key != job.key or not fits:
        raise BadResult("it is not of this submission")
    return replace(result, log=log, took=took)


def _fits(result: Result, expected: str, autograder: Autograder) -> bool:
    """Whether a result is of the expected submission and tests, and its points are possible."""
    worth = {question.name: float(question.points) for question in autograder.questions}
    worth |= {name: float(points) for name, points in autograder.manual.items()}
    found = {question.name: question.max_score for question in result.questions}
    return (
        result.stamp == expected
        and found == worth
        and all(question.score <= question.max_score for question in result.questions)
    )
