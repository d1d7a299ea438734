"""Test of question Update_parameters, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "Update_parameters"
points = 3
all_or_nothing = True


@test_case(hidden=False)
def test_Update_parameters_public(Update_parameters):
    parameters = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([[3.0]])}
    grads = {"dW1": np.array([[10.0, -10.0]]), "db1": np.array([[20.0]]), "dA1": np.array([[5.0]])}
    parameters = Update_parameters(parameters, grads, 0.1)
    np.testing.assert_allclose(parameters["W1"], [[0, 3]], atol=1e-5, err_msg="W - learning_rate * dW")
    np.testing.assert_allclose(parameters["b1"], [[1]], atol=1e-5, err_msg="b - learning_rate * db")


@test_case(hidden=True)
def test_Update_parameters_hidden(Update_parameters):
    rng = np.random.RandomState(17)
    for dims, rate in (([3, 4, 2], 0.05), ([2, 3, 3, 3, 2], 1.5), ([6, 1], 0.0)):
        parameters, grads = {}, {}
        for l in range(1, len(dims)):
            for kind, shape in (("W", (dims[l], dims[l - 1])), ("b", (dims[l], 1))):
                parameters[kind + str(l)] = rng.randn(*shape)
                grads["d" + kind + str(l)] = rng.randn(*shape)
            grads["dA" + str(l)] = rng.randn(dims[l], 4)
        before = {name: value.copy() for name, value in parameters.items()}
        slopes = {name: value.copy() for name, value in grads.items()}
        updated = Update_parameters(parameters, grads, rate)
        assert set(updated) == set(before), "the returned parameters have the same names as the given ones"
        for name in before:
            assert np.shape(updated[name]) == before[name].shape, "the parameters keep their shapes"
            np.testing.assert_allclose(
                updated[name],
                before[name] - rate * slopes["d" + name],
                rtol=1e-4,
                atol=1e-5,
                err_msg="every parameter moves once, by learning_rate times its derivative, against it",
            )
