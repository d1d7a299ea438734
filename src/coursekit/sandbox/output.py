"""The output of a student's code, kept up to a limit."""

from __future__ import annotations

import os
import threading
import time

FLOOD_SECONDS = 0.005
"""between two reads once output is dropped: a flood fills the pipe and waits there, not in the grader"""
PIPE_SECONDS = 0.03
"""for reading what is still in the pipe"""
CLOSE_SECONDS = 5


class Output:
    """Reads the pipe `fd` to its end: the first `limit` bytes are kept, the rest is dropped."""

    def __init__(self, fd: int, limit: int):
        self._fd, self._limit = fd, limit
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        while part := os.read(self._fd, 1 << 16):
            room = self._limit - len(self._kept)
            if room > 0:
                self._kept += part[:room]
            else:
                time.sleep(FLOOD_SECONDS)
        os.close(self._fd)

    def mark(self) -> int:
        """A mark for since(): everything printed from now on."""
        return len(self._kept)

    def since(self, mark: int) -> str:
        """Everything printed after the mark, including what was still in the pipe."""
        time.sleep(PIPE_SECONDS)
        return bytes(self._kept[mark:]).decode("utf-8", "replace")

    def close(self) -> None:
        """Wait until everything is read, for at most CLOSE_SECONDS."""
        self._thread.join(timeout=CLOSE_SECONDS)
