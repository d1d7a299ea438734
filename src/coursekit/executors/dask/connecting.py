"""A connection to a Dask cluster: whom it trusts, whether its workers grade alike, and whether it is still there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.core.errors import CourseError
from coursekit.executors.dask import worker
from coursekit.executors.dask.protocol import versions

CONNECT_SECONDS = 20
ASK_SECONDS = 2.0
DEATH_SECONDS = 300
"""how long a worker waits for its scheduler"""
WORKERS_SECONDS = 120
INSTALL = "Grading on a cluster needs Dask: pip install 'coursekit[cluster]'."
PLAIN = (
    "{0} is not encrypted, and whoever can reach it can run programs on every worker and on this machine. Use "
    "tls://, with the certificates that docs/cluster.md makes, or say --insecure if that network is yours alone."
)


class Lost(Exception):
    """The cluster has gone."""


@dataclass
class Cluster:
    """A cluster that answers, whose workers all have this sandbox."""

    client: Any
    sandbox: str
    workers: int = 1
    """how many there were when check() asked last"""
    _scheduler: str = ""
    _asked: float = 0.0

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """A future of this call, which is a task of its own even if the same call has been submitted before."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large arguments: a submission's bytes are one
            return self.client.submit(function, *arguments, pure=False)

    def check(self) -> None:
        """Raise Lost if the scheduler has gone, or is another one by now: that knows nothing of what was sent."""
        if self.client.status != "running":
            raise Lost(f"the connection is {self.client.status}")
        if time.monotonic() - self._asked < ASK_SECONDS:
            return
        self._asked = time.monotonic()
        try:
            found = self.client.scheduler_info(n_workers=-1)
        except (OSError, TimeoutError) as error:
            raise Lost(str(error)) from error
        self.workers = len(found["workers"])
        self._scheduler = self._scheduler or found["id"]
        if found["id"] != self._scheduler:
            raise Lost("it has been started again")


@contextlib.contextmanager
def connect(on: str, tls: Path | None, insecure: bool) -> Iterator[Cluster]:
    """A connection to the cluster at an address, in a scheduler's file, or (local:N) made for this.

    Raises Lost if it does not answer, and CourseError if it is not to be used.
    """
    with quiet(), opened(on, tls, insecure) as client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_SECONDS)
            found = described(client)
        except (OSError, TimeoutError) as error:
            raise Lost(str(error) or "no worker is there") from error
        yield Cluster(client, agreed(found))


@contextlib.contextmanager
def opened(on: str, tls: Path | None, insecure: bool) -> Iterator[Any]:
    """A Dask client."""
    try:
        from distributed import Client, LocalCluster
        from distributed.security import Security
    except ImportError:
        raise CourseError(INSTALL) from None

    if on.startswith("local:"):
        number = on.removeprefix("local:")
        if not number.isdecimal() or not 1 <= int(number) <= 256:
            raise CourseError(f"{on}: local:N starts N workers on this machine, 1 to 256.")
        security = Security.temporary()  # for others on this machine, too, a plain one would be open
        with (
            LocalCluster(
                int(number), threads_per_worker=1, memory_limit=0, security=security, dashboard_address=":0"
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    address = address_for(on, insecure)
    security = security_of(tls) if address.startswith("tls://") else None
    try:
        client = Client(address, security=security, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise Lost(str(error)) from error
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


def address_for(on: str, insecure: bool) -> str:
    """A scheduler's address, which may be in its file. Raises CourseError if it is not to be used, and Lost if there
    is none."""
    address = on if "://" in on else _address_in(Path(on))
    if not address.startswith("tls://") and not insecure:
        raise CourseError(PLAIN.format(address))
    return address


def serve(on: str, tls: Path | None, insecure: bool) -> None:
    """Be a worker, for one submission at a time, until the scheduler ends. Raises CourseError.

    Dask's own limits on memory, which pause or end a worker, are off: a submission has limits of its own.
    """
    try:
        from distributed import Worker
    except ImportError:
        raise CourseError(INSTALL) from None

    address = address_for(on, insecure)

    async def serving() -> None:
        kind = security_of(tls) if address.startswith("tls://") else None
        async with Worker(
            address, nthreads=1, security=kind, memory_limit=0, death_timeout=DEATH_SECONDS
        ) as one:
            await one.finished()

    try:
        asyncio.run(serving())
    except (OSError, TimeoutError) as error:
        raise CourseError(f"{address} has not answered for {DEATH_SECONDS // 60} minutes: {error}") from None


def _address_in(path: Path) -> str:
    """The address in a scheduler's file. Raises CourseError, and Lost where there is none: it may come back."""
    try:
        return str(json.loads(path.read_text())["address"])
    except FileNotFoundError:
        raise Lost(f"{path} is not there, and not an address, such as tls://host:8786, either") from None
    except (OSError, ValueError, LookupError, TypeError):
        raise CourseError(
            f"{path} is neither an address, such as tls://host:8786, nor a scheduler's file."
        ) from None


def folder_of_certificates(tls: Path | None) -> Path:
    """The folder of ca.pem, cert.pem and key.pem."""
    chosen = tls or os.environ.get("COURSEKIT_TLS")
    return Path(chosen) if chosen else Path.home() / ".config" / "coursekit" / "tls"


def security_of(tls: Path | None) -> Any:
    """Both sides show a certificate of this folder's authority. Raises CourseError."""
    from distributed.security import Security

    folder = folder_of_certificates(tls)
    paths = {name: folder / f"{name}.pem" for name in ("ca", "cert", "key")}
    if missing := [path.name for path in paths.values() if not path.is_file()]:
        raise CourseError(
            f"{', '.join(missing)} is missing in {folder}: see docs/cluster.md, or name it with --tls."
        )
    cert, key = str(paths["cert"]), str(paths["key"])
    sides = {
        f"tls_{side}_{what}": path
        for side in ("client", "scheduler", "worker")
        for what, path in (("cert", cert), ("key", key))
    }
    return Security(tls_ca_file=str(paths["ca"]), require_encryption=True, **sides)


def described(client: Any) -> dict[str, dict[str, str]]:
    """What each worker says of itself, by its address."""
    answers = client.run(worker.describe, on_error="return")
    found = {}
    for address, text in answers.items():
        try:
            fields = json.loads(text)
            found[address] = {name: str(fields[name])[:500] for name in ("versions", "sandbox", "missing")}
        except (ValueError, LookupError, TypeError):
            found[address] = {"versions": "", "sandbox": "", "missing": f"it can't grade ({str(text)[:200]})"}
    return found


def agreed(found: dict[str, dict[str, str]]) -> str:
    """The sandbox of all workers. Raises CourseError if one has none, or if they would not grade alike."""
    for address, one in found.items():
        if not one["sandbox"]:
            raise CourseError(
                f"{address} has no sandbox, so hidden tests would not be sealed: {one['missing']}"
            )
        if one["versions"] != versions():
            raise CourseError(
                f"{address} has {one['versions']}, and here is {versions()}: grades could differ. Install the same."
            )
    kinds = {one["sandbox"] for one in found.values()}
    if len(kinds) > 1:
        raise CourseError(
            f"The workers have different sandboxes ({', '.join(sorted(kinds))}): use like machines."
        )
    return kinds.pop()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without Dask's own log, which tells at length what is mended here."""
    logger = logging.getLogger("distributed")
    before, logger.level = logger.level, logging.CRITICAL
    try:
        yield
    finally:
        logger.level = before
