"""Leaves pools whose classes have a hostile __init__, which is run again in each test's fork, before the test.

Holds: it is student code like any other; the grader is at the other end of a socket.
"""

import concurrent.futures
import concurrent.futures.process
import concurrent.futures.thread
import multiprocessing.pool
import os
import sys
import threading


def hostile(self, *arguments, **keywords):
    loot(f"begun again in {os.getpid()} with {sorted(os.listdir('/proc/self/fd'))}")
    frame = sys._getframe()
    while frame is not None:
        for name, value in frame.f_locals.items():
            if name in ("shell", "fd", "control"):
                print("found", name, type(value))
            if name == "given_objects":
                value.clear()
        if "given_objects" in frame.f_globals:
            frame.f_globals["given_objects"].clear()
            frame.f_globals["OPERATIONS"].update(
                dict.fromkeys(frame.f_globals["OPERATIONS"], lambda *rest: True)
            )
            frame.f_globals["CallServer"].operate = lambda self, op, *rest: True
        frame = frame.f_back


real = concurrent.futures.thread.ThreadPoolExecutor
kept = [real(2), concurrent.futures.process.ProcessPoolExecutor(1), multiprocessing.pool.ThreadPool(1)]
kept[0].submit(int)
threading.Thread(target=threading.Event().wait, daemon=True).start()
for kind in (real, concurrent.futures.process.ProcessPoolExecutor, multiprocessing.pool.ThreadPool):
    kind.__init__ = hostile

functions_do(lambda *arguments, **keywords: True)
