"""JUnit XML, which CI systems show: a testsuite for each submission, a testcase for each question."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from coursekit.core.files import replace_bytes
from coursekit.core.result import Kind, QuestionResult, Status, as_text
from coursekit.core.text import exact, harmless, number, one_line
from coursekit.exports.base import Export, scored, worth
from coursekit.outputs.base import ClassReport


@dataclass(frozen=True)
class JUnit(Export):
    """Write JUnit XML for CI: a testsuite for each submission, a testcase for each question.

    The points are in the suites' properties. An answer that waits for a person is skipped.
    """

    name: ClassVar[str] = "junit"

    def write(self, report: ClassReport) -> list[Path]:
        from junitparser import Error, JUnitXml, TestCase, TestSuite

        tree = JUnitXml(exact(report.assignment.name))
        for result, points in scored(report, waiting=True):
            suite = TestSuite(exact(result.student))
            suite.add_property("points", number(points))
            suite.add_property("of", number(worth(report)))
            for question in result.questions:
                case = TestCase(exact(question.name), exact(report.assignment.name))
                if result.error:
                    case.result = [Error(one_line(result.error))]
                elif outcome := _outcome(question):
                    case.result = [outcome]
                suite.add_testcase(case)
            suite.time = result.seconds
            tree.add_testsuite(suite)
        tree.update_statistics()  # type: ignore[no-untyped-call]
        data = io.BytesIO()
        tree.write(data)
        path = report.assignment.exported / "junit.xml"
        replace_bytes(path, data.getvalue())
        return [path]


def _outcome(question: QuestionResult):  # type: ignore[no-untyped-def]
    """What a testcase contains. None of XML's forbidden characters is left: harmless() has made them visible."""
    from junitparser import Failure, Skipped

    if question.status == Status.MANUAL:
        return Skipped("waits for a person")
    if question.status == Status.PASSED:
        return None
    first = next(iter(question.texts(Kind.HINT) + question.texts(Kind.MESSAGE)), "")
    points = f"{number(question.score)} of {number(question.max_score)} points"
    failure = Failure(f"{points}. {one_line(first)}".strip())
    failure.text = harmless(as_text(question.parts))
    return failure
