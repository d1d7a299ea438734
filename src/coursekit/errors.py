"""The exceptions that a person is meant to read."""


class CourseError(Exception):
    """A user's mistake or a broken input: the message says what, where, and what to do.

    The command prints it as one sentence, without a traceback, and exits 2.
    """


class GraderFault(CourseError):
    """The grader itself failed at a submission, of which nothing follows: it is to be graded again."""

    def __init__(self, what: str):
        super().__init__(
            f"The grader failed, and that is not the submission's fault: {what}. "
            "The next 'coursekit grade' grades it again."
        )
