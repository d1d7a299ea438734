"""Load and answer once for practice, in the warm process, before there is a student.

What Python does for the first time is slow: it fills its caches, specialises its bytecode, and imports what is only
then needed; and a fork has each page of memory copied that it changes. What has been done here before is done in each
sandbox without most of that. The cells are ours, and nothing of them is left.
"""

import contextlib
import io
import socket

import numpy as np
import wire
from running import Trail, close_figures, run_cell

TIMES = 20
"""after about this many, nothing gets faster any more"""
CELLS = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np\nfrom collections import defaultdict",
    'def f(x, y=1.0):\n    if y is None:\n        raise ValueError(f"{x!r}")\n    return x @ x.T + y',
    "class Layer:\n    def __init__(self, size):\n        self.W = np.random.randn(size, size) * 0.1\n\n"
    "    def forward(self, x):\n        return np.maximum(0, self.W @ x)",
    "np.random.seed(1)\nlayer = Layer(3)\nfor step in range(3):\n    out = layer.forward(np.ones((3, 2)))\n"
    "print(f(np.eye(3)).round(3), out.shape, {'cost': float(np.sum(out))})\nf(np.eye(3))",
)
FIGURE = (
    "plt.figure(figsize=(4, 3))\nplt.plot([1, 2], label='cost')\nplt.legend()\nplt.title('a')\nplt.show()"
)


def rehearse(server, shell):
    """Run cells, and answer calls, as for a student; then leave the shell as it was."""
    names = dict(shell.user_ns)
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in (*CELLS * 3, FIGURE):
            trail = Trail(shell.user_ns)
            run_cell(shell, "a cell", cell)
            close_figures()
            trail.note(0)
        for _ in range(TIMES):
            answer_calls(server, shell.user_ns)
        shell.reset(new_session=False)
    shell.user_ns.clear()
    shell.user_ns.update(names)


def answer_calls(server, namespace):
    """Serve a test case that calls a function twice: with what it takes, and so that it raises."""
    ours, theirs = socket.socketpair()
    shared = wire.Shared(0, to_handle, tuple)
    function = Handle(0)
    with ours, theirs:
        for op, arguments in (
            ("get", ("f",)),
            ("call", (function, (np.arange(6.0).reshape(2, 3),), {"y": 2.0})),
            ("call", (function, (np.arange(3), None), {})),
        ):
            encoded, objects, blobs, _ = shared.export(arguments)
            request = {"op": op, "args": encoded, "objects": objects, "forget": shared.prune()}
            wire.send(ours, request | {"random": wire.random_state(), "reading": op == "get"}, blobs)
        ours.shutdown(socket.SHUT_WR)
        server.CallServer(namespace, theirs).serve()
        for _ in range(4):
            reply, blobs, _ = wire.receive(ours)
            if "objects" in reply:
                shared.accept(reply["value"], reply["objects"], blobs)


class Handle:
    """A value in the student's process, by its number there."""

    def __init__(self, number):
        self.number = number


def to_handle(value):
    return value.number
