"""Values between the grader and the student's process, by value. Both sides run this package.

It imports nothing of coursekit, since a copy of it goes into the sandbox, where it is called `wire`. Whatever it
decodes is checked as if an enemy had sent it: no name, type or attribute in a message is ever looked up.

A message is one frame (`frames`): two lengths, a msgpack header, and the arrays' bytes. A value that cannot change
(`values`) is written into the header. Lists, dicts, sets and arrays are *shared objects* (`shared`): each crosses
once and gets an id, under which each side keeps a twin of it. From then on a message carries the id, and the new
contents of every twin that the sender has changed since. So identity, aliasing and changes in place mean on both
sides what they mean in one process. The grader gives out even ids, the student's process odd ones.

Anything else (a function, an instance, an odd cache, a container with item methods of its own) stays in the student's
process and crosses as a *handle*, a number that only that process can resolve.

A message that answers a *reading* (an attribute, an item, a length) changes no twin that the grader already has: what
has changed meanwhile on the student's side crosses with the next call's answer, and a reading that changed what the
grader had passed in is an error.
"""

from .arrays import DTYPES, OTHER_DTYPE
from .errors import ChangedByReading, WireError
from .frames import PREFIX, receive, send
from .randomness import random_state, set_random_state
from .shared import Shared
from .values import KEYS

__all__ = [
    "DTYPES",
    "KEYS",
    "OTHER_DTYPE",
    "PREFIX",
    "ChangedByReading",
    "Shared",
    "WireError",
    "random_state",
    "receive",
    "send",
    "set_random_state",
]
