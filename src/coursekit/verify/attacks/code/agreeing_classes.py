"""Returns objects whose metaclass answers yes to isinstance, issubclass, == and `in`, and lies about every name.

Holds: isinstance with a built-in type is decided by the type that crossed; with any other it is refused.
"""

import numpy as np


class Meta(type):
    def yes(cls, *others):
        return True

    __instancecheck__ = __subclasscheck__ = __eq__ = __ne__ = __contains__ = __bool__ = yes
    __name__ = property(lambda cls: "ndarray")
    __qualname__ = property(lambda cls: "float")
    __module__ = property(lambda cls: "builtins")
    __doc__ = property(lambda cls: np.ndarray.__doc__)
    __mro__ = property(lambda cls: (np.ndarray, object))
    __bases__ = property(lambda cls: (np.ndarray,))
    __dict__ = property(lambda cls: {})
    __hash__ = type.__hash__

    def __call__(cls, *arguments, **keywords):
        return object.__new__(cls)

    def __subclasses__(cls):
        return [np.ndarray, float, dict]

    def __getattr__(cls, name):
        return cls


class Claims(metaclass=Meta):
    __class__ = property(lambda self: np.ndarray)

    def __getattr__(self, name):
        return Claims

    def __subclasshook__(cls, other):
        return True

    __eq__ = __contains__ = lambda self, other: True
    __hash__ = None


for name in FUNCTIONS:
    globals()[name] = Claims
