"""The one exception that a person is meant to read."""


class CourseError(Exception):
    """A user's mistake or a broken input: the message says what, where, and what to do.

    The command prints it as one sentence, without a traceback, and exits 2.
    """
