"""Test of question report, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "report"
points = 9
all_or_nothing = True


@test_case(hidden=False)
def test_report_public(read_report):
    found = read_report()
    assert not found["problem"], found["problem"]
    lines = [[str(text).lower() for text in line] for table in found["tables"] for line in table]
    words = " ".join(" ".join(line) for line in lines)
    for word in (
        "batch size",
        "iterations",
        "epochs",
        "train accuracy",
        "validation accuracy",
        "test accuracy",
        "step",
    ):
        assert word in words, "no table of the report contains '{}'".format(word)
    assert found["figures"] >= 2, "the report has at least two figures"


@test_case(hidden=True)
def test_report_hidden(read_report):
    def number(text):
        """The first number in a text, or None."""
        digits_of = "".join(c if c in "0123456789.-" else " " for c in str(text).replace(",", "")).split()
        for part in digits_of:
            try:
                return float(part)
            except ValueError:
                pass
        return None


    def both_ways(tables):
        """Each table by rows and by columns: lists of lines, each with its lower-case name and its cells."""
        for table in tables:
            rows = [[str(text).strip() for text in row] for row in table]
            if not rows or not rows[0]:
                continue
            width = min(len(row) for row in rows)
            for lines in (rows, [[row[k] for row in rows] for k in range(width)]):
                yield [
                    (line[0].lower().replace("batchnorm", "").replace("batch norm", ""), line[1:])
                    for line in lines
                ]


    def line_called(lines, *words):
        """The numbers in the first line whose name has all these words; empty if there is none."""
        for name, texts in lines:
            if all(word in name for word in words):
                return [value for value in map(number, texts) if value is not None]
        return []


    def find(*names):
        """The numbers in the lines with these names, from the first table that has them all."""
        for lines in both_ways(found["tables"]):
            numbers = [line_called(lines, *name) for name in names]
            if all(numbers):
                return numbers
        return []


    found = read_report()
    assert not found["problem"], "report.docx is missing or can't be read: see the visible test"
    results = find(("batch",), ("iteration",), ("epoch",), ("train",), ("valid",), ("test",))
    assert results, (
        "no table has the batch size, iterations, epochs, and train, validation and test accuracy together"
    )
    assert all(len(line) >= 3 for line in results), (
        "the table of results has a number for each of the three experiments"
    )
    batch, iterations, epochs, train, validation, test = [line[:3] for line in results]
    assert all(size >= 1 and size == int(size) for size in batch), "batch sizes are integers, 1 or more"
    assert all(steps >= 1 and steps == int(steps) for steps in iterations), "iterations are integers, 1 or more"
    assert all(value > 0 for value in epochs), "epochs are numbers above 0"
    for shares in (train, validation, test):
        assert all(0 < share <= 100 for share in shares), "accuracies are shares or percentages above 0"
    for value, steps, size in zip(epochs, iterations, batch):
        assert 0.5 < value * 48000 / (steps * size) < 2, (
            "iterations, epochs and batch size don't fit 48,000 training samples"
        )

    costs = []
    for lines in both_ways(found["tables"]):
        name, texts = lines[0]
        steps = [number(text) for text in texts]
        if "step" in name and len(lines) > 3 and len(steps) > 1 and None not in steps and max(steps) >= 100:
            costs = [[number(text) for text in others] for _, others in lines[1:4]]
            break
    assert costs, "no table gives the costs of the three experiments with their step numbers"
    assert steps == [100.0 * place for place in range(len(steps))], (
        "the step numbers of the costs are 0, 100, 200 and so on"
    )
    for line in costs:
        recorded = [cost for cost in line if cost is not None]
        assert len(recorded) >= 2 and recorded == line[: len(recorded)], (
            "each experiment has a cost for every 100 steps, starting at step 0"
        )
        assert all(cost >= 0 for cost in recorded), "costs are numbers, 0 or more"
        assert np.mean(recorded[-2:]) < recorded[0], "the costs should fall from the first to the last steps"
    for line, steps_taken in zip(costs, iterations):
        recorded = [cost for cost in line if cost is not None]
        assert abs(len(recorded) - steps_taken / 100) <= 1.01, (
            "there should be a cost for every 100 iterations of an experiment"
        )

    headings = " / ".join(str(text).lower() for text in found["headings"])
    assert "batch normali" in headings or "batchnorm" in headings, "no heading mentions batch normalisation"
    assert "l2" in headings, "no heading mentions L2"
    compared = find(("accuracy",), ("time",), ("step",))
    assert compared and all(len(line) >= 2 for line in compared), (
        "no table compares accuracy, running time and steps with batchnorm off and on"
    )
    norms = find(("norm",))
    assert norms and len(norms[0]) >= 2, "no table compares the norms of the weights with and without L2"
    assert "setting" in headings, "there is no heading Settings"
    assert found["figures"] >= 2, "the report has at least two figures: cost curves and histograms of weights"
