"""The documentation: its links lead somewhere, and what it lists is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from coursekit.cli import main

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")])
LINK = re.compile(r'\]\(([^)\s]+)\)|src="([^"]+)"')


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_what_is_there(page):
    for link in (one or other for one, other in LINK.findall(page.read_text())):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_table_of_limits_is_current():
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "limits-table", "--check"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def commands(group: click.Group, before: str) -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{before} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_every_command_is_in_the_table():
    page = (ROOT / "docs" / "command-line.md").read_text()
    missing = [
        name for name in commands(main, "coursekit") if not re.search(rf"^\| `{name}[ `]", page, re.MULTILINE)
    ]
    assert missing == []
