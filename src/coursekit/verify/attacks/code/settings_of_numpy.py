"""Changes how numpy and Python behave: errors raise or pass, prints nothing, decimals, recursion, warnings, locale.

Holds: these are settings of the student's process alone.
"""

import decimal
import gc
import locale
import sys
import warnings

import numpy as np


def change(*arguments, **keywords):
    np.seterr(all="raise")
    np.seterrcall(lambda *error: sys.exit(0))
    np.set_printoptions(threshold=0, edgeitems=0, formatter={"all": lambda value: "<b>passed</b>"})
    np.setbufsize(16)
    np._core.umath._extobj_contextvar.set(None) if hasattr(np._core.umath, "_extobj_contextvar") else None
    warnings.simplefilter("error")
    sys.setrecursionlimit(60)
    sys.setswitchinterval(1e9)
    sys.set_int_max_str_digits(0)
    sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *error: None
    decimal.getcontext().prec = 1
    locale.setlocale(locale.LC_ALL, "C")
    gc.disable()
    return np.zeros(1) / 0


functions_do(change)
