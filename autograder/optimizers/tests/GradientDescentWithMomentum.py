"""Test of question GradientDescentWithMomentum, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "GradientDescentWithMomentum"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_GradientDescentWithMomentum_public(GradientDescentWithMomentum, Toy):
    toy = Toy({"W1": np.array([[1.0, 1.0]]), "b1": np.array([[0.0]])})
    optimizer = GradientDescentWithMomentum(toy, learning_rate=1.0, beta=0.5)
    path = []
    for gradient in ([[2.0, 0.0]], [[2.0, -4.0]], [[1.0, 0.0]]):
        toy.grads = {"dW1": np.array(gradient), "db1": np.array([[1.0]])}
        optimizer.step()
        path.append(np.array(toy.parameters["W1"]))
    expected = [[[0.0, 1.0]], [[-1.5, 3.0]], [[-2.75, 4.0]]]
    np.testing.assert_allclose(
        path,
        expected,
        atol=1e-6,
        err_msg="the velocity is beta v + (1 - beta) g, from 0, and w moves along it",
    )
    np.testing.assert_allclose(
        toy.parameters["b1"], [[-2.125]], atol=1e-6, err_msg="the biases have their own velocities"
    )


@test_case(hidden=True)
def test_GradientDescentWithMomentum_hidden(GradientDescentWithMomentum, Toy):
    rng = np.random.RandomState(30)
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (4, 3), "b2": (4, 1)}
    runs = []
    for settings in ({}, {"beta": 0.6}, {"beta": 0.0}, {"beta": 0.99}):
        expected = {name: rng.randn(*shape) for name, shape in shapes.items()}
        toy = Toy({name: value.copy() for name, value in expected.items()})
        optimizer = GradientDescentWithMomentum(toy, 0.2, **settings)
        runs.append((settings.get("beta", 0.9), expected, toy, optimizer, {name: 0.0 for name in shapes}))
    for step in range(4):
        for (
            beta,
            expected,
            toy,
            optimizer,
            v,
        ) in runs:  # in turns, to detect optimizers that share velocities
            slopes = {"d" + name: 2 + 3 * rng.randn(*shape) for name, shape in shapes.items()}
            toy.grads = {name: value.copy() for name, value in slopes.items()}
            if step == 3:
                optimizer.learning_rate = 0.05
            optimizer.step()
            for name in shapes:
                v[name] = beta * v[name] + (1 - beta) * slopes["d" + name]
                expected[name] = expected[name] - (0.05 if step == 3 else 0.2) * v[name]
                assert np.shape(toy.parameters[name]) == shapes[name], "every parameter keeps its shape"
                np.testing.assert_allclose(
                    toy.parameters[name],
                    expected[name],
                    rtol=1e-4,
                    atol=1e-5,
                    err_msg="v is beta v + (1 - beta) g, one for each parameter, from 0; w moves by minus rate times v",
                )
                np.testing.assert_allclose(
                    toy.grads["d" + name],
                    slopes["d" + name],
                    err_msg="a step must not change the network's grads",
                )
