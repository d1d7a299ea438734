"""Large pages for what a process has in memory, so that forking it costs less.

A fork copies the table of its pages, and its end goes through it again; for 50 MB in pages of 4 KiB that takes longer
than most test cases do. A page of 2 MiB is one entry of that table. A write to it still copies 4 KiB only.
"""

import contextlib
import ctypes

LARGE = 1 << 21
MADV_COLLAPSE = 25  # Linux 6.1; an older one refuses it, and nothing changes


def into_large_pages():
    """Put what this process has written, and what belongs to no file, into large pages where the kernel can."""
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with contextlib.suppress(OSError), open("/proc/self/maps") as maps:
        for addresses, rights, _, _, _, *name in [line.split() for line in maps]:
            if rights == "rw-p" and name in ([], ["[heap]"]):
                start, end = (int(address, 16) for address in addresses.split("-"))
                start, end = -(-start // LARGE) * LARGE, end // LARGE * LARGE
                if start < end:
                    libc.madvise(start, end - start, MADV_COLLAPSE)
