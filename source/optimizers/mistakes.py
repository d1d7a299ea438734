"""Mistakes that students make in this assignment, each with a hint. Never released."""

from coursekit.samples import Mistake

COMPARED = frozenset({"compare_optimizers"})
NETWORK = COMPARED | {"NeuralNetwork"}
FORWARD = NETWORK | {"forward_propagation"}
SLOPE = frozenset({"back_propagation", "NeuralNetwork"})
STEPS = COMPARED | {"GradientDescent", "GradientDescentWithMomentum", "RMSProp", "Adam"}

INITIALIZE = "solution-initialize_dnn_parameters"
RELU = "solution-ReLU"
LAYER = "solution-layer"
PASS = "solution-forward_propagation"
BACK = "solution-back_propagation"
CLASS = "solution-NeuralNetwork"
STEP = "solution-gradient_descent_step"
DESCENT = "solution-GradientDescent"
MOMENTUM = "solution-GradientDescentWithMomentum"
RMSPROP = "solution-RMSProp"
ADAM = "solution-Adam"
COMPARE = "solution-compare_optimizers"

VELOCITY = "self.velocities[name] = self.beta * v + (1 - self.beta) * self.network.grads[name]"
NEW_AVERAGE = "s = self.beta * s + (1 - self.beta) * g**2"
UP_TO_DATE = "self.velocities[name], self.squared_gradients[name] = v, s"
NEW_NETWORK = "network = NeuralNetwork(np.shape(X_train)[0], np.shape(Y_train)[0], 64, 3, act)"

MISTAKES = [
    Mistake(
        "initialize-with-the-variance-for-the-deviation",
        INITIALIZE,
        (("1 / np.sqrt(layer_dims[l - 1])", "1 / layer_dims[l - 1]"),),
        "initialize_dnn_parameters",
        (
            "If you multiply numbers with spread one by a factor, their spread is that factor, and their "
            "variance is its square. Which of the two is in the formula, and by which did you multiply?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "initialize-by-the-number-of-units",
        INITIALIZE,
        (("np.sqrt(layer_dims[l - 1])", "np.sqrt(layer_dims[l])"),),
        "initialize_dnn_parameters",
        (
            "A unit adds up its inputs. Should the size of the weights fit the number of its inputs, or "
            "the number of its neighbours?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "initialize-in-the-manner-of-he",
        INITIALIZE,
        (("1 / np.sqrt(layer_dims[l - 1])", "np.sqrt(2 / layer_dims[l - 1])"),),
        "initialize_dnn_parameters",
        (
            "That is He's initialisation, for relu. This network uses a different variance: look at the "
            "formula again."
        ),
        also=NETWORK,
    ),
    Mistake(
        "initialize-with-uniform-numbers",
        INITIALIZE,
        (("np.random.randn(", "np.random.rand("),),
        "initialize_dnn_parameters",
        "All your weights are positive. Which of numpy's functions draws from the normal distribution?",
        also=NETWORK,
    ),
    Mistake(
        "initialize-transposed",
        INITIALIZE,
        (("randn(layer_dims[l], layer_dims[l - 1])", "randn(layer_dims[l - 1], layer_dims[l])"),),
        "initialize_dnn_parameters",
        "A row of W belongs to a unit, a column to an input. Compare the shape of your W1 with that.",
        also=NETWORK,
    ),
    Mistake(
        "initialize-flat-biases",
        INITIALIZE,
        (("np.zeros((layer_dims[l], 1))", "np.zeros(layer_dims[l])"),),
        "initialize_dnn_parameters",
        (
            "Print the shape of a bias. It must be added to every column of W A: what does numpy do with "
            "a one-dimensional array there?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "initialize-random-biases",
        INITIALIZE,
        (("np.zeros((layer_dims[l], 1))", "0.01 * np.random.randn(layer_dims[l], 1)"),),
        "initialize_dnn_parameters",
        "Biases don't have to differ: the weights already do. Which value does the formula give them?",
        also=NETWORK,
    ),
    Mistake(
        "initialize-without-the-last-layer",
        INITIALIZE,
        (("range(1, len(layer_dims))", "range(1, len(layer_dims) - 1)"),),
        "initialize_dnn_parameters",
        "Count the layers with weights between the entries of layer_dims. Do you include the last one?",
        also=NETWORK,
    ),
    Mistake(
        "relu-takes-the-absolute-value",
        RELU,
        (("np.maximum(0, x)", "np.abs(x)"),),
        "ReLU",
        (
            "A unit with a negative input should give 0. Look at the negative entries in the result of "
            "your forward."
        ),
        also=frozenset({"layer", "forward_propagation", "NeuralNetwork"}),
    ),
    Mistake(
        "relu-leaks",
        RELU,
        (("np.maximum(0, x)", "np.maximum(0.01 * x, x)"),),
        "ReLU",
        "Below zero plain relu lets nothing through, not even a little: that would be the leaky relu.",
        also=frozenset({"layer", "forward_propagation", "NeuralNetwork"}),
    ),
    Mistake(
        "relu-changes-its-argument",
        RELU,
        (("return np.maximum(0, x)", "x[x < 0] = 0\n        return x"),),
        "ReLU",
        (
            "Print x before and after the call. An assignment into x changes the caller's array, and the caller "
            "still needs the negative values for the derivative."
        ),
        also=frozenset({"layer", "forward_propagation", "NeuralNetwork"}),
    ),
    Mistake(
        "relu-derivative-is-the-value",
        RELU,
        (("np.where(np.asarray(x) >= 0, 1.0, 0.0)", "np.maximum(0, x)"),),
        "ReLU",
        (
            "The derivative is a slope: how steep is relu to the right of zero? It doesn't get steeper for larger "
            "inputs."
        ),
        also=SLOPE,
    ),
    Mistake(
        "relu-derivative-upside-down",
        RELU,
        ((">= 0, 1.0, 0.0", "< 0, 1.0, 0.0"),),
        "ReLU",
        "Take an input above zero and raise it a little: does relu rise too? And for an input below zero?",
        also=SLOPE,
    ),
    Mistake(
        "relu-derivative-is-the-sign",
        RELU,
        (("np.where(np.asarray(x) >= 0, 1.0, 0.0)", "np.sign(x)"),),
        "ReLU",
        "To the left of zero relu is flat. A slope of minus one would mean that it falls there.",
        also=SLOPE,
    ),
    Mistake(
        "relu-called-gives-the-derivative",
        RELU,
        (("return self.forward(x)", "return self.derivative(x)"),),
        "ReLU",
        "An activation that is called like a function should give its value. Which method does yours call?",
        also=frozenset({"layer", "forward_propagation", "NeuralNetwork"}),
    ),
    Mistake(
        "layer-returns-z-first",
        LAYER,
        (("return act(Z), Z", "return Z, act(Z)"),),
        "layer",
        "Look at the order of the two results in the docstring: which comes first?",
        also=FORWARD,
    ),
    Mistake(
        "layer-ignores-the-activation",
        LAYER,
        (("return act(Z), Z", "return ReLU()(Z), Z"),),
        "layer",
        "Your layer has relu built in. What is its last argument for? Try it with a sigmoid.",
        also=FORWARD,
    ),
    Mistake(
        "layer-forgets-the-bias",
        LAYER,
        ((" + b", ""),),
        "layer",
        "Give the layer samples that are all zero: what should the result be, and what is it?",
        also=frozenset({"forward_propagation"}) | COMPARED,
    ),
    Mistake(
        "layer-multiplies-entry-by-entry",
        LAYER,
        (("np.dot(W, A_prev)", "np.multiply(W, A_prev)"),),
        "layer",
        "W A is a product of matrices. Your multiplication is element-wise.",
        also=FORWARD,
    ),
    Mistake(
        "layer-returns-the-activation-twice",
        LAYER,
        (("    return act(Z), Z", "    Z = act(Z)\n    return Z, Z"),),
        "layer",
        (
            "Both of your results are the same array. Back-propagation will need the layer's value before "
            "its activation."
        ),
        also=FORWARD,
    ),
    Mistake(
        "forward-linear-last-layer",
        PASS,
        (("    return A, caches", "    return Z, caches"),),
        "forward_propagation",
        "Here the activation is applied in the last layer too. What do you return: the layer's Z, or its A?",
        also=NETWORK,
    ),
    Mistake(
        "forward-forgets-the-activation",
        PASS,
        ((', act)\n        caches["Z"', ')\n        caches["Z"'),),
        "forward_propagation",
        "Your forward pass has an argument act: does every layer use it? Try a sigmoid.",
        also=NETWORK,
    ),
    Mistake(
        "forward-stops-before-the-last-layer",
        PASS,
        (("range(1, len(parameters) // 2 + 1)", "range(1, len(parameters) // 2)"),),
        "forward_propagation",
        "How many layers do the parameters hold, and how many times does your loop run? A range ends early.",
        also=NETWORK,
    ),
    Mistake(
        "forward-without-the-samples-in-the-caches",
        PASS,
        (('A, caches = X, {"A0": X}', "A, caches = X, {}"),),
        "forward_propagation",
        "The first layer's weights are multiplied by the samples. Under which name will back-propagation find them?",
        also=NETWORK,
    ),
    Mistake(
        "forward-swaps-the-caches",
        PASS,
        (
            (
                'caches["Z" + str(l)], caches["A" + str(l)] = Z, A',
                'caches["A" + str(l)], caches["Z" + str(l)] = Z, A',
            ),
        ),
        "forward_propagation",
        "With relu, one kind of cache can't hold negative numbers. Print both kinds: are they under the right names?",
        also=NETWORK,
    ),
    Mistake(
        "forward-feeds-the-samples-to-every-layer",
        PASS,
        (("layer(A, parameters", "layer(X, parameters"),),
        "forward_propagation",
        "What is the second layer's input: the samples again, or the first layer's output?",
        also=NETWORK,
    ),
    Mistake(
        "back-without-the-mean",
        BACK,
        ((" - Y) / m *", " - Y) *"),),
        "back_propagation",
        (
            "The loss is a mean over the samples. Repeat all samples: the loss does not change, and its "
            "derivatives should not change either."
        ),
        also=NETWORK,
    ),
    Mistake(
        "back-divides-twice",
        BACK,
        (("np.sum(dZ, axis=1, keepdims=True)", "np.mean(dZ, axis=1, keepdims=True)"),),
        "back_propagation",
        "dZ already includes the mean over the samples. What remains to be done for the biases?",
        also=NETWORK,
    ),
    Mistake(
        "back-divides-by-m-in-every-layer",
        BACK,
        (
            ("np.dot(dZ, np.transpose(caches", "1 / m * np.dot(dZ, np.transpose(caches"),
            ("np.sum(dZ, axis=1, keepdims=True)", "1 / m * np.sum(dZ, axis=1, keepdims=True)"),
        ),
        "back_propagation",
        "You divide by m at the start and then for each dW and db again. How often does the loss contain it?",
        also=NETWORK,
    ),
    Mistake(
        "back-divides-by-the-outputs",
        BACK,
        (("np.shape(Y)[1]", "np.shape(Y)[0]"),),
        "back_propagation",
        "Which axis of Y holds the samples? You divide by the length of the other one.",
        also=NETWORK,
    ),
    Mistake(
        "back-without-the-last-slope",
        BACK,
        ((' / m * act_derivative(caches["Z" + str(L)])', " / m"),),
        "back_propagation",
        "The last layer has an activation like all others: the chain rule needs its slope too.",
        also=NETWORK,
    ),
    Mistake(
        "back-slope-at-a",
        BACK,
        (('act_derivative(caches["Z" + str(l - 1)])', 'act_derivative(caches["A" + str(l - 1)])'),),
        "back_propagation",
        (
            "For relu your hidden layers may look right by luck. At which point do you take the slope: "
            "before or after the activation?"
        ),
        also=frozenset({"NeuralNetwork"}),
    ),
    Mistake(
        "back-last-slope-at-a",
        BACK,
        (('act_derivative(caches["Z" + str(L)])', 'act_derivative(caches["A" + str(L)])'),),
        "back_propagation",
        (
            "In the last layer you take the slope at A. The activation's derivative is a function of the "
            "activation's input."
        ),
        also=NETWORK,
    ),
    Mistake(
        "back-without-the-hidden-slopes",
        BACK,
        (('act_derivative(caches["Z" + str(l - 1)]) * np.dot', "np.dot"),),
        "back_propagation",
        (
            "The last layer's derivatives agree with finite differences, but those before don't. What "
            "must you multiply by on the way back through an activation?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "back-always-relu",
        BACK,
        (("act_derivative(caches", "ReLU().derivative(caches"),),
        "back_propagation",
        "Your derivatives are right for relu only. Where do you use the last argument?",
        also=NETWORK,
    ),
    Mistake(
        "back-with-the-wrong-sign",
        BACK,
        (('(caches["A" + str(L)] - Y)', '(Y - caches["A" + str(L)])'),),
        "back_propagation",
        "If an output is too high, should a step against the gradient raise or lower it? Check the sign.",
        also=NETWORK,
    ),
    Mistake(
        "back-with-twice-the-error",
        BACK,
        (('(caches["A" + str(L)] - Y) / m', '2 * (caches["A" + str(L)] - Y) / m'),),
        "back_propagation",
        "The square brings a factor of two. And what does the half in front of the loss do to it?",
        also=NETWORK,
    ),
    Mistake(
        "back-with-z-for-a",
        BACK,
        (
            (
                'np.dot(dZ, np.transpose(caches["A" + str(l - 1)]))',
                'np.dot(dZ, np.transpose(caches[("Z" if l > 1 else "A") + str(l - 1)]))',
            ),
        ),
        "back_propagation",
        "What did the weights of a layer multiply in the forward pass: the Z or the A of the layer before?",
        also=NETWORK,
    ),
    Mistake(
        "back-flat-biases",
        BACK,
        (("np.sum(dZ, axis=1, keepdims=True)", "np.sum(dZ, axis=1)"),),
        "back_propagation",
        (
            "A derivative has the shape of its parameter. Print the shape of one of your db: a sum "
            "removes an axis."
        ),
        also=NETWORK,
    ),
    Mistake(
        "back-biases-over-the-units",
        BACK,
        (
            (
                "np.sum(dZ, axis=1, keepdims=True)",
                "np.transpose(np.sum(dZ, axis=0, keepdims=True))[: np.shape(dZ)[0]]",
            ),
        ),
        "back_propagation",
        "Every unit has one bias, used for all samples. So over which axis do you sum, and which remains?",
        also=NETWORK,
    ),
    Mistake(
        "back-dw-transposed",
        BACK,
        (
            (
                'np.dot(dZ, np.transpose(caches["A" + str(l - 1)]))',
                'np.dot(caches["A" + str(l - 1)], np.transpose(dZ))',
            ),
        ),
        "back_propagation",
        "dW must have the shape of W. Yours has rows for the inputs and columns for the units.",
        also=NETWORK,
    ),
    Mistake(
        "back-without-the-first-layer",
        BACK,
        (("range(L, 0, -1)", "range(L, 1, -1)"),),
        "back_propagation",
        "A descending range also leaves out its end. Which layers do your gradients cover?",
        also=NETWORK,
    ),
    Mistake(
        "network-one-layer-too-many",
        CLASS,
        (("[n_h] * (depth - 1)", "[n_h] * depth"),),
        "NeuralNetwork",
        "depth counts the layers that have weights, including the last one. How many of them are hidden?",
        also=COMPARED,
    ),
    Mistake(
        "network-backward-with-relu",
        CLASS,
        ((", self.act.derivative)", ")"),),
        "NeuralNetwork",
        (
            "The network goes forward with its own activation. Does it go backward with the slopes of the "
            "same activation?"
        ),
        also=COMPARED,
    ),
    Mistake(
        "network-forward-with-relu",
        CLASS,
        (("self.parameters, self.act)\n", "self.parameters)\n"),),
        "NeuralNetwork",
        "The network stores its activation. Does the forward pass use it?",
        also=COMPARED,
    ),
    Mistake(
        "network-is-not-initialised",
        CLASS,
        (("        self.initialize()\n", ""),),
        "NeuralNetwork",
        "A new network should be ready to use. When do yours get their parameters?",
        also=COMPARED,
    ),
    Mistake(
        "network-draws-twice",
        CLASS,
        (("        self.initialize()\n", "        self.initialize()\n        self.initialize()\n"),),
        "NeuralNetwork",
        (
            "With a fixed seed only the first draw is right. How often do you draw parameters when you "
            "create a network?"
        ),
        also=COMPARED,
    ),
    Mistake(
        "network-forgets-the-caches",
        CLASS,
        (("A, self.caches =", "A, caches ="),),
        "NeuralNetwork",
        "A name without self is gone when the method returns. What will backward find?",
        also=COMPARED,
    ),
    Mistake(
        "network-returns-the-gradients-only",
        CLASS,
        (("self.grads = back_propagation", "return back_propagation"),),
        "NeuralNetwork",
        (
            "An optimizer looks for the gradients in the network itself. Where are they stored after your "
            "backward?"
        ),
        also=COMPARED,
    ),
    Mistake(
        "network-keeps-parameters-in-the-class",
        CLASS,
        (("self.parameters = initialize", "NeuralNetwork.parameters = initialize"),),
        "NeuralNetwork",
        (
            "Make two networks and compare their weights. All objects of a class share what is stored in "
            "the class."
        ),
    ),
    Mistake(
        "network-initialises-on-every-forward",
        CLASS,
        (("        A, self.caches =", "        self.initialize()\n        A, self.caches ="),),
        "NeuralNetwork",
        "Send the same samples through a network twice. Why does your network give two different answers?",
        also=COMPARED,
    ),
    Mistake(
        "step-uphill",
        STEP,
        (("parameters[name] - learning_rate", "parameters[name] + learning_rate"),),
        "gradient_descent_step",
        "The gradient points in the direction in which the loss rises. Your step goes that way.",
        also=STEPS,
    ),
    Mistake(
        "step-of-the-weights-only",
        STEP,
        (("    for name in parameters:", '    for name in [n for n in parameters if n[0] == "W"]:'),),
        "gradient_descent_step",
        "Which of the parameters have moved after your step, and which have not?",
        also=STEPS,
    ),
    Mistake(
        "step-without-the-last-layer",
        STEP,
        (("    for name in parameters:", "    for name in list(parameters)[:-2] or list(parameters):"),),
        "gradient_descent_step",
        "Try a network of several layers and look at the last one's weights after a step.",
        also=STEPS,
    ),
    Mistake(
        "step-forgets-the-learning-rate",
        STEP,
        (("learning_rate * grads", "grads"),),
        "gradient_descent_step",
        "Your steps are as long as the gradient itself, for every learning rate.",
        also=STEPS,
    ),
    Mistake(
        "step-on-a-copy",
        STEP,
        (
            ("    for name in parameters:", "    parameters = dict(parameters)\n    for name in parameters:"),
            ('grads["d" + name]', 'grads["d" + name]\n    return parameters'),
        ),
        "gradient_descent_step",
        "The caller's dictionary must change. Into which dictionary do you put the new values?",
        also=STEPS,
    ),
    Mistake(
        "step-changes-the-gradients",
        STEP,
        (
            (
                'parameters[name] = parameters[name] - learning_rate * grads["d" + name]',
                'grads["d" + name] *= learning_rate\n        parameters[name] = parameters[name] - grads["d" + name]',
            ),
        ),
        "gradient_descent_step",
        "Look at the gradients after the call. An operator like *= changes the caller's array.",
        also=STEPS - COMPARED - {"RMSProp", "Adam"} | {"GradientDescentWithMomentum"},
    ),
    Mistake(
        "descent-keeps-the-first-learning-rate",
        DESCENT,
        (
            ("    def step(self):", "    rates = {}\n\n    def step(self):"),
            (
                "self.network.grads, self.learning_rate)",
                "self.network.grads, self.rates.setdefault(id(self), self.learning_rate))",
            ),
        ),
        "GradientDescent",
        "You may want to lower the learning rate during training. When does your optimizer read it?",
    ),
    Mistake(
        "descent-goes-back-and-forth",
        DESCENT,
        (("self.learning_rate)", "-self.learning_rate)"),),
        "GradientDescent",
        "The function that you call already subtracts. What is the result of two minus signs?",
        also=COMPARED,
    ),
    Mistake(
        "momentum-without-one-minus-beta",
        MOMENTUM,
        (("(1 - self.beta) * self.network", "self.network"),),
        "GradientDescentWithMomentum",
        (
            "If the gradient were always the same, its average should become that gradient. Follow your "
            "velocity for a few steps: what does it become?"
        ),
    ),
    Mistake(
        "momentum-swaps-the-weights",
        MOMENTUM,
        (("self.beta * v + (1 - self.beta) *", "(1 - self.beta) * v + self.beta *"),),
        "GradientDescentWithMomentum",
        "beta says how much of the past remains. How much remains in your average?",
    ),
    Mistake(
        "momentum-forgets",
        MOMENTUM,
        ((VELOCITY, VELOCITY.replace("self.beta * v + ", "")),),
        "GradientDescentWithMomentum",
        "Nothing in your step depends on the steps before. Where do you use the old velocity?",
    ),
    Mistake(
        "momentum-with-a-velocity-for-all",
        MOMENTUM,
        (
            (
                VELOCITY,
                "GradientDescentWithMomentum.shared[name] = "
                "self.beta * self.shared.get(name, 0) + (1 - self.beta) * self.network.grads[name]",
            ),
            ("self.network.parameters, self.velocities,", "self.network.parameters, self.shared,"),
            ("    def step(self):", "    shared = {}\n\n    def step(self):"),
        ),
        "GradientDescentWithMomentum",
        (
            "Make two optimizers and let them step in turns: one must not affect the other. All objects "
            "share what is defined in the body of the class."
        ),
        also=COMPARED,
    ),
    Mistake(
        "momentum-one-step-late",
        MOMENTUM,
        (
            (
                "        for name, v in self.velocities.items():",
                "        before = dict(self.velocities)\n        for name, v in self.velocities.items():",
            ),
            ("self.network.parameters, self.velocities,", "self.network.parameters, before,"),
        ),
        "GradientDescentWithMomentum",
        "In your first step nothing moves at all. Do you move along the old velocity or the new one?",
    ),
    Mistake(
        "momentum-starts-at-the-first-gradient",
        MOMENTUM,
        (
            (
                VELOCITY,
                VELOCITY.replace(
                    "self.beta * v", "self.beta * (v if np.any(v) else self.network.grads[name])"
                ),
            ),
        ),
        "GradientDescentWithMomentum",
        "How long is the very first step? The velocity starts at zero here, so the first one is short.",
    ),
    Mistake(
        "momentum-of-nesterov",
        MOMENTUM,
        (
            (
                "gradient_descent_step(self.network.parameters, self.velocities, self.learning_rate)",
                "ahead = {n: self.beta * v + (1 - self.beta) * self.network.grads[n] for n, v in "
                "self.velocities.items()}\n"
                "        gradient_descent_step(self.network.parameters, ahead, self.learning_rate)",
            ),
        ),
        "GradientDescentWithMomentum",
        (
            "You look one step ahead, as Nesterov does: a good method, but a different one. Move along "
            "the velocity itself."
        ),
    ),
    Mistake(
        "momentum-always-with-the-default",
        MOMENTUM,
        (("self.beta * v + (1 - self.beta)", "0.9 * v + (1 - 0.9)"),),
        "GradientDescentWithMomentum",
        "Try the optimizer with two different values of beta. Why do both take the same path?",
    ),
    Mistake(
        "rmsprop-does-not-square",
        RMSPROP,
        (("* g**2", "* np.abs(g)"),),
        "RMSProp",
        "You average the gradient's size; the formula takes the root of an average. What does it average?",
    ),
    Mistake(
        "rmsprop-squares-the-average",
        RMSPROP,
        (("(1 - self.beta) * g**2", "((1 - self.beta) * g) ** 2"),),
        "RMSProp",
        "Is the factor in front of the gradient squared too? Check the brackets.",
    ),
    Mistake(
        "rmsprop-without-the-root",
        RMSPROP,
        (("np.sqrt(s)", "s"),),
        "RMSProp",
        (
            "Multiply all gradients by a thousand: your steps shrink, but they should not change. Divide "
            "by a size, not by its square."
        ),
    ),
    Mistake(
        "rmsprop-swaps-the-weights",
        RMSPROP,
        (("self.beta * s + (1 - self.beta) *", "(1 - self.beta) * s + self.beta *"),),
        "RMSProp",
        "How much of the old average remains in yours after a step? That is the meaning of beta.",
    ),
    Mistake(
        "rmsprop-sums-the-squares",
        RMSPROP,
        (("self.beta * s + (1 - self.beta) * g**2", "s + g**2"),),
        "RMSProp",
        (
            "Your sum of squares only ever grows, so the steps shrink forever: that is AdaGrad. Here the "
            "past fades."
        ),
    ),
    Mistake(
        "rmsprop-divides-by-the-old-average",
        RMSPROP,
        (
            (
                f"            {NEW_AVERAGE}\n            self.squared_gradients[name] = s\n",
                f"            self.squared_gradients[name] = {NEW_AVERAGE[4:]}\n",
            ),
        ),
        "RMSProp",
        (
            "Your first step is gigantic. By which average do you divide: the one before the step, or the "
            "current one?"
        ),
    ),
    Mistake(
        "rmsprop-forgets-its-average",
        RMSPROP,
        (("            self.squared_gradients[name] = s\n", ""),),
        "RMSProp",
        "Each of your steps starts again from zero. Where do you store the new average for the next step?",
    ),
    Mistake(
        "rmsprop-with-a-large-epsilon",
        RMSPROP,
        (("1e-8", "1.0"),),
        "RMSProp",
        (
            "The number that you add to the root is not small compared with it: tiny gradients get tiny "
            "steps again."
        ),
    ),
    Mistake(
        "rmsprop-one-average-for-a-whole-matrix",
        RMSPROP,
        (("* g**2", "* np.mean(g**2)"),),
        "RMSProp",
        "In your version all entries of a matrix share one size. Every single weight needs its own.",
    ),
    Mistake(
        "adam-corrects-the-bias",
        ADAM,
        (
            (
                "        scaled = {}\n",
                '        scaled = {}\n        self.t = t = getattr(self, "t", 0) + 1\n',
            ),
            (
                "scaled[name] = v / (np.sqrt(s) + 1e-8)",
                "scaled[name] = v / (1 - self.beta1**t) / (np.sqrt(s / (1 - self.beta2**t)) + 1e-8)",
            ),
        ),
        "Adam",
        "You correct the averages for their start at zero, as the literature does. This course leaves that out.",
    ),
    Mistake(
        "adam-uses-one-beta-for-both",
        ADAM,
        (
            (
                "self.beta2 * self.squared_gradients[name] + (1 - self.beta2)",
                "self.beta1 * self.squared_gradients[name] + (1 - self.beta1)",
            ),
        ),
        "Adam",
        "There are two betas, one for each average. Which of them does your average of the squares use?",
    ),
    Mistake(
        "adam-swaps-the-betas",
        ADAM,
        (("self.beta1, self.beta2 = beta1, beta2", "self.beta2, self.beta1 = beta1, beta2"),),
        "Adam",
        "Which beta belongs to the gradient and which to its square? With your choice the squares forget quickly.",
    ),
    Mistake(
        "adam-averages-the-square-of-the-velocity",
        ADAM,
        (("(1 - self.beta2) * g**2", "(1 - self.beta2) * v**2"),),
        "Adam",
        "Which squares does the second average use: those of the velocity, or of the gradient?",
    ),
    Mistake(
        "adam-steps-along-the-gradient",
        ADAM,
        (("v / (np.sqrt(s)", "g / (np.sqrt(s)"),),
        "Adam",
        "You scale the gradient, like RMSProp. Where is the momentum?",
    ),
    Mistake(
        "adam-without-the-root",
        ADAM,
        (("np.sqrt(s)", "s"),),
        "Adam",
        "Multiply all gradients by ten and compare the steps: you must divide a size by a size.",
    ),
    Mistake(
        "adam-forgets-its-squares",
        ADAM,
        ((UP_TO_DATE, "self.velocities[name] = v"),),
        "Adam",
        "One of your two averages starts again from zero at each step. Do you store both?",
    ),
    Mistake(
        "adam-forgets-its-velocities",
        ADAM,
        ((UP_TO_DATE, "self.squared_gradients[name] = s"),),
        "Adam",
        "You store the averages of the squares. Do you also store the direction?",
    ),
    Mistake(
        "adam-without-scaling",
        ADAM,
        (("v / (np.sqrt(s) + 1e-8)", "v"),),
        "Adam",
        "You average the squares and never use them: what is left is plain momentum.",
    ),
    Mistake(
        "compare-without-a-seed",
        COMPARE,
        (("        np.random.seed(1)\n", ""),),
        "compare_optimizers",
        "Each of your runs starts from different weights. How do you restart the random numbers?",
    ),
    Mistake(
        "compare-seeds-once",
        COMPARE,
        (
            ("        np.random.seed(1)\n", ""),
            ("    results = {}\n", "    results = {}\n    np.random.seed(1)\n"),
        ),
        "compare_optimizers",
        "Your first run starts from the right weights, but the others don't. How often do you set the seed?",
    ),
    Mistake(
        "compare-trains-one-network-on",
        COMPARE,
        (
            (f"        np.random.seed(1)\n        {NEW_NETWORK}\n", ""),
            ("    results = {}\n", f"    results = {{}}\n    np.random.seed(1)\n    {NEW_NETWORK}\n"),
        ),
        "compare_optimizers",
        "The second optimizer begins where the first one ended. A fair race needs a new network for each.",
    ),
    Mistake(
        "compare-one-learning-rate-for-all",
        COMPARE,
        (("kind(network, learning_rate)", "kind(network, 0.1)"),),
        "compare_optimizers",
        "All of your optimizers use the same learning rate. The table has one for each.",
    ),
    Mistake(
        "compare-with-relu-always",
        COMPARE,
        ((", 64, 3, act)", ", 64, 3)"),),
        "compare_optimizers",
        "Which activation do your networks have? The caller chooses it.",
    ),
    Mistake(
        "compare-swaps-training-and-test",
        COMPARE,
        (
            (
                "X_train, Y_train, X_test, Y_test, num_iterations, print",
                "X_test, Y_test, X_train, Y_train, num_iterations, print",
            ),
        ),
        "compare_optimizers",
        "Look at the order of train's arguments: which samples do your networks learn from?",
    ),
    Mistake(
        "compare-always-a-hundred",
        COMPARE,
        (("Y_test, num_iterations, print_cost", "Y_test, 100, print_cost"),),
        "compare_optimizers",
        "How long are your curves, and how long should they be, according to the argument?",
    ),
    Mistake(
        "compare-always-the-digits",
        COMPARE,
        (("NeuralNetwork(np.shape(X_train)[0], np.shape(Y_train)[0], 64", "NeuralNetwork(784, 1, 64"),),
        "compare_optimizers",
        "Your network fits images only. Take the number of features and outputs from the arrays.",
    ),
    Mistake(
        "compare-one-layer-too-few",
        COMPARE,
        ((", 64, 3, act)", ", 64, 2, act)"),),
        "compare_optimizers",
        "Count the layers with weights in your network and compare with the docstring.",
    ),
    Mistake(
        "compare-keeps-the-training-losses-only",
        COMPARE,
        (("num_iterations, print_cost=True\n        )", "num_iterations, print_cost=True\n        )[0]"),),
        "compare_optimizers",
        "The picture needs solid and dashed curves. How many arrays do you keep for each optimizer?",
    ),
]
