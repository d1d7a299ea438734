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


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a fixture of their module run on one worker: on each further one it would be made again."""
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("xdist_group") is None:
            module = item.nodeid.partition("::")[0]
            found = item._fixtureinfo.name2fixturedefs.values()
            if any(one.baseid == module and one.scope != "function" for defined in found for one in defined):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))
