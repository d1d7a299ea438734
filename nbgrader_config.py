"""Settings for those who run nbgrader on this course themselves."""

from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from coursekit.build.answerfiles import answer_files_of
from coursekit.build.release import EndTests, NameTheTask, StripAnswerFiles
from coursekit.build.source import INSTRUCTOR_ONLY, support_files
from coursekit.core.course import Course

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.ignore = [".*", "__pycache__", "*.pyc", *INSTRUCTOR_ONLY]

# The release is the one that `coursekit build` writes: stubs name the task, in answer files too.
OWN = {ClearSolutions: NameTheTask, ClearHiddenTests: EndTests}
c.GenerateAssignment.preprocessors = [
    *(OWN.get(step, step) for step in GenerateAssignment.class_traits()["preprocessors"].default()),
    StripAnswerFiles,
]

# Python files with solution regions are the student's: nbgrader would grade the source's in their place.
c.Autograde.exclude_overwriting = {
    assignment.name: list(answer_files_of(support_files(assignment.source)))
    for assignment in Course(Path(__file__).parent).assignments()
}

# The training cell takes longer than nbgrader's 30 seconds.
c.Execute.timeout = 900
