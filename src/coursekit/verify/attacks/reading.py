"""Read attacks: a file each, whose docstring says what it tries and what must hold.

The docstring's first sentence is what it tries. Then a line `Holds: …`, what must hold or which mechanism sees to it,
and, where the usual does not fit, lines of these:

- `Base: solution`: everything is solved and the attack is added, so that it may earn anything. Usually `release`:
  every answer is a stub, so that it may earn nothing.
- `Place: top`: before all other cells. Usually `bottom`: after them, so that it can replace the stubs.
- `Questions: training, …`: what it is graded on. Usually a few that are quick.
- `Unsealed: no, …`: why it is not run under graders without a sandbox.

Code is a cell of the notebook, with `functions_do`, `loot` and `through` of `submitting` to call; `through` is for
what must be refused and would neither earn nor leave anything. It can read `DATA`, the folder of the dataset ("/data"
where the assignment has none), and `GIVEN`, the names of the modules that the assignment gives. A file in ``files/`` is
trusted code instead: its ``write(folder, notebook, answers)`` makes the submission in the empty
``submitted/<attack>/<assignment>``, from the release's notebook and the worked answers by grade_id or file name; more
students can be put beside. It can read `GIVEN` too. A zip that lies there alone is what is handed in.
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
    """One attack; see the module's docstring. `unsealed` is why it is not run unsealed, or empty."""

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
    """The attacks on every assignment and on this one, in the order of their names.

    Raises CourseError for a file that is not as the module's docstring says, and for two of one name.
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
                raise CourseError(f"Two attacks have one name: {found[attack.name].path} and {path}.")
            found[attack.name] = attack
    return [found[name] for name in sorted(found)]


def choose(assignment: Assignment, only: tuple[str, ...] = (), every: int = 1) -> list[Attack]:
    """The attacks called `only`, or all; of those every so many. Raises CourseError for a name there is not."""
    known = read_attacks(assignment)
    if unknown := set(only) - {attack.name for attack in known}:
        raise CourseError(f"There is no attack {sorted(unknown)[0]!r}: their names are in {HERE}.")
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
        "says nothing of what it tries in its docstring": not attack.tries,
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
    """What a docstring says before its first key, and the value of each key; a value may go on for lines."""
    tries, fields, key = [], {}, None
    for line in map(str.strip, text.splitlines()):
        if match := _KEY.fullmatch(line):
            key, fields[match[1]] = match[1], match[2]
        elif key and line:
            fields[key] += f" {line}"
        elif line:
            tries.append(line)
    return " ".join(tries), fields
