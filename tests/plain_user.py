"""Run code as a plain user, also where the tests run as root and Python lies in a folder of root's alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import coursekit
from coursekit.sandbox import mounts

UID = 60_123
LAUNCH = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import jail
jail.uncover(json.loads(sys.argv[2]))
jail.become(int(sys.argv[3]))
os.execv(sys.executable, [sys.executable, *sys.argv[4:]])
"""
SOURCE = Path(coursekit.__file__).parent.parent


def run_plain(code: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run `code` with coursekit to import, as a user without rights: this one, or a made-up one where this is root."""
    with tempfile.TemporaryDirectory(prefix="coursekit-plain-") as home:
        command = [sys.executable, "-c", code, *arguments]
        if os.geteuid() == 0:
            os.chown(home, UID, UID)
            needed = [*(mount.path for mount in mounts.programs()), str(SOURCE)]
            launch = [sys.executable, "-c", LAUNCH, str(mounts.INSIDE), json.dumps(needed), str(UID)]
            command = launch + command[1:]
        environment = {"HOME": home, "TMPDIR": home, "PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE)}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, cwd=home, env=environment, check=False
        )
