"""Mutants of the solution that no test needs to catch, and why. Never released."""

from coursekit.verify.mutants import Equivalent

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
    Equivalent(
        "solution-plot_comparison",
        "The picture is not graded.",
        (
            ("plt.figure(figsize=(9, 4.4))", "plt.figure(figsize=None)"),
            ("plt.figure(figsize=(9, 4.4))", "plt.figure(figsize=(10, 4.4))"),
            ("plt.figure(figsize=(9, 4.4))", "plt.figure(figsize=(9, 5.4))"),
            ("color, marker = STYLES[name]", "color, marker = None"),
            ("every = max(1, len(train_losses) // 8)", "every = None"),
            ("every = max(1, len(train_losses) // 8)", "every = max(None, len(train_losses) // 8)"),
            ("every = max(1, len(train_losses) // 8)", "every = max(1, None)"),
            ("every = max(1, len(train_losses) // 8)", "every = max(len(train_losses) // 8)"),
            ("every = max(1, len(train_losses) // 8)", "every = max(1, )"),
            ("every = max(1, len(train_losses) // 8)", "every = max(2, len(train_losses) // 8)"),
            ("every = max(1, len(train_losses) // 8)", "every = max(1, len(train_losses) / 8)"),
            ("every = max(1, len(train_losses) // 8)", "every = max(1, len(train_losses) // 9)"),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                "style = None",
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"XXcolorXX": color, "marker": marker, "markersize": 5, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"COLOR": color, "marker": marker, "markersize": 5, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "XXmarkerXX": marker, "markersize": 5, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "MARKER": marker, "markersize": 5, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "marker": marker, "XXmarkersizeXX": 5, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "marker": marker, "MARKERSIZE": 5, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "marker": marker, "markersize": 6, "markevery": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "marker": marker, "markersize": 5, "XXmarkeveryXX": every}',
            ),
            (
                'style = {"color": color, "marker": marker, "markersize": 5, "markevery": every}',
                'style = {"color": color, "marker": marker, "markersize": 5, "MARKEVERY": every}',
            ),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                'plt.plot(None, label=name + ", training", **style)',
            ),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                "plt.plot(train_losses, label=None, **style)",
            ),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                'plt.plot(label=name + ", training", **style)',
            ),
            ('plt.plot(train_losses, label=name + ", training", **style)', "plt.plot(train_losses, **style)"),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                'plt.plot(train_losses, label=name + ", training", )',
            ),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                'plt.plot(train_losses, label=name - ", training", **style)',
            ),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                'plt.plot(train_losses, label=name + "XX, trainingXX", **style)',
            ),
            (
                'plt.plot(train_losses, label=name + ", training", **style)',
                'plt.plot(train_losses, label=name + ", TRAINING", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(None, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle=None, markerfacecolor="white", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor=None, label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=None, **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, markerfacecolor="white", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", )',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="XX--XX", markerfacecolor="white", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="XXwhiteXX", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="WHITE", label=name + ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name - ", test", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + "XX, testXX", **style)',
            ),
            (
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", test", **style)',
                'plt.plot(test_losses, linestyle="--", markerfacecolor="white", label=name + ", TEST", **style)',
            ),
            ('plt.yscale("log")', "plt.yscale(None)"),
            ('plt.yscale("log")', 'plt.yscale("XXlogXX")'),
            ('plt.yscale("log")', 'plt.yscale("LOG")'),
            ('plt.xlabel("iteration")', "plt.xlabel(None)"),
            ('plt.xlabel("iteration")', 'plt.xlabel("XXiterationXX")'),
            ('plt.xlabel("iteration")', 'plt.xlabel("ITERATION")'),
            ('plt.ylabel("loss (logarithmic)")', "plt.ylabel(None)"),
            ('plt.ylabel("loss (logarithmic)")', 'plt.ylabel("XXloss (logarithmic)XX")'),
            ('plt.ylabel("loss (logarithmic)")', 'plt.ylabel("LOSS (LOGARITHMIC)")'),
            ("plt.legend(fontsize=8)", "plt.legend(fontsize=None)"),
            ("plt.legend(fontsize=8)", "plt.legend(fontsize=9)"),
        ),
    ),
]
