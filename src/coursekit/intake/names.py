"""Recognise a file by its name after a browser, a learning platform or a student has changed the name."""

from __future__ import annotations

import re
import unicodedata

_ENDINGS = re.compile(r"(?:\.(?:ipynb|json|txt|py|zip|html|download))+$")


def plain(name: str) -> str:
    """A name's letters and digits, in lower case, without endings: ``Opti-mizers (1).ipynb.txt`` is optimizers1."""
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    return re.sub(r"[\W_]", "", _ENDINGS.sub("", text))


def likeness(name: str, expected: str) -> int:
    """How much a file's name is like the expected one: 3 the same, 2 but for case, 1 one contains the other, 0 not."""
    if name == expected:
        return 3
    if unicodedata.normalize("NFKC", name).casefold() == expected.casefold():
        return 2
    mine, wanted = plain(name), plain(expected)
    return int(bool(wanted) and wanted in mine)


def is_notebook(name: str) -> bool:
    """Whether a name says that the file is a notebook, also where something has been added to the ending."""
    return ".ipynb" in name.casefold()
