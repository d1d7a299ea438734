"""Returns objects whose texts, names and keys have tens of megabytes, new ones at each reading, for messages to quote.

Holds: a message has a maximum size; texts in feedback and logs are cut short.
"""

import itertools

turn = itertools.count()


def text(*arguments):
    return f"{next(turn)} " * 3_000_000


Named = type("N" * 1_000_000, (), {})


class Speaks(Named):
    __str__ = __repr__ = __format__ = text
    __doc__ = "d" * 20_000_000

    def __iter__(self):
        return iter(text, None)

    def keys(self):
        return [text()[:5_000_000], "W1", "A"]

    def __getitem__(self, key):
        return text()

    def __getattr__(self, name):
        raise AttributeError(text())

    def __float__(self):
        raise ValueError(text())

    def __call__(self, *arguments, **keywords):
        raise RuntimeError(text())


functions_do(
    lambda *arguments, **keywords: [Speaks(), (Speaks(), text()), {text(): Speaks()}][len(arguments) % 3]
)
