"""The feedback for a test case that failed.

For a visible test, students see everything: its line, their own traceback, the output of their code. For a hidden test,
they see the message that its author wrote or, in fixed words, where their code failed: nothing that could tell them a
hidden value.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType

from coursekit.core.errors import CaseEnded
from coursekit.core.result import Kind, Note, Text
from coursekit.grading.otter_tests import TestFile
from coursekit.sandbox.channel import CHANGED_BY_READING
from coursekit.sandbox.raised import Raised

MAX_PRINTED = 1500
MAX_MESSAGE = 3000
MAX_FRAMES = 6
MAX_STATEMENT = 200
COMMON = frozenset(
    """AssertionError AttributeError FloatingPointError ImportError IndexError KeyError MemoryError NameError
    OverflowError RecursionError RuntimeError SyntaxError TypeError UnboundLocalError ValueError ZeroDivisionError
    """.split()
)
"""The exceptions that the feedback for a hidden test may name. Others could be chosen to spell out hidden values."""

ENDED = {
    "endless": "your code did not finish within its time limit: look for an endless or slow loop",
    "gone": "your code ended the process (os._exit, a crash, or out of memory)",
    "unusable": "your code returned a value that cannot be checked",
    "killed": "your code returned a value that cannot be checked: it is too large for the test's memory",
    "form": "your code returned an object of its own class where the test needs a number, a list or an array",
    "changing": CHANGED_BY_READING,
    "contradiction": "an object that your code returned gives different answers to the same question",
}
"""The feedback for a hidden test that was stopped: fixed words, which can't tell students a hidden value."""

THREADS = (
    "Your notebook starts a thread while it is loaded. Threads that were started before a test do not run in it, "
    "so code that waits for such a thread waits forever. Start the thread in the function that needs it (pools of "
    "concurrent.futures and multiprocessing are restarted for each test)."
)

STAND_INS = {
    "input": "the notebook asks for input(): there is nobody to answer, and it was given an empty text",
    "debugger": "the notebook starts a debugger, by breakpoint() or set_trace(): it was passed over",
    "install": "the notebook installs or downloads something: that was passed over, since there is no network",
    "magic": "the notebook uses a magic command that is not there: it was passed over",
    "ragged": "the notebook makes an array of sequences of different lengths, which numpy refuses since 1.24: it "
    "became an array of objects, as before. Write `np.array(..., dtype=object)`",
    "colab": "the notebook imports google.colab, which is not there: its functions did nothing",
}
"""The notes about what a notebook asks for and doesn't find when it is graded; see sandbox/inside/stand_ins.py."""


@dataclass(frozen=True)
class Places:
    """The names that students know for the parts of their work. tasks: by cell number. files: the answer files."""

    tasks: Mapping[int, str] = field(default_factory=dict)
    files: Collection[str] = ()


def message(text: str) -> Text:
    return Text(Kind.MESSAGE, text)


def missing(names: list[str], after_errors: bool) -> Text:
    """For names that the test needs. after_errors: whether a cell stopped with an error before."""
    quoted = ", ".join(f"`{name}`" for name in names)
    text = f"{quoted} {'is' if len(names) == 1 else 'are'} not defined in your notebook."
    if after_errors:
        text += " The reason may be a cell that stopped with an error: see the notes."
    return message(text)


def time_limits_reached(limits: Mapping[str, float]) -> str:
    """The note about questions whose tests did not end. limits: their seconds, by question, in order."""
    said = ", ".join(f"{name} after {seconds:.3g} s" for name, seconds in limits.items())
    shorter = " Each time makes the limits of further tests shorter." if len(limits) > 1 else ""
    return f"Tests that did not end were stopped at their time limits: {said}.{shorter}"


def stopped(ended: CaseEnded, hidden: bool) -> Text:
    return message(f"Stopped: {ENDED.get(ended.kind) if hidden else ended}.")


def printed(text: str) -> list[Text]:
    text = text.strip()
    return [Text(Kind.PRINTED, text[-MAX_PRINTED:])] if text else []


def described(raised: Raised, places: Places) -> list[Text]:
    """A student's exception with their own traceback, as Python would show it."""
    if raised.type == "NotImplementedError":
        said = message(f"Not written yet: {raised.message}")
    else:
        said = message(f"Your code raised {raised.name}: {raised.message}")
    lines = []
    named = {f"cell {number}": f"cell {number} ({task})" for number, task in places.tasks.items()}
    for file, line, function, text in raised.frames[-MAX_FRAMES:]:
        place = f"  {named.get(file, file[-80:])}, line {line}"
        place += f", in {function}" if function not in ("", "<module>") else ""
        lines += [place, f"    {text}"] if text else [place]
    return [said, *([Text(Kind.TRACEBACK, "\n".join(lines))] if lines else [])]


def cell_stopped(number: int, raised: Raised, kept: list[str], places: Places) -> Note:
    """For a cell that raised an exception while the notebook was loaded. kept: what it defines all the same."""
    said, *trace = described(raised, places)
    text = f"cell {number} stopped with an error. {said.text}"
    if kept:
        named = ", ".join(f"`{name}`" for name in kept)
        text = f"{text.rstrip('.')}. What does not depend on it was carried out all the same: {named}"
    return Note(text, "".join(part.text for part in trace))


def overwritten(question: str, changes: Mapping[str, int]) -> str:
    """For a question whose test passes at its place in the notebook; what it needs means something else at the end."""
    names = ", ".join(f"`{name}`{f' in cell {cell}' if cell > 0 else ''}" for name, cell in changes.items())
    return (
        f"{question}: a later cell gives another meaning to {names}. The test was run as the notebook is at the "
        "test's place, where it passes"
    )


def moved_below(question: str) -> str:
    """For a question whose test passes at the end of the notebook only."""
    return (
        f"{question}: its test passes after the whole notebook, not at its place: the answer stands below it"
    )


def visible_failure(error: Exception, test: TestFile, places: Places) -> list[Text]:
    raised = getattr(error, "raised", None)
    if isinstance(raised, Raised):
        return described(raised, places)
    text = str(error).strip("\n")[:MAX_MESSAGE]
    if not isinstance(error, AssertionError):
        text = f"{type(error).__name__}: {text}"
    line = statement(error, test)
    return [*([Text(Kind.STATEMENT, line)] if line else []), *([message(text)] if text else [])]


def hidden_failure(error: Exception, question: str, test: TestFile, places: Places) -> list[Text]:
    """The instructor's message, or where the student's code failed: nothing about the test or its values."""
    raised = getattr(error, "raised", None)
    if isinstance(raised, Raised):
        if raised.type == "NotImplementedError":
            return [message(f"A function that `{question}` needs is not written yet.")]
        name = raised.type if raised.type in COMMON else "an exception"
        return [
            message(
                f"Your code raised {name}{_place(raised, places)}. "
                "Its message is not shown because it could reveal hidden values."
            )
        ]
    if isinstance(error, AssertionError):
        return [
            message(
                _instructors_message(error, test) or f"`{question}` gives a wrong result for other values."
            )
        ]
    return [message(f"`{question}` returned the wrong type or shape ({type(error).__name__}).")]


def statement(error: BaseException, test: TestFile) -> str:
    """The statement of the test that failed, on one line; empty if it failed elsewhere."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == test.path]
    if not frames or frames[-1].lineno is None:
        return ""
    lines = test.source_lines[frames[-1].lineno - 1 : frames[-1].end_lineno]
    text = " ".join(" ".join(lines).split())
    return text if len(text) <= MAX_STATEMENT else f"{text[:MAX_STATEMENT]}…"


def _place(raised: Raised, places: Places) -> str:
    """The answer cell or file where it happened. No line number: it could be chosen to tell hidden values."""
    for file, _, _, _ in reversed(raised.frames):
        if (name := file.rpartition("/")[2]) in places.files:
            return f" in {name}"
        for number, task in places.tasks.items():
            if file == f"cell {number}":
                return f" in {task}"
    return ""


def _instructors_message(error: AssertionError, test: TestFile) -> str:
    """The author's message for the assertion that failed."""
    here: TracebackType | None = error.__traceback__
    frames = []
    while here is not None:
        frames.append(here.tb_frame)
        here = here.tb_next
    if frames[-1].f_code.co_filename == test.path and error.args:
        return str(error.args[0])[:MAX_MESSAGE]
    for frame in frames:
        written = frame.f_locals.get("err_msg")
        if frame.f_code.co_filename != test.path and isinstance(written, str):
            return written[:MAX_MESSAGE]
    return ""
