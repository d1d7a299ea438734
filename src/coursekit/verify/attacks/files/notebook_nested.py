"""A notebook whose metadata, outputs and cells are nested 10,000 deep, in lists and in objects.

Holds: the parser's depth limit is an error of the submission, and does not end the grader.
"""

import json

DEPTH = 10_000


def write(folder, notebook, answers):
    text = json.dumps(notebook)
    lists, objects = "[" * DEPTH + "]" * DEPTH, '{"a":' * DEPTH + "1" + "}" * DEPTH
    for name, nested in {
        "lists": f'"x": {lists}',
        "objects": f'"x": {objects}',
        "cells": f'"cells": {lists}',
    }.items():
        other = folder.parents[1] / f"notebook-nested-{name}" / folder.name
        other.mkdir(parents=True)
        (other / f"{folder.name}.ipynb").write_text(f"{text[:-1]}, {nested}}}")
    # Just below the parser's limit: what comes after it must not mind either.
    notebook.metadata["x"] = "PLACE"
    text = json.dumps(notebook).replace('"PLACE"', "[" * 900 + "]" * 900)
    (folder / f"{folder.name}.ipynb").write_text(text)
