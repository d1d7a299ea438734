"""The assignment on optimizers: published values, the readings of its text, its variants, the sample class."""

from __future__ import annotations

import ast
import json
import re
import sys
from itertools import combinations, product
from pathlib import Path

import nbformat
import numpy as np
import pytest

from coursekit.core import cells
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading
from coursekit.samples import known
from coursekit.samples.students import answer
from coursekit.verify import variants

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("optimizers")
POINTS = {
    "initialize_dnn_parameters": 5, "ReLU": 5, "layer": 5, "forward_propagation": 10, "back_propagation": 20,
    "NeuralNetwork": 10, "gradient_descent_step": 5, "GradientDescent": 5, "GradientDescentWithMomentum": 10,
    "RMSProp": 10, "Adam": 10, "compare_optimizers": 5,
}  # fmt: skip

# What was published, by the cell that shows it, in the order of one random stream. Arrays are written row by row.
PUBLISHED = {
    "check-initialize": [
        [0.72642933, -0.27358579, -0.23620559, -0.47984616, 0.38702206, -1.0292794, 0.78030354, -0.34042208,
         0.14267862, -0.11152182, 0.65387455, -0.92132293, -0.14418936, -0.17175433, 0.50703711, -0.49188633,
         -0.07711224, -0.39259022, 0.01887856, 0.26064289],
        [-0.55030959, 0.57236185, 0.45079536, 0.25124717, 0.45042797, -0.34186393, -0.06144511, -0.46788472,
         -0.13394404, 0.26517773, -0.34583038, -0.19837676],
    ],
    "check-ReLU": [
        [-0.6871727, -0.84520564, -0.67124613, -0.0126646, -1.11731035, 0.2344157, 1.65980218, 0.74204416,
         -0.19183555, -0.88762896],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.2344157, 1.65980218, 0.74204416, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0],
    ],
    "check-layer": [
        [-1.09575907, 1.0266851, -0.31827206, -0.3506713, -0.12633385, 2.87245507, -1.45533316, 0.57223289,
         0.59096241, -0.70441952, -2.15866841, 0.8461243, -0.40963115, -0.68640041, 0.68699072, 0.80537242,
         -0.77691677, 0.15346325, 0.02594094, -0.07751913],
    ],
    "check-forward": [
        [1.84643125, -0.18356575, 0.36608149, 0.34476193, 0.30969223, -1.35881023, 0.41045749, -0.2674289,
         -0.2141661, -0.04221222, 0.60194395, -0.43013384, 0.12129988, 0.15156399, -0.23758226],
        [1.7072853869205002],
    ],
    "check-backward": [
        [-0.07100506, -0.00504114, 0.01465629, -0.0119815, 0.01250615, -0.1535268, 0.2243261, 0.06768908,
         0.00272228, 0.07802137, 0.02370006, -0.02516877, 0.05958518, 0.09359966, 0.0813598, -0.06098153,
         0.1461884, -0.00877939, 0.06790589, 0.06303178],
        [-0.04195389, 0.41779308, 0.07912688, 0.21442471],
        [0.0, 0.60078972, 0.11186381, 0.11598846, -0.0956278, 0.0, -0.07880995, 0.0, 0.0, -0.15898858, 0.0,
         -0.05413308],
        [0.93844522, -0.09314229, -0.09856997],
    ],
    "check-network": [
        [0.5594009, 0.56163771, 0.56270777, 0.55963543, 0.56721295, 0.65571946, 0.64975006, 0.64269171,
         0.64587559, 0.62735589, 0.60243733, 0.5987133, 0.59506056, 0.59312079, 0.58729086],
        [0.06034881, 0.053968, 0.05274028, 0.03386175, 0.09777237, 0.09016585, 0.08312728, 0.0634621,
         0.03890758, 0.03489111, 0.03297021, 0.02320944],
        [0.1204913, 0.19279404, 0.07642293],
    ],
    "check-descent": [
        [0.56010537, 0.20391059, -0.01283588, -0.38791943, 0.63590024, 0.98264922, -0.92982221, 0.61744739,
         0.8134363, 0.16865694, -0.59996372, 0.43144056],
        [-0.00120491, -0.00192794, -0.00076423],
        [2.24437118, 2.23186699, 2.21949885, 2.20728322, 2.19523579, 2.18337136, 2.17170374, 2.16024557,
         2.14900828, 2.13800201],
    ],
    "check-gd": [
        [2.12723555, 2.11671634, 2.10645047, 2.09644267, 2.0866964, 2.07721384, 2.06799602, 2.05904287,
         2.05035331, 2.04192534],
    ],
    "check-momentum": [
        [2.03375613, 2.03216316, 2.02931359, 2.02548826, 2.02091931, 2.01579704, 2.01027639, 2.00448266,
         1.99851656, 1.99245847],
    ],
    "check-rmsprop": [
        [1.98637207, 1.81473496, 1.77935884, 1.75574723, 1.73123266, 1.69885805, 1.65468703, 1.59739508,
         1.52794071, 1.45044982],
    ],
    "check-adam": [
        [1.3747617, 1.3401749, 1.30033804, 1.26212976, 1.22939172, 1.20369176, 1.18448922, 1.17062461,
         1.16050343, 1.15281649],
    ],
    "check-train": [
        [1.8452532, 1.80712141, 1.74078336, 1.75232359, 1.72123482, 1.7096015, 1.70552052, 1.68568429,
         1.5995576, 1.52332713],
    ],
}  # fmt: skip
DIGITS = {"GradientDescent": (0.0033, 0.0029), "RMSProp": (0.0035, 0.0041)}


@pytest.fixture(scope="module")
def digits():
    try:
        return loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))


def solution():
    return nbformat.read(ASSIGNMENT.solution / ASSIGNMENT.notebook_name, 4)


def run(notebook, wanted=lambda cell: True):
    """The names that the notebook's ordinary cells define, run as plain Python."""
    import matplotlib

    matplotlib.use("agg")
    namespace = {"__name__": "notebook"}
    sys.path.insert(0, str(ASSIGNMENT.solution))
    try:
        for cell in notebook.cells:
            if (
                cells.is_code(cell)
                and not cells.is_test(cell)
                and not cells.is_skipped(cell)
                and wanted(cell)
            ):
                exec(compile(cell.source, cell.id, "exec"), namespace)
    finally:
        sys.path.pop(0)
    return namespace


@pytest.fixture(scope="module")
def solved():
    return run(solution(), lambda cell: not cell.id.startswith("check-"))


def numbers_shown(cell):
    """The numbers with a point in what a cell has printed."""
    text = "".join(output.get("text", "") for output in cell.outputs)
    return [float(number) for number in re.findall(r"-?\d+\.\d*(?:e[-+]\d+)?", text)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_solution_shows_what_was_published(name):
    cell = next(cell for cell in solution().cells if cell.id == name)
    shown = numbers_shown(cell)
    for values in PUBLISHED[name]:
        starts = range(len(shown) - len(values) + 1)
        assert any(np.allclose(shown[k : k + len(values)], values, rtol=0, atol=1e-8) for k in starts), values


def test_all_of_it_comes_from_one_seed_in_the_notebooks_order():
    notebook = solution()
    sources = [cell.source for cell in notebook.cells if cell.id.startswith("check-")]
    assert sum("random.seed" in source for source in sources) == 1
    assert "random.seed" in sources[0]
    order = [cell.id for cell in notebook.cells if cell.id in PUBLISHED]
    assert order == list(PUBLISHED)


@pytest.mark.parametrize("name", DIGITS)
def test_published_losses_on_the_digits(solved, digits, name, monkeypatch):
    if digits.label != "MNIST":
        pytest.skip("the published losses are MNIST's: set MNIST_DIR")
    monkeypatch.setenv(digits.variable, str(digits.folder))
    sets = solved["digits"].get_mnist()
    chosen = [labels <= 1 for labels in sets[1::2]]
    trX, tsX = (images[some].reshape(-1, 784).T / 255 for images, some in zip(sets[::2], chosen, strict=True))
    trY, tsY = (
        labels[some].reshape(1, -1).astype(float) for labels, some in zip(sets[1::2], chosen, strict=True)
    )
    assert trX.shape == (784, 12665)
    assert tsX.shape == (784, 2115)
    kind, learning_rate = solved["OPTIMIZERS"][name]
    np.random.seed(1)
    network = solved["NeuralNetwork"](784, 1, 64, 3)
    losses = solved["train"](network, kind(network, learning_rate), trX, trY, tsX, tsY, num_iterations=100)
    assert tuple(round(float(one[-1]), 4) for one in losses) == DIGITS[name]


def readings():
    """The variants that differ in nothing but how they read the text."""
    return [one for one in known.read_variants(ASSIGNMENT) if one.name.startswith("relu-")]


def test_every_reading_of_the_text_is_among_the_variants_and_earns_everything(monkeypatch):
    names = {
        f"relu-{at_zero}-rmsprop-{rmsprop}-adam-{adam}"
        for at_zero, rmsprop, adam in product("01", ("after", "under", "none"), ("after", "under", "none"))
    }
    assert {one.name for one in readings()} == names
    assert len(known.read_variants(ASSIGNMENT)) >= len(names) + 12
    monkeypatch.setattr(variants, "read_variants", lambda assignment: readings())
    graded = variants.run(ASSIGNMENT)
    assert len(graded) == len(names)
    assert [problem for one in graded if (problem := variants.problem(*one))] == []


def test_the_readings_are_different_solutions():
    """A network of relus with a silent layer and gradients of 0, trained by Adam, tells them apart."""
    found = []
    for one in readings():
        if "rmsprop-after" in one.name:
            notebook = solution()
            answer(notebook, one.answers)
            names = run(notebook, lambda cell: not cell.id.startswith("check-"))
            np.random.seed(1)
            np.random.randn(42)
            X, Y = np.random.randn(5, 5), np.random.randn(3, 5)
            names["NeuralNetwork"](5, 3, 4, 3)
            network = names["NeuralNetwork"](5, 3, 4, 3)
            with np.errstate(all="ignore"):
                found.append(names["train"](network, names["Adam"](network, 0.1), X, Y, X, Y, 10)[0])
    finite = [losses for losses in found if np.all(np.isfinite(losses))]
    assert len(finite) == 4  # 0/0 where there is no epsilon, whatever relu's slope is
    assert all(np.max(np.abs(one - other)) > 1e-6 for one, other in combinations(finite, 2))


def test_the_questions_and_their_points():
    manifest = json.loads((ASSIGNMENT.autograder / "assignment.json").read_text())
    assert {question["name"]: question["points"] for question in manifest["questions"]} == POINTS
    assert sum(POINTS.values()) == 100


def test_the_release_asks_for_every_task_and_shows_no_hidden_test():
    text = (ASSIGNMENT.release / ASSIGNMENT.notebook_name).read_text()
    assert "HIDDEN" not in text
    assert "BEGIN SOLUTION" not in text
    stubs = re.findall(r'NotImplementedError\(\\"([^"]+)\\"\)', text)
    assert {int(re.match(r"Task (\d+): ", stub)[1]) for stub in stubs} == set(range(1, 13))
    # Python 3.8 can read it.
    for cell in nbformat.reads(text, 4).cells:
        if cells.is_code(cell):
            ast.parse(cell.source, feature_version=(3, 8))


def test_the_notebook_needs_nothing_but_numpy_matplotlib_and_its_own_file():
    found = set()
    for cell in solution().cells:
        if cells.is_code(cell) and not cells.is_test(cell):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found.add(node.module)
    assert found <= {"numpy", "matplotlib", "digits", "hand_in", "time"}
    assert (ASSIGNMENT.release / "digits.py").is_file()
