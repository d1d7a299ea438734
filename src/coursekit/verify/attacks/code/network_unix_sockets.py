"""Connects to named sockets of the machine: Docker, D-Bus, X, abstract ones, and its own through a back door.

Holds: no new sockets; only stream pairs are allowed, and they cannot be connected elsewhere.
"""

import glob
import itertools
import os
import socket
import stat


def names():
    yield from glob.glob("/run/**/*sock*", recursive=True) + glob.glob("/tmp/**/*sock*", recursive=True)
    yield from (
        "/var/run/docker.sock",
        "/run/dbus/system_bus_socket",
        "\0/tmp/.X11-unix/X0",
        "\0coursekit-attack",
    )
    for path in glob.glob("/proc/[0-9]*/net/unix"):
        with open(path) as file:
            for line in itertools.islice(file, 1, None):
                yield from (field.replace("@", "\0") for field in line.split()[7:])


def attempt(made, name):
    for action in (made.connect, lambda place: made.sendto(b"hello", place)):
        try:
            action(name)
            loot(f"reached {name!r}")
        except OSError as error:
            print(repr(name), error)


def reach(*arguments, **keywords):
    sockets = []
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            sockets.append(socket.socket(socket.AF_UNIX, kind))
        except OSError as error:
            print(error)
        try:
            sockets += socket.socketpair(socket.AF_UNIX, kind)
        except OSError as error:
            print(error)
    for name in set(names()):
        if name.startswith("\0") or (os.path.exists(name) and stat.S_ISSOCK(os.stat(name).st_mode)):
            for made in sockets:
                attempt(made, name)


functions_do(reach)
