"""What client, worker and grader say to each other, apart from what Dask carries."""

from __future__ import annotations

import platform
import socket
import struct
from importlib.metadata import version
from typing import Any

import msgpack

_SIZE = struct.Struct("<Q")
_PACKAGES = ("coursekit", "numpy", "otter-grader", "ipython", "matplotlib")
"""those whose versions can change grades, besides Python's"""


class Refused(Exception):
    """A worker that would grade otherwise than the others."""


def versions() -> str:
    """What of this installation can change grades, in one line."""
    python = ".".join(platform.python_version_tuple()[:2])
    return ", ".join([f"Python {python}", *(f"{name} {version(name)}" for name in _PACKAGES)])


def send(sock: socket.socket, message: dict[str, Any], blobs: dict[str, bytes] | None = None) -> None:
    """Send one message."""
    packed = msgpack.packb([message, blobs or {}])
    sock.sendall(_SIZE.pack(len(packed)))
    sock.sendall(packed)


def receive(sock: socket.socket) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The next message. Raises EOFError when the other side has gone."""
    (size,) = _SIZE.unpack(_exactly(sock, _SIZE.size))
    message, blobs = msgpack.unpackb(_exactly(sock, size))
    return message, blobs


def _exactly(sock: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError("the other side has gone")
        parts += part
    return bytes(parts)
