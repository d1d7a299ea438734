"""Pairs of sockets on which the kernel tells who sent the first message: its pid, seen from here."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

from coursekit.sandbox.inside import wire
from coursekit.sandbox.process import MAX_CONTROL, expect


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Our end and theirs; the kernel notes who sends to ours."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def sender_of(sock: socket.socket, kind: str, deadline: float) -> tuple[int, dict[str, Any]]:
    """Receive the first message on our end, of that kind; returns its sender's pid, seen from here, and the message.

    Raises OSError, EOFError, TimeoutError and WireError.
    """
    sock.settimeout(max(0.01, deadline - time.monotonic()))
    first, ancillary, _, _ = sock.recvmsg(1, socket.CMSG_SPACE(struct.calcsize("3i")), socket.MSG_PEEK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    if not first:
        raise EOFError("the other end is closed")
    pids = [
        struct.unpack("3i", data[:12])[0] for _, type_, data in ancillary if type_ == socket.SCM_CREDENTIALS
    ]
    if not pids or not pids[0]:
        raise wire.WireError("a message without a sender")
    message, _, _ = wire.receive(sock, deadline, MAX_CONTROL, 0)
    return int(pids[0]), expect(message, kind)
