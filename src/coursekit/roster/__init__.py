"""Who is in the course: ``roster.csv`` at its root, and the lists of learning platforms that it is made from."""

from coursekit.roster.people import FILE_NAME, IDS, Person, Roster

__all__ = ["FILE_NAME", "IDS", "Person", "Roster"]
