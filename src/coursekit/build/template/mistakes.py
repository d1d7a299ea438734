"""Mistakes that students make in this assignment, each with a hint. Never released."""

from coursekit.samples import Mistake

MISTAKES = [
    Mistake(
        "sample-deviation",  # a name of its own
        "solution-standardize",  # the answer cell that is wrong
        (("np.std(X, axis=1", "np.std(X, ddof=1, axis=1"),),  # the right text, and the wrong one
        "standardize",  # the question that must catch it
        "How many samples does the formula divide by? Compare with what your deviation divides by.",
    ),
    Mistake(
        "over-the-wrong-axis",
        "solution-standardize",
        (("axis=1", "axis=0"),),
        "standardize",
        "Print the shape of your mean. There should be one number for each feature, not for each sample.",
    ),
]
