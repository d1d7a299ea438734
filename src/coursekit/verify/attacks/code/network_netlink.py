"""Opens netlink, packet, vsock, key and crypto sockets, to read the machine's interfaces or to change them.

Holds: the system call filter refuses every new socket, whatever its family.
"""

import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
FAMILIES = {
    "netlink": 16,
    "packet": 17,
    "key": 15,
    "bluetooth": 31,
    "can": 29,
    "alg": 38,
    "vsock": 40,
    "xdp": 44,
    "tipc": 30,
}


def open_all(*arguments, **keywords):
    for name, family in FAMILIES.items():
        for kind in (1, 2, 3, 5):
            for protocol in range(17 if family == 16 else 1):
                fd = libc.socket(family, kind, protocol)
                if fd < 0:
                    continue
                loot(f"a {name} socket of kind {kind}, protocol {protocol}")
                if family == 16:
                    with socket.socket(fileno=fd) as made:
                        made.settimeout(0.3)
                        made.sendto(b"\x14\0\0\0\x12\0\x01\x03" + bytes(12), (0, 0))
                        loot(made.recv(500))
                else:
                    os.close(fd)
        pair = (ctypes.c_int * 2)()
        if libc.socketpair(family, 1, 0, pair) == 0:
            loot(f"a pair of {name} sockets")


functions_do(open_all)
