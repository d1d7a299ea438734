"""A worker's grader: a process that takes tasks on a socket, grades each as on one machine, and answers with text.

It is a process of its own, since Dask runs tasks in threads, and grading forks. It ends when the worker does.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgpack

from coursekit.core.kernel import end_with_parent
from coursekit.core.reference import Reference
from coursekit.core.result import Result
from coursekit.core.scratch import scratch_folder
from coursekit.datasets.located import Located
from coursekit.executors.dask import packing
from coursekit.executors.dask.protocol import Refused, versions
from coursekit.executors.processes import Processes
from coursekit.grading.job import Job
from coursekit.sandbox import choose
from coursekit.sandbox.inside import wire


@dataclass
class Grader:
    """Keeps what tasks share, by its digest. root: a scratch folder."""

    root: Path
    kept: dict[str, Path] = field(default_factory=dict)
    prepared: set[tuple[Any, ...]] = field(default_factory=set)

    def answer(self, request: dict[str, Any], data: bytearray) -> dict[str, Any]:
        """The result of a task, or that something is missing here which tasks share. Or such a thing is kept."""
        if "keep" in request:
            self._keep(request["keep"], data)
            return {}
        return self._answer(msgpack.unpackb(request["task"], unicode_errors="surrogatepass"), data)

    def _answer(self, request: dict[str, Any], submission: bytearray) -> dict[str, Any]:
        if any(digest not in self.kept for digest in request["shared"]):
            return {"missing": True}
        if request["versions"] != versions():
            raise Refused(f"this worker has {versions()}, and the class is graded with {request['versions']}")
        sandbox = choose.strongest()
        if sandbox != request["sandbox"]:
            raise Refused(
                f"this worker's sandbox is {sandbox}, and the class is graded with {request['sandbox']}"
            )
        with tempfile.TemporaryDirectory(dir=self.root, ignore_cleanup_errors=True) as folder:
            packing.unpack(submission, Path(folder))
            result = self._graded(self._job(request, Path(folder)))
        return {
            "result": json.dumps(result.to_json()),
            "log": result.log,
            "took": json.dumps(dict(result.took)),
        }

    def _graded(self, job: Job) -> Result:
        kind = job.autograder, job.digest, job.sandbox, job.data
        if kind not in self.prepared:
            Processes.prepare([job])
            self.prepared.add(kind)
        [result] = Processes().run_prepared([job])
        return result

    def _keep(self, digest: str, data: bytearray) -> None:
        if packing.digest_of(data) != digest:
            raise ValueError("it is not what was to be kept")
        folder = self.root / digest
        if digest not in self.kept:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            packing.unpack(data, folder)
            self.kept[digest] = folder

    def _job(self, request: dict[str, Any], folder: Path) -> Job:
        course = self.kept[request["shared"][0]]
        data = None
        if fields := request["data"]:
            data = Located(self.kept[request["shared"][1]] / "data", *fields)
        return Job(
            request["assignment"],
            Reference(**request["reference"]),
            folder / request["name"],
            course / "autograder" / request["assignment"],
            course / "release" / request["assignment"],
            request["digest"],
            request["sandbox"],
            data,
            None,
            tuple(request["notes"]),
        )


def main() -> None:
    """Serve on the socket whose number is the only argument."""
    end_with_parent(signal.SIGKILL)
    sock = socket.socket(fileno=int(sys.argv[1]))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with scratch_folder() as scratch:
        grader = Grader(Path(scratch))
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                request, [data], _ = wire.receive(sock)
                try:
                    reply = grader.answer(request, data)
                except Refused as refused:
                    reply = {"refused": str(refused)}
                except Exception:
                    reply = {"fault": traceback.format_exc()[-4000:]}
                wire.send(sock, reply)


if __name__ == "__main__":
    main()
