"""Mistakes that students make in this assignment, each with a hint. Never released."""

from coursekit.samples import Mistake

FILE = "neural_networks.py"
MAIN = frozenset({"main"})
BOTH = MAIN | {"update_momentum"}

G = "g = module.gradient[key] + _lambda * module.params[key]"
VELOCITY = '_alpha * momentum[name + "_" + key] - _learning_rate * g'
STORE = 'momentum[name + "_" + key] = velocity\n'
MOVE = "module.params[key] = module.params[key] + velocity"
STEP = "module.params[key] = module.params[key] - _learning_rate * g"
RETURN = "    return model\n\n\n"
W = '"W": np.random.normal(0, 0.1, (input_D, output_D)),'
B = '"b": np.random.normal(0, 0.1, (1, output_D)),'
ZEROS = "np.zeros(np.shape(value)) for key"
LINEAR = 'np.dot(X, self.params["W"]) + self.params["b"]'
DW = 'self.gradient["W"] = np.dot(np.transpose(X), grad)'
DB = 'self.gradient["b"] = np.sum(grad, axis=0, keepdims=True)'
DX = 'return np.dot(grad, np.transpose(self.params["W"]))'
TANH = "return np.tanh(X)"
TANH_DER = "grad * (1 - np.tanh(X) ** 2)"
RELU = "np.maximum(X, 0)"
RELU_DER = "grad * (np.asarray(X) > 0)"
DROPOUT_DER = "return grad * self.mask"


def mistake(name, old, new, question, hint, also=frozenset()):
    return Mistake(name, FILE, ((old, new),), question, hint, frozenset(also))


MISTAKES = [
    # The step
    mistake(
        "lambda-is-left-out",
        G,
        "g = module.gradient[key]",
        "update",
        "Your step is the same for every lambda. Where does L2 regularisation come into the formula?",
        BOTH,
    ),
    mistake(
        "lambda-is-subtracted",
        G,
        "g = module.gradient[key] - _lambda * module.params[key]",
        "update",
        "Regularisation should pull parameters towards zero; with yours they grow. Check a sign.",
        BOTH,
    ),
    mistake(
        "lambda-times-the-square",
        G,
        "g = module.gradient[key] + _lambda * module.params[key] ** 2",
        "update",
        "The square is in the penalty. The gradient needs the penalty's derivative.",
        BOTH,
    ),
    mistake(
        "lambda-halved",
        G,
        "g = module.gradient[key] + _lambda / 2 * module.params[key]",
        "update",
        "The penalty's derivative already includes the factor one half: don't use it again.",
        BOTH,
    ),
    mistake(
        "lambda-doubled",
        G,
        "g = module.gradient[key] + 2 * _lambda * module.params[key]",
        "update",
        "The penalty here has a factor one half in front, which cancels the two of the square's derivative.",
        BOTH,
    ),
    mistake(
        "lambda-times-the-gradient",
        G,
        "g = module.gradient[key] + _lambda * module.gradient[key]",
        "update",
        "Lambda makes large parameters costly. Look at what you multiply it by.",
        BOTH,
    ),
    mistake(
        "only-one-parameter-is-regularised",
        G,
        'g = module.gradient[key] + (0 if key in ("b", "c") else _lambda) * module.params[key]',
        "update",
        "In this course every parameter is regularised, including the biases.",
        BOTH,
    ),
    mistake(
        "uphill",
        STEP,
        STEP.replace(" - ", " + "),
        "update",
        (
            "The gradient points in the direction in which the loss grows. Your step goes that way: which "
            "way should it go?"
        ),
        MAIN,
    ),
    mistake(
        "no-learning-rate",
        STEP,
        "module.params[key] = module.params[key] - g",
        "update",
        "Try a tiny learning rate: your step stays as long as before.",
        MAIN,
    ),
    mistake(
        "the-learning-rate-spares-lambda",
        STEP,
        "module.params[key] *= 1 - _lambda\n                "
        "module.params[key] = module.params[key] - _learning_rate * module.gradient[key]",
        "update",
        "The pull towards zero belongs to the gradient, so it is scaled like the rest of it.",
        MAIN,
    ),
    mistake(
        "the-step-replaces-the-parameter",
        STEP,
        "module.params[key] = -_learning_rate * g",
        "update",
        "After your step nothing is left of the old parameter. A step starts from the old value.",
        MAIN,
    ),
    mistake(
        "two-steps-at-once",
        STEP,
        STEP + "\n                " + STEP,
        "update",
        "Your parameters move twice as far as they should. How many updates does one call make?",
        MAIN,
    ),
    mistake(
        "returns-after-the-first-module",
        RETURN,
        "        return model\n\n\n",
        "update",
        "Only the first module is updated. Look at the indentation of your return.",
        BOTH,
    ),
    mistake(
        "update-returns-nothing",
        RETURN,
        "\n\n",
        "update",
        "Your function ends without returning the model: what does Python return then?",
        BOTH,
    ),
    mistake(
        "only-the-sign-of-the-gradient",
        STEP,
        STEP.replace("* g", "* np.sign(g)"),
        "update",
        "Your step is the same for large and small gradients. Its length should grow with the gradient.",
        MAIN,
    ),
    # Momentum
    mistake(
        "no-memory",
        VELOCITY,
        "-_learning_rate * g",
        "update_momentum",
        "Your velocity forgets its old value. Which part of the formula keeps a share of it?",
        MAIN,
    ),
    mistake(
        "velocity-is-an-average",
        VELOCITY,
        '_alpha * momentum[name + "_" + key] - (1 - _alpha) * _learning_rate * g',
        "update_momentum",
        "That is a moving average, as in Adam. Here the new gradient counts in full.",
        MAIN,
    ),
    mistake(
        "velocity-points-uphill",
        VELOCITY + "\n                " + STORE + "                " + MOVE,
        VELOCITY.replace(" - ", " + ")
        + "\n                "
        + STORE
        + "                "
        + MOVE.replace(" + ", " - "),
        "update_momentum",
        (
            "Your parameters are right, but the velocity that you store has the opposite sign: it should "
            "be the number that you add."
        ),
    ),
    mistake(
        "velocity-without-the-learning-rate",
        VELOCITY + "\n                " + STORE + "                " + MOVE,
        VELOCITY.replace("_learning_rate * g", "g")
        + "\n                "
        + STORE
        + "                "
        + MOVE.replace("velocity", "_learning_rate * velocity"),
        "update_momentum",
        (
            "You scale when you use the velocity; in this course the velocity already includes the "
            "learning rate."
        ),
    ),
    mistake(
        "velocity-is-not-kept",
        STORE,
        "\n",
        "update_momentum",
        "The next call does not have your new velocity. Where must you store it?",
        MAIN,
    ),
    mistake(
        "the-old-velocity-moves-the-parameter",
        STORE + "                " + MOVE,
        'module.params[key] = module.params[key] + momentum[name + "_" + key]\n                '
        + STORE.rstrip("\n"),
        "update_momentum",
        "The order matters: first update the velocity, then move the parameter by it.",
        MAIN,
    ),
    mistake(
        "looks-ahead",
        MOVE,
        "module.params[key] = module.params[key] + _alpha * velocity - _learning_rate * g",
        "update_momentum",
        (
            "That is Nesterov's variant, which looks one step further ahead. Plain momentum just adds the "
            "velocity."
        ),
        MAIN,
    ),
    mistake(
        "velocity-falls-off",
        VELOCITY,
        '_alpha * (momentum[name + "_" + key] - _learning_rate * g)',
        "update_momentum",
        "Alpha damps the old velocity only. In yours it damps the new gradient as well: look at the brackets.",
        MAIN,
    ),
    mistake(
        "velocity-without-lambda",
        VELOCITY,
        '_alpha * momentum[name + "_" + key] - _learning_rate * module.gradient[key]',
        "update_momentum",
        "With momentum your step forgets regularisation. Which gradient goes into the velocity?",
        MAIN,
    ),
    mistake(
        "momentum-and-the-plain-step",
        MOVE,
        MOVE.replace("+ velocity", "+ velocity - _learning_rate * g"),
        "update_momentum",
        "You take the plain step and the velocity's step. The velocity already includes the plain step.",
        MAIN,
    ),
    # The linear layer
    mistake(
        "b-is-drawn-first",
        f"            {W}\n            {B}\n",
        f"            {B}\n            {W}\n",
        "linear_init",
        (
            "The numbers have the right distribution, but you draw them in the wrong order: which "
            "parameter comes first?"
        ),
    ),
    mistake(
        "weights-with-spread-one",
        W,
        W.replace("0.1", "1"),
        "linear_init",
        "Your weights are ten times too large. Print their spread.",
    ),
    mistake(
        "weights-with-the-variance-for-the-spread",
        W,
        W.replace("0.1", "0.1**2"),
        "linear_init",
        "The second argument of normal is the spread itself, not its square.",
    ),
    mistake(
        "b-starts-at-zero",
        B,
        '"b": np.zeros((1, output_D)),',
        "linear_init",
        "Elsewhere biases often start at zero; in this assignment they are drawn like the weights.",
    ),
    mistake(
        "uniform-weights",
        W,
        '"W": np.random.uniform(-0.1, 0.1, (input_D, output_D)),',
        "linear_init",
        "None of your weights is beyond a sharp bound. Which distribution does the task ask for?",
    ),
    mistake(
        "weights-have-a-mean",
        W,
        W.replace("(0, 0.1", "(0.1, 0.1"),
        "linear_init",
        "Print the mean of many weights: it should be close to zero.",
    ),
    mistake(
        "gradients-start-at-one",
        ZEROS,
        "np.ones(np.shape(value)) for key",
        "linear_init",
        (
            "Before the first backward pass there are no derivatives yet. With which number do the "
            "gradients begin?"
        ),
    ),
    mistake(
        "gradients-are-the-parameters",
        f"{{key: {ZEROS}, value in self.params.items()}}",
        "dict(self.params)",
        "linear_init",
        "Your gradients begin as copies of the parameters. They should only have the same shapes.",
    ),
    mistake(
        "weights-are-transposed",
        W,
        W.replace("(input_D, output_D)", "(output_D, input_D)"),
        "linear_init",
        "Rows are samples here, so W is multiplied from the right: how many rows must it have?",
        MAIN,
    ),
    mistake(
        "b-is-left-out",
        LINEAR,
        'np.dot(X, self.params["W"])',
        "linear_forward",
        "With an input of zeros your layer gives zeros. What should it give?",
        MAIN,
    ),
    mistake(
        "b-is-subtracted",
        LINEAR,
        LINEAR.replace(" + ", " - "),
        "linear_forward",
        "Try an input of zeros: the output is the bias with the wrong sign.",
        MAIN,
    ),
    mistake(
        "b-is-averaged",
        LINEAR,
        'np.dot(X, self.params["W"]) + np.mean(self.params["b"])',
        "linear_forward",
        "Every output column has its own bias; yours all get the same.",
        MAIN,
    ),
    mistake(
        "forward-uses-the-sum-of-samples",
        LINEAR,
        'np.dot(X, self.params["W"]) + self.params["b"] * len(X)',
        "linear_forward",
        "Add the bias once to every row, for any number of samples.",
        MAIN,
    ),
    mistake(
        "gradient-W-is-a-mean",
        DW,
        DW + " / len(X)",
        "linear_backward",
        (
            "The loss already includes the division by the number of samples: here you divide a second "
            "time, for W."
        ),
        MAIN,
    ),
    mistake(
        "gradient-b-is-a-mean",
        DB,
        DB.replace("np.sum", "np.mean"),
        "linear_backward",
        "The bias's slope adds up over the samples. The loss has already taken the mean.",
        MAIN,
    ),
    mistake(
        "gradient-b-is-flat",
        DB,
        DB.replace(", keepdims=True", ""),
        "linear_backward",
        "Compare the shape of your bias's slope with that of the bias: the sum removed a dimension.",
    ),
    mistake(
        "gradient-b-over-features",
        DB,
        DB.replace("axis=0", "axis=1"),
        "linear_backward",
        "You sum over the features. There is one bias for each output feature, and the samples are rows.",
        MAIN,
    ),
    mistake(
        "gradient-W-adds-up",
        DW,
        DW.replace(" = ", ' = self.gradient["W"] + '),
        "linear_backward",
        "On the second call the slopes of the first are still in W's gradient. Each call stores its own.",
        MAIN,
    ),
    mistake(
        "gradient-b-adds-up",
        DB,
        DB.replace(" = ", ' = self.gradient["b"] + ', 1),
        "linear_backward",
        "The bias's gradient still holds the values of the previous call. Replace them.",
        MAIN,
    ),
    mistake(
        "gradient-W-has-the-wrong-sign",
        DW,
        DW.replace("= np", "= -np"),
        "linear_backward",
        "Your slopes of W point the other way. The minus sign of gradient descent comes later, in the step.",
        MAIN,
    ),
    mistake(
        "gradient-W-is-transposed",
        DW,
        'self.gradient["W"] = np.dot(np.transpose(grad), X)',
        "linear_backward",
        "The slopes of W must have W's own shape: which of the two factors must you transpose?",
        MAIN,
    ),
    mistake(
        "backward-returns-the-slope-of-W",
        DX,
        'return self.gradient["W"]',
        "linear_backward",
        "Your result should fit the module before: it must have the shape of X, not of W.",
        MAIN,
    ),
    mistake(
        "backward-returns-grad",
        DX,
        "return grad",
        "linear_backward",
        "You return grad unchanged. Which factor is between the input and the output?",
        MAIN,
    ),
    mistake(
        "backward-already-takes-a-step",
        DX,
        'self.params["W"] = self.params["W"] - self.gradient["W"]\n        ' + DX,
        "linear_backward",
        "A backward pass only measures slopes. Only the update changes the parameters.",
        MAIN,
    ),
    # Activations
    mistake(
        "tanh-of-half",
        TANH,
        "return 2 / (1 + np.exp(-np.asarray(X))) - 1",
        "tanh_forward",
        "Your curve is stretched: it rises half as steeply. Which factor is in the exponent next to u?",
        MAIN,
    ),
    mistake(
        "tanh-is-a-sigmoid",
        TANH,
        "return 1 / (1 + np.exp(-np.asarray(X)))",
        "tanh_forward",
        "Your values are between zero and one; those of tanh are on both sides of zero.",
        MAIN,
    ),
    mistake(
        "tanh-is-mirrored",
        TANH,
        "return np.tanh(-np.asarray(X))",
        "tanh_forward",
        "Your curve falls where tanh rises. Look at the sign in the exponent.",
        MAIN,
    ),
    mistake(
        "tanh-of-two-infinities",
        TANH,
        'with np.errstate(all="ignore"):\n            '
        "return (np.exp(X) - np.exp(np.negative(X))) / (np.exp(X) + np.exp(np.negative(X)))",
        "tanh_forward",
        (
            "For large numbers both powers are infinite, and their quotient is not a number. Another form "
            "has only one power."
        ),
    ),
    mistake(
        "tanh-is-cut-off",
        TANH,
        "return np.clip(X, -1, 1)",
        "tanh_forward",
        "A straight line with two corners is not yet tanh: compare values between the ends.",
        MAIN,
    ),
    mistake(
        "tanh-der-without-the-square",
        TANH_DER,
        "grad * (1 - np.tanh(X))",
        "tanh_backward",
        "At minus infinity tanh is flat, but your slope is not 0 there. Is something missing from h?",
        MAIN,
    ),
    mistake(
        "tanh-der-of-the-input",
        TANH_DER,
        "grad * (1 - np.asarray(X) ** 2)",
        "tanh_backward",
        "In the formula, h is the output of tanh; you use its input.",
        MAIN,
    ),
    mistake(
        "tanh-der-without-grad",
        TANH_DER,
        "1 - np.tanh(X) ** 2",
        "tanh_backward",
        "This is tanh's own slope. The chain rule needs one more factor, the derivative from above.",
        MAIN,
    ),
    mistake(
        "tanh-der-of-grad",
        TANH_DER,
        "grad * (1 - np.tanh(grad) ** 2)",
        "tanh_backward",
        "Take the slope at the input of the forward pass. You take it at a different array.",
        MAIN,
    ),
    mistake(
        "tanh-der-has-the-wrong-sign",
        TANH_DER,
        "grad * (np.tanh(X) ** 2 - 1)",
        "tanh_backward",
        "tanh rises everywhere, so its slope is never negative. Yours is.",
        MAIN,
    ),
    mistake(
        "tanh-der-is-the-sigmoids",
        TANH_DER,
        "grad * np.tanh(X) * (1 - np.tanh(X))",
        "tanh_backward",
        "That is how the slope of the logistic function follows from its value. tanh has a different rule.",
        MAIN,
    ),
    mistake(
        "relu-takes-the-absolute-value",
        RELU,
        "np.abs(X)",
        "relu_forward",
        "A negative entry should become 0. Yours become positive.",
        MAIN,
    ),
    mistake(
        "relu-leaks",
        RELU,
        "np.maximum(X, 0.01 * np.asarray(X))",
        "relu_forward",
        "Below zero plain relu lets nothing through, not even a little.",
        MAIN,
    ),
    mistake(
        "relu-is-cut-off-at-one",
        RELU,
        "np.clip(X, 0, 1)",
        "relu_forward",
        "Relu has no upper limit: positive numbers pass unchanged.",
    ),
    mistake(
        "relu-der-looks-at-grad",
        RELU_DER,
        "grad * (np.asarray(grad) > 0)",
        "relu_backward",
        "Which array decides whether a unit was on, the slope from above or the input of the forward pass?",
        MAIN,
    ),
    mistake(
        "relu-der-passes-at-zero",
        RELU_DER,
        "grad * (np.asarray(X) >= 0)",
        "relu_backward",
        "Try an input of exactly zero: the task says what should pass there.",
    ),
    mistake(
        "relu-der-without-grad",
        RELU_DER,
        "1.0 * (np.asarray(X) > 0)",
        "relu_backward",
        "You return where the units were on, but not the slope that should pass there.",
        MAIN,
    ),
    mistake(
        "relu-der-times-the-input",
        RELU_DER,
        "grad * np.maximum(X, 0)",
        "relu_backward",
        "Where a unit is on, relu's slope is one, whatever the size of the input.",
        MAIN,
    ),
    mistake(
        "relu-der-passes-everything",
        RELU_DER,
        "grad",
        "relu_backward",
        "Units that were off did not contribute to the loss: what should pass through them?",
        MAIN,
    ),
    # Dropout
    mistake(
        "dropout-der-draws-a-new-mask",
        DROPOUT_DER,
        "return grad * (np.random.uniform(0, 1, np.shape(grad)) >= self.r) / (1 - self.r)",
        "dropout_backward",
        (
            "The backward pass must switch off exactly the same entries as the forward pass. Where are "
            "they stored?"
        ),
        MAIN,
    ),
    mistake(
        "dropout-der-divides-again",
        DROPOUT_DER,
        "return grad * self.mask / (1 - self.r)",
        "dropout_backward",
        "The mask already includes the division; you divide a second time.",
        MAIN,
    ),
    mistake(
        "dropout-der-does-not-grow",
        DROPOUT_DER,
        "return grad * (self.mask > 0)",
        "dropout_backward",
        "Kept entries grew in the forward pass, and their slopes grow by the same factor.",
        MAIN,
    ),
    mistake(
        "dropout-der-passes-everything",
        DROPOUT_DER,
        "return grad",
        "dropout_backward",
        "Your derivative does not know what was dropped.",
        MAIN,
    ),
    mistake(
        "dropout-der-keeps-what-was-dropped",
        DROPOUT_DER,
        "return grad * (self.mask == 0) / (1 - self.r)",
        "dropout_backward",
        "Your slopes pass exactly where the entries were switched off.",
        MAIN,
    ),
    mistake(
        "dropout-der-times-the-input",
        DROPOUT_DER,
        "return grad * X * self.mask",
        "dropout_backward",
        (
            "The derivative of a product with respect to one factor is the other factor. It does not "
            "contain the input itself."
        ),
        MAIN,
    ),
    mistake(
        "dropout-der-divides-by-the-mask",
        DROPOUT_DER,
        "return grad * np.where(self.mask > 0, 1 - self.r, 0)",
        "dropout_backward",
        "Your slopes shrink where they should grow. Do you multiply where you should divide?",
        MAIN,
    ),
    # The wiring
    mistake(
        "main-drops-nothing",
        '["drop1"].forward(h2, True)',
        '["drop1"].forward(h2, False)',
        "main",
        "These five calls are for training. What does dropout do with the other value of is_train?",
    ),
    mistake(
        "main-leaves-dropout-out",
        '["L2"].forward(h3)',
        '["L2"].forward(h2)',
        "main",
        "Your forward pass does not use the result of dropout.",
    ),
    mistake(
        "main-passes-by-dropout-on-the-way-back",
        'grad_h2 = model["drop1"].backward(h2, grad_h3)',
        "grad_h2 = grad_h3",
        "main",
        "Five modules go forward, and four come back: the one that switches units off is missing.",
    ),
    mistake(
        "main-gives-tanh-its-output",
        '["tanh1"].backward(a1, grad_h1)',
        '["tanh1"].backward(h1, grad_h1)',
        "main",
        "One of your backward calls gets its module's output. It needs the module's input: look at tanh.",
    ),
    mistake(
        "main-gives-the-second-layer-too-much",
        '["L2"].backward(h3, grad_a2)',
        '["L2"].backward(h2, grad_a2)',
        "main",
        (
            "Without dropout everything is right: so which array does the second layer's backward get, "
            "before or after dropping?"
        ),
    ),
    mistake(
        "main-never-reaches-the-first-layer",
        '            model["L1"].backward(x, grad_a1)\n',
        "",
        "main",
        "The parameters of one layer never change. Does the derivative go all the way back?",
    ),
    mistake(
        "main-skips-tanh",
        'h1 = model["tanh1"].forward(a1)',
        "h1 = a1",
        "main",
        "One activation is missing in the forward pass: the one that bounds the hidden values.",
    ),
    mistake(
        "main-skips-relu",
        'h2 = model["relu1"].forward(h1)',
        "h2 = h1",
        "main",
        "Hidden values below zero reach your second layer. Which module should have stopped them?",
    ),
    mistake(
        "main-passes-by-relu-on-the-way-back",
        'grad_h1 = model["relu1"].backward(h1, grad_h2)',
        "grad_h1 = grad_h2",
        "main",
        "Slopes go back through hidden units that were off. Which module's backward is missing?",
    ),
    mistake(
        "main-passes-by-tanh-on-the-way-back",
        'grad_a1 = model["tanh1"].backward(a1, grad_h1)',
        "grad_a1 = grad_h1",
        "main",
        "Your backward pass does not use the slope of the S-shaped curve.",
    ),
]
