"""Mutants of the solution that no test needs to catch, and why. Never released."""

from coursekit.samples import Equivalent

EQUIVALENT = [
    Equivalent(
        "neural_networks.py",
        "dropout's backward needs its mask alone: what X it is given makes no difference.",
        (
            (
                'grad_h2 = model["drop1"].backward(h2, grad_h3)',
                'grad_h2 = model["drop1"].backward(None, grad_h3)',
            ),
        ),
    ),
]
