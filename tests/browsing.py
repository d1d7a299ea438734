"""A Jupyter server, and Chromium in front of it, for tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import BrowserContext, expect, sync_playwright

PATIENCE = 60  # seconds: for the server, a page, a run of the notebook; far more than they need
TOKEN = "browser-test"
CHROMIUM_FLAGS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
""".split()


def address(server: subprocess.Popen, home: Path) -> str:
    """Where the server listens, once it answers."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            (running,) = (home / "runtime").glob("jpserver-*.json")
            url = json.loads(running.read_text())["url"]
            urllib.request.urlopen(f"{url}api?token={TOKEN}", timeout=PATIENCE).close()
            return url
        except (ValueError, urllib.error.URLError):  # not written yet, half written, not listening yet
            time.sleep(0.1)
    raise RuntimeError(
        f"Jupyter does not answer. The end of its log:\n{(home / 'server.log').read_text()[-2000:]}"
    )


def stop(server: subprocess.Popen) -> None:
    """End the server, and each kernel that it leaves behind."""
    kernels = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for kernel in psutil.wait_procs(kernels, timeout=2)[1]:
        kernel.kill()


@contextmanager
def chromium(home: Path) -> Iterator[BrowserContext]:
    """Debian's Chromium, without a screen, as if started for the first time."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed (on Debian: apt install chromium).")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            home / "profile",
            executable_path=program,
            args=CHROMIUM_FLAGS,
            env={**os.environ, "HOME": str(home)},
            viewport={"width": 1280, "height": 1000},
        )
        context.set_default_timeout(1000 * PATIENCE)
        expect.set_options(timeout=1000 * PATIENCE)
        yield context
        context.close()
