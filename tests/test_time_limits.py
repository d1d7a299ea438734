"""Every limit about time lies outside the one that it surrounds."""

from __future__ import annotations

import pytest

from coursekit.core import time_limits
from coursekit.core.limits import Limits

pytestmark = pytest.mark.quick


def test_limits_surround_each_other():
    for seconds in (0.5, 30, 600):
        assert seconds < time_limits.alarm_seconds(seconds) < time_limits.killed_after(seconds)
        limits = Limits(load_seconds=10, case_seconds=seconds)
        most = time_limits.most_seconds(limits, [seconds] * 3)
        assert most >= time_limits.MAX_LOADS * (
            10 + time_limits.START_SECONDS
        ) + 3 * time_limits.killed_after(seconds)
        assert most < time_limits.fault_seconds(limits, [seconds] * 3)


def test_a_sandbox_that_starts_at_once_takes_only_what_its_cells_do():
    assert (
        time_limits.most_seconds(Limits(load_seconds=10), [], start_seconds=0) == 10 * time_limits.MAX_LOADS
    )
