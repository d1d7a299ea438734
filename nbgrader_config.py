"""Settings for running nbgrader on this course."""

from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from coursekit.build.answerfiles import answer_files_of
from coursekit.build.handing_in import AddHandIn
from coursekit.build.release import EndTests, NameTheTask, StripAnswerFiles
from coursekit.build.source import INSTRUCTOR_ONLY, support_files
from coursekit.core.course import Course

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.ignore = [".*", "__pycache__", "*.pyc", *INSTRUCTOR_ONLY]

# Make the same release as `coursekit build`: stubs name the task, in answer files too.
OWN = {ClearSolutions: NameTheTask, ClearHiddenTests: EndTests}
c.GenerateAssignment.preprocessors = [
    *(OWN.get(step, step) for step in GenerateAssignment.class_traits()["preprocessors"].default()),
    StripAnswerFiles,
    AddHandIn,
]

# Grade the student's Python files with solution regions: nbgrader would replace them by the source's.
c.Autograde.exclude_overwriting = {
    assignment.name: list(answer_files_of(support_files(assignment.source)))
    for assignment in Course(Path(__file__).parent).assignments()
}

# The training cell takes longer than nbgrader's 30 seconds.
c.Execute.timeout = 900
