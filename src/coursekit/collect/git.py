"""A folder of Git clones, ``<assignment>-<user>``, as GitHub Classroom's and Classroom 50's tools make it.

The files that are checked out are the hand-in, and the time is the last commit's, which its author can set. Nothing of
a clone is ever run, and its configuration is not read: Git reads one object from its store, through a repository of
ours that is empty.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from coursekit.collect.assignments import Known
from coursekit.collect.base import HandIn, Platform, by_place
from coursekit.collect.download import Download, File

SECONDS = 20
MAX_SMALL = 4 << 20
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BRANCH = re.compile(r"refs/[\w/.+@-]{1,250}")
_COMMITTER = re.compile(rb"^committer [^\n]*> (\d{1,12}) [+-]\d{4}$", re.MULTILINE)


class Git(Platform):
    """A clone's folder without a ``.git`` in it is no clone."""

    name = "git"
    title = "a folder of Git clones"
    mixed = True

    def share(self, download: Download, known: Known) -> float:
        return self.share_of(
            download,
            [file for top, theirs in _clones(download).items() for file in theirs if user_of(top, known)],
        )

    def read(self, download: Download, known: Known) -> Iterator[HandIn]:
        for top, files in _clones(download).items():
            if not (user := user_of(top, known)):
                continue
            assert download.path is not None
            commit, when = _last_commit(download.path / top / ".git")
            yield HandIn(
                user,
                by_place(files),
                ids={"github": user},
                submitted=when,
                upload=commit,
                assignment=known.named(top),
                problems=() if when else ("its last commit can't be read, so its time is unknown",),
            )


def _clones(download: Download) -> dict[str, list[File]]:
    if download.path is None:
        return {}
    return {
        top: files for top, files in download.folders().items() if (download.path / top / ".git").exists()
    }


def user_of(top: str, known: Known) -> str:
    """The user in a clone's name, which begins with the assignment's; empty if it does not."""
    for name in sorted(known.assignments, key=len, reverse=True):
        for joint in ("-", "_"):
            if top.casefold().startswith(f"{name}{joint}".casefold()):
                return top[len(name) + 1 :]
    return known.without(top) if known.named(top) else ""


def _last_commit(git: Path) -> tuple[str, datetime | None]:
    """The checked out commit and its time; nothing if it can't be read."""
    commit = _head(git)
    objects = git / "objects"
    if not commit or not _is_folder(git) or not _is_folder(objects):
        return "", None
    try:
        with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile() as said:
            for name in ("objects", "refs"):
                (Path(empty) / name).mkdir()
            (Path(empty) / "HEAD").write_text("ref: refs/heads/none\n")
            subprocess.run(
                ["git", f"--git-dir={empty}", "cat-file", "commit", commit],
                env={
                    "PATH": os.environ.get("PATH", os.defpath),
                    "GIT_OBJECT_DIRECTORY": str(objects.resolve()),
                    "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_CONFIG_GLOBAL": os.devnull,
                    "GIT_ALLOW_PROTOCOL": "none",
                    "GIT_TERMINAL_PROMPT": "0",
                    "GIT_NO_REPLACE_OBJECTS": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
                cwd=empty,
                preexec_fn=_limit,
            )
            said.seek(0)
            found = _COMMITTER.search(said.read().partition(b"\n\n")[0])
        return commit, datetime.fromtimestamp(int(found[1]), UTC) if found else None
    except (OSError, ValueError, OverflowError, subprocess.SubprocessError):
        return commit, None


def _limit() -> None:
    """Of the process that reads a store which an enemy may have made."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_SMALL, MAX_SMALL))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _head(git: Path) -> str:
    """The commit that is checked out; empty if that can't be told."""
    said = _small(git / "HEAD").strip()
    if not said.startswith("ref: "):
        return said if _COMMIT.fullmatch(said) else ""
    branch = said.removeprefix("ref: ")
    if not _BRANCH.fullmatch(branch) or ".." in branch:
        return ""
    commit = _small(git / branch).strip()
    if not commit:
        lines = _small(git / "packed-refs").splitlines()
        commit = next((line.split(" ")[0] for line in lines if line.endswith(f" {branch}")), "")
    return commit if _COMMIT.fullmatch(commit) else ""


def _small(path: Path) -> str:
    """A small file's text; empty if it is not a plain one. A link is not followed."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            return file.read(MAX_SMALL).decode(errors="replace")
    except OSError:
        return ""


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
