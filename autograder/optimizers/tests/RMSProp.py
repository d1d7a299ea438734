"""Test of question RMSProp, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "RMSProp"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_RMSProp_public(RMSProp, Toy):
    # The first step is rate / sqrt(1 - beta) long, for any size of the gradient; only its sign matters.
    toy = Toy({"W1": np.zeros((1, 3)), "b1": np.array([[5.0]])})
    optimizer = RMSProp(toy, learning_rate=0.1, beta=0.75)
    toy.grads = {"dW1": np.array([[3000.0, 3.0, -3.0]]), "db1": np.array([[-200.0]])}
    optimizer.step()
    np.testing.assert_allclose(
        toy.parameters["W1"],
        [[-0.2, -0.2, 0.2]],
        atol=1e-4,
        err_msg="s is (1 - beta) g squared after one step, and w moves by rate g / sqrt(s)",
    )
    np.testing.assert_allclose(
        toy.parameters["b1"], [[5.2]], atol=1e-4, err_msg="the biases have their own averages"
    )
    # Here s is 0.75 * 0.25 * 8 squared + 0.25 * 4 squared = 16.
    toy = Toy({"W1": np.zeros((1, 1)), "b1": np.zeros((1, 1))})
    optimizer = RMSProp(toy, learning_rate=1.0, beta=0.75)
    for gradient in (8.0, 4.0):
        toy.grads = {"dW1": np.array([[gradient]]), "db1": np.array([[gradient]])}
        optimizer.step()
    np.testing.assert_allclose(
        toy.parameters["W1"],
        [[-3.0]],
        atol=1e-4,
        err_msg="s is beta s + (1 - beta) g squared, and is stored between steps",
    )


@test_case(hidden=True)
def test_RMSProp_hidden(RMSProp, Toy):
    rng = np.random.RandomState(31)
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (4, 3), "b2": (4, 1)}
    runs = []
    for settings in ({}, {"beta": 0.5}, {"beta": 0.99}):
        expected = {name: rng.randn(*shape) for name, shape in shapes.items()}
        toy = Toy({name: value.copy() for name, value in expected.items()})
        optimizer = RMSProp(toy, 0.2, **settings)
        runs.append((settings.get("beta", 0.9), expected, toy, optimizer, {name: 0.0 for name in shapes}))
    for step in range(4):
        for (
            beta,
            expected,
            toy,
            optimizer,
            s,
        ) in runs:  # in turns, to detect optimizers that share averages
            slopes = {}
            for (
                name,
                shape,
            ) in shapes.items():  # far from 0, so that the position of epsilon makes no difference
                slopes["d" + name] = rng.choice([-1, 1], shape) * (5 + 20 * rng.rand(*shape))
            toy.grads = {name: value.copy() for name, value in slopes.items()}
            if step == 3:
                optimizer.learning_rate = 0.05
            optimizer.step()
            for name in shapes:
                s[name] = beta * s[name] + (1 - beta) * slopes["d" + name] ** 2
                expected[name] = expected[name] - (0.05 if step == 3 else 0.2) * slopes[
                    "d" + name
                ] / np.sqrt(s[name])
                assert np.shape(toy.parameters[name]) == shapes[name], "every parameter keeps its shape"
                np.testing.assert_allclose(
                    toy.parameters[name],
                    expected[name],
                    rtol=1e-4,
                    atol=1e-4,
                    err_msg="s is beta s + (1 - beta) g squared, one for each parameter; w moves by -rate times g over its root",
                )
                np.testing.assert_allclose(
                    toy.grads["d" + name],
                    slopes["d" + name],
                    err_msg="a step must not change the network's grads",
                )
