"""Spells a call's arguments in the cores and the priority of its process, and reads those of others by number.

Holds: its own process namespace, and a system call filter that allows a process to ask only about itself.
"""

import os


def carry(*arguments, **keywords):
    for pid in (1, os.getppid(), *range(max(2, os.getpid() - 20), os.getpid())):
        for ask in (
            os.sched_getaffinity,
            os.sched_getscheduler,
            lambda pid: os.getpriority(os.PRIO_PROCESS, pid),
        ):
            try:
                through(f"of {pid}: {ask(pid)}")
            except OSError as error:
                print(pid, error)


functions_do(carry)
