"""Run a notebook in a fresh kernel."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coursekit.build.source import called
from coursekit.core import cells
from coursekit.core.errors import CourseError
from coursekit.core.progress import Progress
from coursekit.datasets.located import Located

HAND_IN_TAG = "hand-in"
"""of the cell that calls ``hand_in.py``, which would tell of the instructor's machine and of the time"""

CELL_SECONDS = 3600
"""no cell of an instructor's notebook needs an hour; one that hangs must end at last"""


def run(
    notebook: Any,
    files: dict[str, bytes],
    data: Located | None = None,
    progress: Progress = lambda cell: None,
    writes: Iterable[str] = (),
) -> dict[str, bytes]:
    """Execute `notebook` and fill its outputs, in a folder of its own with the support files.

    Every cell is run, even those tagged ``skip-execution``, except one tagged ``hand-in``. `data` is the dataset that
    its code may read. `progress` is called with each code cell's name. Returns the files named in `writes`, which the
    notebook must write. When a cell fails, raises CourseError that names it.
    """
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    running = "the first cell"

    def started(cell: Any, cell_index: int) -> None:
        nonlocal running
        running = called(cell, cell_index)
        if cells.is_code(cell):
            progress(running)

    with tempfile.TemporaryDirectory(prefix="coursekit-") as scratch:
        folder = Path(scratch, "work")
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        folder.mkdir(exist_ok=True)
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            coalesce_streams=True,
            skip_cells_with_tag=HAND_IN_TAG,
            on_cell_start=started,
            extra_arguments=["--log-level=ERROR"],  # quiet about its connection, which is local
        )
        try:
            client.execute(env=_environment(scratch, data))
        except CellExecutionError as error:
            raise CourseError(f"{running} raised {error.ename}: {error.evalue}") from error
        except CellTimeoutError as error:
            raise CourseError(f"{running} did not end within {CELL_SECONDS} seconds.") from error
        except RuntimeError as error:
            raise CourseError(f"{running} stopped with an error: {error}.") from error
        except NoSuchKernel as error:
            raise CourseError("There is no Jupyter kernel 'python3': install ipykernel.") from error
        for name in writes:
            if not (folder / name).is_file():
                raise CourseError(
                    f"The notebook did not write {name!r}, which its metadata names under 'writes'."
                )
        return {name: (folder / name).read_bytes() for name in writes}


def _environment(scratch: str, data: Located | None) -> dict[str, str]:
    """The kernel's environment: as far as possible the same on every machine, with the dataset's folder."""
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return environment | {
        "IPYTHONDIR": str(Path(scratch, "ipython")),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **({data.variable: str(data.folder)} if data else {}),
    }
