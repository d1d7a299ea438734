"""Plants bombs at load that go off later: timers, signals, threads, hooks at fork and at exit, __del__, an audit hook.

Holds: they go off in the sandbox; a case or a restart is lost, but the result is written.
"""

import atexit
import os
import signal
import sys
import threading
import time
import weakref

LOADING = os.getpid()


class Last:
    def __del__(self):
        print("Hidden test: passed.")
        os._exit(0)


def go_off(*anything):
    if os.getpid() != LOADING:
        os._exit(0)


def wait_for_fork():
    while time.monotonic() < START + 60:
        time.sleep(0.3)
        os.utime(".")


START = time.monotonic()
atexit.register(os._exit, 0)
os.register_at_fork(
    after_in_child=lambda: threading.Timer(0.05, go_off).start(), before=lambda: time.sleep(0.1)
)
signal.signal(signal.SIGALRM, go_off)
signal.setitimer(signal.ITIMER_REAL, 5, 1)
threading.Thread(target=wait_for_fork, daemon=True).start()
finalizer = weakref.finalize(threading.main_thread(), go_off)
last = [Last()]
last.append(last)
sys.addaudithook(lambda event, arguments: go_off() if event == "socket.close" else None)


def drop(*arguments, **keywords):
    last.clear()
    return 0


functions_do(drop)
