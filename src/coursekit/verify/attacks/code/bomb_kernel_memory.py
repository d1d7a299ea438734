"""Fills the kernel's own memory, at most about 1 GiB: full sockets and pipes, and 200,000 empty files.

Holds: descriptors, processes and the temporary folders' files are limited; everything vanishes with the sandbox.
Unsealed: no, a memory bomb
"""

import fcntl
import os
import socket
import time

F_SETPIPE_SZ = 1031


def pairs():
    kept = []
    try:
        while True:
            for end in (pair := socket.socketpair()):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
                end.setblocking(False)
                kept.append(end)
            for end in pair:
                try:
                    while True:
                        end.send(b"x" * 65536)
                except BlockingIOError:
                    continue
    except OSError as error:
        print(len(kept), "full sockets,", error, flush=True)
    time.sleep(15)


def pipes():
    try:
        while True:
            reading, writing = os.pipe()
            fcntl.fcntl(writing, F_SETPIPE_SZ, 1 << 20)
            os.set_blocking(writing, False)
            os.write(writing, b"x" * (1 << 20))
    except OSError as error:
        print(reading, "full pipes,", error, flush=True)
    time.sleep(15)


def files(folder):
    os.makedirs(folder, exist_ok=True)
    made = 0
    try:
        for made in range(100_000):
            os.close(os.open(f"{folder}/{made:09d}" + "x" * 200, os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        print(error)
    print(made, "files in", folder, flush=True)


for action in [
    *[pairs] * 8,
    pipes,
    lambda: files("/tmp/coursekit-attack"),
    lambda: files("/dev/shm/coursekit-attack"),
]:
    if os.fork() == 0:
        action()
        os._exit(0)
time.sleep(6)
functions_do(lambda *arguments, **keywords: 0)
