"""Check that grading keeps its promises: run by instructors and CI, never by students."""

from coursekit.core import quick_start as quick_start
