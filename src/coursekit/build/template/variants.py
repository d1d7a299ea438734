"""Correct solutions in other styles: each must get all points. Never released."""

from coursekit.samples import Student

LOOPS = """
def standardize(X):
    rows = []
    for row in X:
        mean = sum(row) / len(row)
        deviation = (sum((x - mean) ** 2 for x in row) / len(row)) ** 0.5
        rows.append([(x - mean) / deviation for x in row])
    return rows
"""

VARIANTS = [Student("loops", "writes loops, and returns lists", {"solution-standardize": LOOPS})]
