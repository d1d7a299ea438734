"""Lets another process greet in place of the fork, so that at the limit the grader kills that one, not the fork.

Holds: the sandbox's end ends every process in it, whoever spoke; a case's end closes its socket.
"""

import os
import sys
import time

import wire

server = sys.modules["server"]
real_send = wire.send


def send(sock, header, *rest, **keywords):
    if isinstance(header, dict) and header.get("op") == "hello":
        if os.fork() == 0:
            real_send(sock, header, *rest, **keywords)
            time.sleep(30)
            os._exit(0)
        return
    real_send(sock, header, *rest, **keywords)


wire.send = send


def stay(*arguments, **keywords):
    with open("/tmp/coursekit-pids", "a") as file:
        print(os.getpid(), file=file)
    with open("/tmp/coursekit-pids") as file:
        alive = [line for line in file.read().split() if os.path.exists(f"/proc/{line}")]
    print("processes of earlier cases that still run:", len(alive))
    time.sleep(60)


functions_do(stay)
