"""Sends headers of the maximum size while the notebook loads, which the grader itself decodes: a million names, junk.

Holds: data sent while loading is limited in bytes and in memory; the grader's own process stays small.
"""

import os
import socket
import stat
import struct

MANY = (32 << 20) - 64


def array(count, item):
    return b"\xdd" + struct.pack(">I", count) + item * count


def names():
    count = MANY // 6
    return (
        b"\xdd" + struct.pack(">I", count) + b"".join(b"\xa5" + b"%05x" % number for number in range(count))
    )


for fd in range(3, 64):
    try:
        is_socket = stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        continue
    if is_socket:
        with socket.socket(fileno=os.dup(fd)) as found:
            for body in (
                b"\x92" + array(MANY, b"\x80") + b"\x90",
                b"\x92\x82\xa2op\xa6loaded\xa5names" + names() + b"\x90",
            ):
                found.sendall(struct.pack("<QQ", len(body), 0) + body)
