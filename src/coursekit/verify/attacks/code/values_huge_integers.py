"""Returns integers of millions of digits, fractions of them, ranges up to 10**18, and powers that take hours.

Holds: an integer that crosses has at most 4,096 hexadecimal digits, a range ten million numbers.
"""

import fractions
import itertools

turn = itertools.count()
KINDS = [
    lambda: 1 << 80_000_000,
    lambda: 16**4090,
    lambda: [16**4090] * 100_000,
    lambda: range(10**18),
    lambda: [range(9_999_999)] * 1000,
    lambda: fractions.Fraction(1, 3**100_000),
    lambda: slice(0, 10**18, 1),
    lambda: 10.0**308,
    lambda: complex("inf"),
]


def large(*arguments, **keywords):
    value = KINDS[next(turn) % len(KINDS)]()
    return value, {"A": value, "Z": value}, value


functions_do(large)
