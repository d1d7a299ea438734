"""Returns objects that learn the other operand from every numpy protocol: ufuncs, functions, priorities, wraps, dlpack.

Holds: only the plain array is requested inside; the other operand never leaves the test.
"""

import numpy as np

seen = []


class Learns:
    __array_priority__ = 1e300

    def learn(self, *others, **keywords):
        for one in others:
            if isinstance(one, np.ndarray | np.generic | float) and one is not self:
                loot(f"the other side is {one!r}"[:2000])
                seen.append(np.array(one))
            elif isinstance(one, tuple | list):
                self.learn(*one)
        return seen[-1] if seen else np.zeros(1)

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return 0 * self.learn(*inputs)

    def __array_function__(self, function, types, arguments, keywords):
        self.learn(*arguments)
        return True

    def __array_wrap__(self, array, *rest):
        return self.learn(array)

    __array_finalize__ = __array_prepare__ = __array_namespace__ = __dlpack__ = __buffer__ = learn
    __array__ = __rsub__ = __sub__ = __radd__ = __rmul__ = __rmatmul__ = __rtruediv__ = __rpow__ = learn

    def __getattr__(self, name):
        return self.learn


functions_do(lambda *arguments, **keywords: Learns())
