"""The suite itself: tests of a group run one after another, on one worker."""

from __future__ import annotations

import os

import pytest

pytestmark = pytest.mark.quick


@pytest.mark.xdist_group("together")
def test_groups_are_kept_together(request):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is one worker")
    assert request.node.nodeid.endswith("@together"), (
        "this pytest-xdist overlooks xdist_group: see requirements.txt"
    )
