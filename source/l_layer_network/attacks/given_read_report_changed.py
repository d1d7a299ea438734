"""Hands in no report, and makes one with all in it of what read_report reads by: its code, its module, python-docx.

Holds: read_report needs nothing of a student's, and is called in a process where none of their code has run.
Questions: report
"""

import builtins
import sys
import types
import zipfile

HEAD = [
    "experiment",
    "batch size",
    "iterations",
    "epochs",
    "train accuracy",
    "validation accuracy",
    "test accuracy",
]
TABLES = [
    [HEAD, *[[name, "100", "4800", "10", "90 %", "90 %", "90 %"] for name in ("off", "on", "l2")]],
    [
        ["step", "off", "on", "l2"],
        *[[str(100 * k), f"{2.3 / (k + 1)}", f"{2.3 / (k + 1)}", "1"] for k in range(48)],
    ],
    [["", "off", "on"], ["test accuracy", "90", "91"], ["running time (s)", "1", "2"], ["steps", "48", "48"]],
    [["", "without L2", "with L2"], ["norm of W1", "3", "2"]],
]
FOUND = {"problem": "", "headings": ["Settings", "Batch normalisation", "L2"], "paragraphs": [], "figures": 2}
FOUND["tables"] = TABLES


def read_all(path="report.docx"):
    return dict(FOUND)


def found_by_code(path="report.docx"):
    import report_writer

    return report_writer.FOUND


module = types.ModuleType("report_writer")
module.read_report, module.FOUND = read_all, FOUND
real_import = builtins.__import__
builtins.__import__ = lambda name, *rest: module if name == "report_writer" else real_import(name, *rest)
sys.modules["report_writer"] = sys.modules["docx"] = module
module.Document = zipfile.ZipFile = lambda path: module
read_report.__code__ = found_by_code.__code__
read_report.__defaults__ = ("report.docx",)
read_report = read_all
for name in ("report_writer", "docx", "zipfile", "pathlib"):
    with open(f"{name}.py", "w") as file:
        file.write(f"FOUND = {FOUND!r}\ndef read_report(path=None):\n    return FOUND\n")
with open("report.docx", "wb") as file:
    file.write(b"PK\5\6" + bytes(18))
