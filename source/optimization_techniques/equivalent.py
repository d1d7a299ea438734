"""Mutants of the solution that no test needs to catch, and why. Never released."""

from coursekit.samples import Equivalent

EXPONENTIAL_SUM = "logA = Z - np.log(np.sum(np.exp(Z), axis=0, keepdims=True))"
SHIFT = "Z = Z - np.max(Z, axis=0, keepdims=True)"
RAISE = """raise ValueError('mode is "train" or "test", not {!r}'.format(mode))"""
OTHER_WORDS = (
    (RAISE, "raise ValueError(None)"),
    (RAISE, """raise ValueError('mode is "train" or "test", not {!r}'.format(None))"""),
    (RAISE, """raise ValueError('XXmode is "train" or "test", not {!r}XX'.format(mode))"""),
)
NO_FORMAT = ((RAISE, """raise ValueError('MODE IS "TRAIN" OR "TEST", NOT {!R}'.format(mode))"""),)
ANY_WORDS = "The task asks for a ValueError and leaves its words to the student."
STILL_RAISES = "There is no conversion R: format itself raises a ValueError, which is what the task asks for."

EQUIVALENT = [
    Equivalent(
        "solution-softmax_cross_entropy_loss",
        "One number for each column of Z: against (n, m), shapes (m,) and (1, m) broadcast to the same.",
        (
            (SHIFT, "Z = Z - np.max(Z, axis=0, )"),
            (SHIFT, "Z = Z - np.max(Z, axis=0, keepdims=False)"),
            (EXPONENTIAL_SUM, "logA = Z - np.log(np.sum(np.exp(Z), axis=0, ))"),
            (EXPONENTIAL_SUM, "logA = Z - np.log(np.sum(np.exp(Z), axis=0, keepdims=False))"),
        ),
    ),
    Equivalent("solution-dropout", ANY_WORDS, OTHER_WORDS),
    Equivalent("solution-dropout", STILL_RAISES, NO_FORMAT),
    Equivalent(
        "solution-dropout",
        (
            "A draw equals prob_keep once in 2 ** 53: the masks are the same in any training, and no student "
            "should lose points for it."
        ),
        (
            (
                "mask = (np.random.rand(*np.shape(A)) < prob_keep) / prob_keep",
                "mask = (np.random.rand(*np.shape(A)) <= prob_keep) / prob_keep",
            ),
        ),
    ),
    Equivalent("solution-dropout_der", ANY_WORDS, OTHER_WORDS),
    Equivalent("solution-dropout_der", STILL_RAISES, NO_FORMAT),
    Equivalent(
        "solution-classify",
        "numpy's reshape takes any negative number for the length that is left over, not just -1.",
        (
            (
                "return np.argmax(A, axis=0).reshape(1, -1)",
                "return np.argmax(A, axis=0).reshape(1, -2)",
            ),
        ),
    ),
]
