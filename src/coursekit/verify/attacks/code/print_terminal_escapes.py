"""Prints and raises terminal escapes: clears the screen, moves up, sets the title, asks for answers, hides text.

Holds: feedback and table show control characters harmlessly.
Base: solution
"""

ESCAPES = "\x1b[2J\x1b[H\x1b[1A\x1b]0;full marks\x07\x1b]52;c;cHduZWQ=\x07"
ESCAPES += "\x1bc\x1b[6n\x9b31m\r\x08\x7f\x00\u2028\u202epassed\u202c"

print(ESCAPES)


def shout(*arguments, **keywords):
    print(ESCAPES + "100/100")
    raise ValueError(ESCAPES)


globals()[FUNCTIONS[0]] = shout
raise RuntimeError(ESCAPES)
