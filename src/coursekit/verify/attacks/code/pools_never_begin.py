"""Leaves pools that never finish restarting: an __init__ that sleeps, ends the process, forks, raises SystemExit.

Holds: a fork that is silent for too long is given up, and the notebook is restarted only a few times.
Unsealed: no, it leaves processes running
"""

import concurrent.futures.thread
import itertools
import os
import threading
import time

turn = itertools.count()


class Executor(concurrent.futures.thread.ThreadPoolExecutor):
    _max_workers = property(lambda self: time.sleep(0.5) or 1, lambda self, value: None)


def never(self, *arguments, **keywords):
    kind = os.getpid() % 4
    if kind == 0:
        time.sleep(3600)
    if kind == 1:
        os._exit(0)
    if kind == 2:
        raise SystemExit("no pool")
    os.fork()


kept = [Executor(1), concurrent.futures.thread.ThreadPoolExecutor(1)]
threading.Thread(target=threading.Event().wait, daemon=True).start()
concurrent.futures.thread.ThreadPoolExecutor.__init__ = never

functions_do(lambda *arguments, **keywords: 0.0)
