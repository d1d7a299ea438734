"""Prints and raises letters that break encoders and lines: lone surrogates, zero bytes, a million marks on one letter.

Holds: text is decoded with replacements, cut short and escaped where it is written.
"""

import os

STRANGE = "\ud800\udfff\x00\x85\u2028\u202e\u2066\ufffe\uffff\U0010ffff" + "a" + "\u0301" * 1_000_000


class Strange(Exception):
    pass


Strange.__name__ = "\udcff" * 1000


def shout(*arguments, **keywords):
    os.write(1, bytes(range(256)) * 10)
    print(STRANGE.encode("utf-8", "surrogatepass"))
    print(STRANGE[10:])
    raise Strange(STRANGE)


functions_do(shout)
globals()["\u212b\u0301" * 1000] = 1
