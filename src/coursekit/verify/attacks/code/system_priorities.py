"""Makes itself first and the grader last: nice, real-time scheduling, cores, I/O, limits, out-of-memory scores.

Holds: calls that change another's priority or limits, or raise one's own, are refused.
Unsealed: no, it would slow and choke the grader
"""

import os
import resource
import subprocess
import sys

OWN = "import os; open('/proc/self/oom_score_adj', 'w').write('{}'); print(open('/proc/self/oom_score_adj').read())"


def attempt(what, action):
    try:
        action()
    except (OSError, ValueError, AttributeError) as error:
        print(what, error)
    else:
        loot(f"{what} worked")


def push(*arguments, **keywords):
    for pid in (1, os.getppid()):
        attempt(f"renice {pid}", lambda pid=pid: os.setpriority(os.PRIO_PROCESS, pid, 19))
        attempt(f"cores of {pid}", lambda pid=pid: os.sched_setaffinity(pid, {0}))
        attempt(f"limits of {pid}", lambda pid=pid: resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0)))
    attempt("user's priority", lambda: os.setpriority(os.PRIO_USER, os.getuid(), 19))
    attempt("nice -20", lambda: os.nice(-20))
    attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
    for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_FSIZE"):
        number, most = getattr(resource, name), resource.RLIM_INFINITY
        attempt(name, lambda number=number, most=most: resource.setrlimit(number, (most, most)))
    for value in (0, -1000):  # another program, since /proc of this one belongs to root
        done = subprocess.run(
            [sys.executable, "-c", OWN.format(value)], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            loot(f"oom_score_adj is {done.stdout.strip()}, for a process of its own")


functions_do(push)
