"""The exceptions whose messages people read."""


class CourseError(Exception):
    """A user's mistake or a broken input: the message says what, where, and what to do.

    The command prints it as one sentence, without a traceback, and exits 2.
    """


class GraderFault(CourseError):
    """The grader itself failed. This says nothing about the submission, which is to be graded again."""

    def __init__(self, what: str):
        super().__init__(
            f"The grader failed, and that is not the submission's fault: {what}. "
            "The next 'coursekit grade' grades it again."
        )


class EndsItsGrader(GraderFault):
    """A submission's grading has ended the grader again and again. It is graded again all the same."""

    def __init__(self, what: str):
        CourseError.__init__(
            self,
            f"Grading this submission ends the grader, and that happened to it alone: {what}. Look at what it does; "
            "the next 'coursekit grade' tries it again.",
        )


class CaseEnded(BaseException):
    """A test case had to stop; the message tells the student why.

    kind: "endless" (time was up), "gone" (the process ended), "unusable" (it sent a value that cannot be checked),
    "changing" (a reading changed an argument of the test), "contradiction" (two readings of one object contradict each
    other), "form" (an object came where the test needs a value), "killed" (the test's process was killed, perhaps since
    no memory was left) or "fault" (the grader itself failed).
    Not an Exception, so that a test that expects an error does not catch it.
    """

    def __init__(self, kind: str, why: str):
        super().__init__(why)
        self.kind = kind


class Refused(Exception):
    """A submission that can't be graded at all; the message says which part of it and why."""
