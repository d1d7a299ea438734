"""Students whose names are equivalent in Unicode: composed, decomposed, wide, ligatures, bytes that are not UTF-8.

Holds: names are compared by their bytes, and each form that looks like another's has its own row and page.
Unsealed: no, otter names nobody, and nbgrader takes all folders.
"""

import os

FORMS = [
    "zo\xeb", "zoe\u0308", "\u212bke", "\xc5ke", "A\u030ake", "\ufb01ona", "fiona", "\ud55c", "\u1112\u1161\u11ab",
    "stra\xdfe", "strasse", "\u0130da", "i\u0307da", os.fsdecode(b"zo\xeb"), r"zo\udceb", r"zo\xeb",
]  # fmt: skip


def write(folder, notebook, answers):
    """They hand in nothing, so that whatever they earn is the neighbour's."""
    name = next(folder.parents[1].glob("*/*/*.ipynb")).parents[1].name
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in name)
    for form in (wide, *FORMS):
        (folder.parents[1] / form / folder.name).mkdir(parents=True)
