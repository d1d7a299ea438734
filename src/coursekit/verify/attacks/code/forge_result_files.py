"""Writes results, pickles and databases with full marks wherever graders keep theirs.

Holds: results are written outside, from the grader's own values; nothing that the student's code wrote is
read back, and nothing is ever unpickled.
"""

import json
import os
import pickle
import sqlite3


class Run:
    def __reduce__(self):
        return os.system, ("echo unpickled >> /tmp/coursekit-loot",)


full = {
    "score": 100,
    "tests": [{"name": n, "score": 10, "max_score": 10, "status": "passed"} for n in FUNCTIONS],
}
for folder in (".", "results", "/autograder/results"):
    for name in ("results.json", "result.json"):
        try:
            if not folder.startswith("/"):
                os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                json.dump([full], file)
            for pickled in (".OTTER_LOG", "results.pkl", ".cache.pkl"):
                with open(os.path.join(folder, pickled), "wb") as file:
                    pickle.dump(Run(), file)
            with sqlite3.connect(os.path.join(folder, "gradebook.db")) as database:
                database.execute("create table if not exists grade (auto_score, max_score)")
                database.execute("insert into grade values (100, 100)")
        except (OSError, sqlite3.Error) as error:
            print(error)
functions_do(lambda *arguments, **keywords: Run())
