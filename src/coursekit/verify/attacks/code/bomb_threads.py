"""Starts up to 2,000 threads that wait, and some that count, for at most 20 seconds.

Holds: threads count as processes; there are at most 64, and the grader has its own share of the time.
Unsealed: no, a thread bomb
"""

import threading
import time

END = time.monotonic() + 20


def spin():
    while time.monotonic() < END:
        sum(range(1000))


def bomb(*arguments, **keywords):
    for number in range(2000):
        try:
            target = spin if number % 100 == 0 else lambda: time.sleep(max(0, END - time.monotonic()))
            threading.Thread(target=target, daemon=True).start()
        except RuntimeError:
            time.sleep(0.01)


bomb()
functions_do(bomb)
