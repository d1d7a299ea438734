"""Liars who answer with objects that lie when they are read, compared or looped over."""

import itertools
import operator
import random

import numpy as np

from .call import liar
from .values import arrays, nans, with_leaves, zeros

READINGS = {
    "__getitem__": operator.getitem,
    "__iter__": iter,
    "__len__": len,
    "__contains__": operator.contains,
    "__float__": float,
    "__int__": int,
    "__index__": operator.index,
    "__bool__": bool,
    "__abs__": abs,
    "__neg__": operator.neg,
}
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
ARITHMETIC = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow")
REFLECTED = {
    f"__r{name}__": lambda mine, other, name=name: getattr(operator, name)(other, mine) for name in ARITHMETIC
}
DELEGATED = {
    **READINGS,
    **{f"__{name}__": getattr(operator, name) for name in (*COMPARISONS, *ARITHMETIC)},
    **REFLECTED,
}


class Changing:
    """Another answer at each reading, right or wrong according to `turns`."""

    __slots__ = ("_right", "_turns", "_wrong")
    __hash__ = object.__hash__

    def __init__(self, right, wrong, turns):
        self._right, self._wrong, self._turns = right, wrong, turns

    def _now(self):
        return self._right if next(self._turns) else self._wrong

    def __getattr__(self, name):
        if name.startswith("__") or not hasattr(self._right, name):
            raise AttributeError(name)
        return getattr(self._now(), name)

    def __array__(self, dtype=None, copy=None):
        return np.array(self._now(), dtype=dtype)


def _delegating(operation):
    return lambda self, *others: operation(self._now(), *others)


for _name, _operation in DELEGATED.items():
    setattr(Changing, _name, _delegating(_operation))


def _late(count):
    return lambda: itertools.chain([False] * count, itertools.repeat(True))


def _at_random():
    draw = random.Random(0)
    return (draw.random() < 0.5 for _ in itertools.count())


TURNS = {
    "right from the second reading on": _late(1),
    "right from the third reading on": _late(2),
    "right from the fourth reading on": _late(3),
    "right at every second reading": lambda: itertools.cycle([False, True]),
    "right at readings by chance": _at_random,
}


def _changing(falsify, turns):
    def tell(call):
        right, wrong = call.right_and_falsified(falsify)
        return Changing(right, wrong, turns())

    return tell


def _leaves_changing(falsify, turns):
    def change(value):
        return with_leaves(value, lambda x: Changing(x, falsify(x), turns()))

    return lambda call: call.falsified(change)


for _wrong, _falsify in (("zeros", zeros), ("nan", nans)):
    for _when, _turns in TURNS.items():
        liar(f"{_wrong}, but {_when}", asks=True)(_changing(_falsify, _turns))
        liar(f"each number {_wrong}, but {_when}", asks=True)(_leaves_changing(_falsify, _turns))


class Agreeable:
    """Equal to everything, and more and less too. `result` makes the results of arithmetic."""

    __slots__ = ("_count", "_result")
    __hash__ = object.__hash__

    def __init__(self, result):
        self._result, self._count = result, 0

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **keywords):
        return self

    def __getitem__(self, key):
        return self

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __contains__(self, key):
        return True

    def __bool__(self):
        return True

    def __float__(self):
        self._count += 1
        return float(self._count)

    def __int__(self):
        return int(float(self))

    __index__ = __int__

    def __abs__(self):
        return 0.0

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return ufunc.nout == 1 and ufunc(0.0, *[0.0] * (ufunc.nin - 1))

    def __array_function__(self, function, types, args, keywords):
        return True


def _agree(self, other):
    return True


def _calculate(self, other):
    return self._result(self, other)


for _name in COMPARISONS:
    setattr(Agreeable, f"__{_name}__", _agree)
Agreeable.__ne__ = lambda self, other: False
for _name in ARITHMETIC:
    setattr(Agreeable, f"__{_name}__", _calculate)
    setattr(Agreeable, f"__r{_name}__", _calculate)

RESULTS = {
    "0": lambda mine, other: 0.0,
    "itself": lambda mine, other: mine,
    "the other operand": lambda mine, other: other,
}


def _agreeing(result):
    return lambda call: Agreeable(result)


def _parts_agreeing(result):
    return lambda call: call.falsified(lambda right: with_leaves(right, lambda x: Agreeable(result)))


for _what, _result in RESULTS.items():
    liar(f"agrees with everything, and calculates {_what}", classes=True)(_agreeing(_result))
    liar(f"each number agrees with everything, and calculates {_what}", asks=True)(_parts_agreeing(_result))


class AgreeableArray(np.ndarray):
    """Not-a-numbers that compare as equal, and whose differences are 0."""

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        compares = ufunc in (np.equal, np.less, np.less_equal, np.greater, np.greater_equal, np.isfinite)
        return np.full(self.shape, True) if compares else np.zeros(self.shape)

    def __array_function__(self, function, types, args, keywords):
        return True


class AgreeableNumber(float):
    """A not-a-number that compares as equal, and whose differences are 0."""

    __hash__ = float.__hash__


for _name in COMPARISONS:
    setattr(AgreeableNumber, f"__{_name}__", _agree)
AgreeableNumber.__ne__ = lambda self, other: False
for _name in ARITHMETIC:
    setattr(AgreeableNumber, f"__{_name}__", lambda self, other: 0.0)
    setattr(AgreeableNumber, f"__r{_name}__", lambda self, other: 0.0)


@liar("arrays and numbers of nan that agree with everything", asks=True)
def subclasses(call):
    def leaf(x):
        return np.full(x.shape, np.nan).view(AgreeableArray) if x.ndim else AgreeableNumber("nan")

    return call.falsified(lambda right: with_leaves(right, leaf))


class Mimic(Agreeable):
    """Becomes whatever it is compared or calculated with."""

    __slots__ = ("_seen",)

    def __init__(self):
        super().__init__(lambda mine, other: mine._see(other))
        self._seen = 0.0

    def _see(self, other):
        self._seen = other
        return 0.0

    def __array__(self, dtype=None, copy=None):
        return np.array(self._seen, dtype=dtype)

    def __float__(self):
        return float(self._seen)

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        others = [x for x in inputs if not isinstance(x, Mimic)]
        self._seen = others[0] if others else self._seen
        return getattr(ufunc, method)(
            *(self._seen if isinstance(x, Mimic) else x for x in inputs), **keywords
        )


def _see_and_agree(self, other):
    self._see(other)
    return True


for _name in COMPARISONS:
    setattr(Mimic, f"__{_name}__", _see_and_agree)
Mimic.__ne__ = lambda self, other: False


@liar("becomes what it is compared with", classes=True)
def mimic(call):
    return Mimic()


@liar("each number becomes what it is compared with", asks=True)
def mimics(call):
    return call.falsified(lambda right: with_leaves(right, lambda x: Mimic()))


class Vandal:
    """Zeros that fill the call's arguments with zeros when they are read."""

    __slots__ = ("_arrays", "_right")
    __hash__ = object.__hash__

    def __init__(self, zeros, spoilt):
        self._right, self._arrays = zeros, spoilt

    def _now(self):
        for array in self._arrays:
            if array.flags.writeable:
                array.fill(0)
        return self._right

    __getattr__ = Changing.__getattr__
    __array__ = Changing.__array__


for _name, _operation in DELEGATED.items():
    setattr(Vandal, _name, _delegating(_operation))


@liar("zeros that fill the arguments with zeros when they are read", asks=True)
def vandal(call):
    return Vandal(call.falsified(zeros), list(arrays(call.everything)))


@liar("numbers of 0 that fill the arguments with zeros when they are read", asks=True)
def vandals(call):
    spoilt = list(arrays(call.everything))
    return call.falsified(lambda right: with_leaves(right, lambda x: Vandal(np.zeros(x.shape), spoilt)))


class _Emptied:
    """Contains its items, but a loop over it finds nothing."""

    def __iter__(self):
        return iter(())

    def keys(self):
        return ()

    items = values = keys


class _Shortened:
    """A loop over it finds its items, but it says that it is empty."""

    def __len__(self):
        return 0


class _Welcoming:
    """Contains every key."""

    def __contains__(self, key):
        return True


class _Tiring:
    """The first loop over it finds its items, later ones find nothing."""

    walked = False

    def __iter__(self):
        walked, self.walked = self.walked, True
        return iter(()) if walked else super().__iter__()

    def keys(self):
        return list(iter(self))

    def items(self):
        return [(key, self[key]) for key in self]

    def values(self):
        return [self[key] for key in self]


def _containers(trait):
    """A dict, a list and a tuple with that trait."""
    return {
        kind: type(f"{trait.__name__}_{kind.__name__}", (trait, kind), {}) for kind in (dict, list, tuple)
    }


def _lying_containers(trait, falsify):
    kinds = _containers(trait)

    def lie(value):
        value = falsify(value)
        if isinstance(value, np.ndarray) and value.ndim:
            value = list(value)
        kind = type(value)
        return kinds[kind](value) if kind in kinds else value

    return lambda call: call.falsified(lie)


TRAITS = {
    "walks through nothing": _Emptied,
    "says that it is empty": _Shortened,
    "has everything in it": _Welcoming,
    "can be walked through once": _Tiring,
}
for _what, _trait in TRAITS.items():
    for _wrong, _falsify in (("nan", nans), ("zeros", zeros)):
        liar(f"a container of {_wrong} that {_what}", asks=True)(_lying_containers(_trait, _falsify))


class Overfull(_Welcoming, dict):
    """No entries, but nan for every requested key."""

    def __missing__(self, key):
        return float("nan")


@liar("an empty dict that has every key, each nan")
def overfull(call):
    return Overfull()
