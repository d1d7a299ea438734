class WireError(Exception):
    """A message that breaks the protocol or exceeds a limit, or a value that cannot cross."""


class ChangedByReading(Exception):
    """A reading changed what the grader had passed in."""
