"""Mutants of the solution that no test needs to catch, and why. Never released."""

from coursekit.samples import Equivalent

EQUIVALENT = [
    Equivalent(
        "solution-initialize_dnn_parameters",
        "mu is 0: added or subtracted, it is the same.",
        (
            (
                'parameters["W" + str(l)] = stdv * np.random.randn(layer_dims[l], layer_dims[l - 1]) + mu',
                'parameters["W" + str(l)] = stdv * np.random.randn(layer_dims[l], layer_dims[l - 1]) - mu',
            ),
        ),
    ),
    Equivalent(
        "solution-ReLU",
        "The text takes either slope at 0.",
        (("return np.where(np.asarray(x) >= 0, 1.0, 0.0)", "return np.where(np.asarray(x) > 0, 1.0, 0.0)"),),
    ),
    Equivalent(
        "solution-GradientDescentWithMomentum",
        "A single 0 instead of an array of them: the first average broadcasts it to the gradient's shape.",
        (
            (
                'self.velocities = {"d" + name: np.zeros(np.shape(w)) for name, w in network.parameters.items()}',
                'self.velocities = {"d" + name: np.zeros(np.shape(None)) for name, w in network.parameters.items()}',
            ),
        ),
    ),
    Equivalent(
        "solution-RMSProp",
        "A single 0 instead of an array of them: the first average broadcasts it to the gradient's shape.",
        (
            (
                '"d" + name: np.zeros(np.shape(w)) for name, w in network.parameters.items()',
                '"d" + name: np.zeros(np.shape(None)) for name, w in network.parameters.items()',
            ),
        ),
    ),
    Equivalent(
        "solution-Adam",
        "A single 0 instead of an array of them: the first average broadcasts it to the gradient's shape.",
        (
            (
                'self.velocities = {"d" + name: np.zeros(np.shape(w)) for name, w in network.parameters.items()}',
                'self.velocities = {"d" + name: np.zeros(np.shape(None)) for name, w in network.parameters.items()}',
            ),
            (
                "self.squared_gradients = {name: np.zeros(np.shape(v)) for name, v in self.velocities.items()}",
                "self.squared_gradients = {name: np.zeros(np.shape(None)) for name, v in self.velocities.items()}",
            ),
        ),
    ),
    Equivalent(
        "solution-RMSProp",
        "No gradient is so small that its root comes near 1e-8; where it is 0, the quotient is 0 with either sign.",
        (("scaled[name] = g / (np.sqrt(s) + 1e-8)", "scaled[name] = g / (np.sqrt(s) - 1e-8)"),),
    ),
    Equivalent(
        "solution-Adam",
        "No gradient is so small that its root comes near 1e-8; where it is 0, the quotient is 0 with either sign.",
        (("scaled[name] = v / (np.sqrt(s) + 1e-8)", "scaled[name] = v / (np.sqrt(s) - 1e-8)"),),
    ),
    Equivalent(
        "solution-compare_optimizers",
        "Whether training tells how it goes is the student's choice.",
        (
            (
                "network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations, print_cost=True",
                "network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations, print_cost=None",
            ),
            (
                "network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations, print_cost=True",
                "network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations, print_cost=False",
            ),
            (
                "network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations, print_cost=True\n)",
                "network, optimizer, X_train, Y_train, X_test, Y_test, num_iterations, )",
            ),
        ),
    ),
    Equivalent("solution-plot_comparison", "The picture is not graded."),
]
