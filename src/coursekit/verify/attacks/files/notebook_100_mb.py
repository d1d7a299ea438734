"""A notebook of 100 MB, most of it one cell's output.

Holds: a notebook's size is checked before it is parsed.
"""

import json

import nbformat


def write(folder, notebook, answers):
    output = nbformat.v4.new_output("stream", name="stdout", text="PLACE")
    notebook.cells.append(nbformat.v4.new_code_cell("1", id="large", outputs=[output]))
    before, after = json.dumps(notebook).split("PLACE")
    with (folder / f"{folder.name}.ipynb").open("w") as file:
        file.write(before)
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write(after)
