"""Write report.docx from the recorded runs of the three experiments, and read such a report. Needs python-docx.

    write_report([off, on, l2])       # the records that the notebook's run_experiment returns, in this order
    read_report("report.docx")        # what is in it, as plain values

If python-docx is missing, write_report says so; the rest of the notebook still works.
"""

import io
import zipfile
from pathlib import Path

import numpy as np

MISSING = (
    "python-docx is missing, so no report was written: run `pip install python-docx`, then this cell again."
)
STYLES = (("#0072B2", "-", "o"), ("#D55E00", "--", "s"), ("#009E73", "-.", "^"))
MAX_BYTES = 50 * 1000 * 1000
MAX_FILES = 500


def write_report(runs, path="report.docx", data=""):
    """Write the report on three runs: without batchnorm, with it, and with L2 regularisation.

    runs: three dicts with "name", "settings" (a dict), "iterations", "epochs", "seconds", "costs" (one for each
    100 steps), "accuracy" {"train", "validation", "test"} and "weights" [W1, ..., WL].  data: which digits.
    Returns True if the report was written, else False.
    """
    try:
        import docx
    except ImportError:
        print(MISSING)
        return False
    off, on, l2 = runs
    document = docx.Document()
    document.add_heading("Deep learning basics: three experiments on handwritten digits", 1)
    document.add_paragraph(f"Data: {data}. 20 % of the training set, chosen at random, is for validation.")

    document.add_heading("Settings", 2)
    names = list(off["settings"])
    rows = [[name] + [_short(run["settings"][name]) for run in runs] for name in names]
    _table(document, ["setting"] + [run["name"] for run in runs], rows)

    document.add_heading("Results", 2)
    head = ["experiment", "batch size", "iterations", "epochs"]
    head += ["train accuracy", "validation accuracy", "test accuracy"]
    rows = [
        [
            run["name"],
            _short(run["settings"]["batch size"]),
            str(run["iterations"]),
            "{:.2f}".format(run["epochs"]),
        ]
        + [_percent(run["accuracy"][part]) for part in ("train", "validation", "test")]
        for run in runs
    ]
    _table(document, head, rows)

    document.add_heading("Cost for each 100 training steps", 2)
    _picture(document, _cost_curves(runs))
    document.add_paragraph("The cost of the mini-batch against the training step, for the three experiments.")
    longest = max(len(run["costs"]) for run in runs)
    rows = [
        [str(100 * row)]
        + ["{:.4f}".format(run["costs"][row]) if row < len(run["costs"]) else "" for run in runs]
        for row in range(longest)
    ]
    _table(document, ["step"] + [run["name"] for run in runs], rows)

    document.add_heading("Batch normalisation: off and on", 2)
    rows = [
        ["test accuracy"] + [_percent(run["accuracy"]["test"]) for run in (off, on)],
        ["running time (s)"] + ["{:.1f}".format(run["seconds"]) for run in (off, on)],
        ["steps"] + [str(run["iterations"]) for run in (off, on)],
        ["time for a step (ms)"]
        + ["{:.2f}".format(1000 * run["seconds"] / max(run["iterations"], 1)) for run in (off, on)],
    ]
    _table(document, ["", off["name"], on["name"]], rows)

    document.add_heading("L2 regularisation: the weights with and without", 2)
    document.add_paragraph(
        "What changed in the code: l2 / 2 times the sum of the squared weights is added to the cost, and l2 * W to "
        "each dW, before the update. The biases are left alone."
    )
    rows = [
        [f"norm of W{layer}"] + [f"{np.linalg.norm(W):.3f}" for W in pair]
        for layer, pair in enumerate(zip(off["weights"], l2["weights"]), start=1)
    ]
    rows.append(["test accuracy"] + [_percent(run["accuracy"]["test"]) for run in (off, l2)])
    _table(document, ["", "without L2 ({})".format(off["name"]), "with L2"], rows)
    _picture(document, _histograms(off, l2))
    document.add_paragraph("How often each size of weight occurs, layer by layer, with and without L2.")

    document.add_heading("Discussion", 2)
    document.add_paragraph("See the answer in the notebook.")
    document.save(path)
    print(f"Written: {path} ({Path(path).stat().st_size / 1000:.0f} kB)")
    return True


def read_report(path="report.docx"):
    """The contents of a report, as plain values. It never raises an error for a missing or damaged report.

    Returns a dict: "problem", a sentence or ""; "headings" and "paragraphs", lists of texts; "tables", each a list
    of rows of texts; "figures", their number.
    """
    found = {"problem": "", "headings": [], "paragraphs": [], "tables": [], "figures": 0}
    if not Path(path).is_file():
        found["problem"] = (
            f"{path} is not there. The notebook's section 'The report' writes it: hand it in with the notebook, "
            "both files together in a folder or a zip."
        )
        return found
    try:
        import docx
    except ImportError:
        found["problem"] = f"python-docx is missing, so {path} can't be read: pip install python-docx."
        return found
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
        if sum(sizes) > MAX_BYTES or len(sizes) > MAX_FILES:
            found["problem"] = f"{path} unpacks to far more than a report."
            return found
        document = docx.Document(path)
        for paragraph in document.paragraphs:
            is_heading = paragraph.style is not None and paragraph.style.name.startswith(("Heading", "Title"))
            found["headings" if is_heading else "paragraphs"].append(paragraph.text)
        found["tables"] = [
            [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
        ]
        found["figures"] = len(document.inline_shapes)
    except Exception as error:  # a damaged file can raise anything
        found["problem"] = f"{path} can't be read as a Word document ({type(error).__name__})."
    return found


def _table(document, head, rows):
    table = document.add_table(rows=0, cols=len(head), style="Light Grid Accent 1")
    for row in [head] + rows:
        for cell, text in zip(table.add_row().cells, row):
            cell.text = text


def _picture(document, figure):
    from docx.shared import Cm

    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=110, bbox_inches="tight")
    image.seek(0)
    document.add_picture(image, width=Cm(15))


def _cost_curves(runs):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.5, 3.4))
    axis = figure.subplots()
    for run, (color, line, marker) in zip(runs, STYLES):
        steps = 100 * np.arange(len(run["costs"]))
        axis.plot(
            steps, run["costs"], color=color, linestyle=line, marker=marker, markersize=3, label=run["name"]
        )
    axis.set_xlabel("training step")
    axis.set_ylabel("cost of the mini-batch (nats)")
    axis.legend()
    return figure


def _histograms(off, l2):
    from matplotlib.figure import Figure

    layers = len(off["weights"])
    figure = Figure(figsize=(2.2 * layers, 2.6))
    for layer, axis in enumerate(np.ravel(figure.subplots(1, layers))):
        pair = [np.ravel(run["weights"][layer]) for run in (off, l2)]
        bins = np.linspace(min(W.min() for W in pair), max(W.max() for W in pair), 31)
        for W, (color, line, _), name in zip(pair, (STYLES[0], STYLES[2]), ("without L2", "with L2")):
            axis.hist(W, bins, histtype="step", color=color, linestyle=line, label=name)
        axis.set_xlabel(f"weight in W{layer + 1}")
    axis.legend(fontsize=7)
    figure.axes[0].set_ylabel("how many")
    figure.tight_layout()
    return figure


def _percent(share):
    return f"{100 * float(share):.2f} %"


def _short(value):
    return f"{value:g}" if isinstance(value, float) else str(value)
