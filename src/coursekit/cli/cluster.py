"""`coursekit scheduler` and `coursekit worker`: the machines of a cluster."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from coursekit.cli.common import at_a_time
from coursekit.core.errors import CourseError

FAILED = 2
"""the exit code of a command that says what is wrong"""
RESTART_SECONDS = 2.0
"""before a worker process that has ended is started again"""


def certificates(command):
    """The options of a command that talks to a cluster."""
    for option in (
        click.option(
            "--tls",
            type=click.Path(path_type=Path, file_okay=False),
            help="The folder of ca.pem, cert.pem and key.pem.  [default: $COURSEKIT_TLS or ~/.config/coursekit/tls]",
        ),
        click.option(
            "--insecure",
            is_flag=True,
            help="Allow tcp://: whoever reaches it can run programs on all machines.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.option(
    "--host", default="", help="The address of this machine that others reach.  [default: all of them]"
)
@click.option("--port", type=click.IntRange(0, 65535), default=8786, show_default=True)
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the address into FILE, which worker and --on take in its place.",
)
@certificates
def scheduler(host: str, port: int, file: Path | None, tls: Path | None, insecure: bool) -> None:
    """Pass submissions and results on between "coursekit grade --on" and the workers. It is Dask's own scheduler, with
    TLS and with short logs, so that its memory does not grow with the class.
    """
    from coursekit.executors.dask import connecting

    connecting.serve_as_scheduler(
        host, port, file, tls, insecure, lambda address: click.echo(f"Scheduler at {address}.")
    )


@click.command()
@click.argument("address")
@at_a_time
@certificates
@click.option("--one", is_flag=True, hidden=True)
def worker(address: str, jobs: int, tls: Path | None, insecure: bool, one: bool) -> None:
    """Grade for a Dask scheduler, one submission in each process at a time, until it has been away for five minutes.

    ADDRESS is the scheduler's, such as tls://host:8786, or its file. There is no grading without a sandbox: "coursekit
    doctor" tells what works here.
    """
    from coursekit.executors.dask import connecting
    from coursekit.sandbox import choose

    if one:
        try:
            connecting.serve(address, tls, insecure)
        except connecting.Lost as error:
            sys.exit(f"coursekit: {error}: trying again.")
        return
    sandbox = choose.strongest()
    try:
        connecting.address_for(address, insecure)
    except connecting.Lost as error:
        raise CourseError(str(error)) from None
    click.echo(f"Grading for {address}, {jobs} at a time, in the sandbox {sandbox}.")
    _supervise([sys.executable, "-m", "coursekit", "worker", *sys.argv[2:], "--one"], jobs)


def _supervise(command: list[str], count: int) -> None:
    """Run that many processes, and another for each that ends: the scheduler may be back, or a submission was to blame.

    Ends when this process is told to, or when one of them says that it can't work, or that no scheduler is there.
    """
    running: list[subprocess.Popen[bytes]] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        while True:
            while len(running) < count:
                running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
            time.sleep(RESTART_SECONDS)
            ended = [one for one in running if one.poll() is not None]
            running = [one for one in running if one not in ended]
            if any(one.returncode == FAILED for one in ended):
                sys.exit(FAILED)  # it has said why
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait()
