"""Check that grading keeps its promises: run by instructors and CI, never by students."""
