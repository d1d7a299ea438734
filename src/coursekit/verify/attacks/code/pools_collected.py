"""Leaves objects that do harm when the garbage collector's objects are searched: by __class__, __del__, metaclasses.

Holds: only the student's own process searches them; a failure there costs only that submission its tests.
"""

import concurrent.futures.thread
import gc
import os
import threading


class Meta(type):
    def __subclasscheck__(cls, other):
        loot(f"asked about {other}") if other is None else None
        raise SystemExit("do not look")

    __instancecheck__ = __subclasscheck__

    def __getattribute__(cls, name):
        if name in ("__mro__", "__bases__", "__name__"):
            raise KeyboardInterrupt
        return type.__getattribute__(cls, name)


class Bites(metaclass=Meta):
    def __init__(self):
        self.me = self

    def bite(self, *arguments):
        os.write(1, b"bitten\n")
        raise GeneratorExit

    __class__ = property(bite)
    __getattr__ = __eq__ = __hash__ = __bool__ = __len__ = __iter__ = bite

    def __del__(self):
        for thing in gc.get_objects():
            if type(thing) is dict and "given_objects" in thing:
                thing["given_objects"].clear()


kept = [Bites() for _ in range(1000)]
for _ in range(1000):
    Bites()
gc.set_threshold(1, 1, 1)
gc.callbacks.append(lambda phase, info: FUNCTIONS.sort())
concurrent.futures.thread.ThreadPoolExecutor = Bites
threading.Thread(target=threading.Event().wait, daemon=True).start()

functions_do(lambda *arguments, **keywords: kept[0])
