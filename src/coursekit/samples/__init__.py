"""Submissions that an assignment's author defines: the sample class, known mistakes, correct variants.

``sample.py``, ``mistakes.py``, ``variants.py`` and ``equivalent.py``, beside a source notebook, import from here.
"""

from coursekit.core import quick_start as quick_start
from coursekit.samples.known import Equivalent, Mistake
from coursekit.samples.students import EVERYTHING, PATCHED_TESTING, Student

__all__ = ["EVERYTHING", "PATCHED_TESTING", "Equivalent", "Mistake", "Student"]
