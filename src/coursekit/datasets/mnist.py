"""Only for `outputs.terminal`, until it takes a substitute's warning from the result."""

STAND_IN = "stand-in"
