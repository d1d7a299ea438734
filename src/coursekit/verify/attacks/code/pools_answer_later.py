"""Leaves threads, timers and pools running that rewrite the answers and the functions later, while tests run.

Holds: a test's fork has no thread from before it; pools begin empty; an answer has crossed before it can be rewritten.
"""

import concurrent.futures
import contextlib
import threading
import time

import numpy as np

answers, calls = [], []


def rewrite():
    for _ in range(10**6):
        for answer in list(answers):
            with contextlib.suppress(Exception):
                answer[...] = calls[-1] if calls else 1.0
        for number in range(len(FUNCTIONS)):
            globals()[FUNCTIONS[number]] = later
        time.sleep(0.0002)


def later(*arguments, **keywords):
    calls.extend(one for one in arguments if isinstance(one, np.ndarray))
    shape = np.shape(calls[-1]) if calls else (1, 1)
    answers.append(np.zeros(shape))
    for begin in (pool.submit, lambda work: threading.Thread(target=work, daemon=True).start()):
        with contextlib.suppress(RuntimeError):
            begin(rewrite)
    answers.append(np.zeros(shape))
    return answers[-2], {"A": answers[-1], "Z": answers[-1]}


pool = concurrent.futures.ThreadPoolExecutor(4, initializer=lambda: calls.append(np.zeros((1, 1))))
pool.submit(rewrite)
threading.Thread(target=rewrite, daemon=True).start()
threading.Timer(0.2, rewrite).start()
functions_do(later)
