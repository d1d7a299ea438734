"""A connection to a Dask cluster: whom it trusts, what its workers are, and whether it is still there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import warnings
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.core.errors import CourseError
from coursekit.executors.dask import worker
from coursekit.executors.dask.protocol import versions

CONNECT_SECONDS = 20
ANSWER_SECONDS = 30
"""for the scheduler to answer a question"""
DESCRIBE_SECONDS = 60
"""for a worker to try its sandbox and say what it has"""
DEATH_SECONDS = 300
"""how long a worker waits for its scheduler"""
WORKERS_SECONDS = 120
"""how long the first worker is waited for"""
SETTINGS = {
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.timeouts.tcp": "30s",
    "distributed.scheduler.worker-ttl": "60s",
    "distributed.admin.low-level-log-length": 10,
    "distributed.admin.system-monitor.log-length": 100,
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "500ms",
    "distributed.client.scheduler-info-interval": "60s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.worker.profile.enabled": False,
}
"""of Dask in a process of ours: a connection, or a silent worker, is given up soon (TCP's keepalive follows from it).
Logs are short: one of them would keep the last thousand messages of each connection, with submissions in them. What
Dask does for work of other kinds, and to watch itself, is off or rare: it takes cores from submissions."""
INSTALL = "Grading on a cluster needs Dask: pip install 'coursekit[cluster]'."
PLAIN = (
    "{0} is not encrypted, and whoever can reach it can run programs on every worker and on this machine. Use "
    "tls://, with the certificates that docs/cluster.md makes, or say --insecure if that network is yours alone."
)


class Lost(Exception):
    """The cluster has gone."""


@dataclass
class Cluster:
    """A scheduler that answers."""

    client: Any
    _scheduler: str = ""

    async def workers(self) -> dict[str, dict[str, Any]]:
        """What the scheduler knows of each worker, by its address.

        Raises Lost if the scheduler has gone, or is another one by now: that knows nothing of what was sent.
        """
        if self.client.status != "running":
            raise Lost(f"the connection is {self.client.status}")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found = await self.client.scheduler.identity(n_workers=-1)
        except (OSError, TimeoutError) as error:
            raise Lost(str(error) or "the scheduler does not answer") from error
        self._scheduler = self._scheduler or found["id"]
        if found["id"] != self._scheduler:
            raise Lost("it has been started again")
        return {
            address: one
            for address, one in found["workers"].items()
            if one.get("status", "running") == "running"
        }

    async def first_workers(self) -> list[str]:
        """The addresses of the workers, as soon as there is one. Raises Lost."""
        for _ in range(WORKERS_SECONDS):
            if found := await self.workers():
                return list(found)
            await asyncio.sleep(1)
        raise Lost("no worker is there")

    async def described(self, addresses: Iterable[str]) -> dict[str, dict[str, str]]:
        """What these workers say of themselves, by address; of one that does not answer, nothing."""
        addresses = list(addresses)
        found = await asyncio.gather(*map(self._described, addresses))
        return {address: one for address, one in zip(addresses, found, strict=True) if one}

    async def _described(self, address: str) -> dict[str, str] | None:
        try:
            async with asyncio.timeout(DESCRIBE_SECONDS):
                answers = await self.client.run(worker.describe, workers=[address], on_error="return")
        except (OSError, TimeoutError, ValueError, KeyError):
            return None
        text = answers.get(address)
        if isinstance(text, OSError | TimeoutError):
            return None
        try:
            fields = json.loads(text)
            return {name: str(fields[name])[:500] for name in ("versions", "sandbox", "missing")}
        except (ValueError, LookupError, TypeError):
            return {"versions": "", "sandbox": "", "missing": f"it can't grade ({str(text)[:200]})"}

    def submit(self, address: str, function: Callable[..., str], *arguments: Any) -> Any:
        """A future of this call on that worker; each is a task of its own. Raises Lost."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large arguments: a submission's bytes are one
            try:
                return self.client.submit(function, *arguments, pure=False, workers=[address])
            except Exception as error:  # Dask says in several ways that it is not connected
                raise Lost(str(error)) from error


@contextlib.asynccontextmanager
async def connected(on: str, tls: Path | None, insecure: bool) -> AsyncIterator[Cluster]:
    """A connection to the cluster at an address, in a scheduler's file, or (local:N) made for this.

    Raises Lost if it does not answer, and CourseError if it is not to be used.
    """
    try:
        import dask.config
        from distributed import Client
    except ImportError:
        raise CourseError(INSTALL) from None

    with dask.config.set(SETTINGS), quiet():
        async with contextlib.AsyncExitStack() as stack:
            if on.startswith("local:"):
                cluster = await stack.enter_async_context(_local(on))
                address, security = cluster.scheduler_address, cluster.security
            else:
                address = address_for(on, insecure)
                security = security_of(tls) if address.startswith("tls://") else None
            client = Client(
                address, asynchronous=True, security=security, timeout=CONNECT_SECONDS, set_as_default=False
            )
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of versions, which are compared here
                    await client
            except (OSError, TimeoutError, ValueError) as error:
                raise Lost(str(error)) from error
            try:
                yield Cluster(client)
            finally:
                with contextlib.suppress(Exception):
                    await client.close(timeout=5)


def _local(on: str) -> Any:
    """A cluster of N workers on this machine. Raises CourseError."""
    from distributed import LocalCluster
    from distributed.security import Security

    number = on.removeprefix("local:")
    if not number.isdecimal() or not 1 <= int(number) <= 256:
        raise CourseError(f"{on}: local:N starts N workers on this machine, 1 to 256.")
    security = Security.temporary()  # for others on this machine, too, a plain one would be open
    return LocalCluster(
        n_workers=int(number),
        threads_per_worker=1,
        memory_limit=0,
        security=security,
        dashboard_address="127.0.0.1:0",
        asynchronous=True,
    )


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
        from distributed import Worker, WorkerPlugin
    except ImportError:
        raise CourseError(INSTALL) from None

    address, stop = address_for(on, insecure), worker.stop
    kind = security_of(tls) if address.startswith("tls://") else None

    class Stops(WorkerPlugin):
        """Ends the grader first when the worker ends, which otherwise waits for what is graded."""

        def teardown(self, worker: Any) -> None:
            stop()

    def made() -> Any:
        return Worker(
            address,
            nthreads=1,
            memory_limit=0,
            security=kind,
            death_timeout=DEATH_SECONDS,
            plugins=(Stops(),),
        )

    worker.describe()  # now, since the connection to the scheduler would have to wait for it later
    try:
        _serve(made)
    except (OSError, TimeoutError) as error:
        raise CourseError(f"{address} has not answered for {DEATH_SECONDS // 60} minutes: {error}") from None


def serve_as_scheduler(
    host: str, port: int, file: Path | None, tls: Path | None, insecure: bool, say: Callable[[str], None]
) -> None:
    """Be a scheduler until this process is ended. say: is told its address. Raises CourseError."""
    try:
        from distributed import Scheduler
    except ImportError:
        raise CourseError(INSTALL) from None

    protocol = "tcp" if insecure else "tls"
    kind = None if insecure else security_of(tls)

    def made() -> Any:
        return Scheduler(
            host=host or None,
            port=port,
            protocol=protocol,
            security=kind,
            dashboard=False,
            scheduler_file=str(file) if file else None,
        )

    try:
        _serve(made, say)
    except OSError as error:
        raise CourseError(f"No scheduler can be at {host or '*'}:{port}: {error}") from None


def _serve(made: Callable[[], Any], say: Callable[[str], None] = lambda address: None) -> None:
    """Run one of Dask's servers until it ends. say: is told its address."""
    import dask.config

    async def serving() -> None:
        async with made() as one:
            say(one.address)
            await one.finished()

    with dask.config.set(SETTINGS):
        asyncio.run(serving())


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


def unfit(one: Mapping[str, str], sandbox: str = "") -> str:
    """Why a worker that says this of itself can't grade this class; empty if it can. sandbox: that of the others."""
    if not one["sandbox"]:
        return f"has no sandbox, so hidden tests would not be sealed: {one['missing']}"
    if one["versions"] != versions():
        return f"has {one['versions']}, and here is {versions()}: grades could differ. Install the same."
    if sandbox and one["sandbox"] != sandbox:
        return f"has the sandbox {one['sandbox']}, and the class is graded with {sandbox}."
    return ""


def agreed(found: dict[str, dict[str, str]]) -> str:
    """The sandbox of all workers. Raises CourseError if one has none, or if they would not grade alike, and Lost if
    there is none that answers."""
    if not found:
        raise Lost("no worker answers")
    for address, one in found.items():
        if why := unfit(one):
            raise CourseError(f"{address} {why}")
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
