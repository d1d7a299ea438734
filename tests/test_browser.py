"""Releases in JupyterLab: each opens in Chromium with its formulas in view; one runs up to its first task, and
nbgrader's Validate answers.

$COURSEKIT_SCREENSHOTS names a folder that shall get a picture of what each test saw.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from browsing import TOKEN, address, chromium, stop
from playwright.sync_api import BrowserContext, Locator, Route, expect

from coursekit.core import cells
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading
from coursekit.samples.students import Student, write_submission

pytestmark = pytest.mark.xdist_group("browser")

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("optimization_techniques")
SERVER_SETTINGS = {
    "ServerApp": {"ip": "127.0.0.1", "port": 0, "open_browser": False, "allow_root": True},
    "LabApp": {
        "news_url": None,
        "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "extension_manager": "readonly",
    },
}
LAB_SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false"},
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight are in the page too
}
SMALL_WINDOW = {"width": 1024, "height": 768}  # with the file browser open, as JupyterLab starts
CUT_FORMULAS = """() => [...document.querySelectorAll('mjx-container[display="true"]')].filter(formula => {
    const math = (formula.querySelector("mjx-math") || formula.firstElementChild).getBoundingClientRect();
    const text = formula.closest(".jp-MarkdownOutput").getBoundingClientRect();
    return math.right > text.right + 1 || math.left < text.left - 1;
}).map(formula => formula.closest(".jp-MarkdownOutput").innerText)"""
"""The texts with a displayed formula that is wider than its place, so that a reader would have to scroll to its end."""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, ending in a slash, and the folder whose notebooks it shows."""

    url: str
    folder: Path


@contextmanager
def jupyterlab(home: Path) -> Iterator[Lab]:
    """JupyterLab on a free port; all that it and its kernels write is in `home`."""
    written = {home / "config/jupyter_server_config.json": SERVER_SETTINGS}
    for name, settings in LAB_SETTINGS.items():
        written[home / f"settings/@jupyterlab/{name}.jupyterlab-settings"] = settings
    for path, settings in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    folder = home / "work"
    folder.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_TOKEN": TOKEN,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),  # Jupyter also looks in the environment: the kernel is there
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "MNIST_DIR": str(loading.locate(COURSE, "mnist").folder),
    }
    with (home / "server.log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab"]
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield Lab(address(server, home), folder)
        finally:
            stop(server)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on the releases, as students get them, and on `solved`, as the best of them leave one."""
    try:
        loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        for assignment in COURSE.assignments():
            shutil.copytree(assignment.release, running.folder / assignment.name)
        write_submission(ASSIGNMENT, Student("best", "solves everything"), running.folder / "solved")
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with chromium(tmp_path_factory.mktemp("chromium")) as context:
        yield context


class Notebook:
    """A folder's notebook, open in JupyterLab with its kernel ready, and what a reader does with it.

    The page reaches this computer only; `refused` is what it asked of others.
    """

    def __init__(
        self, lab: Lab, browser: BrowserContext, folder: str, assignment: Assignment = ASSIGNMENT
    ) -> None:
        name = assignment.notebook_name
        self.original = nbformat.read(lab.folder / folder / name, as_version=4)
        self.refused: list[str] = []
        self.page = browser.new_page()
        self.page.route(lambda url: urlsplit(url).hostname != "127.0.0.1", self.refuse)
        # In a workspace of its own, or JupyterLab would open the other notebooks again.
        self.page.goto(f"{lab.url}lab/workspaces/{folder}/tree/{folder}/{name}?token={TOKEN}")
        self.cells = self.page.locator(".jp-Notebook-cell")
        self.dialog = self.page.locator(".jp-Dialog")
        self.errors = self.page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
        self.wait_for_kernel()
        expect(self.cells).to_have_count(len(self.original.cells))

    def refuse(self, route: Route) -> None:
        self.refused.append(route.request.url)
        route.abort()

    def wait_for_kernel(self) -> None:
        # The status bar knows; the circle in the notebook's toolbar is idle before there is a kernel.
        self.page.locator(".jp-StatusBar-TextItem", has_text="| Idle").wait_for()

    def wait_for_run(self) -> None:
        expect(self.page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0)

    def first_task(self) -> str:
        """What the first stub's error says."""
        return next(cell for cell in self.original.cells if cells.is_solution(cell)).metadata.coursekit.task

    def place(self, name: str) -> int:
        """The number of the cell with this grade_id, from 0."""
        return next(i for i, cell in enumerate(self.original.cells) if cells.grade_id(cell) == name)

    def cell(self, name: str) -> Locator:
        return self.cells.nth(self.place(name))

    def editor(self, place: int) -> Locator:
        return self.cells.nth(place).locator(".cm-content")

    def counts(self) -> list[str]:
        """The text before each code cell: "[3]:" for the third that ran, "[ ]:" for one that has not run."""
        return self.page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def validate(self) -> str:
        """Click nbgrader's button, which also saves the notebook, and return what its dialog says."""
        self.page.locator(".validate-button").click()
        self.dialog.wait_for()
        return self.dialog.inner_text()

    def close_dialog(self) -> None:
        self.dialog.get_by_role("button", name="Ok").click()

    def picture(self, name: str) -> None:
        """A picture of the page, for those who asked for it."""
        if folder := os.environ.get("COURSEKIT_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="module")
def release(lab: Lab, browser: BrowserContext) -> Notebook:
    return Notebook(lab, browser, ASSIGNMENT.name)


@pytest.mark.parametrize("assignment", COURSE.assignments(), ids=lambda assignment: assignment.name)
def test_it_opens_without_the_network_and_its_formulas_are_set_and_fit(
    lab: Lab, browser: BrowserContext, assignment: Assignment
) -> None:
    opened = Notebook(lab, browser, assignment.name, assignment)
    opened.page.set_viewport_size(SMALL_WINDOW)
    for place, cell in enumerate(opened.original.cells):
        if cell.cell_type == "markdown":
            formulas = opened.cells.nth(place).locator('mjx-container[display="true"]')
            expect(formulas).to_have_count(cell.source.count("$$") // 2)
    assert opened.page.locator("mjx-merror, [data-mjx-error]").count() == 0
    opened.picture(f"opened-{assignment.name}")
    assert opened.dialog.count() == 0
    assert opened.refused == []
    assert opened.page.evaluate(CUT_FORMULAS) == []
    opened.page.close()


def test_all_cells_run_up_to_the_first_task(release: Notebook) -> None:
    release.run_all()
    release.errors.first.wait_for()
    release.wait_for_run()
    release.errors.first.scroll_into_view_if_needed()
    release.picture("first-task")

    assert release.errors.count() == 1
    assert release.errors.inner_text().splitlines()[-1] == f"NotImplementedError: {release.first_task()}"

    counts = release.counts()
    ran = sum(count != "[ ]:" for count in counts)
    assert counts[:ran] == [f"[{n}]:" for n in range(1, ran + 1)]
    first_test = next(i for i, cell in enumerate(release.original.cells) if cells.is_test(cell))
    before = sum(map(cells.is_code, release.original.cells[:first_test]))
    assert ran in (before, before + 1), "the first call of the first task comes in its test or just above"

    digits = release.cell("show-data").locator("img")
    digits.scroll_into_view_if_needed()
    release.picture("digits")
    width, height = digits.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert width > 500 and height > 500, "ten by ten digits"


def test_validate_names_what_is_left_to_do(release: Notebook) -> None:
    answer = release.validate()
    release.picture("validate-release")
    questions = [cell for cell in release.original.cells if cells.is_test(cell)]
    assert answer.count("The following cell failed:") == len(questions), answer
    assert f"NotImplementedError: {release.first_task()}" in answer
    release.close_dialog()


def test_only_what_is_not_locked_can_be_edited(release: Notebook) -> None:
    editors = release.page.locator(".jp-CodeCell .cm-content")
    is_locked = editors.evaluate_all("all => all.map(editor => editor.ariaReadOnly === 'true')")
    assert is_locked == [cells.is_locked(cell) for cell in release.original.cells if cells.is_code(cell)]

    relu = release.place("relu")
    before = release.editor(relu).inner_text()
    release.editor(relu).click()
    release.page.keyboard.type("nonsense")
    release.page.keyboard.press("Escape")
    release.page.keyboard.type("dd")  # "delete the cell"
    assert release.editor(relu).inner_text() == before
    expect(release.cells).to_have_count(len(release.original.cells))

    release.page.keyboard.type("b")  # a cell of one's own, below
    release.editor(relu + 1).click()
    release.page.keyboard.type("1 + 1")
    expect(release.editor(relu + 1)).to_have_text("1 + 1")
    release.page.keyboard.press("Escape")
    release.page.keyboard.type("dd")
    expect(release.cells).to_have_count(len(release.original.cells))
    assert release.editor(relu).inner_text() == before


def test_validate_praises_a_solved_notebook(lab: Lab, browser: BrowserContext) -> None:
    solved = Notebook(lab, browser, "solved")
    answer = solved.validate()
    solved.picture("validate-solved")
    assert "Success! Your notebook passes all the tests." in answer
    solved.close_dialog()
