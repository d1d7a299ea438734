"""The first assignment: its questions, report, tensors, known mistakes, variants and sample class."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from courses import tiny

from coursekit.core import cells
from coursekit.core.course import Course
from coursekit.core.errors import CourseError
from coursekit.datasets import loading
from coursekit.samples.students import Student
from coursekit.verify.grading import grade_students

COURSE = Course.find(Path(__file__).parent)
ASSIGNMENT = COURSE.assignment("l_layer_network")
POINTS = {
    "initialize_parameters": 4, "linear_forward": 3, "softmax": 5, "relu": 2, "linear_activation_forward": 4,
    "apply_batchnorm": 5, "L_model_forward": 7, "compute_cost": 5, "Linear_backward": 6, "relu_backward": 3,
    "softmax_backward": 4, "linear_activation_backward": 4, "L_model_backward": 10, "Update_parameters": 3,
    "Predict": 3, "L_layer_model": 8, "training": 5, "report": 9, "discussion": 10,
}  # fmt: skip
BY_HAND = 10


@pytest.fixture(autouse=True, scope="module")
def _digits():
    try:
        loading.locate(COURSE, "mnist")
    except CourseError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def writer():
    """The report's writer and reader, as students have them."""
    path = ASSIGNMENT.release / "report_writer.py"
    spec = importlib.util.spec_from_file_location("report_writer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def result_of(folder: Path) -> dict:
    return tiny.graded(ASSIGNMENT, folder, "someone")


def lost(result):
    """The questions that a result shows as failed."""
    return frozenset(test["name"] for test in result["tests"] if test["status"] == "failed")


def entry(result: dict, name: str) -> dict:
    return next(test for test in result["tests"] if test["name"] == name)


def test_the_questions_and_their_points():
    manifest = json.loads((ASSIGNMENT.autograder / "assignment.json").read_text())
    assert {question["name"]: question["points"] for question in manifest["questions"]} == POINTS
    assert sum(POINTS.values()) == 100
    assert [question["name"] for question in manifest["questions"] if "manual" in question] == ["discussion"]


def test_the_release_asks_for_every_task_and_python_3_8_can_read_it():
    notebook = nbformat.read(ASSIGNMENT.release / ASSIGNMENT.notebook_name, 4)
    code = [cell for cell in notebook.cells if cells.is_code(cell)]
    assert sum("NotImplementedError(" in cell.source for cell in code if cells.is_solution(cell)) == 16
    assert not any("HIDDEN" in cell.source or "BEGIN SOLUTION" in cell.source for cell in notebook.cells)
    for cell in code:
        ast.parse(cell.source, feature_version=(3, 8))
    ast.parse((ASSIGNMENT.release / "report_writer.py").read_text(), feature_version=(3, 8))
    [answer] = [cell for cell in notebook.cells if cells.is_manual(cell)]
    assert answer.source == "YOUR ANSWER HERE"


def test_the_solutions_report_holds_what_the_specification_asks_for(writer):
    found = writer.read_report(ASSIGNMENT.solution / "report.docx")
    assert found["problem"] == "" and found["figures"] == 2
    settings, results, costs, batchnorm, l2 = found["tables"]
    assert results[0] == [
        "experiment", "batch size", "iterations", "epochs", "train accuracy", "validation accuracy", "test accuracy",
    ]  # fmt: skip
    assert [row[0] for row in results[1:]] == ["batchnorm off", "batchnorm on", "L2 regularisation"]
    assert [row[0] for row in costs[1:4]] == ["0", "100", "200"]
    assert {"test accuracy", "running time (s)", "steps"} <= {row[0] for row in batchnorm}
    assert {"norm of W1", "norm of W4"} <= {row[0] for row in l2}
    assert settings[1][:2] == ["layers", "[784, 20, 7, 5, 10]"]


def test_without_python_docx_the_writer_says_so_and_the_rest_goes_on(writer, monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "docx", None)
    assert writer.write_report([{}, {}, {}], tmp_path / "report.docx") is False
    assert capsys.readouterr().out.strip() == writer.MISSING
    (tmp_path / "report.docx").write_bytes(b"PK")
    assert "pip install python-docx" in writer.read_report(tmp_path / "report.docx")["problem"]


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_document(xml: bytes) -> bytes:
    """The solution's report with another text of its document."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(ASSIGNMENT.solution / "report.docx") as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, xml if name == "word/document.xml" else old.read(name))
    return out.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "text": lambda: b"This is no report.",
    "empty": lambda: b"",
    "other-zip": lambda: zipped(a=b"nothing"),
    "zip-bomb": lambda: zipped(**{"word/document.xml": bytes(200 << 20)}),
    "xml-bomb": lambda: with_document(
        f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><w:document xmlns:w='
        f'"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&l11;</w:t>'
        f"</w:r></w:p></w:body></w:document>".encode()
    ),
    "deep-xml": lambda: with_document(b"<a>" * 500_000),
}


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The built assignment without its longest question, so that a grade takes seconds."""
    root = tmp_path_factory.mktemp("quick")
    for name in ("autograder", "release", "source", "solutions"):
        shutil.copytree(COURSE.root / name / ASSIGNMENT.name, root / name / ASSIGNMENT.name)
    path = root / "autograder" / ASSIGNMENT.name / "assignment.json"
    manifest = json.loads(path.read_text())
    kept = ("relu", "report", "discussion")
    manifest["questions"] = [question for question in manifest["questions"] if question["name"] in kept]
    path.write_text(json.dumps(manifest))
    return root


def graded_quickly(root: Path, submission: Path) -> dict:
    folders = (root / "autograder" / ASSIGNMENT.name, root / "release" / ASSIGNMENT.name)
    return tiny.graded(ASSIGNMENT, submission, built=folders)


@pytest.mark.parametrize("what", HOSTILE)
def test_a_damaged_or_hostile_report_costs_that_question_only(quick, tmp_path, what):
    folder = tmp_path / ASSIGNMENT.name
    shutil.copytree(ASSIGNMENT.solution, folder)
    (folder / "report.docx").write_bytes(HOSTILE[what]())
    result = graded_quickly(quick, folder)
    assert lost(result) == {"report"}
    assert result["extra_data"]["error"] is None
    assert result["score"] == POINTS["relu"]


def test_a_notebook_alone_is_graded_and_told_that_its_report_is_missing(quick):
    result = graded_quickly(quick, ASSIGNMENT.solution / ASSIGNMENT.notebook_name)
    assert lost(result) == {"report"}
    assert "report.docx is not there." in entry(result, "report")["output"]
    assert "hand it in with the notebook" in entry(result, "report")["output"]


def test_a_zip_of_notebook_and_report_is_graded_and_the_discussion_left_to_a_person(quick, tmp_path):
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        for name in (ASSIGNMENT.notebook_name, "report.docx"):
            archive.write(ASSIGNMENT.solution / name, f"my work/{name}")
    result = graded_quickly(quick, tmp_path / "ann.zip")
    assert lost(result) == frozenset()
    assert entry(result, "discussion")["status"] == "manual"
    assert result["extra_data"]["max_score"] - result["score"] == BY_HAND


def rewritten(path: Path, change) -> None:
    """Change the tables of a report: `change` gets the document of python-docx."""
    import docx

    document = docx.Document(path)
    change(document)
    document.save(path)


def drop_table(number):
    return lambda document: (
        document.tables[number]._element.getparent().remove(document.tables[number]._element)
    )


def set_cell(table, row, column, text):
    def change(document):
        document.tables[table].rows[row].cells[column].text = text

    return change


INCOMPLETE = {
    "no results": drop_table(1),
    "no costs": drop_table(2),
    "no comparison of batchnorm": drop_table(3),
    "no comparison of weights": drop_table(4),
    "a step left out": set_cell(2, 2, 0, "150"),
    "an accuracy that is not a number": set_cell(1, 2, 6, "good"),
    "epochs that do not fit": set_cell(1, 1, 3, "700"),
    "no heading for L2": lambda document: next(
        p for p in document.paragraphs if p.text.startswith("L2")
    )._element.clear_content(),
}


@pytest.mark.parametrize("what", INCOMPLETE)
def test_an_incomplete_report_loses_its_points(quick, tmp_path, what):
    folder = tmp_path / ASSIGNMENT.name
    shutil.copytree(ASSIGNMENT.solution, folder)
    rewritten(folder / "report.docx", INCOMPLETE[what])
    assert lost(graded_quickly(quick, folder)) == {"report"}


def turned(document):
    """The table of results on its side, and percentages as shares: another fair form."""
    table = document.tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    rows = [[text if "%" not in text else f"{float(text[:-2]) / 100:.4f}" for text in row] for row in rows]
    new = document.add_table(rows=0, cols=len(rows))
    for column in zip(*rows, strict=True):
        for cell, text in zip(new.add_row().cells, column, strict=True):
            cell.text = text
    table._element.getparent().remove(table._element)


def test_a_report_in_another_fair_form_earns_its_points(quick, tmp_path):
    folder = tmp_path / ASSIGNMENT.name
    shutil.copytree(ASSIGNMENT.solution, folder)
    rewritten(folder / "report.docx", turned)
    assert lost(graded_quickly(quick, folder)) == frozenset()


TENSORS = {
    "solution-initialize_parameters": """
import torch


def t(value):
    return torch.as_tensor(np.asarray(value) if isinstance(value, list) else value, dtype=torch.float64)


def initialize_parameters(layer_dims):
    torch.manual_seed(np.random.randint(2**31))
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = torch.randn(layer_dims[l], layer_dims[l - 1], dtype=torch.float64) * (2 / layer_dims[l - 1]) ** 0.5
        parameters["W" + str(l)] = W.requires_grad_()
        parameters["b" + str(l)] = torch.zeros(layer_dims[l], 1, dtype=torch.float64)
    return parameters
""",
    "solution-linear_forward": """
def linear_forward(A, W, b):
    return t(W).detach() @ t(A) + t(b), {"A": t(A), "W": t(W).detach(), "b": t(b)}
""",
    "solution-softmax": """
def softmax(Z):
    return torch.softmax(t(Z), dim=0), {"Z": t(Z)}
""",
    "solution-relu": """
def relu(Z):
    return torch.relu(t(Z)), {"Z": t(Z)}
""",
    "solution-apply_batchnorm": """
def apply_batchnorm(A):
    A = t(A)
    return (A - A.mean(1, keepdim=True)) / torch.sqrt(A.var(1, unbiased=False, keepdim=True) + 1e-5)
""",
    "solution-compute_cost": """
def compute_cost(AL, Y):
    return -(t(Y) * torch.log(t(AL).clamp(min=1e-12))).sum() / Y.shape[1]
""",
    "solution-Linear_backward": """
def Linear_backward(dZ, cache):
    dZ, m = t(dZ), dZ.shape[1]
    return t(cache["W"]).T @ dZ, dZ @ t(cache["A"]).T / m, dZ.sum(1, keepdim=True) / m
""",
    "solution-relu_backward": """
def relu_backward(dA, activation_cache):
    return t(dA) * (t(activation_cache["Z"]) > 0)
""",
    "solution-softmax_backward": """
def softmax_backward(dA, activation_cache):
    return softmax(activation_cache["Z"])[0] - t(activation_cache["Y"])
""",
    "solution-Update_parameters": """
def Update_parameters(parameters, grads, learning_rate):
    return {name: t(value).detach() - learning_rate * t(grads["d" + name]) for name, value in parameters.items()}
""",
    "solution-Predict": """
def Predict(X, Y, parameters, use_batchnorm=False):
    AL, _ = L_model_forward(X, parameters, use_batchnorm)
    return (AL.argmax(0) == t(Y).argmax(0)).double().mean()
""",
    "solution-L_layer_model": """
def L_layer_model(X, Y, layers_dims, learning_rate, num_iterations, batch_size, use_batchnorm=False, l2=0.0,
                  patience=100, seed=None, validation_split=0.2, log=True, history=None):
    if seed is not None:
        np.random.seed(seed)
    validation, training = split_off_validation(X.shape[1], validation_split)
    X_all, Y_all = t(X), t(Y)
    parameters, costs, best, best_step = initialize_parameters(layers_dims), [], -1, 0
    for step, batch in zip(range(num_iterations), mini_batches(training, batch_size)):
        AL, caches = L_model_forward(X_all[:, batch], parameters, use_batchnorm)
        cost = compute_cost(AL, Y_all[:, batch])
        grads = L_model_backward(AL, Y_all[:, batch], caches)
        for l in range(1, len(layers_dims)):
            W = parameters["W" + str(l)].detach()
            cost = cost + l2 / 2 * (W**2).sum()
            grads["dW" + str(l)] = grads["dW" + str(l)] + l2 * W
        parameters = Update_parameters(parameters, grads, learning_rate)
        if step % 100 == 0:
            costs.append(cost)
        if len(validation) and step % 10 == 0:
            accuracy = Predict(X_all[:, validation], Y_all[:, validation], parameters, use_batchnorm)
            if accuracy > best:
                best, best_step = accuracy, step
            elif step - best_step >= patience:
                break
    return parameters, costs
""",
}


def test_tensors_are_as_welcome_as_arrays():
    found = importlib.util.find_spec("torch")
    if found is None or not Path(found.origin).resolve().is_relative_to(Path(sys.prefix).resolve()):
        pytest.skip("PyTorch is not installed in this environment: pip install coursekit[torch]")
    graded = grade_students(ASSIGNMENT, [Student("tensors", "writes in PyTorch", TENSORS)], quick=True)
    failed = {one.name: one.output for one in graded["tensors"].questions if one.status == "failed"}
    assert failed == {}
