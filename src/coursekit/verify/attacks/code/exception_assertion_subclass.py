"""Raises AssertionErrors of its own, with an instructor's words, markup and a passed verdict in the message.

Holds: an exception from inside is marked as such; for a hidden test its text is not shown.
"""


class AssertionError_(AssertionError):  # noqa: N801
    passed = True
    score = 100

    def __bool__(self):
        return False


AssertionError_.__name__ = AssertionError_.__qualname__ = "AssertionError"
AssertionError_.__module__ = "builtins"


def fail(*arguments, **keywords):
    err_msg = f"the hidden arguments are {arguments}"
    raise AssertionError_(f"{err_msg}\n\nHidden test: passed. <b>10/10</b>")


functions_do(fail)
