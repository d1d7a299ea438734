"""The suite itself: tests of a group, and those that share a fixture, run one after another, on one worker."""

from __future__ import annotations

import os

import pytest

pytestmark = pytest.mark.quick


@pytest.fixture
def group(request):
    """What xdist takes for the test's group."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is one worker")
    return request.node.nodeid.partition("@")[2]


@pytest.fixture(scope="module")
def shared():
    return object()


@pytest.mark.xdist_group("together")
def test_groups_are_kept_together(group):
    assert group == "together", "this pytest-xdist overlooks xdist_group: see requirements.txt"


def test_so_are_tests_that_share_a_fixture(group, shared):
    assert group == "test_suite"


def test_others_go_to_whoever_is_free(group):
    assert group == ""
