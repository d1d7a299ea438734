"""Memory, processes and ends of processes: they cost the questions that need them, and no other."""

from __future__ import annotations

from pathlib import Path

from coursekit.verify.handins.making import Due, hand_in
from coursekit.verify.handins.work import Work, answers_in_cells, find, needing, own, place_of


def _in_leaf(work: Work, folder: Path, statement: str) -> frozenset[str]:
    """Each call of a function that no other answer needs carries out `statement`; returns what calls it."""
    place, name, questions = work.leaf
    text = work.text_of(place)
    function = name if f"def {name}(" in text else None
    work.with_answer(folder, place, needing(statement, function))
    return questions


def _own_cell(work: Work, folder: Path, source: str) -> None:
    """A cell of the student's own in the middle of the notebook."""
    notebook = work.worked()
    notebook["cells"].insert(place_of(notebook, work.tests[len(work.tests) // 2]), own(source))
    work.fill(folder, notebook)


@hand_in()
def fills_the_memory(work: Work, folder: Path) -> Due:
    """A loop in one function keeps everything."""
    statement = "_kept = []\nwhile True: _kept.append(bytearray(50_000_000))"
    return Due(loses=_in_leaf(work, folder, statement))


@hand_in()
def kills_its_process(work: Work, folder: Path) -> Due:
    """Each call of one function kills the notebook's process."""
    return Due(loses=_in_leaf(work, folder, "import os; os.kill(os.getppid(), 9); os.kill(os.getpid(), 9)"))


@hand_in()
def ends_its_process(work: Work, folder: Path) -> Due:
    """Each call of one function ends its process, without any error."""
    return Due(loses=_in_leaf(work, folder, "import os; os._exit(0)"))


@hand_in()
def exits(work: Work, folder: Path) -> Due:
    """Each call of one function calls exit()."""
    return Due(loses=_in_leaf(work, folder, "import sys; sys.exit(1)"))


@hand_in()
def overflows(work: Work, folder: Path) -> Due:
    """One function calls itself for ever, with the limit raised until the process crashes."""
    statement = "import sys, ctypes; sys.setrecursionlimit(10 ** 9)\nctypes.string_at(0)"
    return Due(loses=_in_leaf(work, folder, statement))


@hand_in()
def never_ends(work: Work, folder: Path) -> Due:
    """One function never ends."""
    return Due(loses=_in_leaf(work, folder, "while True: pass"))


@hand_in()
def leaves_children_at_each_call(work: Work, folder: Path) -> Due:
    """Each call of one function leaves sleeping processes behind."""
    statement = "import subprocess; [subprocess.Popen(['sleep', '1000']) for _ in range(20)]"
    return Due(may_lose=_in_leaf(work, folder, statement))


@hand_in()
def leaves_threads_at_each_call(work: Work, folder: Path) -> Due:
    """Each call of one function leaves sleeping threads behind."""
    statement = "import threading, time; [threading.Thread(target=time.sleep, args=(1000,)).start() for _ in range(20)]"
    return Due(may_lose=_in_leaf(work, folder, statement))


@hand_in()
def children_at_load(work: Work, folder: Path) -> None:
    """A cell leaves as many sleeping processes as there may be."""
    _own_cell(
        work,
        folder,
        "import os, time\nfor _ in range(80):\n    if os.fork() == 0:\n        time.sleep(1000)\n        os._exit(0)\n",
    )


@hand_in()
def threads_at_load(work: Work, folder: Path) -> None:
    """A cell starts threads until there can be no more, and leaves them."""
    _own_cell(
        work,
        folder,
        "import threading, time\nfor _ in range(200):\n    threading.Thread(target=time.sleep, args=(1000,)).start()\n",
    )


@hand_in()
def bomb_at_load(work: Work, folder: Path) -> None:
    """A cell's children have children, until there may be no more."""
    _own_cell(
        work,
        folder,
        "import os, time\n"
        "for _ in range(10):\n"
        "    try:\n"
        "        child = os.fork()\n"
        "    except OSError:\n"
        "        break\n"
        "    if child == 0:\n"
        "        mine = True\n"
        "if globals().get('mine'):\n"
        "    time.sleep(1000)\n"
        "    os._exit(0)\n",
    )


@hand_in()
def server_at_load(work: Work, folder: Path) -> None:
    """A cell starts a server, and a thread that watches it."""
    _own_cell(
        work,
        folder,
        "import subprocess, sys, threading, time\n"
        "server = subprocess.Popen([sys.executable, '-m', 'http.server', '8000'])\n"
        "threading.Thread(target=lambda: time.sleep(1000), daemon=True).start()\n"
        "threading.Thread(target=server.wait).start()\n",
    )


@hand_in()
def daemon_at_load(work: Work, folder: Path) -> None:
    """A cell starts a process in a session of its own, which its parent does not wait for."""
    _own_cell(
        work,
        folder,
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(1000)\n"
        "    os._exit(0)\n",
    )


@hand_in()
def cell_that_ends_the_process(work: Work, folder: Path) -> Due:
    """A cell of the student's own ends the process: only what it defines is kept, and a note says so."""
    _own_cell(work, folder, "import os\nos._exit(0)\n")
    return Due(noted=("only the definitions",))


@hand_in()
def cell_that_fills_the_memory(work: Work, folder: Path) -> None:
    """A cell of the student's own asks for more memory than there is."""
    _own_cell(work, folder, "import numpy as np\nhuge = np.ones((200_000, 20_000))\n")


@hand_in(answers_in_cells)
def six_cells_that_end_the_process(work: Work, folder: Path) -> None:
    """Six cells of the student's own end the process."""
    notebook = work.worked()
    for number, name in enumerate(work.answers[:6]):
        notebook["cells"].insert(place_of(notebook, name), own(f"import os\nos._exit({number})\n"))
    work.fill(folder, notebook)


@hand_in(answers_in_cells)
def answer_that_ends_the_process_below_its_definition(work: Work, folder: Path) -> None:
    """Below a function, its cell calls os._exit: the function stands above."""
    notebook = work.worked()
    place, _, _ = work.leaf
    cell = find(notebook, place)
    cell["source"] += "\n\nimport os\nos._exit(0)\n"
    work.fill(folder, notebook)
