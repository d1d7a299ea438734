"""Lets the kernel report when files in the system's folders are opened or read, by a friend who spells in this way.

Holds: the system call filter refuses notifications for folders, as it refuses inotify.
"""

import fcntl
import os
import signal

FOLDERS = ("/usr/bin", "/usr/lib", "/usr/share", DATA)
heard = []
signal.signal(signal.SIGIO, lambda *anything: heard.append(1))


def carry(*arguments, **keywords):
    for folder in filter(os.path.isdir, FOLDERS):
        fd = os.open(folder, os.O_RDONLY)
        try:
            fcntl.fcntl(fd, fcntl.F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MULTISHOT)
            through(f"listens to {folder}")
            os.preadv(os.open(os.path.join(folder, os.listdir(folder)[0]), os.O_RDONLY), [bytearray(1)], 0)
            through(f"heard {len(heard)}")
        except OSError as error:
            print(folder, error)
        finally:
            os.close(fd)


functions_do(carry)
