"""What every test finds set up."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from coursekit.core import quick_start as quick_start  # before any test imports nbformat


@pytest.fixture(autouse=True, scope="session")
def _tools_on_path() -> None:
    """nbgrader starts programs of its own by name: let it find those of this environment."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
