"""The checks that a kind of sandbox has passed are kept, as long as nothing they depend on has changed."""

from __future__ import annotations

import json
import os
import subprocess
import time
from unittest.mock import Mock

import pytest

from coursekit.core.errors import CourseError, GraderFault
from coursekit.core.limits import Limits
from coursekit.sandbox import bubblewrap, choose, kept_checks, landlock, mounts
from coursekit.sandbox.base import Check
from coursekit.sandbox.bubblewrap import Bubblewrap
from coursekit.sandbox.inside.probes import PROBES
from coursekit.sandbox.loading import LoadedNotebook, Notebook

pytestmark = pytest.mark.quick
PASSED = Check("bubblewrap", True, {probe.name: True for probe in PROBES}, warm=True)


@pytest.fixture
def kind(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    kept_checks._machine.cache_clear()
    made = Counted()
    monkeypatch.setattr(Counted, "checks", 0)
    monkeypatch.setattr(Counted, "outcome", PASSED)
    monkeypatch.setattr(choose, "SANDBOXES", {"bubblewrap": made})
    yield made
    kept_checks._machine.cache_clear()


class Counted(Bubblewrap):
    checks = 0
    outcome = PASSED

    def check(self):
        type(self).checks += 1
        return self.outcome

    def wall(self):  # also where no bwrap is installed
        return ["a wall"]


def in_another_process(kind):
    """What a command finds that is started later."""
    vars(kind).pop("checked", None)
    kept_checks._machine.cache_clear()
    return choose.strongest()


def test_a_second_command_believes_the_check_of_the_first(kind):
    assert choose.strongest() == in_another_process(kind) == "bubblewrap"
    assert kind.checks == 1
    assert kind.checked == PASSED


def test_doctor_checks_anew(kind):
    choose.strongest()
    vars(kind).clear()
    assert choose.check("bubblewrap") == PASSED
    assert kind.checks == 2


def test_what_failed_is_not_kept(kind):
    Counted.outcome = Check("bubblewrap", False, missing="the program bwrap is missing")
    for count in (1, 2):
        with pytest.raises(CourseError, match="the program bwrap is missing"):
            in_another_process(kind)
        assert kind.checks == count


def kept_file():
    [path] = kept_checks.user_cache("sandboxes").iterdir()
    return path


def spoil(monkeypatch, how):
    path = kept_file()
    if how == "a day has passed":
        os.utime(path, (time.time() - kept_checks.SECONDS - 1,) * 2)
    if how == "it is from the future":
        os.utime(path, (time.time() + 3600,) * 2)
    if how == "others can write it":
        path.chmod(0o666)
    if how == "others can write the folder":
        path.parent.chmod(0o777)
    if how == "it is a link":
        path.rename(path.with_name("elsewhere"))
        path.symlink_to("elsewhere")
    if how == "a promise was not kept":
        path.write_text(path.read_text().replace("true", "false", 1))
    if how == "nothing was tried":
        path.write_text(json.dumps(json.loads(path.read_text()) | {"facts": {}}))
    if how == "it is damaged":
        path.write_text("[1")
    if how == "it is something else":
        path.write_text('["bubblewrap"]')
    if how == "it is a folder":
        path.unlink()
        path.mkdir()
    if how == "another wall":
        monkeypatch.setattr(Counted, "wall", lambda self: ["another wall"])
    if how == "another environment":
        monkeypatch.setenv("LD_PRELOAD", "/nowhere.so")
    if how == "another kernel, or started again":
        monkeypatch.setattr(kept_checks, "SYSTEM", (str(path),))
    if how == "other code":
        monkeypatch.setattr(kept_checks, "_own_code", lambda: iter(["changed"]))


@pytest.mark.parametrize(
    "how",
    [
        *("a day has passed", "it is from the future", "others can write it", "it is damaged"),
        *("it is something else", "it is a folder", "another wall", "another environment"),
        *("another kernel, or started again", "other code", "others can write the folder", "it is a link"),
        *("a promise was not kept", "nothing was tried"),
    ],
)
def test_it_is_checked_again_if(how, kind, monkeypatch):
    choose.strongest()
    spoil(monkeypatch, how)
    assert in_another_process(kind) == "bubblewrap"
    assert kind.checks == 2


def test_a_moment_in_which_no_sandbox_could_be_forked_is_not_kept(kind):
    Counted.outcome = Check("bubblewrap", True, PASSED.facts, warm=False)
    assert choose.strongest() == "bubblewrap"
    Counted.outcome = PASSED
    in_another_process(kind)
    assert kind.checked.warm
    assert kind.checks == 2


@pytest.mark.parametrize("missing", [RuntimeError("libseccomp"), subprocess.TimeoutExpired("bwrap", 10)])
def test_where_something_is_missing_by_now_the_check_says_so(missing, kind, monkeypatch):
    choose.strongest()
    monkeypatch.setattr(Counted, "wall", Mock(side_effect=missing))
    Counted.outcome = Check("bubblewrap", False, missing="the library libseccomp is missing")
    with pytest.raises(CourseError, match="the library libseccomp is missing"):
        in_another_process(kind)


def test_a_check_that_fails_or_a_sandbox_that_cannot_be_started_ends_the_belief(kind, monkeypatch):
    choose.strongest()
    vars(kind).clear()
    Counted.outcome = Check("bubblewrap", False, missing="it is broken")
    assert not choose.check("bubblewrap").works, "as doctor asks"
    assert not list(kept_checks.user_cache("sandboxes").iterdir())
    Counted.outcome = PASSED
    in_another_process(kind)
    assert kept_file()
    monkeypatch.setattr(Counted, "start", Mock(side_effect=OSError("no namespace can be made")))
    with (
        pytest.raises(GraderFault, match="no namespace can be made"),
        LoadedNotebook("bubblewrap", Limits(), Notebook([(1, "a = 1")]), None),
    ):
        pass
    assert not list(kept_checks.user_cache("sandboxes").iterdir())


def test_a_cache_that_cannot_be_written_costs_nothing(kind, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert choose.strongest() == "bubblewrap"


def test_the_wall_is_all_that_encloses_a_process(monkeypatch):
    """Whatever of it changes, the check is made anew."""
    kind, other = choose.named("landlock"), choose.named("bubblewrap")
    before = kind.wall(), other.wall()
    monkeypatch.setattr(landlock, "NEWEST_ABI", 1)
    assert kind.wall() != before[0] or landlock.abi() == 0
    monkeypatch.setattr(mounts, "proc_binds", lambda: [])
    monkeypatch.setattr(bubblewrap, "_help", lambda: "")
    assert other.wall() != before[1]
