"""The `coursekit` command. Each subcommand imports its modules when it runs, so that --help is quick."""

from __future__ import annotations

import errno
import os
import sys

import click

from coursekit.cli.build import build, data, new, sample
from coursekit.cli.cluster import scheduler, worker
from coursekit.cli.collect import collect
from coursekit.cli.doctor import doctor
from coursekit.cli.export import export
from coursekit.cli.grade import grade, report
from coursekit.cli.handing_out import gradescope, handout
from coursekit.cli.roster import roster
from coursekit.cli.verify import verify
from coursekit.core import quick_start as quick_start
from coursekit.core.errors import CourseError
from coursekit.core.text import one_line

# Before numpy is imported anywhere: there is a process for each core already, so each needs one thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


NOT_WRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})


class Commands(click.Group):
    """Prints a CourseError, or that something can't be written, as a sentence and exits 2; after Ctrl-C, 130."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            click.echo(f"coursekit: {error}", err=True)
            sys.exit(2)
        except OSError as error:
            if error.errno not in NOT_WRITABLE:
                raise
            what = one_line(str(error.filename or "A file"))
            click.echo(
                f"coursekit: {what}: {error.strerror}. Make it writable, or free some space.", err=True
            )
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo(
                "coursekit: stopped. What was finished is kept: the same command does the rest.", err=True
            )
            sys.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coursekit")
def main() -> None:
    """Build and grade a course of Jupyter notebooks, with the tests sealed off from student code."""


commands = (
    *(new, build, handout, gradescope, roster, collect, grade, report, export),
    *(sample, verify, data, doctor, scheduler, worker),
)
for command in commands:
    main.add_command(command)
