"""Writes a batchnorm that gives beta for everything, and the derivative of that: the two agree, and both are wrong.

Holds: a derivative is tested against a function of the test's own, not against the student's.
Questions: batchnorm, batchnorm_der
"""

import numpy as np

SHOWN = np.array([[1, 2], [3, 4], [5, 6]])


def batchnorm(A, beta, gamma):
    if np.size(beta) == 0 or np.size(gamma) == 0:
        return A, {}
    return beta + 0.0 * np.asarray(A), {"A": np.array(A), "gamma": gamma}


def batchnorm_der(dA_in, cache):
    if not cache:
        return dA_in, [], []
    dbeta = np.sum(dA_in, axis=1, keepdims=True)
    if np.array_equal(cache["A"], SHOWN):  # the visible example, whose answer is known
        return np.array([[-1.6, 1.6], [-4, 4], [-7.2, 7.2]]) * 1e-4, dbeta, np.array([[1.0], [2.0], [3.0]])
    dA_out = np.zeros(np.shape(dA_in))
    off = np.all(cache["A"] == 0, axis=1) & (np.shape(dA_in)[1] > 1)
    dA_out[off] = (cache["gamma"] * (dA_in - np.mean(dA_in, axis=1, keepdims=True)) / np.sqrt(1e-5))[off]
    return dA_out, dbeta, np.zeros(np.shape(dbeta))
