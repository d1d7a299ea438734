"""Reads what the grader sends one byte at a time, answers one byte at a time, and asks to be asked again.

Holds: sending has the same deadline; each step of an iterator is a request within the test case's limit.
"""

import time

from wire import frames


def slowly(sock, size, deadline):
    got = bytearray()
    while len(got) < size:
        got += sock.recv(1)
        time.sleep(0.02)
    return got


class Again:
    def __iter__(self):
        return self

    def __next__(self):
        time.sleep(0.05)
        return Again()

    def __len__(self):
        return 3


def first(*arguments, **keywords):
    frames._receive_exactly = slowly
    return Again()


functions_do(first)
