"""Test of question update_parameters_with_momentum, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "update_parameters_with_momentum"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_update_parameters_with_momentum_public(update_parameters_with_momentum_Adam):
    network = {"numLayers": 2, "apply_momentum": True, "bnorm_list": [0, 0], "act1": "relu", "act2": "linear"}
    network["W1"] = np.array(
        [
            [-0.372295319, -0.44346777, 1.30916419],
            [-1.27004504, -0.199102944, -1.01366359],
            [0.0487442361, 0.672977041, -1.27088556],
            [1.32181308, 1.04106729, 0.580230484],
        ]
    )
    network["W2"] = np.array(
        [
            [0.900855949, -0.683727859, -0.122890226, -0.935769434],
            [-0.26788808, 0.530355467, -0.691660752, -0.396753527],
        ]
    )
    network.update({"b1": np.zeros((4, 1)), "b2": np.zeros((2, 1))})
    slopes = {
        "dW1": np.array(
            [
                [0.261017327, 0.471294648, -0.123150433],
                [-0.191336007, -0.734262181, -0.0708495989],
                [0.0283630894, 0.0147201076, 0.00175622021],
                [-0.0623111803, 0.0946824085, 0.0865867607],
            ]
        ),
        "db1": np.array([[-0.445366286], [0.316084363], [0.0208863304], [0.0452740776]]),
        "dW2": np.array(
            [
                [-0.399919607, -0.379724156, 0.0159236041, -0.123275217],
                [0.399919607, 0.379724156, -0.0159236041, 0.123275217],
            ]
        ),
        "db2": np.array([[-0.241039482], [0.241039482]]),
    }
    for name, slope in slopes.items():
        network["V" + name], network["G" + name] = np.zeros(slope.shape), np.zeros(slope.shape)

    for step in (1, 2):  # two updates with the same gradients
        network = update_parameters_with_momentum_Adam(network, slopes, alpha=1)

    expected = {
        "VdW1": [
            [0.04959329, 0.08954598, -0.02339858],
            [-0.03635384, -0.13950981, -0.01346142],
            [0.00538899, 0.00279682, 0.00033368],
            [-0.01183912, 0.01798966, 0.01645148],
        ],
        "Vdb1": [[-0.08461959], [0.06005603], [0.0039684], [0.00860207]],
        "VdW2": [
            [-0.07598473, -0.07214759, 0.00302548, -0.02342229],
            [0.07598473, 0.07214759, -0.00302548, 0.02342229],
        ],
        "Vdb2": [[-0.0457975], [0.0457975]],
        "GdW1": [
            [0.0013557879, 0.00442016104, 0.000301803982],
            [0.000728528402, 0.0107289049, 9.98913468e-05],
            [1.60088503e-05, 4.31196318e-06, 6.13777575e-08],
            [7.72653956e-05, 0.000178398694, 0.000149195616],
        ],
        "Gdb1": [[0.00394718747], [0.00198819556], [8.68115211e-06], [4.07898679e-05]],
        "GdW2": [
            [0.00318272027, 0.00286938965, 5.04586721e-06, 0.000302415905],
            [0.00318272027, 0.00286938965, 5.04586721e-06, 0.000302415905],
        ],
        "Gdb2": [[0.00115619], [0.00115619]],
        "W1": [
            [-2.7191573, -2.79033829, 3.6559832],
            [1.07680635, 2.14776979, 1.3330437],
            [-2.29708863, -1.67003859, -3.38885276],
            [3.66847147, -1.30571348, -1.76653199],
        ],
        "b1": [[2.34687006], [-2.3468659], [-2.34495502], [-2.34646538]],
        "W2": [
            [3.247725, 1.66314062, -2.46646577, 1.41104969],
            [-2.61475713, -1.81651301, 1.65191479, -2.74357265],
        ],
        "b2": [[2.34685986], [-2.34685986]],
    }
    for name in expected:
        np.testing.assert_allclose(
            network[name], expected[name], rtol=1e-4, atol=1e-8, err_msg=name + " is wrong after two updates"
        )


@test_case(hidden=True)
def test_update_parameters_with_momentum_hidden(update_parameters_with_momentum_Adam):
    def prepared(dims, bnorm_list, size, seed):
        """A network with V and G in the middle of training, and gradients of about `size`."""
        rng = np.random.RandomState(seed)
        network = {"numLayers": len(dims) - 1, "apply_momentum": True, "bnorm_list": list(bnorm_list)}
        slopes = {}
        for l in range(1, len(dims)):
            shapes = {"W": (dims[l], dims[l - 1]), "b": (dims[l], 1)}
            if bnorm_list[l - 1]:
                shapes.update({"bnorm_beta": (dims[l], 1), "bnorm_gamma": (dims[l], 1)})
            else:
                network.update({"bnorm_beta" + str(l): np.array([]), "bnorm_gamma" + str(l): np.array([])})
                slopes.update({"dbnorm_beta" + str(l): [], "dbnorm_gamma" + str(l): []})
            network.update({"act" + str(l): "relu", "dropout" + str(l): 0})
            for kind, shape in shapes.items():
                name = kind + str(l)
                velocity = name if kind.startswith("bnorm") else "d" + name
                network[name] = rng.randn(*shape)
                network["V" + velocity] = size * rng.randn(*shape)
                network["G" + velocity] = (size * rng.randn(*shape)) ** 2
                slopes["d" + name] = size * (rng.randn(*shape) + 0.1)
        return network, slopes


    def after(network, slopes, alpha, beta=0.9, beta2=0.99, eps=1e-8):
        """The network as it should be after one step of Adam."""
        new = dict(network)
        for name, slope in slopes.items():
            if np.size(slope):
                velocity = name[1:] if name.startswith("dbnorm") else name
                V = beta * network["V" + velocity] + (1 - beta) * slope
                G = beta2 * network["G" + velocity] + (1 - beta2) * slope**2
                new["V" + velocity], new["G" + velocity] = V, G
                new[name[1:]] = network[name[1:]] - alpha * V / np.sqrt(G + eps)
        return new


    def copied(dictionary):
        return {
            name: np.copy(value) if isinstance(value, np.ndarray) else value for name, value in dictionary.items()
        }


    network, slopes = prepared([3, 4, 2, 5], [0, 0, 0], 1.0, 16)
    wanted = after(network, slopes, 0.3)
    given_slopes = copied(slopes)
    actual = update_parameters_with_momentum_Adam(copied(network), given_slopes, 0.3)
    for l in "123":
        for name in ("W" + l, "b" + l):
            np.testing.assert_allclose(
                actual["Vd" + name],
                wanted["Vd" + name],
                rtol=1e-4,
                atol=1e-6,
                err_msg="V becomes beta * V + (1 - beta) * gradient, in every layer, for W and for b",
            )
            np.testing.assert_allclose(
                actual["Gd" + name],
                wanted["Gd" + name],
                rtol=1e-4,
                atol=1e-6,
                err_msg="G becomes beta2 * G + (1 - beta2) * gradient squared: use beta2, and the gradient, not V",
            )
            np.testing.assert_allclose(
                actual[name],
                wanted[name],
                rtol=1e-4,
                atol=1e-5,
                err_msg="the step is -alpha * V / sqrt(G + eps), with the new V and G, without bias correction",
            )
            np.testing.assert_allclose(
                given_slopes["d" + name],
                slopes["d" + name],
                rtol=1e-6,
                err_msg="the update changed the gradients: do not change them",
            )

    network, slopes = prepared([3, 4, 2], [0, 0], 1.0, 17)
    wanted = after(network, slopes, 0.05, beta=0.5, beta2=0.7, eps=0.3)
    actual = update_parameters_with_momentum_Adam(
        copied(network), copied(slopes), 0.05, beta=0.5, beta2=0.7, eps=0.3
    )
    for name in ("VdW1", "GdW1", "W1", "b1", "W2", "b2"):
        np.testing.assert_allclose(
            actual[name],
            wanted[name],
            rtol=1e-4,
            atol=1e-5,
            err_msg="with other settings the step is wrong: eps belongs inside the root, there is no bias correction, and beta, beta2 and eps are arguments",
        )

    network, slopes = prepared([3, 4, 2], [0, 0], 1e-4, 18)
    wanted = after(network, slopes, 1.0)
    actual = update_parameters_with_momentum_Adam(copied(network), copied(slopes), 1.0)
    for name in ("W1", "b1", "W2", "b2"):
        np.testing.assert_allclose(
            actual[name],
            wanted[name],
            rtol=1e-3,
            atol=1e-4,
            err_msg="the step is wrong for small gradients: eps is added to G, inside the root",
        )

    network, first = prepared([3, 4, 2], [1, 0], 0.5, 19)
    _, second = prepared([3, 4, 2], [1, 0], 0.5, 20)
    wanted = after(after(network, first, 0.2), second, 0.1)
    actual = update_parameters_with_momentum_Adam(copied(network), copied(first), 0.2)
    actual = update_parameters_with_momentum_Adam(actual, copied(second), 0.1)
    for name in ("W1", "b1", "W2", "b2"):
        np.testing.assert_allclose(
            actual[name],
            wanted[name],
            rtol=1e-4,
            atol=1e-4,
            err_msg="the second of two updates is wrong: do you store V and G?",
        )
    for name in ("bnorm_beta1", "bnorm_gamma1"):
        np.testing.assert_allclose(
            actual[name],
            wanted[name],
            rtol=1e-4,
            atol=1e-4,
            err_msg="batch normalisation's beta and gamma are not updated: keep the given branch in the loop",
        )
    assert np.size(actual["bnorm_beta2"]) == 0, (
        "a layer without batch normalisation keeps its empty beta and gamma"
    )
