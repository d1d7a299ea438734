"""Run the same attacks under `otter run` and `nbgrader autograde`, each run in its own container.

These graders run a student's code beside their tests. Each run's container has a scratch course and nothing else that
can be written, no network, no other processes, no other user's rights, and limits of memory and time.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat

import coursekit
from coursekit.core import cells
from coursekit.core.course import Assignment, Course
from coursekit.core.errors import CourseError
from coursekit.core.files import remove_folder
from coursekit.core.progress import Progress
from coursekit.grading.autograder import read_autograder
from coursekit.samples.students import Student
from coursekit.sandbox import choose as sandbox
from coursekit.sandbox.base import user_of
from coursekit.sandbox.bubblewrap import Bubblewrap
from coursekit.sandbox.mounts import SYSTEM
from coursekit.verify import agreement
from coursekit.verify.attacks import leaks
from coursekit.verify.attacks.reading import Attack
from coursekit.verify.attacks.running import NEIGHBOUR, chosen, is_slow, own_text, planted, scratch_course
from coursekit.verify.attacks.submitting import LOOT, functions, hand_in

GRADERS = ("otter", "nbgrader")
RUN_SECONDS, CELL_SECONDS = 90, 10
LIMITS = {"as": 4 << 30, "nproc": 256, "fsize": 256 << 20, "nofile": 1024, "core": 0}
MAX_LOOT = 4 << 20  # bytes
FIRST_UID = user_of(1 << 23)  # beyond those of sandboxes
Verdicts = dict[str, dict[str, str]]


def run_unsealed(
    assignment: Assignment,
    attacks: list[Attack],
    *,
    jobs: int = 2,
    progress: Progress = lambda step: None,
) -> Verdicts:
    """The outcome of each attack under each of GRADERS, in a few words, by grader and attack.

    Raises CourseError when bubblewrap does not work, and when nbgrader can't make its own release.
    """
    if not sandbox.check(Bubblewrap.name).works:
        raise CourseError(
            "Running attacks unsealed needs bubblewrap for containers, which does not work here."
        )
    found: Verdicts = {agreement.GRADERS[grader]: {} for grader in GRADERS}
    autograder = read_autograder(assignment.autograder, assignment.release)
    slow = {question.name for question in autograder.questions if is_slow(autograder, question)}
    with planted() as (folder, canaries), ThreadPoolExecutor(jobs) as pool:
        ranges: dict[tuple[str, ...], _Range] = {}
        runs = {}
        for attack in attacks:
            if why := attack.unsealed or ("its question trains" if slow & {*attack.questions} else ""):
                for verdicts in found.values():
                    verdicts[attack.name] = f"not tried: {why}"
                continue
            if attack.questions not in ranges:
                progress("nbgrader generate_assignment")
                place = folder / f"questions-{len(ranges)}"
                ranges[attack.questions] = _Range(assignment, attack.questions, place, canaries)
            for grader in GRADERS:
                run = pool.submit(ranges[attack.questions].run, grader, attack)
                runs[run] = grader, attack.name
        try:
            for run in as_completed(runs):
                grader, name = runs[run]
                found[agreement.GRADERS[grader]][name] = run.result()
                progress(f"{name}: {agreement.GRADERS[grader]}: {run.result()}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


class _Range:
    """A course with a few questions, in which nbgrader has graded a neighbour; attacks run in copies of it."""

    def __init__(
        self, assignment: Assignment, names: tuple[str, ...], folder: Path, canaries: dict[str, str]
    ):
        built = scratch_course(assignment, folder / "built", canaries)
        autograder = read_autograder(built.autograder, built.release)
        self.questions = chosen(autograder, names).questions
        self.points = sum(question.points for question in self.questions)
        self.names, self.canaries, self.folder = functions(autograder), canaries, folder
        self.secrets = leaks.collect(assignment, canaries)
        settings = assignment.course.root / "nbgrader_config.py"
        if settings.is_file():
            shutil.copy(settings, built.course.root)
        _leave_only({question.name for question in self.questions}, built)

        course = folder / "course"
        course.mkdir()
        self.scratch = _Contained(built, course, assignment.course)
        for name in ("solutions", "submitted"):
            shutil.copytree(built.course.root / name, course / name)
        shutil.copy(built.course.root / "grades.txt", course)
        self.scratch.prepare_nbgrader()
        with (course / "nbgrader_config.py").open("a") as file:
            file.write(f"c.Execute.timeout = {CELL_SECONDS}\nc.Execute.iopub_timeout = {CELL_SECONDS}\n")
        _, _, why, *_ = self.scratch.nbgrader(Student(NEIGHBOUR, ""))
        if why:
            raise CourseError(f"nbgrader has no result for the worked solution: {why}.")
        self.neighbour = self.scratch.nbgrader_scores(NEIGHBOUR)
        shutil.rmtree(course / "tmp")

    def run(self, grader: str, attack: Attack) -> str:
        """The outcome of an attack under a grader."""
        folder = self.folder / f"{grader}-{attack.name}"
        scratch = self.scratch.moved_to(folder, self.canaries["the home folder"])
        course = Assignment(Course(scratch.root), self.scratch.assignment.name)
        try:
            hand_in(course, attack, self.names, scratch.data, between=grader == "nbgrader")
            notebook = scratch.submission(Student(attack.name, attack.tries)) / course.notebook_name
            if not notebook.is_file() or notebook.is_symlink():
                return "not tried: it takes a notebook"
            before = _contents(scratch.root)
            try:
                points, _, why, *_ = getattr(scratch, grader)(Student(attack.name, attack.tries))
            except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
                points, why = {}, f"its results can't be read ({type(error).__name__})"
            return self._verdict(scratch, attack, sum(points.values()), why, before)
        finally:
            remove_folder(folder)

    def _verdict(
        self, scratch: _Contained, attack: Attack, score: float, why: str, before: dict[str, str]
    ) -> str:
        honest = self.points if attack.solved else 0
        words = [f"scored {score:g} of {honest:g}"] if score > honest else []
        now = _contents(scratch.root)
        if any(now.get(path) != digest for path, digest in before.items()) or self._grades_differ(scratch):
            words.append("harmed")
        loot = scratch.temporary / LOOT.name
        text = loot.read_bytes()[:MAX_LOOT].decode(errors="replace") if loot.is_file() else ""
        shown = "\n".join(_shown(scratch.root, attack.name))
        if self.secrets.found_in(f"{text}\n{shown}", own_text(self.scratch.assignment, attack)):
            words.append("leaked")
        return ", ".join(words) or (f"no result: {why}" if why else "held")

    def _grades_differ(self, scratch: _Contained) -> bool:
        try:
            return scratch.nbgrader_scores(NEIGHBOUR) != self.neighbour
        except Exception:  # a database that an attack has changed may fail in any way
            return True


class _Contained(agreement.Scratch):
    """A scratch course in a container: a grader sees it and the system, and can write nowhere else."""

    temporary: Path
    home: Path
    uid: int

    def __init__(self, assignment: Assignment, root: Path, dataset_of: Course):
        super().__init__(assignment, root, dataset_of)
        self._place(root.parent)

    def _place(self, folder: Path) -> None:
        self.temporary, self.home = folder / "tmp", folder / "home"
        for path in (self.temporary, self.home):
            path.mkdir()
        self.environment = {**self.environment, "TMPDIR": "/tmp", "HOME": str(self.home)}

    def moved_to(self, folder: Path, canary: str) -> _Contained:
        """A copy of everything, with a canary in its home folder."""
        moved = copy.copy(self)
        moved.root = folder / "course"
        shutil.copytree(self.root, moved.root)
        moved._place(folder)
        (moved.home / ".canary").write_text(canary)
        return moved

    def nbgrader_scores(self, name: str) -> dict[str, float]:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            [notebook] = gradebook.find_submission(self.assignment.name, name).notebooks
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def _run(self, *command: str, seconds: float | None = None) -> str:
        user = FIRST_UID + os.getpid() if os.geteuid() == 0 else None
        if user:
            for path in [p for top in (self.root, self.temporary, self.home) for p in (top, *top.rglob("*"))]:
                os.chown(path, user, user, follow_symlinks=False)
        limits = [f"--{name}={value}" for name, value in LIMITS.items()]
        log = self.root.parent / "log.txt"
        with log.open("w") as out:
            process = subprocess.Popen(
                ["prlimit", *limits, *self._container(user), sys.executable, "-c", agreement.START, *command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(seconds or RUN_SECONDS)
            except subprocess.TimeoutExpired:
                return f"stopped after {seconds or RUN_SECONDS} s"
            finally:
                process.kill()  # and with it everything in the container
                process.wait()
        return agreement._reason(log.read_text(errors="replace")[-100_000:]) if code else ""

    def _container(self, user: int | None) -> list[str]:
        # fmt: off
        command = [
            "bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc",
            "--unshare-uts", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm",
        ]
        # fmt: on
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if user else ["--unshare-user"]
        command += _mount("--bind", self.temporary, "/tmp")
        seen = [
            *(mount.path for mount in SYSTEM),
            "/etc",
            sys.prefix,
            sys.base_prefix,
            Path(coursekit.__file__).parent,
        ]
        for path in [*seen, self.assignment.course.root, *([self.data.folder] if self.data else [])]:
            command += _mount("--ro-bind-try", path)
        command += [
            *_mount("--bind", self.home),
            *_mount("--bind", self.root),
            "--chdir",
            str(self.root),
            "--",
        ]
        ids = [f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
        return command + (["setpriv", *ids] if user else [])


def _mount(how: str, path: Path | str, inside: str | None = None) -> list[str]:
    """The options that mount a path at the same path inside, below folders that any user may enter."""
    inside = Path(inside or path)
    parents = [
        part for parent in reversed(inside.parents[:-1]) for part in ("--perms", "0755", "--dir", str(parent))
    ]
    return [*parents, how, str(path), str(inside)]


def _leave_only(names: set[str], built: Assignment) -> None:
    """Remove all other questions from a copied course: from notebooks, the list of questions, and otter's zip."""
    for path in built.course.root.glob("**/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [c for c in notebook.cells if not cells.is_test(c) or cells.grade_id(c) in names]
        nbformat.write(notebook, path)
    listed = built.autograder / "assignment.json"
    manifest = json.loads(listed.read_text())
    manifest["questions"] = [question for question in manifest["questions"] if question["name"] in names]
    listed.write_text(json.dumps(manifest))
    package = built.autograder / "autograder.zip"
    with zipfile.ZipFile(package) as archive:
        kept = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    with zipfile.ZipFile(package, "w") as archive:
        for name, data in kept.items():
            if not name.startswith("tests/") or Path(name).stem in names:
                archive.writestr(name, data)


def _contents(course: Path) -> dict[str, str]:
    """A digest of each file that no grader needs to change."""
    found = {}
    for name in (
        "source",
        "release",
        "solutions",
        "autograder",
        f"submitted/{NEIGHBOUR}",
        f"autograded/{NEIGHBOUR}",
    ):
        for path in (course / name).rglob("*"):
            if path.is_file():
                found[str(path.relative_to(course))] = hashlib.sha256(path.read_bytes()).hexdigest()
    for name in ("grades.txt", "nbgrader_config.py"):
        path = course / name
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return found


def _shown(course: Path, name: str) -> list[str]:
    """The text that the student's code printed, as these graders show it to the student.

    nbgrader also shows the failing lines of hidden tests to every student; those are left out.
    """
    found = []
    for path in (course / "otter" / name).glob("results.json"):
        try:
            tests = json.loads(path.read_text(errors="replace"))["tests"]
            found += leaks.texts_of([test for test in tests if test.get("visibility") != "hidden"])
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    for path in (course / "autograded" / name).rglob("*.ipynb"):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception:  # whatever an attack made of it
            continue
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        found += [output.text for output in outputs if output.output_type == "stream"]
    return found
