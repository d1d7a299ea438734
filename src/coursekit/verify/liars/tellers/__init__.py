"""Universal liars, and how they take a function's place. This package runs in the student's process.

It is put beside the worked solution, in its sandbox, and needs numpy and the standard library alone.
"""

from . import arguments, bare, memories, objects, shaped  # noqa: F401  each registers its liars
from .call import LIARS as LIARS
from .call import Liar as Liar
from .places import become as become
from .places import signatures as signatures
