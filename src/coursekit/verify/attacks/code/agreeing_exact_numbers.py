"""Returns subclasses of datetime, timedelta, Decimal, Fraction and complex that lie in comparisons and sums.

Holds: only the exact types cross, and as their parts; a subclass is compared as the plain value that it represents.
"""

import datetime
import decimal
import fractions
import itertools

turn = itertools.count()


def yes(self, *others):
    return True


def zero(self, *others):
    return 0


LIES = dict.fromkeys("__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__".split(), yes)
LIES |= dict.fromkeys("__sub__ __rsub__ __add__ __radd__ __mul__ __rmul__ __abs__ __neg__".split(), zero)
LIES |= dict.fromkeys("__hash__ __int__ __round__ __trunc__ __floor__ __ceil__".split(), zero)
LIES |= {"__float__": lambda self: float(next(turn)), "__str__": lambda self: str(next(turn))}
LIES |= {"toordinal": lambda self: next(turn) + 1, "as_tuple": lambda self: (0, (0,), 0)}
LIES |= {"utcoffset": lambda self: datetime.timedelta(next(turn) % 2), "numerator": property(zero)}
MADE = [
    type(base.__name__, (base,), LIES)(*arguments)
    for base, arguments in (
        (datetime.datetime, (2020, 1, 1)),
        (datetime.date, (2020, 1, 1)),
        (datetime.time, (1,)),
        (datetime.timedelta, (1,)),
        (decimal.Decimal, ("1",)),
        (fractions.Fraction, (1, 3)),
        (complex, (1, 1)),
        (float, (0.5,)),
        (int, (7,)),
    )
]


class Zone(datetime.tzinfo):
    utcoffset = dst = lambda self, when: datetime.timedelta(hours=next(turn) % 23)

    def tzname(self, when):
        return "UTC"


MADE += [
    datetime.datetime(2020, 1, 1, tzinfo=Zone()),
    datetime.time(1, tzinfo=Zone()),
    decimal.Decimal("sNaN"),
]
functions_do(lambda *arguments, **keywords: MADE[next(turn) % len(MADE)])
