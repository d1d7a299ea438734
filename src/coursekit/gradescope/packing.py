"""The zip that is uploaded to Gradescope: coursekit itself, one assignment's autograder, its dataset, the two scripts.

It holds the hidden tests. ``otter run -a`` takes it too, as it takes ``autograder.zip``: otter's files are in it.
"""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import coursekit
from coursekit.build import stale
from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError
from coursekit.core.files import replace_bytes
from coursekit.core.zips import packed
from coursekit.datasets.located import Located
from coursekit.gradescope.settings import FILE_NAME, Settings
from coursekit.grading import find_data
from coursekit.grading.job import read
from coursekit.intake.notebook import read_notebook

IN_ZIP = Path(__file__).parent / "in_zip"
LEFT_OUT = ("build", "cli", "handout", "verify")
"""parts of coursekit that no submission needs"""
OF_OTTER = ("tests/", "files/", "otter_config.json")
MEMORY_MIB = (400, 1400)
"""What grading needs, without and with a dataset: training on 60,000 images took 930 MiB, and 768 were too few. The
second is just below Gradescope's container of 1.5 GB."""
SPARE_SECONDS = 30
"""of Gradescope's time limit, for what it does before and after"""


def pack(
    assignment: Assignment,
    path: Path,
    *,
    unsealed: bool = False,
    tries_a_day: int = 0,
    minutes: int = 10,
    packages: Iterable[str] = (),
) -> None:
    """Write the zip to `path`. See Settings; minutes: Gradescope's time limit; packages: what to install besides.

    Raises CourseError when the assignment is not built or out of date, when its dataset is missing, and when a package
    that it needs is not installed here.
    """
    outdated = [name for name in stale(assignment) if not name.startswith("solutions/")]
    if outdated:
        raise CourseError(
            f"{', '.join(outdated[:3])} is out of date: run 'coursekit build {assignment.name}' first."
        )
    found = read(assignment.autograder, assignment.release)
    data = find_data(assignment.course, found.dataset)
    settings = Settings(assignment.name, unsealed, tries_a_day, MEMORY_MIB[bool(data)], _texts(data))
    needed = sorted({*_declared(), *_of_modules(assignment), *packages})
    pins = _pins(needed)
    setup, script = ((IN_ZIP / name).read_text() for name in ("setup.sh", "run_autograder"))
    files: dict[str, bytes] = {
        "setup.sh": setup.replace("@PYTHON@", str(_oldest_python(pins))).encode(),
        "run_autograder": script.replace("@SECONDS@", str(60 * minutes - SPARE_SECONDS)).encode(),
        FILE_NAME: settings.dumps().encode(),
        "requirements.txt": "".join(f"{_pinned(name, pins)}\n" for name in needed).encode(),
        "constraints.txt": "".join(f"{name}=={pins[name]}\n" for name in sorted(pins)).encode(),
        **_package(),
        **_course(assignment),
        **_data(data),
        **_otters(assignment),
    }
    replace_bytes(path, packed(files, executable=("setup.sh", "run_autograder")))


def _package() -> dict[str, bytes]:
    """coursekit's own files."""
    root = Path(coursekit.__file__).parent
    return {
        f"coursekit/{name}": path.read_bytes()
        for name, path in _files(root)
        if Path(name).parts[0] not in LEFT_OUT
    }


def _course(assignment: Assignment) -> dict[str, bytes]:
    """The built folders of the assignment, and the releases of the others, by which their notebooks are known."""
    found = {}
    for name, path in _files(assignment.autograder):
        if name != "autograder.zip":
            found[f"course/autograder/{assignment.name}/{name}"] = path.read_bytes()
    for name, path in _files(assignment.release):
        found[f"course/release/{assignment.name}/{name}"] = path.read_bytes()
    for other in assignment.course.assignments():
        notebook = other.release / other.notebook_name
        if notebook.is_file():
            found[f"course/release/{other.name}/{other.notebook_name}"] = notebook.read_bytes()
    return found


def _data(data: Located | None) -> dict[str, bytes]:
    return {f"data/{name}": path.read_bytes() for name, path in _files(data.folder)} if data else {}


def _texts(data: Located | None) -> dict[str, str] | None:
    if data is None:
        return None
    return {"variable": data.variable, "label": data.label, "note": data.note, "warning": data.warning}


def _otters(assignment: Assignment) -> dict[str, bytes]:
    """What ``otter run`` reads."""
    with zipfile.ZipFile(assignment.autograder / "autograder.zip") as packed:
        return {name: packed.read(name) for name in packed.namelist() if name.startswith(OF_OTTER)}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below a folder, by relative path, without caches and hidden ones."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in name.parts):
            yield name.as_posix(), path


# ---- packages


def _declared() -> list[str]:
    """What coursekit itself needs."""
    return [one.name for one in _requirements("coursekit")]


def _of_modules(assignment: Assignment) -> Iterator[str]:
    """The packages of the modules that the release's code imports, as far as they are installed here."""
    cells = read_notebook(assignment.release / assignment.notebook_name).cells
    texts = [str(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    texts += [path.read_text(encoding="utf-8") for path in sorted(assignment.release.glob("*.py"))]
    installed = metadata.packages_distributions()
    modules = {name for text in texts for name in _imported(text)} - set(sys.stdlib_module_names)
    for module in sorted(modules):
        yield from installed.get(module, ())[:1]


def _imported(text: str) -> Iterator[str]:
    """The top-level modules that code imports, wherever it does so; none of code with magics."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _pins(names: Iterable[str]) -> dict[str, str]:
    """The packages and all that they bring along, and the version of each that is installed here."""
    found: dict[str, str] = {}
    waiting = [canonicalize_name(re.split(r"[^\w.-]", name)[0]) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = metadata.version(name).partition("+")[0]  # a local build's mark is not on PyPI
        except metadata.PackageNotFoundError:
            continue  # for another Python or platform, or asked for by the teacher: pip chooses
        waiting += [canonicalize_name(one.name) for one in _requirements(name)]
    return found


def _pinned(name: str, pins: dict[str, str]) -> str:
    """A requirement in its pinned version; one that the teacher has given a version stays as it is."""
    version = pins.get(canonicalize_name(name))
    return f"{name}=={version}" if version else name


def _oldest_python(pins: Iterable[str]) -> tuple[int, ...]:
    """The oldest Python that takes all of these packages, as they are installed here."""
    known_of = (metadata.metadata(name) for name in pins)  # one that says nothing raises, or has None there
    told = (one["Requires-Python"] for one in known_of if "Requires-Python" in one)
    wanted = [SpecifierSet(text) for text in told]
    known = ((3, minor, patch) for minor in range(11, sys.version_info.minor + 1) for patch in range(30))
    fitting = (one for one in known if all(".".join(map(str, one)) in each for each in wanted))
    return next(fitting, tuple(sys.version_info[:3]))


def _requirements(name: str) -> list[Requirement]:
    """A package's requirements here. Raises CourseError when it is not installed."""
    try:
        declared = metadata.requires(name) or []
    except metadata.PackageNotFoundError as error:
        raise CourseError(
            f"{name} is not installed here, so nobody knows what it needs: run 'make setup'."
        ) from error
    wanted = map(Requirement, declared)
    return [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
