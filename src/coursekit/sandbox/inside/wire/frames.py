"""One message on a socket: two lengths, a msgpack header, and the arrays' bytes."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgpack

from .errors import WireError

PREFIX = struct.Struct("<QQ")  # header's bytes, arrays' bytes
MAX_FDS = 32
MIN_DESCRIPTION = 16  # bytes of the header that an array's description and size take at least


def send(
    sock: socket.socket,
    header: Any,
    blobs: Sequence[Any] = (),
    fds: Sequence[int] = (),
    deadline: float | None = None,
) -> None:
    """Send one frame: `header` (anything msgpack takes), `blobs` (flat byte arrays) and open file descriptors.

    `deadline` is on time.monotonic's clock; TimeoutError after it. BrokenPipeError when the other side has gone.
    """
    _set_timeout(sock, deadline)
    sizes = [blob.nbytes for blob in blobs]
    packed = msgpack.packb([header, sizes], unicode_errors="surrogatepass")
    prefix = PREFIX.pack(len(packed), sum(sizes)) + packed
    sent = socket.send_fds(sock, [prefix], list(fds)) if fds else 0
    sock.sendall(memoryview(prefix)[sent:])
    for blob in blobs:
        sock.sendall(blob)


def receive(
    sock: socket.socket,
    deadline: float | None = None,
    max_header: int | None = None,
    max_blobs: int | None = None,
) -> tuple[Any, list[bytearray], list[int]]:
    """Receive one frame as (header, blobs, fds).

    `deadline` is on time.monotonic's clock; TimeoutError after it. EOFError when the other side has gone;
    WireError for a frame over `max_header` or `max_blobs` bytes, or a malformed one.
    """
    fds: list[int] = []
    prefix = bytearray()
    while len(prefix) < PREFIX.size:
        _set_timeout(sock, deadline)
        if deadline is None and not prefix:
            part, fds, _, _ = socket.recv_fds(sock, PREFIX.size, MAX_FDS)
        else:
            part = sock.recv(PREFIX.size - len(prefix))
        if not part:
            raise EOFError("the other side closed the connection")
        prefix += part
    header_size, blobs_size = PREFIX.unpack(prefix)
    if max_header is not None and header_size > max_header:
        raise WireError(f"a message of {header_size:,} bytes, over the limit of {max_header:,}")
    if max_blobs is not None and blobs_size > max_blobs:
        raise WireError(f"arrays of {blobs_size:,} bytes, over the limit of {max_blobs:,}")
    header, sizes = _unpack(_receive_exactly(sock, header_size, deadline))
    _check_sizes(sizes, header_size, blobs_size)
    return header, [_receive_exactly(sock, size, deadline) for size in sizes], fds


def _unpack(packed: bytearray) -> tuple[Any, Any]:
    """The header and the arrays' sizes. Neither has been checked."""
    try:
        header, sizes = msgpack.unpackb(
            packed,
            unicode_errors="surrogatepass",
            strict_map_key=False,
            use_list=True,
            object_pairs_hook=_table,
        )
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"a malformed message ({type(error).__name__})") from None
    return header, sizes


def _table(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """A message's table. Other keys than these can be chosen to share one hash; entering many would take hours."""
    if not all(type(key) in (str, int) for key, _ in pairs):
        raise ValueError("a table with keys of another type")
    return dict(pairs)


def _check_sizes(sizes: Any, header_size: int, blobs_size: int) -> None:
    if not (isinstance(sizes, list) and all(type(size) is int and size >= 0 for size in sizes)):
        raise WireError("a message without its arrays' sizes")
    if len(sizes) * MIN_DESCRIPTION > header_size:
        raise WireError("a message with more arrays than it describes")
    if sum(sizes) != blobs_size:
        raise WireError("a message whose arrays' sizes do not add up")


def _receive_exactly(sock: socket.socket, size: int, deadline: float | None) -> bytearray:
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        _set_timeout(sock, deadline)
        count = sock.recv_into(view)
        if not count:
            raise EOFError("the other side closed the connection")
        view = view[count:]
    return buffer


def _set_timeout(sock: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        sock.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("time is up")
    sock.settimeout(left)
