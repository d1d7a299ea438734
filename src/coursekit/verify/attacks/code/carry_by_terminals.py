"""Opens all terminals, whose number is limited for the whole machine, so that a friend gets none.

Holds: the sandbox has no terminals.
"""

import os


def carry(*arguments, **keywords):
    opened = []
    try:
        for _ in range(200):
            opened.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
    except OSError as error:
        print(error)
    if opened:
        through(f"opened {len(opened)} terminals")
    for fd in opened:
        os.close(fd)


functions_do(carry)
