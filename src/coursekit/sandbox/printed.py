"""What a student's code prints, kept up to a limit."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
import threading
import time

FLOOD_SECONDS = 0.005
"""between two reads once the rest is dropped: a flood fills the pipe and waits there, not in the grader"""
SETTLE_SECONDS = 1.0
"""at most, for reading what is still in the pipe; code that prints on and on is not waited for longer"""
LOOK_SECONDS = 0.001
CLOSE_SECONDS = 5


class Printed:
    """Reads the pipe `fd` to its end: the first `limit` bytes are kept, the rest is dropped."""

    def __init__(self, fd: int, limit: int):
        self._fd, self._limit = fd, limit
        self._kept = bytearray()
        self._reading = threading.Lock()
        self._ended = False
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        ready = select.poll()
        ready.register(self._fd, select.POLLIN)
        while True:
            ready.poll()
            with self._reading:  # from the pipe to what is kept in one step, for _settle()
                part = os.read(self._fd, 1 << 16)
                room = self._limit - len(self._kept)
                self._kept += part[: max(room, 0)]
                if not part:
                    self._ended = True
                    os.close(self._fd)
                    return
            if room <= 0:
                time.sleep(FLOOD_SECONDS)

    def _settle(self) -> None:
        """Wait until what is in the pipe now has been read."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            with self._reading:
                if self._ended or len(self._kept) >= self._limit or not _waiting(self._fd):
                    return
            time.sleep(LOOK_SECONDS)

    def mark(self) -> int:
        """A mark for since(): everything printed from now on."""
        self._settle()
        return len(self._kept)

    def since(self, mark: int) -> str:
        """Everything printed after the mark, including what was still in the pipe."""
        self._settle()
        return bytes(self._kept[mark:]).decode("utf-8", "replace")

    def close(self) -> None:
        """Wait until everything is read, for at most CLOSE_SECONDS."""
        self._thread.join(timeout=CLOSE_SECONDS)


def _waiting(fd: int) -> int:
    """How many bytes are in the pipe."""
    (count,) = struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0" * 4))
    return int(count)
