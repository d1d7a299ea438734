"""Mistakes that students make in this assignment, each with a hint. Never released."""

from coursekit.samples import Mistake

MISTAKES = [
    Mistake(
        "init-weights-all-zero",
        "solution-initialize_parameters",
        (("np.random.randn(units, inputs) * np.sqrt(2 / inputs)", "np.zeros((units, inputs))"),),
        "initialize_parameters",
        (
            "If all units of a layer start equal, they stay equal: each gets the same derivative. What "
            "must make them different at the start?"
        ),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "init-from-the-uniform-distribution",
        "solution-initialize_parameters",
        (("np.random.randn(units, inputs)", "np.random.rand(units, inputs)"),),
        "initialize_parameters",
        (
            "Look at a histogram of your W: are there any negative weights? One of numpy's two functions "
            "with similar names draws them on both sides of zero."
        ),
    ),
    Mistake(
        "init-scale-of-the-units",
        "solution-initialize_parameters",
        (("np.sqrt(2 / inputs)", "np.sqrt(2 / units)"),),
        "initialize_parameters",
        (
            "The size of a weighted sum depends on its number of terms. Is that the number of units in "
            "this layer, or the number of inputs?"
        ),
    ),
    Mistake(
        "init-scale-without-the-two",
        "solution-initialize_parameters",
        (("np.sqrt(2 / inputs)", "np.sqrt(1 / inputs)"),),
        "initialize_parameters",
        (
            "Your scale keeps the sums' size, but then relu throws half of them away. He's scale corrects "
            "for that too: compare it with yours."
        ),
    ),
    Mistake(
        "init-scale-without-the-root",
        "solution-initialize_parameters",
        (("np.sqrt(2 / inputs)", "(2 / inputs)"),),
        "initialize_parameters",
        (
            "Independent random terms grow like the root of their number, not like the number. Compare the "
            "spread of your W with the formula."
        ),
    ),
    Mistake(
        "init-fixed-small-scale",
        "solution-initialize_parameters",
        (("np.sqrt(2 / inputs)", "0.01"),),
        "initialize_parameters",
        (
            "With a fixed small factor the signal dies out in deep networks. The scale should depend on "
            "the size of the layer before."
        ),
    ),
    Mistake(
        "init-biases-at-one",
        "solution-initialize_parameters",
        (("np.zeros((units, 1))", "np.ones((units, 1))"),),
        "initialize_parameters",
        "Symmetry is broken by the weights alone. Where do the biases start, according to the text?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "init-random-biases",
        "solution-initialize_parameters",
        (("np.zeros((units, 1))", "np.random.randn(units, 1)"),),
        "initialize_parameters",
        "Only the weights are drawn at random. Print your b: what should it hold before training?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "init-weights-transposed",
        "solution-initialize_parameters",
        (("np.random.randn(units, inputs)", "np.random.randn(inputs, units)"),),
        "initialize_parameters",
        (
            "Z = W A must work out: A has a row for each input. Which axis of W must match it, and which "
            "axis is for the units?"
        ),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "init-flat-biases",
        "solution-initialize_parameters",
        (("np.zeros((units, 1))", "np.zeros(units)"),),
        "initialize_parameters",
        (
            "A flat array is added along the samples, not along the units. b should be a column: look at its "
            "shape."
        ),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "init-sets-the-seed",
        "solution-initialize_parameters",
        (("parameters = {}", "np.random.seed(1)\n    parameters = {}"),),
        "initialize_parameters",
        (
            "Call your function twice in a row: the results are the same. Who should choose the seed, "
            "this function or its caller?"
        ),
    ),
    Mistake(
        "init-leaves-out-the-last-layer",
        "solution-initialize_parameters",
        (("range(1, len(layer_dims))", "range(1, len(layer_dims) - 1)"),),
        "initialize_parameters",
        ("Count the layers: layer_dims has an entry for the input too. Which is the last l that needs a W?"),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "linear-forgets-the-bias",
        "solution-linear_forward",
        ((" + b\n", "\n"),),
        "linear_forward",
        "If all inputs are zero, what should Z be? Try it with a bias that isn't zero.",
        also=frozenset(
            {"L_layer_model", "L_model_backward", "L_model_forward", "Predict", "linear_activation_forward"}
        ),
    ),
    Mistake(
        "linear-subtracts-the-bias",
        "solution-linear_forward",
        ((" + b\n", " - b\n"),),
        "linear_forward",
        "Compare the sign of the bias with the formula, for an input of zeros.",
        also=frozenset(
            {"L_layer_model", "L_model_backward", "L_model_forward", "Predict", "linear_activation_forward"}
        ),
    ),
    Mistake(
        "linear-caches-its-result",
        "solution-linear_forward",
        (('"A": A, ', '"A": Z, '),),
        "linear_forward",
        "The backward pass needs this layer's input A. What is under that key in your cache?",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_forward"}),
    ),
    Mistake(
        "softmax-across-the-samples",
        "solution-softmax",
        (("axis=0", "axis=1"),),
        "softmax",
        (
            "Each column is one sample, and its probabilities belong together. Along which axis do your "
            "results add up to one?"
        ),
        also=frozenset(
            {
                "L_layer_model",
                "L_model_backward",
                "L_model_forward",
                "Predict",
                "linear_activation_backward",
                "linear_activation_forward",
                "softmax_backward",
            }
        ),
    ),
    Mistake(
        "softmax-overflows",
        "solution-softmax",
        (("Z - np.max(Z, axis=0, keepdims=True)", "Z"),),
        "softmax",
        (
            "What does exp make of a score in the thousands? Adding the same number to a whole column "
            "does not change its softmax: choose one that keeps exp small."
        ),
        also=frozenset({"L_model_backward"}),
    ),
    Mistake(
        "softmax-one-maximum-for-all",
        "solution-softmax",
        (("np.max(Z, axis=0, keepdims=True)", "np.max(Z)"),),
        "softmax",
        (
            "Samples may differ by thousands. If you subtract one sample's largest score from another "
            "sample, all powers of the other sample can become zero."
        ),
    ),
    Mistake(
        "softmax-one-sum-for-all",
        "solution-softmax",
        (("np.sum(powers, axis=0, keepdims=True)", "np.sum(powers)"),),
        "softmax",
        "All of your probabilities together add up to one. They should do so for each sample separately.",
        also=frozenset(
            {
                "L_layer_model",
                "L_model_backward",
                "L_model_forward",
                "linear_activation_backward",
                "linear_activation_forward",
                "softmax_backward",
            }
        ),
    ),
    Mistake(
        "softmax-is-a-sigmoid",
        "solution-softmax",
        (
            ("np.exp(Z - np.max(Z, axis=0, keepdims=True))", "np.exp(Z)"),
            ("np.sum(powers, axis=0, keepdims=True)", "(1 + powers)"),
        ),
        "softmax",
        (
            "That is the sigmoid: it looks at each score alone. Softmax compares a sample's scores with "
            "each other: do your columns add up to one?"
        ),
        also=frozenset(
            {
                "L_layer_model",
                "L_model_backward",
                "L_model_forward",
                "linear_activation_backward",
                "linear_activation_forward",
                "softmax_backward",
            }
        ),
    ),
    Mistake(
        "softmax-caches-the-probabilities",
        "solution-softmax",
        (('{"Z": Z}', '{"Z": A}'),),
        "softmax",
        "Under the key Z the backward pass expects scores. Compare your cache with the input.",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_forward"}),
    ),
    Mistake(
        "relu-takes-the-absolute-value",
        "solution-relu",
        (("np.maximum(Z, 0)", "np.abs(Z)"),),
        "relu",
        "A unit with a negative score should give 0. Look at the negative entries in your result.",
        also=frozenset({"L_model_backward", "L_model_forward", "Predict", "linear_activation_forward"}),
    ),
    Mistake(
        "relu-leaks",
        "solution-relu",
        (("np.maximum(Z, 0)", "np.where(Z > 0, Z, 0.01 * Z)"),),
        "relu",
        (
            "Below zero plain relu lets nothing through, not even a little. Print the result for a few "
            "negative numbers."
        ),
        also=frozenset({"L_model_backward", "L_model_forward", "Predict", "linear_activation_forward"}),
    ),
    Mistake(
        "relu-is-cut-off-at-one",
        "solution-relu",
        (("np.maximum(Z, 0)", "np.clip(Z, 0, 1)"),),
        "relu",
        "Relu has no upper limit: positive numbers pass unchanged, however large they are.",
        also=frozenset({"L_model_backward", "L_model_forward", "Predict", "linear_activation_forward"}),
    ),
    Mistake(
        "relu-caches-its-output",
        "solution-relu",
        (('{"Z": Z}', '{"Z": A}'),),
        "relu",
        "Compare the cache with the input: the negative scores should still be there.",
        also=frozenset({"linear_activation_forward"}),
    ),
    Mistake(
        "layer-takes-any-activation",
        "solution-linear_activation_forward",
        (('if activation not in ("relu", "softmax"):', "if not isinstance(activation, str):"),),
        "linear_activation_forward",
        "Call it with a misspelt activation: which branch does it take? You should notice a typo.",
    ),
    Mistake(
        "layer-swaps-its-caches",
        "solution-linear_activation_forward",
        (
            (
                '"linear_cache": linear_cache, "activation_cache": activation_cache',
                '"linear_cache": activation_cache, "activation_cache": linear_cache',
            ),
        ),
        "linear_activation_forward",
        "Print the keys of both inner caches: is each under its own name?",
        also=frozenset({"L_layer_model", "L_model_backward"}),
    ),
    Mistake(
        "layer-is-always-relu",
        "solution-linear_activation_forward",
        (('relu(Z) if activation == "relu" else softmax(Z)', "relu(Z)"),),
        "linear_activation_forward",
        (
            "Ask your layer for softmax: do the columns add up to one? The last argument must make a "
            "difference."
        ),
        also=frozenset({"L_layer_model", "L_model_forward", "Predict"}),
    ),
    Mistake(
        "layer-forgets-the-linear-step",
        "solution-linear_activation_forward",
        (("relu(Z) if", "relu(A_prev) if"),),
        "linear_activation_forward",
        "The activation is applied to the layer's scores. Which array do you pass to relu?",
        also=frozenset({"L_layer_model", "L_model_backward", "L_model_forward", "Predict"}),
    ),
    Mistake(
        "batchnorm-over-the-units",
        "solution-apply_batchnorm",
        (("axis=1", "axis=0"),),
        "apply_batchnorm",
        "Take the mean of one unit over all samples: along the rows. Which axis do you use?",
        also=frozenset({"L_layer_model", "L_model_backward", "L_model_forward", "Predict"}),
    ),
    Mistake(
        "batchnorm-without-epsilon",
        "solution-apply_batchnorm",
        ((" + 1e-5", ""),),
        "apply_batchnorm",
        "A unit that is the same for all samples has variance zero. What do you divide by then?",
        also=frozenset({"L_layer_model", "L_model_forward"}),
    ),
    Mistake(
        "batchnorm-epsilon-outside-the-root",
        "solution-apply_batchnorm",
        (("np.sqrt(variance + 1e-5)", "(np.sqrt(variance) + 1e-5)"),),
        "apply_batchnorm",
        (
            "Epsilon belongs to the variance, before the root is taken. For units that hardly vary the "
            "difference is easy to see."
        ),
    ),
    Mistake(
        "batchnorm-larger-epsilon",
        "solution-apply_batchnorm",
        (("1e-5", "1e-3"),),
        "apply_batchnorm",
        "Compare your epsilon with the one in the text: for units that vary little it matters.",
        also=frozenset({"L_model_backward", "L_model_forward"}),
    ),
    Mistake(
        "batchnorm-divides-by-the-variance",
        "solution-apply_batchnorm",
        (("np.sqrt(variance + 1e-5)", "(variance + 1e-5)"),),
        "apply_batchnorm",
        (
            "After normalising, a unit's spread should be one. The variance is the spread squared: what "
            "is missing?"
        ),
        also=frozenset({"L_model_backward", "L_model_forward", "Predict"}),
    ),
    Mistake(
        "batchnorm-with-the-samples-variance",
        "solution-apply_batchnorm",
        (
            (
                "np.var(A, axis=1, keepdims=True)",
                "np.var(A, axis=1, keepdims=True, ddof=min(1, np.shape(A)[1] - 1))",
            ),
        ),
        "apply_batchnorm",
        (
            "The formula divides the squared deviations by m. You divide by m - 1 to estimate a "
            "population's variance from a sample: not here."
        ),
        also=frozenset({"L_model_backward", "L_model_forward"}),
    ),
    Mistake(
        "batchnorm-keeps-the-mean",
        "solution-apply_batchnorm",
        (("(A - mean)", "A"),),
        "apply_batchnorm",
        "The rows of your result should have mean zero. Which of the two steps is missing?",
        also=frozenset({"L_layer_model", "L_model_backward", "L_model_forward", "Predict"}),
    ),
    Mistake(
        "model-softmax-in-every-layer",
        "solution-L_model_forward",
        (('"relu" if l < L else "softmax"', '"softmax"'),),
        "L_model_forward",
        "Softmax is used once, at the end. Which activation do the hidden layers have?",
        also=frozenset({"L_layer_model", "L_model_backward", "Predict"}),
    ),
    Mistake(
        "model-relu-at-the-end",
        "solution-L_model_forward",
        (('"relu" if l < L else "softmax"', '"relu"'),),
        "L_model_forward",
        "The last layer's columns should be probabilities. Which activation do you use there?",
        also=frozenset({"L_layer_model", "Predict"}),
    ),
    Mistake(
        "model-normalises-the-probabilities",
        "solution-L_model_forward",
        (("if use_batchnorm and l < L:", "if use_batchnorm:"),),
        "L_model_forward",
        "The last layer's output must stay probabilities. After which layers do you normalise?",
        also=frozenset({"Predict"}),
    ),
    Mistake(
        "model-always-normalises",
        "solution-L_model_forward",
        (("if use_batchnorm and l < L:", "if l < L:"),),
        "L_model_forward",
        "Try it with the option off and on: does anything change? The last argument decides.",
        also=frozenset({"L_model_backward", "Predict"}),
    ),
    Mistake(
        "model-never-normalises",
        "solution-L_model_forward",
        (("A = apply_batchnorm(A)", "apply_batchnorm(A)"),),
        "L_model_forward",
        (
            "The normalisation returns its result; it does not change its argument. What do you do with "
            "the result?"
        ),
        also=frozenset({"L_layer_model", "L_model_backward", "Predict"}),
    ),
    Mistake(
        "model-normalises-what-comes-in",
        "solution-L_model_forward",
        (("A, caches = X, []", "A, caches = (apply_batchnorm(X) if use_batchnorm else X), []"),),
        "L_model_forward",
        (
            "The text puts the normalisation after each hidden layer's activation. The input is not a "
            "hidden layer."
        ),
        also=frozenset({"L_model_backward", "Predict"}),
    ),
    Mistake(
        "model-leaves-out-the-last-layer",
        "solution-L_model_forward",
        (("range(1, L + 1)", "range(1, L)"),),
        "L_model_forward",
        "The end of a range is not part of it. Which layer is never reached?",
        also=frozenset({"L_layer_model", "L_model_backward", "Predict"}),
    ),
    Mistake(
        "cost-is-a-sum",
        "solution-compute_cost",
        ((") / m", ")"),),
        "compute_cost",
        "Use every sample twice: a mean would not change. What does yours do?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "cost-over-the-classes-too",
        "solution-compute_cost",
        ((") / m", ") / np.size(Y)"),),
        "compute_cost",
        "The mean is over the samples. Your divisor also counts the classes.",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "cost-without-its-sign",
        "solution-compute_cost",
        (("return -np.sum", "return np.sum"),),
        "compute_cost",
        (
            "The logarithm of a probability is below zero. Training should bring the cost down to zero, "
            "so it must start above zero."
        ),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "cost-logarithm-to-base-two",
        "solution-compute_cost",
        (("np.log(", "np.log2("),),
        "compute_cost",
        "The derivative p minus Y belongs to one particular logarithm. Which one undoes exp?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "cost-infinite-at-zero",
        "solution-compute_cost",
        (("np.maximum(AL, 1e-12)", "AL"),),
        "compute_cost",
        (
            "What is the logarithm of a probability that was rounded to zero, and what is that times "
            "zero? Keep the probability above zero."
        ),
    ),
    Mistake(
        "cost-cut-off-early",
        "solution-compute_cost",
        (("1e-12", "0.05"),),
        "compute_cost",
        "The smallest probability that you allow is so large that it changes the costs of real networks.",
    ),
    Mistake(
        "cost-counts-the-wrong-classes-too",
        "solution-compute_cost",
        (
            (
                "return -np.sum(Y * np.log(np.maximum(AL, 1e-12))) / m",
                "return -np.sum(Y * np.log(np.maximum(AL, 1e-12)) + (1 - Y) * np.log(np.maximum(1 - AL, 1e-12))) / m",
            ),
        ),
        "compute_cost",
        (
            "That is the cross-entropy for many yes-or-no questions. With softmax only the true class's "
            "probability counts."
        ),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "backward-dw-is-a-sum",
        "solution-Linear_backward",
        (('cache["A"].T / m', 'cache["A"].T'),),
        "Linear_backward",
        "dW combines all samples, and the cost is their mean: what is missing?",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "backward-db-is-a-sum",
        "solution-Linear_backward",
        (("keepdims=True) / m", "keepdims=True)"),),
        "Linear_backward",
        "Every sample uses the bias, like the weights. What did you do for dW at the end, but not here?",
        also=frozenset({"L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "backward-mean-in-da",
        "solution-Linear_backward",
        (('cache["W"].T @ dZ', 'cache["W"].T @ dZ / m'),),
        "Linear_backward",
        (
            "dA_prev is each sample's own derivative. If you divide by m in every layer, it gets smaller "
            "and smaller on the way back."
        ),
        also=frozenset({"L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "backward-flat-db",
        "solution-Linear_backward",
        (("axis=1, keepdims=True) / m", "axis=1) / m"),),
        "Linear_backward",
        "db must have the shape of b. A sum removes an axis unless you keep it.",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "backward-db-over-the-units",
        "solution-Linear_backward",
        (
            (
                "np.sum(dZ, axis=1, keepdims=True) / m",
                "np.resize(np.sum(dZ, axis=0, keepdims=True), (len(dZ), 1)) / m",
            ),
        ),
        "Linear_backward",
        "Each unit has its own bias, used for all samples. Along which axis are the samples?",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "backward-of-the-linear-step-drops-the-weights",
        "solution-Linear_backward",
        (('cache["W"].T @ dZ', 'np.zeros(np.shape(cache["A"])) + np.sum(dZ, axis=0)'),),
        "Linear_backward",
        "The weight says how strongly an input affects a unit. Where are the weights in your dA_prev?",
        also=frozenset({"L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "backward-returns-in-another-order",
        "solution-Linear_backward",
        (("return dA_prev, dW, db", "return dW, dA_prev, db"),),
        "Linear_backward",
        "Compare the order of your three results with the docstring's.",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "relu-back-by-the-sign-of-the-derivative",
        "solution-relu_backward",
        (('activation_cache["Z"] > 0', "dA > 0"),),
        "relu_backward",
        (
            "Which array says whether a unit was on: the derivative from above, or the scores from the "
            "forward pass?"
        ),
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "relu-back-forgets-the-chain-rule",
        "solution-relu_backward",
        (('dA * (activation_cache["Z"] > 0)', '1.0 * (activation_cache["Z"] > 0)'),),
        "relu_backward",
        "You return relu's own slope. By what does the chain rule multiply it?",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "relu-back-for-the-units-that-were-off",
        "solution-relu_backward",
        (("> 0", "<= 0"),),
        "relu_backward",
        (
            "Take a unit that was on and ask how its output changes with its score; then one that was "
            "off. Which of them passes on the derivative?"
        ),
        also=frozenset({"L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "relu-back-multiplies-by-the-scores",
        "solution-relu_backward",
        (('(activation_cache["Z"] > 0)', 'np.maximum(activation_cache["Z"], 0)'),),
        "relu_backward",
        "Relu's slope is one wherever the unit is on; it does not grow with the score.",
        also=frozenset({"L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "softmax-back-with-the-other-sign",
        "solution-softmax_backward",
        (('p - activation_cache["Y"]', 'activation_cache["Y"] - p'),),
        "softmax_backward",
        (
            "The true class's score should rise, and descent goes against the derivative: which sign must "
            "its entry have?"
        ),
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "softmax-back-divides-by-m",
        "solution-softmax_backward",
        (('return p - activation_cache["Y"]', 'return (p - activation_cache["Y"]) / np.shape(p)[1]'),),
        "softmax_backward",
        (
            "Take the mean over the samples once, in the linear step's derivative. Here each sample has "
            "its own derivative."
        ),
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "softmax-back-without-the-labels",
        "solution-softmax_backward",
        (('p - activation_cache["Y"]', "p"),),
        "softmax_backward",
        "Without the labels every score would fall. What must you subtract from the probabilities?",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "softmax-back-of-each-score-alone",
        "solution-softmax_backward",
        (('p - activation_cache["Y"]', '(p - activation_cache["Y"]) * p * (1 - p)'),),
        "softmax_backward",
        (
            "You multiplied by a sigmoid's slope. Softmax and cross-entropy together leave something "
            "simpler: follow the derivation in the text."
        ),
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "softmax-back-takes-scores-for-probabilities",
        "solution-softmax_backward",
        (('p, _ = softmax(activation_cache["Z"])', 'p = activation_cache["Z"]'),),
        "softmax_backward",
        "The cache holds scores. What must you do before you can compare them with the labels?",
        also=frozenset({"L_layer_model", "L_model_backward", "linear_activation_backward"}),
    ),
    Mistake(
        "layer-back-swaps-the-activations",
        "solution-linear_activation_backward",
        (
            (
                'relu_backward if activation == "relu" else softmax_backward',
                'softmax_backward if activation == "relu" else relu_backward',
            ),
        ),
        "linear_activation_backward",
        "Which of the two derivatives do you call for relu?",
        also=frozenset({"L_layer_model", "L_model_backward"}),
    ),
    Mistake(
        "layer-back-forgets-relu",
        "solution-linear_activation_backward",
        (("Linear_backward(dZ,", 'Linear_backward(dA if activation == "relu" else dZ,'),),
        "linear_activation_backward",
        "The linear step's derivative takes dZ. Did the derivative go back through the activation first?",
        also=frozenset({"L_model_backward"}),
    ),
    Mistake(
        "layer-back-hands-on-dz",
        "solution-linear_activation_backward",
        (
            (
                'return Linear_backward(dZ, cache["linear_cache"])',
                'dA_prev, dW, db = Linear_backward(dZ, cache["linear_cache"])\n    return dZ, dW, db',
            ),
        ),
        "linear_activation_backward",
        (
            "The layer before needs the derivative with respect to its output. Which of your results has "
            "that layer's shape?"
        ),
        also=frozenset({"L_layer_model", "L_model_backward"}),
    ),
    Mistake(
        "model-back-forgets-batchnorm",
        "solution-L_model_backward",
        (('dA = batchnorm_backward(dA, cache["before_batchnorm"])', "pass"),),
        "L_model_backward",
        (
            "With the option off your derivatives are right. With it on there is one more step between "
            "two layers, and you must go back through it."
        ),
    ),
    Mistake(
        "model-back-batchnorm-of-the-normalised",
        "solution-L_model_backward",
        (
            (
                'batchnorm_backward(dA, cache["before_batchnorm"])',
                'batchnorm_backward(dA, apply_batchnorm(cache["before_batchnorm"]))',
            ),
        ),
        "L_model_backward",
        (
            "The given function needs the activations before normalisation. Which ones do you keep in "
            "your cache?"
        ),
    ),
    Mistake(
        "model-back-records-da-too-late",
        "solution-L_model_backward",
        (
            ('        grads["dA" + str(l)] = dA\n', ""),
            (
                'cache["before_batchnorm"])\n',
                'cache["before_batchnorm"])\n        grads["dA" + str(l)] = dA\n',
            ),
        ),
        "L_model_backward",
        (
            "dA of a layer is the derivative with respect to its output, after normalisation. Where in "
            "your loop do you store it?"
        ),
    ),
    Mistake(
        "model-back-numbers-da-one-off",
        "solution-L_model_backward",
        (('grads["dA" + str(l)]', 'grads["dA" + str(l + 1)]'),),
        "L_model_backward",
        (
            "The result of the last layer's backward function belongs to the output of the layer before "
            "it. Which number does that layer have?"
        ),
    ),
    Mistake(
        "model-back-stops-before-the-first-layer",
        "solution-L_model_backward",
        (("range(L - 1, 0, -1)", "range(L - 1, 1, -1)"),),
        "L_model_backward",
        "The end of a range is not part of it, backwards too. Does your loop reach the first layer?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "model-back-keeps-no-da",
        "solution-L_model_backward",
        (('        grads["dA" + str(l)] = dA\n', ""),),
        "L_model_backward",
        "The docstring asks for the hidden layers' dA too: store each in grads.",
    ),
    Mistake(
        "model-back-does-not-hand-on",
        "solution-L_model_backward",
        (
            (
                'dA, grads["dW" + str(l)], grads["db" + str(l)] = linear',
                '_, grads["dW" + str(l)], grads["db" + str(l)] = linear',
            ),
        ),
        "L_model_backward",
        (
            "Each layer passes a derivative to the layer before it. Which variable holds it in your loop, "
            "and do you update it?"
        ),
    ),
    Mistake(
        "model-back-takes-the-mean-once-more",
        "solution-L_model_backward",
        (
            (
                "return grads",
                'return {name: slope / (AL.shape[1] if name[1] != "A" else 1) for name, slope in grads.items()}',
            ),
        ),
        "L_model_backward",
        (
            "The linear step's derivative already includes the mean over the samples. Your derivatives "
            "are too small by one more factor."
        ),
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "update-goes-uphill",
        "solution-Update_parameters",
        (("- learning_rate", "+ learning_rate"),),
        "Update_parameters",
        "The derivative points to where the cost rises. Which way do you walk?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "update-leaves-the-biases",
        "solution-Update_parameters",
        (("for name in parameters:", 'for name in [name for name in parameters if name[0] == "W"]:'),),
        "Update_parameters",
        "Print the biases before and after: they learn too.",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "update-ignores-the-learning-rate",
        "solution-Update_parameters",
        (("learning_rate * grads", "grads"),),
        "Update_parameters",
        "Call it with two learning rates: does anything change?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "update-only-the-last-layer",
        "solution-Update_parameters",
        (
            (
                "for name in parameters:",
                "for name in [name for name in parameters if name[1:] == str(len(parameters) // 2)]:",
            ),
        ),
        "Update_parameters",
        "Only one layer's parameters move in your function. The dict has two entries for each layer.",
    ),
    Mistake(
        "update-returns-the-steps",
        "solution-Update_parameters",
        (("return parameters", 'return {name: -learning_rate * grads["d" + name] for name in parameters}'),),
        "Update_parameters",
        "You return how far each parameter moves. The caller needs the new parameters.",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "predict-in-per-cent",
        "solution-Predict",
        (("return np.mean", "return 100 * np.mean"),),
        "Predict",
        "A share lies between zero and one.",
    ),
    Mistake(
        "predict-counts",
        "solution-Predict",
        (("return np.mean", "return np.sum"),),
        "Predict",
        "You return how many are right. By what should you divide the number?",
    ),
    Mistake(
        "predict-along-the-samples",
        "solution-Predict",
        (("np.argmax(AL, axis=0) == np.argmax(Y, axis=0)", "np.argmax(AL, axis=1) == np.argmax(Y, axis=1)"),),
        "Predict",
        "Each column is a sample: look for its largest probability within the column.",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "predict-is-the-share-of-mistakes",
        "solution-Predict",
        (("==", "!="),),
        "Predict",
        "Try a network that gets everything right: what do you return for it?",
        also=frozenset({"L_layer_model"}),
    ),
    Mistake(
        "predict-without-batchnorm",
        "solution-Predict",
        (("parameters, use_batchnorm)", "parameters, False)"),),
        "Predict",
        "A network that was trained with normalisation needs it here too. Where do you use the option?",
    ),
    Mistake(
        "predict-compares-entry-by-entry",
        "solution-Predict",
        (("np.argmax(AL, axis=0) == np.argmax(Y, axis=0)", "np.round(AL) == Y"),),
        "Predict",
        (
            "Compare classes, one for each sample, not all entries of the two arrays: a network may be "
            "right with a confidence below one half."
        ),
    ),
    Mistake(
        "train-l2-only-in-the-cost",
        "solution-L_layer_model",
        ((" + l2 * W", ""),),
        "L_layer_model",
        "L2 shows in your costs, but it does not affect the weights. What tells the weights how to move?",
    ),
    Mistake(
        "train-l2-not-in-the-cost",
        "solution-L_layer_model",
        (("cost = cost + l2 / 2 * np.sum(W**2)", "cost = cost"),),
        "L_layer_model",
        "Your weights shrink as they should, but your cost leaves out their penalty.",
    ),
    Mistake(
        "train-l2-without-the-half",
        "solution-L_layer_model",
        (("l2 / 2", "l2"),),
        "L_layer_model",
        (
            "Take the derivative of your penalty with respect to a weight: do you add the same to dW? "
            "Compare the factor in front of the sum."
        ),
    ),
    Mistake(
        "train-l2-twice-in-dw",
        "solution-L_layer_model",
        ((" + l2 * W", " + 2 * l2 * W"),),
        "L_layer_model",
        (
            "The half in the penalty is there to cancel a factor in its derivative. Which one did you leave "
            "in?"
        ),
    ),
    Mistake(
        "train-l2-for-the-biases",
        "solution-L_layer_model",
        (
            (
                " + l2 * W\n",
                ' + l2 * W\n            grads["db" + str(l)] = grads["db" + str(l)] + l2 * parameters["b" + str(l)]\n',
            ),
        ),
        "L_layer_model",
        "Which parameters have a penalty? The text does not regularise one kind of parameter.",
    ),
    Mistake(
        "train-l2-over-the-batch",
        "solution-L_layer_model",
        ((" + l2 * W", " + l2 * W / X_batch.shape[1]"),),
        "L_layer_model",
        "The penalty is not a mean over samples: it does not depend on the size of the mini-batch.",
    ),
    Mistake(
        "train-l2-of-the-norm-not-squared",
        "solution-L_layer_model",
        (("np.sum(W**2)", "np.sum(np.abs(W))"),),
        "L_layer_model",
        "You add up absolute values. The penalty adds up squares: that is the two in L2.",
    ),
    Mistake(
        "train-forward-without-batchnorm",
        "solution-L_layer_model",
        (
            (
                "L_model_forward(X_batch, parameters, use_batchnorm)",
                "L_model_forward(X_batch, parameters, False)",
            ),
        ),
        "L_layer_model",
        (
            "The option reaches the accuracy but not the training step: look at what you pass to the forward "
            "pass."
        ),
    ),
    Mistake(
        "train-never-updates",
        "solution-L_layer_model",
        (("        parameters = Update_parameters(parameters, grads, learning_rate)\n", ""),),
        "L_layer_model",
        (
            "The cost does not change, except for the noise of the batches. Which of the four parts of a "
            "training step is missing?"
        ),
    ),
    Mistake(
        "train-cost-without-the-step",
        "solution-L_layer_model",
        (
            (
                "cost = compute_cost(AL, Y_batch)",
                "cost = compute_cost(L_model_forward(X, parameters, use_batchnorm)[0][:, :1], Y[:, :1])",
            ),
        ),
        "L_layer_model",
        "Whose cost do you record: this mini-batch's, or a single sample's?",
    ),
    Mistake(
        "train-never-stops-early",
        "solution-L_layer_model",
        (
            (
                "elif step - best_step >= patience:\n                break",
                "elif step - best_step >= patience:\n                pass",
            ),
        ),
        "L_layer_model",
        "Training should end when nothing improves any more. What does your condition do?",
    ),
    Mistake(
        "train-patience-from-the-beginning",
        "solution-L_layer_model",
        (("best_accuracy, best_step = accuracy, step", "best_accuracy = accuracy"),),
        "L_layer_model",
        "Patience starts again at each improvement. Do you store when the last one was?",
    ),
    Mistake(
        "train-stops-at-the-first-setback",
        "solution-L_layer_model",
        (("elif step - best_step >= patience:", "else:"),),
        "L_layer_model",
        (
            "One check without an improvement is not a reason to stop: how many steps ago was the last "
            "improvement, and how many does patience allow?"
        ),
    ),
    Mistake(
        "train-with-a-patience-of-its-own",
        "solution-L_layer_model",
        (("step - best_step >= patience", "step - best_step >= 100"),),
        "L_layer_model",
        "Call it with another patience: does it wait any longer?",
    ),
]
