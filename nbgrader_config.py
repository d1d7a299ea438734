"""Settings for those who run nbgrader on this course themselves."""

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions

from coursekit.build.release import NameTheTask
from coursekit.build.source import INSTRUCTOR_ONLY

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.ignore = [".*", "__pycache__", "*.pyc", *INSTRUCTOR_ONLY]

# The release's stubs name the task, as in the release that `coursekit build` writes.
c.GenerateAssignment.preprocessors = [
    NameTheTask if step is ClearSolutions else step
    for step in GenerateAssignment.class_traits()["preprocessors"].default()
]

# The training cell takes longer than nbgrader's 30 seconds.
c.Execute.timeout = 900
