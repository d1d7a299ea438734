"""Makes forbidden system calls through the 32-bit and x32 interfaces of a 64-bit kernel, with machine code of its own.

Holds: the filter ends a process that uses another architecture's call numbers.
"""

import ctypes
import mmap
import os
import platform

SOCKETCALL, SOCKET, X32 = 102, 41, 0x40000000


def run(code, *numbers):
    page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_int] * len(numbers))(address)(*numbers)


# push rbx; mov eax, edi; mov ebx, esi; mov ecx, edx; int 0x80; pop rbx; ret
INT80 = bytes.fromhex("5389f889f389d1cd805bc3")


def call(*arguments, **keywords):
    if platform.machine() != "x86_64":
        return
    low = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40)  # MAP_32BIT
    low.write((1).to_bytes(4, "little") * 2 + bytes(4))
    address = ctypes.addressof(ctypes.c_char.from_buffer(low))
    if os.fork() == 0:
        result = run(INT80, SOCKETCALL, 1, address)
        loot(f"int 0x80 made a socket: {result}") if result >= 0 else print("int 0x80:", result)
        os._exit(0)
    if os.fork() == 0:
        result = ctypes.CDLL(None, use_errno=True).syscall(X32 | SOCKET, 1, 1, 0)
        loot(f"x32 made a socket: {result}") if result >= 0 else print("x32:", result)
        os._exit(0)
    print(os.wait(), os.wait())


functions_do(call)
