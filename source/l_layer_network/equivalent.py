"""Mutants of the solution that no test needs to catch, and why. Never released."""

from coursekit.samples import Equivalent

SUMMED = "A = powers / np.sum(powers, axis=0, keepdims=True)"
SHIFTED = "powers = np.exp(Z - np.max(Z, axis=0, keepdims=True))"
RAISE = """raise ValueError("activation is 'relu' or 'softmax', not {!r}".format(activation))"""
LAST = 'dA, grads["dW" + str(L)], grads["db" + str(L)] = linear_activation_backward(None, last, "softmax")'

EQUIVALENT = [
    Equivalent(
        "solution-softmax",
        "One number for each column: against (n, m), shapes (m,) and (1, m) broadcast to the same.",
        (
            (SHIFTED, "powers = np.exp(Z - np.max(Z, axis=0, ))"),
            (SHIFTED, "powers = np.exp(Z - np.max(Z, axis=0, keepdims=False))"),
            (SUMMED, "A = powers / np.sum(powers, axis=0, )"),
            (SUMMED, "A = powers / np.sum(powers, axis=0, keepdims=False)"),
        ),
    ),
    Equivalent(
        "solution-linear_activation_forward",
        "The task asks for a ValueError and leaves its words to the student.",
        (
            (RAISE, "raise ValueError(None)"),
            (RAISE, """raise ValueError("activation is 'relu' or 'softmax', not {!r}".format(None))"""),
            (
                RAISE,
                """raise ValueError("XXactivation is 'relu' or 'softmax', not {!r}XX".format(activation))""",
            ),
        ),
    ),
    Equivalent(
        "solution-linear_activation_forward",
        "There is no conversion R: format itself raises a ValueError, which is what the task asks for.",
        (
            (
                RAISE,
                """raise ValueError("ACTIVATION IS 'RELU' OR 'SOFTMAX', NOT {!R}".format(activation))""",
            ),
        ),
    ),
    Equivalent(
        "solution-relu_backward",
        "Exactly at 0 relu has no slope: the tests take either.",
        (('return dA * (activation_cache["Z"] > 0)', 'return dA * (activation_cache["Z"] >= 0)'),),
    ),
    Equivalent(
        "solution-L_model_backward",
        "Its own linear_activation_backward takes whatever is not relu for softmax; no other is asked for.",
        (
            (LAST, LAST.replace('"softmax"', "None")),
            (LAST, LAST.replace('"softmax"', '"XXsoftmaxXX"')),
            (LAST, LAST.replace('"softmax"', '"SOFTMAX"')),
        ),
    ),
    Equivalent(
        "solution-L_layer_model",
        "Whoever takes the derivative at the scores from p - Y has no use for AL.",
        (
            (
                "grads = L_model_backward(AL, Y_batch, caches)",
                "grads = L_model_backward(None, Y_batch, caches)",
            ),
        ),
    ),
    Equivalent(
        "solution-L_layer_model",
        "It stops one look at the validation set later, which the test leaves room for.",
        (("elif step - best_step >= patience:", "elif step - best_step > patience:"),),
    ),
]
