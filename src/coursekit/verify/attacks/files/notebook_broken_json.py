"""Notebooks that are not notebooks: cut off, no cells, numbers of 100,000 digits, NaN, other encodings, a folder.

Holds: any failure to parse it is an error of the submission.
Unsealed: no, it is a dozen submissions, none of them a notebook.
"""

import json


def write(folder, notebook, answers):
    text = json.dumps(notebook)
    for name, data in {
        "empty": b"",
        "cut": text[: len(text) // 2].encode(),
        "list": b"[]",
        "text": b'"cells"',
        "no-cells": b'{"nbformat": 4}',
        "cells": b'{"nbformat": 4, "cells": {"0": {}}}',
        "old": b'{"nbformat": 3, "worksheets": []}',
        "digits": b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 100_000 + b"}",
        "digits-of-format": b'{"cells": [], "nbformat": ' + b"9" * 4000 + b"}",
        "not-a-number": b'{"nbformat": NaN, "cells": [NaN, Infinity]}',
        "utf-16": text.encode("utf-16"),
        "surrogates": text.replace("import", "\\\\ud800").encode(),
        "zeros": bytes(1000),
    }.items():
        other = folder.parents[1] / f"notebook-broken-{name}" / folder.name
        other.mkdir(parents=True)
        (other / f"{folder.name}.ipynb").write_bytes(data)
    (folder / f"{folder.name}.ipynb").mkdir()
