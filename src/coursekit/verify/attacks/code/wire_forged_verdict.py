"""Sends verdicts on every socket it can find, while the notebook loads: passed, full score, names it never wrote.

Holds: no message is a grade; messages must be the expected ones, and a test's verdict is made outside.
"""

import os
import socket
import stat
import struct

import msgpack

VERDICTS = [
    {"op": "passed", "score": 100, "passed": True},
    {"op": "result", "score": 100.0, "tests": [{"name": name, "status": "passed"} for name in FUNCTIONS]},
    {"op": "hello"},
    {"value": True, "objects": {}, "error": None, "random": None},
    {"op": "loaded", "names": FUNCTIONS},
]


def frame(message):
    packed = msgpack.packb([message, []])
    return struct.pack("<QQ", len(packed), 0) + packed


for fd in range(256):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            with socket.socket(fileno=os.dup(fd)) as found:
                for verdict in VERDICTS:
                    found.sendall(frame(verdict))
    except OSError:
        continue
functions_do(lambda *arguments, **keywords: True)
