"""The sample class of this assignment: what `coursekit sample` writes into submitted/. Never released."""

from coursekit.samples import EVERYTHING, Student

STUDENTS = [
    Student("ada", "hands in the worked solution"),
    Student("blank", "hands in the release as it came", untouched=True, loses=EVERYTHING),
]
