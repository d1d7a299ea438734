"""The sample class of this assignment, which `coursekit sample` writes into submitted/. Never released."""

from coursekit.samples import EVERYTHING, Student

STUDENTS = [
    Student("ada", "submits the worked solution"),
    Student("blank", "submits the release unchanged", untouched=True, loses=EVERYTHING),
]
