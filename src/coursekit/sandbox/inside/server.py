"""The student's process: takes files, loads a notebook's cells, then answers calls, in a fork for each test case.

Runs in the sandbox and trusts the grader. Whatever it sends may have been made by the student's code, so the
grader trusts nothing of it.
"""

import builtins
import contextlib
import ctypes
import datetime
import decimal
import functools
import gc
import numbers
import os
import resource
import signal
import socket
import sys
import threading
import traceback

import numpy as np
import older_numpy
import stand_ins
import student_files
import wire
from jail import end_with_parent
from operations import OPERATIONS
from running import Trail, close_figures, run_cell, run_definitions
from traitlets.config import Config

MAX_TEXT = 4000
MAX_NAMES = 5000
MAX_THREADS = 10
MAX_FRAMES = 12
MAX_AGAIN = 20
ROOM = 8
"""processes and threads that the notebook can't use up: they are left for the forks that serve test cases"""


class CappedText:
    """A text stream that passes on `limit` characters and drops the rest, so chatty code is not slowed down."""

    def __init__(self, stream, limit):
        self._stream = stream
        self._left = limit

    def write(self, text):
        if self._left > 0:
            self._stream.write(text[: self._left])
            self._left -= len(text)
        return len(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)


def make_shell():
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    shell = stand_ins.Shell.instance(config=config)
    shell.input_transformer_manager = stand_ins.Transformers()
    shell.display_formatter.active_types = ["text/plain"]
    return shell


@functools.cache
def prepared():
    """The shell, and everything of ours in place. No student's code has been run, and no file of theirs is there."""
    shell = make_shell()
    stand_ins.install()
    older_numpy.put_back()
    forget_ours()
    return shell


def serve(control_fd, output_bytes, home, work):
    """Answer the grader's requests on the control socket until it closes.

    home: the folder that files are written below. work: the student's folder in it. Modules are looked for there only
    when everything of ours has been imported and the files are there: no student's code runs before the first cell.
    """
    control = socket.socket(fileno=control_fd)
    sys.stdout = CappedText(sys.stdout, output_bytes)
    sys.stderr = CappedText(sys.stderr, output_bytes)
    allow_processes(but=ROOM)
    shell = prepared()
    held = []
    wire.send(control, {"op": "ready"})
    while True:
        try:
            request, blobs, fds = wire.receive(control)
        except EOFError:
            os._exit(0)
        if request["op"] == "files":
            store(home, request["entries"], memoryview(blobs[0]))
        elif request["op"] == "hold":
            held += zip(request["places"], fds, strict=True)
        elif request["op"] == "load":
            sys.path[0], student_files.folder[0] = work, os.path.realpath(work)
            load(shell, control, request["cells"], request["given"], held)
        elif request["op"] == "fork":
            fork(shell, control, fds[0])


def forget_ours():
    """Let a student's modules have the names of ours, which have been imported by those that need them."""
    here = os.path.dirname(os.path.abspath(__file__))
    for name, module in list(sys.modules.items()):
        if name != "__main__" and os.path.abspath(getattr(module, "__file__", None) or "/").startswith(
            here + os.sep
        ):
            del sys.modules[name]


def store(home, entries, data):
    """Write files and folders below `home`, for anyone to read and change.

    entries: [path below home, where in the file to begin, how many bytes of `data` are its next], without a number of
    bytes for a folder. Raises ValueError for a path that is not below home, and OSError.
    """
    umask = os.umask(0)
    try:
        for name, offset, size in entries:
            parts = name.split("/")
            if "\0" in name or not {"", ".", ".."}.isdisjoint(parts):
                raise ValueError(f"{name!r} is not below the home folder")
            path = os.path.join(home, *parts)
            os.makedirs(path if size is None else os.path.dirname(path), exist_ok=True)
            if size is not None:
                flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | (0 if offset else os.O_CREAT | os.O_EXCL)
                with open(os.open(path, flags, 0o777), "wb") as file:
                    file.seek(offset)
                    file.write(data[:size])
                data = data[size:]
    finally:
        os.umask(umask)


given_objects = {}
"""the functions and classes of read-only cells: name, the object, and its attributes as it was defined"""
KEPT = ("__code__", "__defaults__", "__kwdefaults__")


def load(shell, control, cells, given, held):
    """Run the cells in order, as a notebook would; report each before it starts and what it raised after.

    cells: [number, text, whether it is only to be reduced to its definitions]. given: a read-only cell's number, and
    the names of what it defines. held: places at which the notebook is held as it is there, in order: each is a mapping
    with `before`, how many cells come before it, and `tests`, the tests there with the names that they read; and a
    socket for requests to that process. Cells that lack a name are run again at the end: it may be defined below them.
    """
    current = None
    early = []  # cells that need a name which may be defined below them
    trail = Trail(shell.user_ns)

    def carry_out(number, source, reduced=False):
        wire.send(control, {"op": "cell", "cell": number})
        how = run_definitions if reduced else run_cell
        error, kept = how(shell, f"cell {number}", source)
        close_figures()
        trail.note(number)
        if error is not None:
            wire.send(control, {"op": "raised", "cell": number, "error": describe(error), "kept": kept})
        for name in given.get(number, ()):
            if name in shell.user_ns:
                given_objects[name] = shell.user_ns[name], attributes(shell.user_ns[name])
        return error

    shell.compile.get_code_name = lambda raw, transformed, number: f"cell {current}"
    for count, (current, source, reduced) in enumerate(cells):
        while held and held[0][0]["before"] <= count:
            place, fd = held.pop(0)
            hold(shell, [control, *(other for _, other in held)], fd)
            trail.place(place["tests"])
        error = carry_out(current, source, reduced)
        if isinstance(error, NameError) and not reduced and not student_files.raised_in(error):
            early.append((current, source))
    for current, source in early[:MAX_AGAIN]:
        if carry_out(current, source) is None:
            wire.send(control, {"op": "again", "cell": current})
    flush()
    reply = {"names": names_in(shell), "changes": trail.changes(), "stand_ins": stand_ins.used}
    get_ready_to_fork(shell.user_ns)
    wire.send(control, {"op": "loaded", "threads": left_threads[:MAX_THREADS], **reply})


def names_in(shell):
    return [name for name in shell.user_ns if type(name) is str and len(name) < 200][:MAX_NAMES]


def hold(shell, others, fd):
    """Keep a child of this process as the notebook is now: it makes the forks for the tests that stand here.

    Where no process can be made, the grader is told so: the notebook's own children may keep the socket open.
    """
    flush()
    try:
        child = os.fork()
    except OSError:
        child = -1
    if child:
        with contextlib.suppress(OSError), socket.socket(fileno=fd) as sock:
            if child < 0:
                wire.send(sock, {"op": "none"})
        return
    try:
        end_with_parent()
        others[0].close()
        for other in others[1:]:
            os.close(other)
        names = names_in(shell)
        get_ready_to_fork(shell.user_ns)
        sock = socket.socket(fileno=fd)
        wire.send(sock, {"op": "held", "names": names})
        while True:
            request, _, fds = wire.receive(sock)
            fork(shell, sock, fds[0])
    finally:
        os._exit(0)


def get_ready_to_fork(namespace):
    """Do now what is the same for all forks: this process runs no cell any more."""
    note_threads()
    settle(namespace)
    let_forks_vanish()


on_child_end = []
"""what the notebook has made of the signal that a child has ended"""


def let_forks_vanish():
    """From now on children of this process leave nothing behind when they end, so none has to be waited for."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    on_child_end[:] = [signal.SIG_DFL if before is None else before]
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def note_threads():
    """Remember the threads that are running and, if there is one, the pools."""
    left_threads[:] = [
        str(thread.name)[:100] for thread in threading.enumerate() if thread is not threading.main_thread()
    ]
    pools.extend(running_pools() if left_threads else ())


left_threads = []
"""the names of the threads that the notebook has left running"""
pools = []
"""the pools of threads or processes among them"""


def running_pools():
    """Every pool of the standard library, with what is needed to start it again.

    Only the thread that forks lives on in a fork: a pool that was used before waits there for workers for ever.
    """
    threads = getattr(sys.modules.get("concurrent.futures.thread"), "ThreadPoolExecutor", ())
    processes = getattr(sys.modules.get("concurrent.futures.process"), "ProcessPoolExecutor", ())
    older = getattr(sys.modules.get("multiprocessing.pool"), "Pool", ())
    found = []
    for pool in gc.get_objects():
        kind = type(pool)
        if threads and issubclass(kind, threads):
            found.append(
                (threads, pool, ("_max_workers", "_thread_name_prefix", "_initializer", "_initargs"))
            )
        elif processes and issubclass(kind, processes):
            found.append((processes, pool, ("_max_workers", "_mp_context", "_initializer", "_initargs")))
        elif older and issubclass(kind, older):
            begin = sys.modules["multiprocessing.pool"].ThreadPool
            begin = begin if issubclass(kind, begin) else older
            found.append((begin, pool, ("_processes", "_initializer", "_initargs")))
    return found


def restart_pools():
    for kind, pool, arguments in pools:
        with contextlib.suppress(Exception):  # it is shut down, or somebody has made it something else
            if not getattr(pool, "_shutdown", False) and getattr(pool, "_state", "RUN") == "RUN":
                kind.__init__(pool, *(getattr(pool, name) for name in arguments))


def attributes(given):
    """The attributes that define a given function or class."""
    if isinstance(given, type):
        return {
            name: value for name, value in vars(given).items() if not name.startswith("__") or callable(value)
        }
    return {name: getattr(given, name) for name in KEPT if hasattr(given, name)}


def settle(namespace):
    """restore_given() once for all forks, unless that fails, or something may undo it: then each fork does it."""
    unsettled[:] = [True]
    with contextlib.suppress(Exception):
        restore_given(namespace)
        unsettled[:] = [True] if may_act_by_itself() else []


def may_act_by_itself():
    """Whether this process may run code of the notebook's while it waits: in a thread, or when a signal comes."""
    handlers = {signal.getsignal(number) for number in signal.valid_signals()} - {signal.default_int_handler}
    return not is_alone() or any(map(callable, handlers))


def is_alone():
    """Whether this is the only thread that Python knows: one that was started and has not begun yet counts too.

    Python tells of such a thread nowhere but in this list of its own; it would begin once it is let.
    """
    first = python.PyInterpreterState_ThreadHead(python.PyInterpreterState_Get())
    return not python.PyThreadState_Next(first)


python = ctypes.PyDLL(None)
python.PyInterpreterState_Get.restype = ctypes.c_void_p
for function in (python.PyInterpreterState_ThreadHead, python.PyThreadState_Next):
    function.argtypes, function.restype = [ctypes.c_void_p], ctypes.c_void_p


unsettled = []
"""whether each fork has to restore what is given"""


def restore_given(namespace):
    """Undo what a student's cells made of the names of given functions and classes, and of these themselves."""
    for name, (given, kept) in given_objects.items():
        namespace[name] = given
        now = attributes(given)
        for attribute, value in kept.items():
            if now.get(attribute) is not value:
                setattr(given, attribute, value)
        for attribute in now.keys() - kept.keys():
            if callable(now[attribute]) or hasattr(type(now[attribute]), "__get__"):
                delattr(given, attribute)


def flush():
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # they may have been replaced by anything
            stream.flush()


def allow_processes(but=0):
    """Let this process make as many processes and threads as there may be, but for some."""
    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NPROC, (max(most - but, 1) if most > 0 else most, most))


def fork(shell, control, fd):
    """A child of this process, with the notebook as it was loaded, serves one test case."""
    allow_processes()
    child = split()  # below 0 if there are too many processes: the grader sees that the socket is closed
    if child:
        allow_processes(but=ROOM)
        os.close(fd)
        return
    control.close()
    try:
        end_with_parent()
        signal.signal(signal.SIGCHLD, *on_child_end)
        restart_pools()
        if unsettled:
            restore_given(shell.user_ns)
        CallServer(shell.user_ns, socket.socket(fileno=fd)).serve()
    finally:
        os._exit(0)


def split():
    """As os.fork(), but below 0 if it fails; and where no other thread runs, without what that does in the child.

    It makes locks anew which other threads may hold, for longer than all else that a fork takes.
    """
    try:
        return c_fork() if is_alone() else os.fork()
    except OSError:
        return -1


c_fork = python.fork
"""the C library's, with Python's own lock held"""


class CallServer:
    """One test case's calls, on a socket of its own."""

    def __init__(self, namespace, sock):
        self.namespace = namespace
        self.sock = sock
        self.handles = []
        self.handle_ids = {}
        self.shared = wire.Shared(1, self.to_handle, self.handles.__getitem__)
        self.random_state = None

    def to_handle(self, value):
        """The handle of a value that stays here: its number, whether it can be called, its type's name and kind."""
        number = self.handle_ids.get(id(value))
        if number is None:
            number = len(self.handles)
            self.handles.append(value)
            self.handle_ids[id(value)] = number
        kind = type(value)
        return [number, callable(value), kind.__name__[:100], kind_of(kind), issubclass(kind, type)]

    def serve(self):
        wire.send(self.sock, {"op": "hello"})
        while True:
            try:
                request, blobs, fds = wire.receive(self.sock)
            except EOFError:
                return
            try:
                reply, blobs, fds = self.answer(request, blobs, fds)
            except BaseException as error:
                reply, blobs, fds = {"error": describe(error)}, (), ()
            flush()
            wire.send(self.sock, reply, blobs)

    def answer(self, request, blobs, fds):
        args, _ = self.shared.accept(request["args"], request["objects"], blobs, fds)
        self.shared.forget(request["forget"])
        for fd in fds:
            os.close(fd)
        if request["random"] is not None:
            wire.set_random_state(request["random"])
            self.random_state = request["random"]
        error, value, reading = None, None, request["reading"]
        try:
            value = self.operate(request["op"], *args)
        except BaseException as raised:
            error = describe(raised)
        # What a call changed in place crosses even when it raised.
        try:
            encoded, objects, blobs, _ = self.shared.export(value, reading)
        except wire.ChangedByReading:
            return {"changed": True}, (), ()
        state = wire.random_state(self.random_state)
        reply = {"value": encoded, "objects": objects, "error": error, "random": None}
        if state is not self.random_state:
            reply["random"] = self.random_state = state
        return reply, blobs, ()

    def operate(self, op, *args):
        if op == "get":
            return self.namespace[args[0]]
        if op == "array":
            return as_array(args[0])
        if op == "plain":
            return as_plain(args[0])
        return OPERATIONS[op].do(*args)


BUILT_IN = (dict, list, tuple, set, frozenset, int, float, complex, bytes)
VALUES = (numbers.Number, datetime.date, datetime.timedelta)


def kind_of(kind):
    """What else instances of a type are: of a built-in type, an iterator, an array, a mapping or a plain value."""
    for one in BUILT_IN:
        if issubclass(kind, one):
            return one.__name__
    if hasattr(kind, "__next__"):
        return "iterator"
    if hasattr(kind, "__array__"):
        return (
            "" if hasattr(kind, "keys") else "array"
        )  # a table's items and loops are not those of its array
    if hasattr(kind, "keys") and hasattr(kind, "__getitem__"):
        return "mapping"
    return "value" if issubclass(kind, VALUES) else ""


def as_array(value):
    """A numeric base array of anything array-like: a tensor, an object with __array__, an object array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    array = np.array(value)
    return array.astype(float) if array.dtype == object else array


def as_dict(mapping):
    return {key: mapping[key] for key in [*mapping.keys()]}


def as_datetime(value):
    return datetime.datetime.combine(datetime.datetime.date(value), value.timetz())


def as_date(value):
    return datetime.date.fromordinal(value.toordinal())


def as_timedelta(value):
    return datetime.timedelta(value.days, value.seconds, value.microseconds)


VIEWS = (type({}.keys()), type({}.values()), type({}.items()))
PLAIN_FORMS = (
    ((list, *VIEWS), list),
    (tuple, tuple),
    (set, set),
    (frozenset, frozenset),
    (dict, as_dict),
    (int, int.__int__),
    (numbers.Real, float),
    (numbers.Complex, complex),
    (bytes, bytes),
    (decimal.Decimal, decimal.Decimal),
    (datetime.datetime, as_datetime),
    (datetime.date, as_date),
    (datetime.timedelta, as_timedelta),
)
"""types, and what makes the plain value of an instance of their subclasses; the first that fits"""


def as_plain(value):
    """The value in a form that can cross, where it has one; otherwise as it is."""
    kind = type(value)
    for kinds, convert in PLAIN_FORMS:
        if issubclass(kind, kinds):
            return convert(value)
    if hasattr(value, "__array__") or hasattr(value, "detach"):
        return as_array(value)
    return as_dict(value) if kind_of(kind) == "mapping" else value


def describe(error):
    """An exception as plain values: nearest built-in type, message, frames [file, line, function, text]."""
    # UnicodeError and its subclasses cannot be made from a message alone; they arrive as ValueError.
    kinds = [c.__name__ for c in type(error).__mro__ if getattr(builtins, c.__name__, None) is c]
    kind = next(name for name in kinds if not name.startswith("Unicode"))
    try:
        quoted = isinstance(error, KeyError) and len(error.args) == 1 and type(error.args[0]) is str
        message = error.args[0] if quoted else str(error)
    except BaseException as failed:
        message = f"(its message could not be made: {type(failed).__name__})"
    here = os.path.dirname(__file__)
    frames = []
    try:
        for frame in traceback.extract_tb(error.__traceback__, limit=-4 * MAX_FRAMES):
            if not frame.filename.startswith(here) and "IPython" not in frame.filename:
                line = (frame.line or "").strip()[:200]
                frames.append([frame.filename[-200:], frame.lineno or 0, frame.name[:100], line])
        if isinstance(error, SyntaxError) and error.lineno:
            frames.append([str(error.filename)[-200:], error.lineno, "", str(error.text or "").strip()[:200]])
    except BaseException:
        frames = []
    name = type(error).__name__[:100]
    return {"type": kind, "name": name, "message": message[:MAX_TEXT], "frames": frames[-MAX_FRAMES:]}
