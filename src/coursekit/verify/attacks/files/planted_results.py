"""Results, pickles, databases and settings with full marks, submitted beside the notebook.

Holds: results are computed by the grader, which reads only the notebook's cells from the submission.
"""

import json
import pickle
import sqlite3

import nbformat


class Run:
    def __reduce__(self):
        return exec, ('open("/tmp/coursekit-loot", "a").write("a pickle was loaded")',)


def write(folder, notebook, answers):
    (folder / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook))
    full = {"score": 100, "tests": [{"name": name, "score": 100, "max_score": 100} for name in answers]}
    for name in ("results.json", f"{folder.parent.name}.json", "otter_config.json", "assignment.json"):
        (folder / name).write_text(json.dumps(full))
    for name in (".OTTER_LOG", "results.pkl", ".OTTER_RESULTS"):
        (folder / name).write_bytes(pickle.dumps(Run()))
    with sqlite3.connect(folder / "gradebook.db") as database:
        database.execute("create table grade (auto_score float, max_score float)")
    database.close()
    for name in ("nbgrader_config.py", "jupyter_config.py", "ipython_config.py"):
        (folder / name).write_text(
            'c = get_config()\nc.ClearSolutions.code_stub = {}\nraise SystemExit("planted")\n'
        )
    for place in ("autograder/tests", "tests"):
        (folder / place).mkdir(parents=True)
        (folder / place / "coursekit_attack.py").write_text("OK_FORMAT = False\npoints = 1000\n")
