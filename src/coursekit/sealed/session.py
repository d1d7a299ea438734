"""The grader's side of one student's process: load a notebook, fork for a test case, call, kill."""

from __future__ import annotations

import builtins
import contextlib
import os
import signal
import socket
import struct
import subprocess
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from coursekit.errors import CaseEnded, CourseError, GraderFault
from coursekit.sealed import sandbox, wire
from coursekit.sealed.memory import CALLS, Memory, key_of
from coursekit.sealed.standins import HANDLES, ITERATOR, MAPPINGS, Handle, Nothing, behind, make_handle
from coursekit.settings import Limits

MAX_HEADER = 32 << 20  # bytes of a message without its arrays: some three million numbers in lists
MAX_CONTROL = 8 << 20  # bytes of a message about loading, which is unpacked in the grader itself
MAX_BLOBS = 512 << 20  # bytes of a message's arrays
START_SECONDS = 60
FORK_SECONDS = 10
MAX_SKIPPED_CELLS = 3
MAX_STARTS = 3
MAX_RESTARTS = 3
MAX_LOADS = 2 + MAX_SKIPPED_CELLS + MAX_RESTARTS
"""how often a submission's cells are run at most"""
WATCH_SECONDS = 0.5
MAX_TEXT = 4000
MOST_HELD = 4  # of a submission's memory limit, one part in so many for what a test holds of its answers
CHANGED_BY_READING = (
    "reading what your code returned (an attribute, an item, a length) changed what the test had passed in: "
    "only a call of a function or method may do that"
)
DRAWS = CALLS | {"next"}
"""The operations after which the random state may be another one."""
FROM_VALUES = frozenset({"get", "array", "plain", "float", "int", "index", "complex", "type"})
"""The operations of which no witness is told: they give in another form what was answered before."""
OPERATORS = frozenset(
    """add sub mul matmul truediv floordiv mod pow and_ or_ xor lshift rshift neg pos abs invert round iadd isub imul
    imatmul itruediv ifloordiv imod ipow iand ior ixor ilshift irshift copy deepcopy""".split()
)
PR_SET_PDEATHSIG = 1  # prctl: the signal to get when the parent ends

BUILT_IN = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}

EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and not issubclass(kind, (UnicodeError, StopIteration, StopAsyncIteration))
}
"""What a student's exception may arrive as. SystemExit and KeyboardInterrupt would end the grader's test run."""


Witness = Callable[[Any, "Raised | None", list[Any], Any], None]
"""(value, what was raised, the shared objects that it changed in place, the random state that it left or None)"""


@dataclass(frozen=True)
class Raised:
    """An exception in the student's code, as their process told it. All of it is the student's word."""

    type: str
    """the nearest built-in type's name"""
    name: str
    """its own type's name"""
    message: str
    frames: tuple[tuple[str, int, str, str], ...] = ()
    """file, line from 1, function, the line's text; outermost first"""


@dataclass
class Load:
    """How loading a notebook went."""

    names: frozenset[str] = frozenset()
    raised: dict[int, Raised] = field(default_factory=dict)
    """cell's number: what it raised"""
    skipped: dict[int, str] = field(default_factory=dict)
    """cell's number: why it was left out (it ended the process, or did not end)"""
    threads: tuple[str, ...] = ()
    """the threads that it left running, which the forks for test cases do not have"""


class Student:
    """A student's process with a notebook loaded. Use it as a context manager: leaving it ends everything.

    cells: (number, source) of the code cells to run, in order. data: a folder to be read, or None.
    """

    def __init__(
        self,
        backend: str,
        limits: Limits,
        cells: list[tuple[int, str]],
        submission: Path | None,
        data: Path | None,
        added: frozenset[int] = frozenset(),
    ):
        self.load = Load()
        self._backend, self._limits, self.cells = backend, limits, cells
        self.answers: dict[int, str] = {}
        """of the cells, those that answer a task: number, what the release calls it"""
        self.given_names: Mapping[str, tuple[str, ...]] = {}
        """a read-only cell's text: the functions and classes that it defines, and that stay what they are"""
        self.own_classes: frozenset[str] = frozenset()
        """the classes that the assignment defines, which tests make instances of"""
        self.answer_files: frozenset[str] = frozenset()
        """the names of the files that students write in"""
        self.clean: Any = None
        """coursekit.grade.given.CleanProcess: where given functions run without this student's code; ends with it"""
        self._submission, self._data, self._added = submission, data, added
        self._process: sandbox.Process | None = None
        self._restarts = 0

    def __enter__(self) -> Student:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self.clean:
            self.clean.close()

    def _start(self) -> None:
        """Load the notebook; a cell that ends the process or never ends is left out on the next try.

        After too many of them the last try is without any of the student's own cells from there on, which the tests
        may not need. What ends before the first cell has nothing to do with the student, and is tried again.
        """
        starts = 0
        while True:
            starts += 1
            self._process = sandbox.start(self._backend, self._limits, self._submission, self._data)
            watch = threading.Thread(target=self._watch_memory, args=(self._process,), daemon=True)
            watch.start()
            try:
                self._load()
                return
            except _LoadEnded as ended:
                self._stop()
                if ended.cell is None:
                    if starts < MAX_STARTS:
                        continue
                    raise GraderFault(str(ended)) from None
                self._leave_out(ended)
            except BaseException:
                self._stop()
                raise

    def _leave_out(self, ended: _LoadEnded) -> None:
        """Choose what the next try does without. Raises CourseError when there was a last one."""
        skipped, count = self.load.skipped, len(self.load.skipped)
        if count > MAX_SKIPPED_CELLS:
            before = ", ".join(map(str, sorted(skipped)))
            raise CourseError(
                f"The notebook could not be loaded: cell {ended.cell}: {ended}. It was tried without the cells "
                f"{before} already. Give cells that only explore the tag skip-execution: they are not run."
            ) from None
        skipped[ended.cell] = str(ended)
        if count == MAX_SKIPPED_CELLS:
            later = [n for n, _ in self.cells if n > ended.cell and n in self._added and n not in skipped]
            skipped.update(dict.fromkeys(later, f"{count + 1} cells before it had to be left out"))

    def _load(self) -> None:
        control, cell = self._process.control, None
        deadline = time.monotonic() + START_SECONDS
        try:
            self._expect(wire.receive(control, deadline, MAX_CONTROL, 0)[0], "ready")
            cells = [[number, source] for number, source in self.cells if number not in self.load.skipped]
            deadline = time.monotonic() + self._limits.load_seconds
            given = {
                number: self.given_names[source] for number, source in cells if source in self.given_names
            }
            wire.send(control, {"op": "load", "cells": cells, "given": given}, deadline=deadline)
            self.load.raised.clear()
            while True:
                message = wire.receive(control, deadline, MAX_CONTROL, 0)[0]
                kind = self._expect(message, "cell", "raised", "loaded")
                if kind == "loaded":
                    self.load.names = frozenset(_texts(message.get("names")))
                    self.load.threads = tuple(_texts(message.get("threads"))[:10])
                    return
                if type(message.get("cell")) is not int or message["cell"] not in dict(self.cells):
                    raise wire.WireError("a cell that there is not")
                cell = message["cell"]
                if kind == "raised":
                    self.load.raised[cell] = read_raised(message.get("error"))
        except TimeoutError:
            limit = f"did not end within {self._limits.load_seconds:g} s"
            raise _LoadEnded(
                cell, limit if cell is not None else "the sandbox did not start in time"
            ) from None
        except (EOFError, OSError):
            reason = "it ended the process" if cell is not None else self._why_it_did_not_start()
            raise _LoadEnded(cell, reason) from None
        except wire.WireError as error:
            raise _LoadEnded(cell, f"it sent {error}") from None

    def _why_it_did_not_start(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.popen.wait(1)
        self._process.output.close()  # has all of it been read
        said = self._process.output.since(0).strip().splitlines()[-1:]
        return f"the sandbox did not start {said} (exit code {self._process.popen.returncode})"

    @staticmethod
    def _expect(message: Any, *kinds: str) -> str:
        if not isinstance(message, dict) or message.get("op") not in kinds:
            raise wire.WireError("an unexpected message")
        return message["op"]

    def _stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process = None

    def _watch_memory(self, process: sandbox.Process) -> None:
        """End a sandbox whose processes together hold more than the limit, which binds each alone."""
        most = (self._limits.memory_mib << 20) * 3 // 2
        while process.popen.poll() is None:
            with contextlib.suppress(psutil.Error, OSError):
                if process.memory(most) > most or process.files() > sandbox.MAX_INODES:
                    for one in process.processes():
                        one.kill()
            time.sleep(WATCH_SECONDS)

    def printed_since(self, mark: int) -> str:
        return self._process.output.since(mark) if self._process else ""

    def printed(self) -> int:
        """A mark for printed_since()."""
        return self._process.output.mark() if self._process else 0

    @contextlib.contextmanager
    def case(self, seconds: float) -> Iterator[Case]:
        """A fork of the loaded notebook for one test case, ended after `seconds` at the latest.

        Raises CaseEnded, also inside the block, when time is up or the student's process has gone, and
        GraderFault when it has gone and no sandbox starts any more.
        """
        case = self._fork()
        try:
            with _alarm(seconds):
                case.limit(seconds)
                yield case
        finally:
            case.close()

    def _fork(self) -> Case:
        while True:
            try:
                return self._try_fork()
            except (OSError, EOFError, TimeoutError, wire.WireError, AttributeError):
                self._stop()
                if self._restarts >= MAX_RESTARTS:
                    raise CaseEnded(
                        "gone", "the notebook's process ended and was restarted too often"
                    ) from None
                self._restarts += 1
                try:
                    self._start()
                except GraderFault:
                    raise
                except CourseError as error:
                    raise CaseEnded("gone", str(error)) from None

    def _try_fork(self) -> Case:
        deadline = time.monotonic() + FORK_SECONDS
        ours, theirs = socket.socketpair()
        try:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            wire.send(self._process.control, {"op": "fork"}, fds=[theirs.fileno()], deadline=deadline)
            theirs.close()
            ours.settimeout(FORK_SECONDS)
            # The kernel names the sender, in this process's numbers: the process to kill when time is up.
            space = socket.CMSG_SPACE(struct.calcsize("3i"))
            first, ancillary, _, _ = ours.recvmsg(1, space, socket.MSG_PEEK)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
            if not first:
                raise EOFError("the fork ended at once")
            pid = next(
                struct.unpack("3i", data[:12])[0]
                for _, kind, data in ancillary
                if kind == socket.SCM_CREDENTIALS
            )
            self._expect(wire.receive(ours, deadline, MAX_CONTROL, 0)[0], "hello")
            most = (self._limits.memory_mib << 20) // MOST_HELD
            return Case(ours, self._process.adopt(pid), self.own_classes, most)
        except StopIteration:
            raise wire.WireError("a message from nobody") from None
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()


def _texts(value: Any) -> list[str]:
    return [one[:200] for one in value if type(one) is str] if isinstance(value, list) else []


class _LoadEnded(Exception):
    def __init__(self, cell: int | None, reason: str):
        super().__init__(reason)
        self.cell = cell


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise CaseEnded in the main thread when time is up, whatever the test is doing with a student's values."""

    def ring(signum: int, frame: object) -> None:
        raise CaseEnded("endless", f"it did not end within {seconds:g} s")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds + 0.5, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Case:
    """One test case's calls to a fork of the student's process.

    Between two calls everything is read once: see coursekit.sealed.memory.
    """

    def __init__(
        self, sock: socket.socket, pidfd: int, own: frozenset[str] = frozenset(), most_bytes: int = 1 << 30
    ):
        self._pidfd = pidfd
        self._seconds, self._deadline = 0.0, time.monotonic()
        self._socket = sock
        self._shared = wire.Shared(0, self._handle_fields, self._make_handle, Nothing)
        self._random_state = None
        self._most_bytes = most_bytes
        self.witness: Witness | None = None
        """told what each operation that was carried out by the student's code came to"""
        self._handles: weakref.WeakValueDictionary[int, Handle] = weakref.WeakValueDictionary()
        self._own_names = own
        self._makers: set[int] = set()  # the assignment's classes, by number, and what belongs to them
        self._own: set[int] = set()
        self._seen: set[int] = set()
        self._memory = Memory()

    def limit(self, seconds: float) -> None:
        """End the case's calls that many seconds from now."""
        self._seconds, self._deadline = seconds, time.monotonic() + seconds

    def close(self) -> None:
        """End the fork, whatever it is doing."""
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)

    def request(self, op: str, *args: Any) -> Any:
        """Have the student's process do `op` with `args`; returns its value, or raises what it raised there.

        A reading is carried out once, and its answer remembered until the next call. Raises CaseEnded when the
        process is gone, takes too long or sends what it must not, and when this side fails.
        """
        if op in CALLS:
            self._memory.forget()
            value, raised = self._carry_out(op, args)
        else:
            key = key_of(op, args)
            found = self._memory.recall(key)
            value, raised = found or self._carry_out(op, args)
            if found is None:
                self._memory.keep(key, value, raised)
        if raised:
            # From any other operation it would end a loop of the test's own as if all was done.
            raise StopIteration if raised.type == "StopIteration" and op == "next" else to_exception(raised)
        self._note_own(op, args, value)
        return self._checked(op, args, value)

    def is_own(self, handle: Handle) -> bool:
        """Whether it is an instance made by calling a class that the assignment defines, or made of such."""
        return behind(handle).number in self._own

    def came_from_student(self, value: Any) -> bool:
        """Whether this very list, dict, set or array is one that the student's process made."""
        return self._shared.is_peers(value)

    def iterate(self, handle: Handle) -> Iterator[Any]:
        """The items of a student's object, the same ones in each loop until the next call.

        One that can be gone through only once gives the same items again when a loop has come to its end.
        """
        found = behind(handle)
        if found.kind == ITERATOR:
            yield from self._memory.gone_through(found.number, lambda: self.request("next", handle))
            return
        loop = self._memory.loop(found.number, lambda: self.request("iter", handle))
        place = 0
        while True:
            if place == len(loop.items):
                if loop.complete:
                    return
                try:
                    item = self.request("next", loop.iterator)
                except StopIteration:
                    loop.complete = True
                    if found.kind != "array" and self._memory.loop(found.number, lambda: None) is loop:
                        self._memory.facts(found.number).list_items(loop.items, found.name)
                    return
                loop.items.append(item)
            yield loop.items[place]
            place += 1

    def note_listing(self, handle: Handle, mine: Any) -> None:
        """A test goes through a mapping's keys, as its plain value has them."""
        if type(mine) is dict:
            found = behind(handle)
            self._memory.facts(found.number).list_items(list(mine), found.name)

    def listing(self, handle: Handle, method: str) -> Any:
        """What an object's keys(), values() or items() gives: a reading, which agrees with its items."""
        listed = self.request("read", handle, method)
        found = behind(handle)
        if method == "keys" and type(listed) is list:
            self._memory.facts(found.number).list_items(listed, found.name)
        for pair in listed if method == "items" and type(listed) is list else ():
            if type(pair) is tuple and len(pair) == 2:
                self._memory.facts(found.number).has_item(*pair, found.name)
        return listed

    def has_seen(self, handle: Handle) -> bool:
        """Whether the object was made with a value of the test's own, by an operator."""
        return behind(handle).number in self._seen

    def note_seen(self, handle: Handle) -> None:
        self._seen.add(behind(handle).number)

    def _checked(self, op: str, args: tuple[Any, ...], value: Any) -> Any:
        """The value of a reading, when it contradicts none of the others. Raises CaseEnded."""
        if op in ("len", "contains", "getitem") and type(args[0]) in HANDLES:
            found = behind(args[0])
            if op == "getitem":
                self._memory.facts(found.number).has_item(args[1], value, found.name)
            if op == "len" and type(value) is int and found.kind != "array":
                self._memory.facts(found.number).has_length(value, found.name)
            if op == "contains" and found.kind in MAPPINGS and type(value) is bool:
                self._memory.facts(found.number).holds(args[1], value, found.name)
        return value

    def _note_own(self, op: str, args: tuple[Any, ...], value: Any) -> None:
        if type(value) not in HANDLES:
            return
        number = behind(value).number
        handles = [behind(one).number for one in args if type(one) in HANDLES]
        of_class = op in ("getattr", "call") and not self._makers.isdisjoint(handles[:1])
        if (op == "get" and args[0] in self._own_names) or (of_class and op == "getattr"):
            self._makers.add(number)
        if of_class or (op in OPERATORS and not self._own.isdisjoint(handles)):
            self._own.add(number)

    def _carry_out(self, op: str, args: tuple[Any, ...]) -> tuple[Any, Raised | None]:
        reading = op not in CALLS
        try:
            encoded, objects, blobs, fds = self._shared.export(args)
            forgotten = self._shared.prune()
            state = wire.random_state()
            request = {
                "op": op,
                "args": encoded,
                "objects": objects,
                "forget": forgotten,
                "random": None,
                "reading": reading,
            }
            if state != self._random_state:
                request["random"] = self._random_state = state
            try:
                wire.send(self._socket, request, blobs, fds, self._deadline)
            finally:
                for fd in fds:
                    os.close(fd)
            reply, blobs, _ = wire.receive(self._socket, self._deadline, MAX_HEADER, MAX_BLOBS)
            if not isinstance(reply, dict):
                raise wire.WireError("an unexpected message")
            if reply.get("changed") is True:
                raise CaseEnded("changing", CHANGED_BY_READING)
            value, changed = self._shared.accept(
                reply.get("value"), reply.get("objects", {}), blobs, reading=reading
            )
            if reply.get("random") is not None:
                if op in DRAWS:
                    wire.set_random_state(reply["random"])
                self._random_state = reply["random"] if op in DRAWS else None  # what a reading drew is undone
            raised = read_raised(reply["error"]) if reply.get("error") is not None else None
        except TimeoutError:
            raise CaseEnded("endless", f"your code did not end within {self._seconds:g} s") from None
        except (EOFError, ConnectionError):
            raise CaseEnded(
                "gone", "your code ended the process (os._exit, a crash, or out of memory)"
            ) from None
        except wire.WireError as error:
            raise CaseEnded("unusable", f"your code returned what cannot be checked: {error}") from None
        except OSError as error:  # of memory files, descriptors or buffers, all of them this side's
            raise CaseEnded("fault", f"{error} in {op!r}") from error
        if self._shared.held > self._most_bytes:
            most = f"{self._most_bytes >> 20:,} MiB"
            raise CaseEnded("unusable", f"what your code returned takes more than {most} in the test")
        if self.witness and op not in FROM_VALUES:
            self.witness(value, raised, changed, reply.get("random"))
        return value, raised

    def _handle_fields(self, value: Any) -> int:
        if type(value) in HANDLES and behind(value).case is self:
            return behind(value).number
        raise TypeError(f"a test cannot pass a {type(value).__name__} to a student's code")

    def _make_handle(self, fields: Any) -> Handle:
        try:
            number, can_be_called, name, kind, is_class = fields
        except (ValueError, TypeError):
            raise wire.WireError("a handle that is not one") from None
        kinds = [type(one) for one in (number, can_be_called, name, kind, is_class)]
        if kinds != [int, bool, str, str, bool]:
            raise wire.WireError("a handle that is not one")
        handle = self._handles.get(number)
        if handle is None:
            handle = make_handle(self, number, can_be_called, name[:100], kind, is_class)
            self._handles[number] = handle
        return handle


def read_raised(fields: Any) -> Raised:
    """A student's exception from a message. Raises WireError when it is not one."""
    if not isinstance(fields, dict):
        raise wire.WireError("an exception that is not one")
    texts = [fields.get("type"), fields.get("name"), fields.get("message")]
    frames = fields.get("frames")
    if not all(type(text) is str for text in texts) or not isinstance(frames, list) or len(frames) > 100:
        raise wire.WireError("an exception that is not one")
    for frame in frames:
        if not isinstance(frame, list) or [type(part) for part in frame] != [str, int, str, str]:
            raise wire.WireError("an exception with a broken traceback")
    kind, name, message = texts
    short = [(file[:200], line % 2**31, function[:100], text[:200]) for file, line, function, text in frames]
    return Raised(kind if kind in BUILT_IN else "RuntimeError", name[:100], message[:MAX_TEXT], tuple(short))


def to_exception(raised: Raised) -> Exception:
    """The built-in exception of the same type, with the student's own words as its `raised` attribute."""
    try:
        error = EXCEPTIONS[raised.type](raised.message)
    except (KeyError, TypeError):
        error = RuntimeError(f"{raised.name}: {raised.message}")
    error.raised = raised
    return error
