"""Test of question Adam, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "Adam"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_Adam_public(Adam, Toy):
    # Here v is 4, then 0.5 * 4 + 0.5 * 4 = 4; s is 16, then 0.75 * 16 + 0.25 * 16 = 16.
    toy = Toy({"W1": np.zeros((1, 1)), "b1": np.zeros((1, 1))})
    optimizer = Adam(toy, learning_rate=1.0, beta1=0.5, beta2=0.75)
    for gradient in (8.0, 4.0):
        toy.grads = {"dW1": np.array([[gradient]]), "db1": np.array([[gradient]])}
        optimizer.step()
    np.testing.assert_allclose(
        toy.parameters["W1"], [[-2.0]], atol=1e-4, err_msg="v and s are stored from one step to the next"
    )
    # The first step is rate (1 - beta1) / sqrt(1 - beta2) = 0.1 * 0.5 / 0.5 long, whatever the gradient.
    toy = Toy({"W1": np.zeros((1, 3)), "b1": np.array([[5.0]])})
    optimizer = Adam(toy, learning_rate=0.1, beta1=0.5, beta2=0.75)
    toy.grads = {"dW1": np.array([[3000.0, 3.0, -3.0]]), "db1": np.array([[-200.0]])}
    optimizer.step()
    np.testing.assert_allclose(
        toy.parameters["W1"],
        [[-0.1, -0.1, 0.1]],
        atol=1e-4,
        err_msg="w moves by rate v / sqrt(s), without bias correction",
    )
    np.testing.assert_allclose(
        toy.parameters["b1"], [[5.1]], atol=1e-4, err_msg="the biases have their own averages"
    )


@test_case(hidden=True)
def test_Adam_hidden(Adam, Toy):
    rng = np.random.RandomState(32)
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (4, 3), "b2": (4, 1)}
    runs = []
    for settings in ({}, {"beta1": 0.5}, {"beta2": 0.8}, {"beta1": 0.7, "beta2": 0.95}):
        expected = {name: rng.randn(*shape) for name, shape in shapes.items()}
        toy = Toy({name: value.copy() for name, value in expected.items()})
        optimizer = Adam(toy, 0.2, **settings)
        both_averages = {name: (0.0, 0.0) for name in shapes}
        runs.append(
            (settings.get("beta1", 0.9), settings.get("beta2", 0.999), expected, toy, optimizer, both_averages)
        )
    for step in range(4):
        for (
            beta1,
            beta2,
            expected,
            toy,
            optimizer,
            both_averages,
        ) in runs:  # in turns, to detect shared averages
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
                v, s = both_averages[name]
                v, s = (
                    beta1 * v + (1 - beta1) * slopes["d" + name],
                    beta2 * s + (1 - beta2) * slopes["d" + name] ** 2,
                )
                both_averages[name] = v, s
                expected[name] = expected[name] - (0.05 if step == 3 else 0.2) * v / np.sqrt(s)
                assert np.shape(toy.parameters[name]) == shapes[name], "every parameter keeps its shape"
                np.testing.assert_allclose(
                    toy.parameters[name],
                    expected[name],
                    rtol=1e-4,
                    atol=1e-4,
                    err_msg="w moves by -rate v / sqrt(s); v averages g with beta1, s its square with beta2, no correction",
                )
                np.testing.assert_allclose(
                    toy.grads["d" + name],
                    slopes["d" + name],
                    err_msg="a step must not change the network's grads",
                )
