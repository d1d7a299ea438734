"""The time of the solution's graded training, compared with PyTorch's float64 on the same network.

    python benchmarks/training.py [--runs 3]

Both train 784-100-100-10 with batch normalisation on the same 60,000 digits: 3 epochs, batches of 64 in the same
order, Adam. PyTorch's version is the plain one: Linear, ReLU, BatchNorm1d, torch.optim.Adam. They take turns in
one process, once with one thread and once with each one's default number of threads; the medians are printed.
PyTorch is not part of the course: pip install torch.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ASSIGNMENT = "optimization_techniques"
DIMS = [784, 100, 100, 10]
EPOCHS, BATCH, RATE, DECAY = 3, 64, 1e-3, 0.1
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="trainings of each kind (default: 3)")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if importlib.util.find_spec("torch") is None:
        sys.exit("PyTorch is not installed, so there is nothing to compare with: pip install torch==2.13.0")
    if arguments.measure:
        print(json.dumps(measure(arguments.runs)))
        return
    print(f"{'threads':8}  {'solution':>9}  {'PyTorch':>9}  {'ratio':>6}  accuracy on training and test set")
    for threads in ("1", "default"):
        found = in_a_new_process(threads, arguments.runs)
        solution, torch = (statistics.median(found[kind]["seconds"]) for kind in ("solution", "PyTorch"))
        accuracies = "; ".join(
            f"{kind} {found[kind]['train']:.2f} %, {found[kind]['test']:.2f} %"
            for kind in ("solution", "PyTorch")
        )
        print(f"{threads:8}  {solution:7.2f} s  {torch:7.2f} s  {solution / torch:6.2f}  {accuracies}")
    print(f"Digits: {found['digits']}. Medians of {arguments.runs}, in turns. {found['versions']}.")


def in_a_new_process(threads: str, runs: int) -> dict[str, Any]:
    """The result of `measure` with this number of threads, which the libraries read when they are loaded."""
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    if threads != "default":
        environment |= dict.fromkeys(THREADS, threads)
    command = [sys.executable, __file__, "--measure", "--runs", str(runs)]
    return json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def measure(runs: int) -> dict[str, Any]:
    """Train with both in turns: the seconds of each run, and the last accuracies in percent."""
    import numpy as np
    import torch

    from coursekit.core.course import Course
    from coursekit.datasets import loading

    assignment = Course.find(Path(__file__).parent).assignment(ASSIGNMENT)
    digits = loading.locate(assignment.course, "mnist")
    os.environ[digits.variable] = str(digits.folder)
    notebook = solution_names(assignment)
    images, labels, test_images, test_labels = notebook["digits"].get_mnist()
    X, test_X = (part.reshape(len(part), 784).T / 127.5 - 1 for part in (images, test_images))
    Y, test_Y = (part.reshape(1, -1).astype(int) for part in (labels, test_labels))
    trainers = {
        "solution": lambda: train_solution(notebook, X, Y),
        "PyTorch": lambda: train_torch(X, Y),
    }
    found: dict[str, Any] = {kind: {"seconds": []} for kind in trainers}
    for _ in range(runs):
        for kind, train in trainers.items():
            np.random.seed(1)
            torch.manual_seed(1)
            started = time.perf_counter()
            classify = train()
            found[kind]["seconds"].append(time.perf_counter() - started)
            found[kind]["train"] = 100 * float(np.mean(classify(X) == Y))
            found[kind]["test"] = 100 * float(np.mean(classify(test_X) == test_Y))
    versions = f"numpy {np.__version__}, PyTorch {torch.__version__}"
    return found | {"digits": digits.label, "versions": versions}


def solution_names(assignment: Any) -> dict[str, Any]:
    """The names that the worked solution's notebook defines: runs its cells, except tests and exploring ones."""
    import nbformat

    from coursekit.core import cells

    sys.path.insert(0, str(assignment.solution))
    notebook = nbformat.read(assignment.solution / assignment.notebook_name, as_version=4)
    names: dict[str, Any] = {}
    with Path(os.devnull).open("w") as nowhere:
        names["print"] = lambda *texts, **how: print(*texts, **{**how, "file": nowhere})
        for cell in notebook.cells:
            if cells.is_code(cell) and not cells.is_test(cell) and not cells.is_skipped(cell):
                exec(compile(cell.source, str(cell.id), "exec"), names)
    return names


def train_solution(notebook: dict[str, Any], X: Any, Y: Any) -> Any:
    _, parameters = notebook["multi_layer_network"](
        X,
        Y,
        DIMS,
        ["relu", "relu", "linear"],
        [0, 0, 0],
        [1, 1, 1],
        num_epochs=EPOCHS,
        batch_size=BATCH,
        learning_rate=RATE,
        decay_rate=DECAY,
        apply_momentum=True,
        log=False,
    )
    return lambda samples: notebook["classify"](samples, parameters)


def train_torch(X: Any, Y: Any) -> Any:
    """The same network in ordinary PyTorch, with the same initialisation; samples are rows."""
    import torch
    from torch import nn

    def block(inputs: int, outputs: int, *between: nn.Module) -> nn.Sequential:
        linear, norm = (
            nn.Linear(inputs, outputs),
            nn.BatchNorm1d(outputs, eps=1e-5, track_running_stats=False),
        )
        nn.init.normal_(linear.weight, std=2 / inputs**0.5)
        nn.init.zeros_(linear.bias)
        nn.init.normal_(norm.weight)
        nn.init.normal_(norm.bias)
        return nn.Sequential(linear, *between, norm)

    model = nn.Sequential(
        block(DIMS[0], DIMS[1], nn.ReLU()), block(DIMS[1], DIMS[2], nn.ReLU()), block(DIMS[2], DIMS[3])
    ).double()
    samples, labels = torch.from_numpy(X.T), torch.from_numpy(Y.ravel())
    loss_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.99))
    for epoch in range(EPOCHS):
        for group in optimizer.param_groups:
            group["lr"] = RATE / (1 + DECAY * epoch)
        for start in range(0, len(samples), BATCH):
            optimizer.zero_grad()
            loss = loss_of(model(samples[start : start + BATCH]), labels[start : start + BATCH])
            loss.backward()
            optimizer.step()

    def classify(columns: Any) -> Any:
        with torch.no_grad():
            return model(torch.from_numpy(columns.T)).argmax(dim=1).numpy().reshape(1, -1)

    return classify


if __name__ == "__main__":
    main()
