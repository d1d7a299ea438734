"""``python -m coursekit.gradescope run|check ROOT DATA``, as the scripts in the zip call it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Before numpy is imported: its threads take address space, which is limited.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: list[str]) -> None:
    from coursekit.core.errors import CourseError
    from coursekit.gradescope.container import check, run

    what, root, data = arguments[0], Path(arguments[1]).absolute(), Path(arguments[2]).absolute()
    if what == "run":
        run(root, data)
        return
    try:
        print(check(root, data))
    except CourseError as error:
        sys.exit(f"coursekit: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
