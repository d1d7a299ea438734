"""What a notebook can ask for at a student's desk and not here: a person at the keyboard, a window, the network, Colab.

Each of these does nothing, as a student who runs the notebook elsewhere would have it, in place of an error.
"""

import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import re
import sys
import types
import warnings

from IPython.core.error import UsageError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

INSTALLS = re.compile(
    r"\s*(?:sudo\s+)?(?:python3?\s+-m\s+)?(?:pip3?|conda|mamba|micromamba|uv|apt|apt-get|brew|npm|wget|curl|gdown|git)\b"
)
INSTALLING_MAGICS = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
COLAB = "google.colab"
used = []
"""what has been used, by its name in the notes' sentences, in order"""


def note(what):
    if what not in used:
        used.append(what)


class Transformers(TransformerManager):
    """IPython's own, which look for magics only in a cell that is not Python as it is: looking takes longest."""

    def do_token_transforms(self, lines):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # IPython gives them
                ast.parse("".join(lines))
            return lines
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return super().do_token_transforms(lines)


class Shell(InteractiveShell):
    """IPython without a terminal or a kernel: magics work, nothing is asked and nothing is stored."""

    def enable_gui(self, gui=None):
        pass

    def enable_matplotlib(self, gui=None):
        return "agg", "agg"  # whatever was asked for: there is nobody to look

    def ask_exit(self):
        pass

    def system(self, command):
        """Run ``!command`` without a terminal, after flushing everything that was printed before it.

        What installs or downloads is left out, since there is no network: it would only wait for one.
        """
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if INSTALLS.match(command):
            note("install")
            print(f"!{command}: left out, there is no network here")
        else:
            self.system_raw(command)

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        """Run a magic; one that is unknown, or whose extension is not installed, does nothing."""
        if magic_name in INSTALLING_MAGICS:
            note("install")
            print(f"%{magic_name} {line}: left out, there is no network here")
            return None
        try:
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
        except (UsageError, ImportError) as error:
            if magic_name not in ("load_ext", "reload_ext") and self.find_line_magic(magic_name):
                raise
            note("magic")
            print(f"%{magic_name} {line}: left out ({error})")
            return None

    def run_cell_magic(self, magic_name, line, cell):
        """Run a magic; one that is unknown is left out, and the cell below it is run."""
        if self.find_cell_magic(magic_name) is not None:
            return super().run_cell_magic(magic_name, line, cell)
        note("magic")
        print(f"%%{magic_name} {line}: left out")
        exec(self.compile(self.transform_cell(cell), "cell", "exec"), self.user_ns)
        return None


def install():
    """Put the stand-ins in place, in this process."""
    builtins.input = no_input
    sys.breakpointhook = no_debugger
    sys.meta_path.insert(0, AfterImport())
    sys.meta_path.append(Colab())


def nothing(*arguments, **keywords):
    """Stands in for a function that would wait for a person."""


def no_input(prompt="", /):
    note("input")
    print(prompt)
    return ""


def no_debugger(*arguments, **keywords):
    note("debugger")


def without_windows(matplotlib):
    matplotlib.use = nothing  # the figures are drawn in memory, whatever is asked for


def without_switching(pyplot):
    switch = pyplot.switch_backend
    pyplot.switch_backend = lambda newbackend: switch("agg")
    pyplot.show = lambda *arguments, **keywords: pyplot.close("all")
    pyplot.pause = nothing


def without_tracing(debugger):
    debugger.set_trace = no_debugger


def without_asking(module):
    module.getpass = lambda prompt="", stream=None: no_input(prompt)


AFTER_IMPORT = {
    "matplotlib": without_windows,
    "matplotlib.pyplot": without_switching,
    "pdb": without_tracing,
    "IPython.core.debugger": without_tracing,
    "ipdb": without_tracing,
    "getpass": without_asking,
}


class AfterImport(importlib.abc.MetaPathFinder):
    """Changes some modules as soon as they have been imported; most notebooks import few of them."""

    def __init__(self):
        for name in AFTER_IMPORT.keys() & sys.modules.keys():
            AFTER_IMPORT[name](sys.modules[name])
        self._left = {name for name in AFTER_IMPORT if name not in sys.modules}

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self._left:
            return None
        self._left.discard(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return None
        load, change = spec.loader.exec_module, AFTER_IMPORT[fullname]

        def exec_module(module):
            load(module)
            change(module)

        spec.loader.exec_module = exec_module
        return spec


class Nothing(types.ModuleType):
    """A module in which every name is a function that does nothing."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(f"{self.__name__}.{name}")

    def __call__(self, *arguments, **keywords):
        return {} if self.__name__.endswith("files.upload") else None


class Colab(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """google.colab where it is not installed: nothing to mount, to upload or to download."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname == COLAB:
            note("colab")
        if fullname == COLAB or fullname.startswith(f"{COLAB}.") or fullname == "google":
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        return Nothing(spec.name) if spec.name != "google" else None

    def exec_module(self, module):
        module.__path__ = []
