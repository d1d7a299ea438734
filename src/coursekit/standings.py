"""What counts of a result: its points, how late it is, and what that costs by the course's schedule.

It is worked out anew for each report, so a due date that is moved, and an extension that is granted later, need no
grading. The time of a submission is the one that came with it, never a file's date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from coursekit.core.dates import days_begun, in_words, later, shown
from coursekit.core.reference import Reference
from coursekit.core.text import number, one_line
from coursekit.roster import Person
from coursekit.schedule import LatePolicy, Schedule, is_extension


@dataclass(frozen=True)
class Standing:
    """What a student has. raw: the points of the result. counts: what is left of them. late: seconds after `due`.

    why: a sentence for the student, empty without a due date. due, submitted: as shown to the class, empty if unknown.
    """

    raw: float
    counts: float
    late: float = 0.0
    why: str = ""
    due: str = ""
    submitted: str = ""


@dataclass(frozen=True)
class HandIn:
    """A submission's lateness. days: those begun since it was due, none within the grace. free: those without cost."""

    assignment: str
    due: datetime
    submitted: datetime | None
    extended: bool
    late: float = 0.0
    days: int = 0
    free: int = 0
    left: int = 0
    """free days of the course that are left behind it"""


def time_of(reference: Reference, schedule: Schedule) -> datetime | None:
    """When a submission came, in UTC; None if that is not known. Without an offset it is in the course's time zone."""
    try:
        found = datetime.fromisoformat(reference.submitted.strip())
        zoned = found if found.tzinfo else found.replace(tzinfo=schedule.zone)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def hand_ins(
    references: Mapping[str, Reference], person: Person | None, schedule: Schedule
) -> dict[str, HandIn]:
    """One student's submissions of all assignments with a due date, by assignment, in order of due dates.

    The free days of the course go to those that are late, in that order. An extension that can't be read is none.
    """
    found: list[HandIn] = []
    for assignment, reference in references.items():
        extension = person.extensions.get(assignment, "") if person else ""
        try:
            due = schedule.due_for(assignment, extension)
        except ValueError:
            due = schedule.due_for(assignment)
        if due is not None:
            extended = due != schedule.due[assignment]
            found.append(HandIn(assignment, due, time_of(reference, schedule), extended))
    made, left = {}, schedule.free_days
    for one in sorted(found, key=lambda one: (one.due, one.assignment)):
        placed = _late(one, schedule, left)
        left = placed.left
        made[one.assignment] = placed
    return made


def _late(one: HandIn, schedule: Schedule, left: int) -> HandIn:
    policy = schedule.policy(one.assignment)
    late = max((one.submitted - one.due).total_seconds(), 0.0) if one.submitted else 0.0
    days = 0
    if one.submitted and one.submitted > later(one.due, policy.grace, schedule.zone):
        days = days_begun(one.due, one.submitted, schedule.zone)
    free = 0
    if policy.kind != "none":
        free = min(days, left, policy.free_days)
    if policy.kind == "zero" and free < days:  # a part of them would save nothing
        free = 0
    return replace(one, late=late, days=days, free=free, left=left - free)


def standing(raw: float, possible: float, one: HandIn | None, schedule: Schedule) -> Standing:
    """What counts of `raw` points, out of `possible` ones, in a hand-in; None has no due date."""
    if one is None:
        return Standing(raw, raw)
    policy = schedule.policy(one.assignment)
    due = shown(one.due, schedule.zone) + (" (extension)" if one.extended else "")
    if one.submitted is None:
        return Standing(raw, raw, why="No time of submission is known, so it counts in full.", due=due)
    counts, cost = _counts(raw, possible, one.days - one.free, policy)
    why = "On time."
    if one.late:
        why = f"It came {in_words(one.late)} late. {_why(one, cost, policy, schedule)}"
    return Standing(raw, counts, one.late, why, due, shown(one.submitted, schedule.zone))


def _counts(raw: float, possible: float, days: int, policy: LatePolicy) -> tuple[float, str]:
    """The points that count if so many days cost something, and the sum in words."""
    if days == 0 or policy.kind == "none":
        return raw, ""
    if policy.kind == "zero":
        return 0.0, "Late hand-ins count nothing."
    percent = min(days * policy.percent, policy.at_most)
    of = possible if policy.percent_of == "possible" else raw
    counts = round(max(raw - of * percent / 100, 0.0), 2)
    each = f"{_days(days)} begun at {number(policy.percent)} %{' each' if days > 1 else ''}"
    most = f", {number(policy.at_most)} % at most," if days * policy.percent > policy.at_most else ""
    whose = "points possible" if policy.percent_of == "possible" else "points earned"
    costs = "costs" if days == 1 else "cost"
    return counts, f"{each}{most} {costs} {number(raw - counts)} of the {number(of)} {whose}."


def _why(one: HandIn, cost: str, policy: LatePolicy, schedule: Schedule) -> str:
    """What follows from a lateness."""
    if one.days == 0:
        return f"That is within the grace of {in_words(policy.grace.length)} and costs nothing."
    if policy.kind == "none":
        return "That costs nothing."
    if not one.free:
        return cost
    taken = f"That takes {_days(one.free, 'free day')} ({one.left} of {schedule.free_days} left)"
    return f"{taken}. {cost}" if cost else f"{taken} and costs nothing."


def _days(count: int, word: str = "day") -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def extension_problems(people: Iterable[Person], assignment: str, schedule: Schedule) -> list[str]:
    """A sentence for each extension of the assignment that has no effect."""
    said = []
    for person in people:
        extension = person.extensions.get(assignment, "")
        if not is_extension(extension):
            continue
        said_so = f"the extension {one_line(extension, 60)!r} of {one_line(person.id, 60)}"
        where = f"roster.csv, line {person.line}: {said_so}"
        if assignment not in schedule.due:
            said.append(f"{where} has no effect: {assignment} has no due date in course.toml.")
            continue
        try:
            schedule.due_for(assignment, extension)
        except ValueError as error:
            said.append(f"{where} {error}. The due date counts.")
    return said
