"""Read attacks: each is a file, whose docstring says what it tries and what must hold.

The docstring begins with one sentence: what the attack tries. Then comes a line `Holds: …`, what must hold or which
mechanism ensures it, and, where the defaults do not fit, some of these lines:

- `Base: solution`: the attack is added to the worked solution, so it may earn everything. The default is `release`:
  every answer is a stub, so it may earn nothing.
- `Place: top`: before all other cells. The default is `bottom`: after them, so that it can replace the stubs.
- `Questions: training, …`: the questions that it is graded on. The default is a few quick ones.
- `Unsealed: no, …`: why it is not run under graders without a sandbox.

Code becomes a cell of the notebook. It can call `functions_do`, `loot` and `through` of `submitting`; `through` is for
acts that must be refused and would neither earn nor leave anything. It can read `DATA`, the folder of the dataset
("/data" if the assignment has none), and `GIVEN`, the names of the modules that the assignment gives. A file in
``files/`` is trusted code instead: its ``write(folder, notebook, answers)`` makes the submission in the empty
``submitted/<attack>/<assignment>``, from the release's notebook and the worked answers by grade_id or file name; it may
add more students beside it. It can read `GIVEN` too. If the folder contains only a zip, the zip is the submission.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from coursekit.core.course import Assignment
from coursekit.core.errors import CourseError

HERE = Path(__file__).parent
_KEY = re.compile(r"(Holds|Base|Place|Questions|Unsealed): +(.+)")


@dataclass(frozen=True)
class Attack:
    """One attack; see the module's docstring. `unsealed` is the reason why it is not run unsealed, or empty."""

    name: str
    path: Path
    files: bool
    tries: str
    holds: str
    base: str = "release"
    place: str = "bottom"
    questions: tuple[str, ...] = ()
    unsealed: str = ""

    @property
    def solved(self) -> bool:
        return self.base == "solution"


def read_attacks(assignment: Assignment) -> list[Attack]:
    """The attacks on every assignment and on this one, in order of their names.

    Raises CourseError for a file that does not have the form in the module's docstring, and for a name used twice.
    """
    found: dict[str, Attack] = {}
    for folder, files in (
        (HERE / "code", False),
        (HERE / "files", True),
        (assignment.source / "attacks", False),
    ):
        for path in sorted(folder.glob("*.py")):
            attack = read_attack(path, files=files)
            if attack.name in found:
                raise CourseError(f"Two attacks have the same name: {found[attack.name].path} and {path}.")
            found[attack.name] = attack
    return [found[name] for name in sorted(found)]


def choose(assignment: Assignment, only: tuple[str, ...] = (), every: int = 1) -> list[Attack]:
    """The attacks called `only`, or all; of those, every `every`-th. Raises CourseError for an unknown name."""
    known = read_attacks(assignment)
    if unknown := set(only) - {attack.name for attack in known}:
        raise CourseError(f"There is no attack {sorted(unknown)[0]!r}: the attacks are in {HERE}.")
    return [attack for attack in known if not only or attack.name in only][::every]


def read_attack(path: Path, *, files: bool = False) -> Attack:
    """The attack in `path`. Raises CourseError."""
    try:
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    except (SyntaxError, ValueError, OSError) as error:
        raise CourseError(f"{path} can't be read as Python: {error}.") from None
    tries, fields = _fields(text or "")
    attack = Attack(
        name=path.stem.replace("_", "-"),
        path=path,
        files=files,
        tries=tries,
        holds=fields.get("Holds", ""),
        base=fields.get("Base", "release"),
        place=fields.get("Place", "bottom"),
        questions=tuple(re.split(r"[,\s]+", fields["Questions"])) if "Questions" in fields else (),
        unsealed=fields.get("Unsealed", "").partition("no, ")[2],
    )
    wrong = {
        "does not say what it tries in its docstring": not attack.tries,
        "has no line 'Holds: …' in its docstring": not attack.holds,
        "has a Base that is neither release nor solution": attack.base not in ("release", "solution"),
        "has a Place that is neither top nor bottom": attack.place not in ("top", "bottom"),
        "has an Unsealed that is not 'no, <reason>'": "Unsealed" in fields and not attack.unsealed,
        "defines no write(folder, notebook, answers)": files and "def write(" not in path.read_text("utf-8"),
    }
    for what, is_so in wrong.items():
        if is_so:
            raise CourseError(f"The attack {path} {what}.")
    return attack


def _fields(text: str) -> tuple[str, dict[str, str]]:
    """A docstring's text before its first key, and the value of each key; a value may have several lines."""
    tries, fields, key = [], {}, None
    for line in map(str.strip, text.splitlines()):
        if match := _KEY.fullmatch(line):
            key, fields[match[1]] = match[1], match[2]
        elif key and line:
            fields[key] += f" {line}"
        elif line:
            tries.append(line)
    return " ".join(tries), fields
