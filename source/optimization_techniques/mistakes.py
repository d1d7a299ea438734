"""Mistakes that students make in this assignment, each with a hint. Never released."""

from coursekit.samples import Mistake

UPDATE = "solution-update_parameters_with_momentum_Adam"
NETWORK = frozenset({"multi_layer_network"})

MISTAKES = [
    Mistake(
        "relu-takes-the-absolute-value",
        "solution-relu",
        (("np.maximum(Z, 0)", "np.abs(Z)"),),
        "relu",
        (
            "A unit with a negative score should give 0. Look at the negative entries in your result, and "
            "compare with the plot of relu."
        ),
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "relu-is-cut-off-at-one",
        "solution-relu",
        (("np.maximum(Z, 0)", "np.clip(Z, 0, 1)"),),
        "relu",
        (
            "Relu has no upper limit: positive numbers pass unchanged, however large they are. Try a "
            "large number."
        ),
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "relu-leaks",
        "solution-relu",
        (("np.maximum(Z, 0)", "np.maximum(Z, 0.01 * Z)"),),
        "relu",
        (
            "Below zero plain relu lets nothing through, not even a little. Print the result for a few "
            "negative numbers."
        ),
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "relu-caches-its-output",
        "solution-relu",
        (('cache = {"Z": Z}', 'cache = {"Z": A}'),),
        "relu",
        (
            "Compare the cache with the input: the negative scores should still be there. Which of your "
            "two arrays has lost them?"
        ),
    ),
    Mistake(
        "relu-der-looks-at-the-sign-of-the-gradient",
        "solution-relu_der",
        (('cache["Z"] > 0', "dA > 0"),),
        "relu_der",
        (
            "Which array decides whether a unit was on: the gradient from above, or the scores from the "
            "forward pass? Try a negative gradient where the unit was on."
        ),
        also=NETWORK,
    ),
    Mistake(
        "relu-der-lets-the-off-units-pass",
        "solution-relu_der",
        (('cache["Z"] > 0', 'cache["Z"] <= 0'),),
        "relu_der",
        (
            "Take a single unit that was on and ask how its output changes with its input; then one that "
            "was off. Which of the two should pass the gradient on?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "relu-der-forgets-the-chain-rule",
        "solution-relu_der",
        (('dA * (cache["Z"] > 0)', '1.0 * (cache["Z"] > 0)'),),
        "relu_der",
        (
            "You return relu's own slope. By the chain rule, what should you combine it with, from the "
            "layer above?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "relu-der-multiplies-by-the-scores",
        "solution-relu_der",
        (('cache["Z"] > 0', 'np.maximum(cache["Z"], 0)'),),
        "relu_der",
        (
            "Relu's slope is a constant on each side of zero: it doesn't grow with the score. Print your "
            "result for two positive scores of very different size and equal gradients."
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-overflows",
        "solution-softmax_cross_entropy_loss",
        (("Z = Z - np.max(Z, axis=0, keepdims=True)\n    ", ""),),
        "softmax_cross_entropy_loss",
        (
            "What does exp of a score in the thousands give? Adding the same number to a whole column "
            "does not change its softmax: choose one that keeps exp small."
        ),
    ),
    Mistake(
        "softmax-across-the-samples",
        "solution-softmax_cross_entropy_loss",
        (("axis=0", "axis=1"),),
        "softmax_cross_entropy_loss",
        (
            "Each column is one sample, and its probabilities belong together. Print the sums of your A "
            "along both axes: which should be one?"
        ),
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "softmax-subtracts-one-maximum-for-all",
        "solution-softmax_cross_entropy_loss",
        (("np.max(Z, axis=0, keepdims=True)", "np.max(Z)"),),
        "softmax_cross_entropy_loss",
        (
            "Columns may differ by thousands. If you subtract the largest score of the whole array, every "
            "exp of a low column underflows: which maximum keeps each column safe?"
        ),
    ),
    Mistake(
        "loss-summed-over-the-samples",
        "solution-softmax_cross_entropy_loss",
        (("-np.mean(", "-np.sum("),),
        "softmax_cross_entropy_loss",
        (
            "Repeat every sample in your mini-batch: the loss should not change. Yours doubles, so what "
            "is missing at the end?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "loss-with-the-logarithm-to-base-two",
        "solution-softmax_cross_entropy_loss",
        (("-np.mean(", "-1 / np.log(2) * np.mean("),),
        "softmax_cross_entropy_loss",
        "The derivative A minus one-hot belongs to one particular logarithm. Which is the inverse of exp?",
        also=NETWORK,
    ),
    Mistake(
        "loss-without-its-sign",
        "solution-softmax_cross_entropy_loss",
        (("-np.mean(", "np.mean("),),
        "softmax_cross_entropy_loss",
        (
            "A probability is at most one: which sign does its logarithm have? Training should bring the "
            "loss down to zero, so it must start above zero."
        ),
        also=NETWORK,
    ),
    Mistake(
        "loss-over-all-classes",
        "solution-softmax_cross_entropy_loss",
        (("-np.mean(logA[Y, np.arange(np.size(Y))])", "-np.mean(logA)"),),
        "softmax_cross_entropy_loss",
        (
            "Cross-entropy looks at the probability of the true class only. Count how many logarithms "
            "you average for each sample."
        ),
        also=NETWORK,
    ),
    Mistake(
        "loss-is-none-without-labels",
        "solution-softmax_cross_entropy_loss",
        (("else []", "else None"),),
        "softmax_cross_entropy_loss",
        "Call your function with scores only, and compare the third result with the docstring.",
    ),
    Mistake(
        "softmax-returns-the-logarithms",
        "solution-softmax_cross_entropy_loss",
        (("A = np.exp(logA)", "A = logA"),),
        "softmax_cross_entropy_loss",
        (
            "Are the entries of A probabilities? Print a column: all should lie between zero and one and "
            "add up to one."
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-der-forgets-the-mean",
        "solution-softmax_cross_entropy_loss_der",
        ((" / m", ""),),
        "softmax_cross_entropy_loss_der",
        (
            "The loss is a mean over the samples. What does that change in the derivative with respect to "
            "a single sample's scores?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-der-divides-by-the-classes",
        "solution-softmax_cross_entropy_loss_der",
        (
            ("m = np.shape(A)[1]\n", "m = np.shape(A)[1]\n    n = np.shape(A)[0]\n"),
            ("/ m", "/ n"),
        ),
        "softmax_cross_entropy_loss_der",
        (
            "You divide by a length of A: is it the number of classes or of samples? Look again at which "
            "axis holds the samples."
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-der-divides-twice",
        "solution-softmax_cross_entropy_loss_der",
        (("/ m", "/ m / m"),),
        "softmax_cross_entropy_loss_der",
        (
            "Compare your derivative with a finite difference on a mini-batch of one, then of four. An "
            "error that grows with the mini-batch means that you take the mean more than once."
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-der-changes-the-cache",
        "solution-softmax_cross_entropy_loss_der",
        (
            (
                "onehot = np.zeros_like(A)\n    onehot[Y, np.arange(m)] = 1\n    return (A - onehot) / m",
                "A[Y, np.arange(m)] -= 1\n    return A / m",
            ),
        ),
        "softmax_cross_entropy_loss_der",
        (
            "Call your function twice with the same cache: the results should agree. An assignment gives "
            "an array a second name; it makes no copy."
        ),
    ),
    Mistake(
        "softmax-der-with-the-wrong-sign",
        "solution-softmax_cross_entropy_loss_der",
        (("(A - onehot)", "(onehot - A)"),),
        "softmax_cross_entropy_loss_der",
        (
            "Should a step against the gradient raise or lower the true class's score? Check the sign of "
            "its entry."
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-der-without-the-labels",
        "solution-softmax_cross_entropy_loss_der",
        (("(A - onehot)", "A"),),
        "softmax_cross_entropy_loss_der",
        (
            "Print your derivative for two different labels. A gradient that doesn't know the truth "
            "cannot teach."
        ),
        also=NETWORK,
    ),
    Mistake(
        "softmax-der-marks-the-wrong-class",
        "solution-softmax_cross_entropy_loss_der",
        (("onehot[Y, ", "onehot[Y - 1, "),),
        "softmax_cross_entropy_loss_der",
        (
            "Print the one-hot array next to the labels: the 1 of a label should be in the row with that "
            "number, counted from zero."
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-keeps-what-it-should-drop",
        "solution-dropout",
        (("< prob_keep)", "> prob_keep)"),),
        "dropout",
        (
            "Set a small drop_prob on a large array and count the zeros: do you drop a few or nearly all? "
            "Look at which side of the comparison you keep."
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-compares-with-the-wrong-probability",
        "solution-dropout",
        (("< prob_keep)", "< drop_prob)"),),
        "dropout",
        (
            "Two probabilities add up to one here, and rand falls below a threshold as often as the "
            "threshold says. Which of the two should decide which entries stay?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-never-rescales",
        "solution-dropout",
        ((" / prob_keep\n", " * 1.0\n"),),
        "dropout",
        (
            "Print the mean of your output: dropout should leave it unchanged on average. By what must "
            "you multiply the kept activations?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-rescales-by-the-dropped-share",
        "solution-dropout",
        ((" / prob_keep\n", " / drop_prob\n"),),
        "dropout",
        (
            "The mean of your output is not that of the input. Drop only a few entries: should the others "
            "then grow a lot, or hardly at all?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-shrinks-what-it-keeps",
        "solution-dropout",
        ((" / prob_keep\n", " * prob_keep\n"),),
        "dropout",
        (
            "Some entries are gone. How must the others change to keep the mean? Print a kept activation "
            "before and after."
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-rescales-when-it-tests",
        "solution-dropout",
        (("return A, (drop_prob, mode, None)", "return A * (1 - drop_prob), (drop_prob, mode, None)"),),
        "dropout",
        (
            "Inverted dropout already corrects for the dropped activations in training. What is left to "
            "do in test mode?"
        ),
        also=frozenset({"classify"}),
    ),
    Mistake(
        "dropout-drops-when-it-tests",
        "solution-dropout",
        (('mode == "test" or ', ""),),
        "dropout",
        (
            "A trained network should give the same answer every time. Call your function twice in test "
            "mode and compare."
        ),
        also=frozenset({"classify"}),
    ),
    Mistake(
        "dropout-takes-any-mode",
        "solution-dropout",
        (('raise ValueError(\'mode is "train" or "test", not {!r}\'.format(mode))', 'mode = "test"'),),
        "dropout",
        "You should notice a typo in the mode. Try a mode that doesn't exist, and read the docstring.",
    ),
    Mistake(
        "dropout-raises-another-error",
        "solution-dropout",
        (("raise ValueError", "raise KeyError"),),
        "dropout",
        (
            "You do reject an unknown mode, but the caller expects a certain exception. Which one does "
            "the docstring name?"
        ),
    ),
    Mistake(
        "dropout-changes-its-input",
        "solution-dropout",
        (("return A * mask, ", "A *= mask\n    return A, "),),
        "dropout",
        (
            "Print A before and after the call. An operator that works in place also changes the caller's "
            "array."
        ),
    ),
    Mistake(
        "dropout-forgets-to-apply-the-mask",
        "solution-dropout",
        (("return A * mask, ", "return A, "),),
        "dropout",
        "The cache has a good mask. Count the zeros in the activations that you return.",
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "dropout-drops-whole-rows",
        "solution-dropout",
        (("np.random.rand(*np.shape(A))", "np.random.rand(np.shape(A)[0], 1) + np.zeros(np.shape(A))"),),
        "dropout",
        "Print your mask: are whole rows alike? Each entry should get its own random number.",
        also=NETWORK,
    ),
    Mistake(
        "dropout-draws-from-the-normal-distribution",
        "solution-dropout",
        (("np.random.rand(", "np.random.randn("),),
        "dropout",
        (
            "For a comparison with a probability the random numbers must be spread evenly from zero to "
            "one. Which distribution do yours have?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-caches-in-another-order",
        "solution-dropout",
        (("return A * mask, (drop_prob, mode, mask)", "return A * mask, (mask, mode, drop_prob)"),),
        "dropout",
        "The backward pass unpacks the cache by position. Compare your order with the docstring's.",
        also=NETWORK,
    ),
    Mistake(
        "dropout-caches-a-mask-of-zeros-and-ones",
        "solution-dropout",
        (
            (
                "return A * mask, (drop_prob, mode, mask)",
                "return A * mask, (drop_prob, mode, 1.0 * (mask > 0))",
            ),
        ),
        "dropout",
        (
            "Divide your output by the input, where it isn't zero, and compare with the mask in the "
            "cache. The backward pass needs exactly the factor that the forward pass used."
        ),
    ),
    Mistake(
        "dropout-draws-a-second-mask",
        "solution-dropout",
        (("return A * mask, ", "return A * (np.random.rand(*np.shape(A)) < prob_keep) / prob_keep, "),),
        "dropout",
        (
            "Are the zeros of your output where the cached mask has its zeros? If you draw random numbers "
            "again, you get different ones."
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-tests-by-default",
        "solution-dropout",
        (('mode="train"', 'mode="test"'),),
        "dropout",
        (
            "Call your function without naming a mode: does it drop anything? Compare the signature with "
            "the given one."
        ),
    ),
    Mistake(
        "dropout-der-draws-a-new-mask",
        "solution-dropout_der",
        (
            (
                "return dA_in * mask",
                "return dA_in * (np.random.rand(*np.shape(dA_in)) < 1 - drop_prob) / (1 - drop_prob)",
            ),
        ),
        "dropout_der",
        "The gradient must go back through the units that the forward pass kept. Where can you find them?",
        also=NETWORK,
    ),
    Mistake(
        "dropout-der-rescales-again",
        "solution-dropout_der",
        (("return dA_in * mask", "return dA_in * mask / (1 - drop_prob)"),),
        "dropout_der",
        (
            "Print the mask's values: does it already include the rescaling? Then don't rescale the "
            "gradient again."
        ),
    ),
    Mistake(
        "dropout-der-masks-when-it-tested",
        "solution-dropout_der",
        (('if mode == "test" or drop_prob == 0:', "if mask is None:"),),
        "dropout_der",
        (
            "What did the forward pass do in test mode? The backward pass must match it, whatever else "
            "the cache holds."
        ),
    ),
    Mistake(
        "dropout-der-passes-everything",
        "solution-dropout_der",
        (("return dA_in * mask", "return dA_in"),),
        "dropout_der",
        (
            "A dropped activation did not affect the loss. So what is its gradient? Compare the zeros of "
            "the forward and the backward pass."
        ),
        also=NETWORK,
    ),
    Mistake(
        "dropout-der-forgets-the-scale",
        "solution-dropout_der",
        (("return dA_in * mask", "return dA_in * (mask > 0)"),),
        "dropout_der",
        (
            "The forward pass did not only keep some activations: it also made them larger. A factor in "
            "the forward pass is a factor in the derivative."
        ),
    ),
    Mistake(
        "dropout-der-takes-any-mode",
        "solution-dropout_der",
        (('raise ValueError(\'mode is "train" or "test", not {!r}\'.format(mode))', 'mode = "test"'),),
        "dropout_der",
        (
            "The backward pass should reject an unknown mode, like the forward pass. Try a cache with a "
            "misspelt mode."
        ),
    ),
    Mistake(
        "dropout-der-changes-the-mask",
        "solution-dropout_der",
        (("return dA_in * mask", "mask *= dA_in\n    return mask"),),
        "dropout_der",
        (
            "Print the cache's mask before and after the call. If you change something from the cache in "
            "place, the next use of it is wrong."
        ),
    ),
    Mistake(
        "dropout-der-turns-the-mask-round",
        "solution-dropout_der",
        (("return dA_in * mask", "return dA_in * (mask == 0)"),),
        "dropout_der",
        (
            "Compare the zeros of your result with those of the mask. Do the gradients of the kept units "
            "pass, or those of the dropped ones?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "batchnorm-takes-the-sample-variance",
        "solution-batchnorm",
        (("keepdims=True) + 1e-5", "keepdims=True, ddof=1) + 1e-5"),),
        "batchnorm",
        (
            "There are two variances in statistics: which one does the formula ask for? The mini-batch is "
            "normalised by its own spread; you don't estimate anything."
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-adds-epsilon-outside-the-root",
        "solution-batchnorm",
        (
            (
                "np.sqrt(np.var(A, axis=1, keepdims=True) + 1e-5)",
                "np.sqrt(np.var(A, axis=1, keepdims=True)) + 1e-5",
            ),
        ),
        "batchnorm",
        (
            "Try a feature that hardly varies: is epsilon added to the variance or to its root? For such "
            "a feature the two are very different."
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-with-another-epsilon",
        "solution-batchnorm",
        (("1e-5", "1e-8"),),
        "batchnorm",
        "For a feature that hardly varies, the size of epsilon decides. Is yours the one in the text?",
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-without-epsilon",
        "solution-batchnorm",
        ((" + 1e-5", ""),),
        "batchnorm",
        (
            "What happens to a feature that is the same in every sample? Something in the formula "
            "prevents a division by zero."
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-over-the-features",
        "solution-batchnorm",
        (("axis=1", "axis=0"),),
        "batchnorm",
        (
            "Print the mean of each row and of each column of your result, with a beta of zero. Which "
            "axis holds the mini-batch?"
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-over-the-whole-array",
        "solution-batchnorm",
        (
            ("np.mean(A, axis=1, keepdims=True)", "np.mean(A)"),
            ("np.var(A, axis=1, keepdims=True)", "np.var(A)"),
        ),
        "batchnorm",
        (
            "With one mean and one spread for all features, a large feature hides a small one. How many "
            "means should an (n, m) array have?"
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-swaps-beta-and-gamma",
        "solution-batchnorm",
        (("gamma * Ahat + beta", "beta * Ahat + gamma"),),
        "batchnorm",
        (
            "Print each row's mean and spread after normalising. Which of the two parameters should be "
            "the mean?"
        ),
    ),
    Mistake(
        "batchnorm-divides-by-the-variance",
        "solution-batchnorm",
        (("np.sqrt(np.var(A, axis=1, keepdims=True) + 1e-5)", "(np.var(A, axis=1, keepdims=True) + 1e-5)"),),
        "batchnorm",
        (
            "Multiply A by ten: a normalised feature should not change. If yours shrinks, check the units "
            "of your divisor."
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-cannot-be-switched-off",
        "solution-batchnorm",
        (("if np.size(beta) == 0 or np.size(gamma) == 0:", "if False:"),),
        "batchnorm",
        (
            "Some layers have no batch normalisation. What do their beta and gamma look like, and what "
            "should the output be?"
        ),
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "batchnorm-looks-only-at-beta",
        "solution-batchnorm",
        ((" or np.size(gamma) == 0", ""),),
        "batchnorm",
        "Either of the two parameters may be empty. Try it with just one of them, then with the other.",
    ),
    Mistake(
        "batchnorm-subtracts-no-mean",
        "solution-batchnorm",
        (("(A - mu) / sigma", "A / sigma"),),
        "batchnorm",
        (
            "Print each row's mean: it should be beta, for any input. What must you do before you divide "
            "by the spread?"
        ),
        also=frozenset({"batchnorm_der"}),
    ),
    Mistake(
        "batchnorm-forgets-the-shift",
        "solution-batchnorm",
        (("gamma * Ahat + beta", "gamma * Ahat"),),
        "batchnorm",
        "Print each row's mean for two different betas. Is there a difference?",
    ),
    Mistake(
        "batchnorm-forgets-the-scale",
        "solution-batchnorm",
        (("gamma * Ahat + beta", "Ahat + beta"),),
        "batchnorm",
        "Print each row's spread for two different gammas. Is there a difference?",
    ),
    Mistake(
        "batchnorm-der-without-the-mean-term",
        "solution-batchnorm_der",
        (("dA_in - dbeta / m - Ahat", "dA_in - Ahat"),),
        "batchnorm_der",
        (
            "Add up each row of dA_out: shifting a whole row of A changes nothing, so the sum should be "
            "zero. Through which quantity does every sample affect all the others?"
        ),
    ),
    Mistake(
        "batchnorm-der-without-the-variance-term",
        "solution-batchnorm_der",
        ((" - Ahat * dgamma / m", ""),),
        "batchnorm_der",
        (
            "Every sample also changes the spread by which all of them are divided. Compare dA_out with "
            "a finite difference: which of the three paths is missing?"
        ),
    ),
    Mistake(
        "batchnorm-der-treats-mean-and-spread-as-constants",
        "solution-batchnorm_der",
        (("(dA_in - dbeta / m - Ahat * dgamma / m)", "dA_in"),),
        "batchnorm_der",
        (
            "The mean and the variance were computed from A itself. So an entry of A affects the loss "
            "along three paths; how many do you use?"
        ),
    ),
    Mistake(
        "batchnorm-der-divides-by-one-sample-less",
        "solution-batchnorm_der",
        (("Ahat * dgamma / m", "Ahat * dgamma / (m - 1)"),),
        "batchnorm_der",
        (
            "The forward pass averages over all samples of the mini-batch. Does your derivative divide "
            "by the same number?"
        ),
    ),
    Mistake(
        "batchnorm-der-without-gamma",
        "solution-batchnorm_der",
        (("gamma / sigma", "1 / sigma"),),
        "batchnorm_der",
        (
            "Double gamma: what happens to the output, and so to the gradient with respect to A? Check "
            "whether yours changes too."
        ),
    ),
    Mistake(
        "batchnorm-der-without-the-spread",
        "solution-batchnorm_der",
        (("gamma / sigma *", "gamma *"),),
        "batchnorm_der",
        (
            "The forward pass divides by the spread. Multiply A by ten and check with a finite difference "
            "how dA_out changes."
        ),
    ),
    Mistake(
        "batchnorm-der-adds-the-variance-term",
        "solution-batchnorm_der",
        ((" - Ahat * dgamma / m", " + Ahat * dgamma / m"),),
        "batchnorm_der",
        (
            "A larger spread makes the normalised values smaller. With which sign should the path "
            "through the variance enter?"
        ),
    ),
    Mistake(
        "batchnorm-der-averages-for-beta",
        "solution-batchnorm_der",
        (("return dA_out, dbeta,", "return dA_out, dbeta / m,"),),
        "batchnorm_der",
        "One beta serves all samples, and each adds its part to the derivative. Is that a sum or a mean?",
    ),
    Mistake(
        "batchnorm-der-averages-for-gamma",
        "solution-batchnorm_der",
        (("return dA_out, dbeta, dgamma", "return dA_out, dbeta, dgamma / m"),),
        "batchnorm_der",
        (
            "Gamma multiplies every sample of its row, and the samples' contributions add up. Where does "
            "your extra division come from?"
        ),
    ),
    Mistake(
        "batchnorm-der-loses-an-axis",
        "solution-batchnorm_der",
        (("return dA_out, dbeta, dgamma", "return dA_out, dbeta[:, 0], dgamma"),),
        "batchnorm_der",
        "Print the shapes: a derivative has the shape of its variable. How can you keep a summed axis?",
    ),
    Mistake(
        "batchnorm-der-swaps-dbeta-and-dgamma",
        "solution-batchnorm_der",
        (("return dA_out, dbeta, dgamma", "return dA_out, dgamma, dbeta"),),
        "batchnorm_der",
        "Compare the order of your three results with the docstring's.",
    ),
    Mistake(
        "batchnorm-der-scales-dgamma-by-gamma",
        "solution-batchnorm_der",
        (
            (
                "dgamma = np.sum(dA_in * Ahat, axis=1, keepdims=True)",
                "dgamma = np.sum(dA_in * Ahat * gamma, axis=1, keepdims=True)",
            ),
        ),
        "batchnorm_der",
        (
            "What does gamma multiply in the forward pass: the values before it was applied or after? The "
            "derivative with respect to a factor is the other factor."
        ),
    ),
    Mistake(
        "batchnorm-der-scales-dbeta-by-gamma",
        "solution-batchnorm_der",
        (("return dA_out, dbeta,", "return dA_out, gamma * dbeta,"),),
        "batchnorm_der",
        (
            "Beta is added last, after gamma. Does a small change of beta still go through gamma on the "
            "way to the loss?"
        ),
    ),
    Mistake(
        "batchnorm-der-takes-a-spread-without-epsilon",
        "solution-batchnorm_der",
        (("gamma / sigma *", "gamma / np.sqrt(np.maximum(sigma**2 - 1e-5, 1e-12)) *"),),
        "batchnorm_der",
        (
            "Try a feature that hardly varies. Is the spread in your derivative exactly the number that "
            "the forward pass divided by?"
        ),
    ),
    Mistake(
        "batchnorm-der-forgets-epsilon-in-the-variance-term",
        "solution-batchnorm_der",
        (("Ahat * dgamma / m", "Ahat * dgamma / m * sigma**2 / np.maximum(sigma**2 - 1e-5, 1e-12)"),),
        "batchnorm_der",
        (
            "The direct path is right, but the one through the variance divides by a variance again: may "
            "you leave out epsilon there? Keep one value from the forward pass and use it throughout."
        ),
    ),
    Mistake(
        "batchnorm-der-cannot-be-switched-off",
        "solution-batchnorm_der",
        (("if not cache:", "if False:"),),
        "batchnorm_der",
        (
            "A layer without batch normalisation leaves an empty cache. What should go back then, and "
            "what are the other two results?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "weights-scaled-by-the-root-of-two",
        "solution-initialize_network",
        (("* 2 /", "* np.sqrt(2) /"),),
        "initialize_network",
        (
            "Your weights are right except for a constant factor. Read the formula again: which number is "
            "under the root, and which is before it?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "weights-scaled-by-the-outputs",
        "solution-initialize_network",
        (("np.sqrt(net_dims[l - 1])", "np.sqrt(net_dims[l])"),),
        "initialize_network",
        "A unit with more inputs should have smaller weights. Which of the layer's two sizes do you use?",
        also=NETWORK,
    ),
    Mistake(
        "weights-scaled-without-a-root",
        "solution-initialize_network",
        (("np.sqrt(net_dims[l - 1])", "net_dims[l - 1]"),),
        "initialize_network",
        (
            "Print the spread of the weights of a wide layer and compare it with the formula. The "
            "variance is divided by the number of inputs; by what do you divide the weights themselves?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "weights-all-positive",
        "solution-initialize_network",
        (("np.random.randn", "np.random.rand"),),
        "initialize_network",
        (
            "Plot a histogram of your weights: does it have the bell shape of the formula? Two functions "
            "of numpy.random have names that differ by one letter."
        ),
        also=NETWORK,
    ),
    Mistake(
        "weights-transposed",
        "solution-initialize_network",
        (("np.random.randn(net_dims[l], net_dims[l - 1])", "np.random.randn(net_dims[l - 1], net_dims[l])"),),
        "initialize_network",
        (
            "A layer's matrix is multiplied by the inputs on its right. Print the shape of W1: is a row "
            "for a unit, as the docstring says?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "biases-of-one",
        "solution-initialize_network",
        (("np.zeros", "np.ones"),),
        "initialize_network",
        "What should a bias be before training has seen a single sample? Print b1.",
        also=NETWORK,
    ),
    Mistake(
        "biases-drawn-at-random",
        "solution-initialize_network",
        (("np.zeros((net_dims[l], 1))", "np.random.randn(net_dims[l], 1) * 0.01"),),
        "initialize_network",
        (
            "Random weights are enough to make the units differ; the biases need no random numbers, and "
            "drawing them changes the next layer's numbers."
        ),
        also=NETWORK,
    ),
    Mistake(
        "biases-without-an-axis",
        "solution-initialize_network",
        (("np.zeros((net_dims[l], 1))", "np.zeros(net_dims[l])"),),
        "initialize_network",
        (
            "Print the shapes of your biases. A flat array is added along the wrong axis; how many axes "
            "has a column?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "input-counted-as-a-layer",
        "solution-initialize_network",
        (("len(net_dims) - 1}", "len(net_dims)}"),),
        "initialize_network",
        (
            "Count the weight matrices, and compare with the number of layers that you store. The input "
            "has a size but no weights."
        ),
        also=NETWORK,
    ),
    Mistake(
        "activations-off-by-one",
        "solution-initialize_network",
        (("act_list[l - 1]", "act_list[l % len(act_list)]"),),
        "initialize_network",
        "Layers are numbered from one, lists from zero. Print the activation of the first layer.",
        also=NETWORK,
    ),
    Mistake(
        "dropout-probabilities-off-by-one",
        "solution-initialize_network",
        (("drop_prob_list[l - 1]", "drop_prob_list[l % len(drop_prob_list)]"),),
        "initialize_network",
        "Give every layer a different drop probability and print them. Where does your list start?",
        also=NETWORK,
    ),
    Mistake(
        "velocity-starts-at-random",
        "solution-initialize_velocity",
        (
            (
                'parameters["V" + name] = np.zeros(np.shape(parameters[name[1:]]))',
                'parameters["V" + name] = np.random.randn(*np.shape(parameters[name[1:]]))',
            ),
        ),
        "initialize_velocity",
        (
            "Before the first step there are no gradients to remember. With which value should a running "
            "average begin?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "velocity-of-squares-starts-at-one",
        "solution-initialize_velocity",
        (('parameters["G" + name] = np.zeros(', 'parameters["G" + name] = np.ones('),),
        "initialize_velocity",
        "Both averages start without a past, also the average of the squares. Print G for the first layer.",
        also=NETWORK,
    ),
    Mistake(
        "velocity-forgets-the-last-layer",
        "solution-initialize_velocity",
        (('parameters["numLayers"] + 1', 'parameters["numLayers"]'),),
        "initialize_velocity",
        "List the keys that you have added: does every layer have its own? Check where your range ends.",
        also=NETWORK,
    ),
    Mistake(
        "velocity-forgets-the-biases",
        "solution-initialize_velocity",
        (('("dW" + str(l), "db" + str(l))', '("dW" + str(l),)'),),
        "initialize_velocity",
        "List the keys that you have added. Not only weights learn.",
        also=NETWORK,
    ),
    Mistake(
        "velocity-always-on",
        "solution-initialize_velocity",
        (
            (
                'parameters["apply_momentum"] = apply_momentum\n    if apply_momentum:',
                'parameters["apply_momentum"] = True\n    if apply_momentum:',
            ),
        ),
        "initialize_velocity",
        "Call your function with momentum switched off and print the flag that it stores.",
        also=NETWORK,
    ),
    Mistake(
        "velocity-shares-the-weights",
        "solution-initialize_velocity",
        (
            (
                'parameters["V" + name] = np.zeros(np.shape(parameters[name[1:]]))',
                'parameters["V" + name] = parameters[name[1:]]',
            ),
        ),
        "initialize_velocity",
        (
            "V should look like W in shape only. Print its values, and remember that an assignment does "
            "not create a new array."
        ),
        also=NETWORK,
    ),
    Mistake(
        "velocity-of-one-shape-for-all",
        "solution-initialize_velocity",
        (("np.zeros(np.shape(parameters[name[1:]]))", 'np.zeros(np.shape(parameters["W" + str(l)]))'),),
        "initialize_velocity",
        "Compare the shapes of V and of the parameter it belongs to, for the weights and for the biases.",
        also=NETWORK,
    ),
    Mistake(
        "velocity-resets-the-biases",
        "solution-initialize_velocity",
        (
            (
                "            for name in (",
                (
                    '            parameters["b" + str(l)] = np.zeros(np.shape(parameters["b" + str(l)]))\n'
                    "            for name in ("
                ),
            ),
        ),
        "initialize_velocity",
        "Your function should only add to the parameters. Compare the given ones before and after the call.",
    ),
    Mistake(
        "linear-forward-without-bias",
        "solution-linear_forward",
        ((" + b", ""),),
        "linear_forward",
        "What should the output be for an input of zeros? Check which of the three arguments you don't use.",
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "linear-forward-subtracts-the-bias",
        "solution-linear_forward",
        ((" + b", " - b"),),
        "linear_forward",
        "Use zeros as input: the result should be the bias itself, with its sign.",
        also=NETWORK | {"classify"},
    ),
    Mistake(
        "linear-forward-caches-its-output",
        "solution-linear_forward",
        (('return Z, {"A": A_prev}', 'return Z, {"A": Z}'),),
        "linear_forward",
        (
            "The backward pass computes the weights' derivative from the layer's input. Which array do "
            "you keep?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "linear-backward-transposes-dw",
        "solution-linear_backward",
        (("return dA_prev, dW", "return dA_prev, dW.T"),),
        "linear_backward",
        "Compare the shape of dW with that of W. In which order must you multiply the two factors?",
        also=NETWORK,
    ),
    Mistake(
        "linear-backward-loses-an-axis",
        "solution-linear_backward",
        ((", keepdims=True", ""),),
        "linear_backward",
        "Compare the shape of db with that of b: is it still a column?",
        also=NETWORK,
    ),
    Mistake(
        "linear-backward-averages-db",
        "solution-linear_backward",
        (("np.sum(dZ", "np.mean(dZ"),),
        "linear_backward",
        (
            "The division by the number of samples is already done, in the derivative of the loss. What "
            "remains to be done over the samples for db?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "linear-backward-averages-dw",
        "solution-linear_backward",
        (('np.transpose(cache["A"]))', 'np.transpose(cache["A"])) / np.shape(dZ)[1]'),),
        "linear_backward",
        (
            "Is the mean over the mini-batch in dZ already? Compare dW with a finite difference for two "
            "sizes of the mini-batch."
        ),
        also=NETWORK,
    ),
    Mistake(
        "linear-backward-forgets-a-transpose",
        "solution-linear_backward",
        (("np.dot(np.transpose(W), dZ)", "np.dot(W, dZ)"),),
        "linear_backward",
        (
            "Gradients flow back along the same connections, from outputs to inputs. Write the shapes "
            "next to each product: what must you do with W?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "linear-backward-swaps-dw-and-db",
        "solution-linear_backward",
        (("return dA_prev, dW, db", "return dA_prev, db, dW"),),
        "linear_backward",
        "Compare the order of your results with the docstring's, and their shapes with those of W and b.",
        also=NETWORK,
    ),
    Mistake(
        "adam-squares-the-velocity",
        UPDATE,
        (("gradient**2", "V**2"),),
        "update_parameters_with_momentum",
        (
            "There are two running averages, of two different things: what is the second one an average "
            "of? Check what you square."
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-does-not-square",
        UPDATE,
        (("gradient**2", "np.abs(gradient)"),),
        "update_parameters_with_momentum",
        (
            "G is the average of a square, so that its root has the units of a gradient. Check what you "
            "average."
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-uses-one-beta-for-both",
        UPDATE,
        (('beta2 * parameters["Gd" + name] + (1 - beta2)', 'beta * parameters["Gd" + name] + (1 - beta)'),),
        "update_parameters_with_momentum",
        "The two averages forget at different speeds. Which argument belongs to which?",
        also=NETWORK,
    ),
    Mistake(
        "adam-swaps-the-betas",
        UPDATE,
        (
            ("V = beta * ", "V = beta2 * "),
            ("(1 - beta) * gradient\n", "(1 - beta2) * gradient\n"),
            ("G = beta2 * ", "G = beta * "),
            ("(1 - beta2) * gradient**2", "(1 - beta) * gradient**2"),
        ),
        "update_parameters_with_momentum",
        (
            "Which of the two averages should remember longer? Compare V and G after one step with the "
            "formulas."
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-ignores-its-arguments",
        UPDATE,
        (('V = beta * parameters["Vd" + name] + (1 - beta)', 'V = 0.9 * parameters["Vd" + name] + 0.1'),),
        "update_parameters_with_momentum",
        (
            "Call the function with another beta: does anything change? The numbers in the body should "
            "come from the arguments."
        ),
    ),
    Mistake(
        "adam-corrects-the-bias",
        UPDATE,
        (("alpha * V / np.sqrt(G + eps)", "alpha * V / (1 - beta) / np.sqrt(G / (1 - beta2) + eps)"),),
        "update_parameters_with_momentum",
        (
            "The paper has one more step that this notebook leaves out. Compare your update with the "
            "formula in the text, term by term."
        ),
    ),
    Mistake(
        "adam-counts-its-steps",
        UPDATE,
        (
            (
                "alpha * V / np.sqrt(G + eps)",
                (
                    'alpha * V / (1 - beta ** parameters["t"]) / np.sqrt(G / (1 - beta2 ** '
                    'parameters["t"]) + eps)'
                ),
            ),
            (
                "        for name in (",
                '        parameters["t"] = parameters.get("t", 0) + (l == 1)\n        for name in (',
            ),
        ),
        "update_parameters_with_momentum",
        (
            "Your update depends on the number of earlier updates, as in the original paper. Does the "
            "formula in the text?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-adds-eps-outside-the-root",
        UPDATE,
        (("np.sqrt(G + eps)", "(np.sqrt(G) + eps)"),),
        "update_parameters_with_momentum",
        "With tiny gradients, the position of eps matters: is it added to G or to the root of G?",
    ),
    Mistake(
        "adam-takes-no-root",
        UPDATE,
        (("np.sqrt(G + eps)", "(G + eps)"),),
        "update_parameters_with_momentum",
        (
            "Make all gradients a hundred times larger: Adam's step should hardly change. What turns an "
            "average of squares back into the size of a gradient?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-climbs",
        UPDATE,
        (("parameters[name] - alpha * V", "parameters[name] + alpha * V"),),
        "update_parameters_with_momentum",
        "Take one step and compute the loss again. Does your step go along the gradient or against it?",
        also=NETWORK,
    ),
    Mistake(
        "adam-adds-the-whole-gradient",
        UPDATE,
        (("(1 - beta) * gradient\n", "gradient\n"),),
        "update_parameters_with_momentum",
        (
            "The two weights of a running average add up to one. With the same gradient at every step, V "
            "should approach that gradient; where does yours go?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-forgets-v-and-g",
        UPDATE,
        (('parameters["Vd" + name], parameters["Gd" + name] = V, G', "pass"),),
        "update_parameters_with_momentum",
        (
            "Print V and G in the parameters after a step. A running average needs its last value, so you "
            "must store it."
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-keeps-only-v",
        UPDATE,
        (('parameters["Vd" + name], parameters["Gd" + name] = V, G', 'parameters["Vd" + name] = V'),),
        "update_parameters_with_momentum",
        "The next step needs both averages. Print G after one step and after two.",
        also=NETWORK,
    ),
    Mistake(
        "adam-steps-with-the-gradient-alone",
        UPDATE,
        (("alpha * V / np.sqrt", "alpha * gradient / np.sqrt"),),
        "update_parameters_with_momentum",
        "Momentum means that the step follows the average of past gradients. What is in your numerator?",
        also=NETWORK,
    ),
    Mistake(
        "adam-does-not-divide",
        UPDATE,
        (("alpha * V / np.sqrt(G + eps)", "alpha * V"),),
        "update_parameters_with_momentum",
        (
            "Your step follows V, but it is not Adam's yet: what makes the steps of large and small "
            "gradients equally long?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "adam-changes-the-gradients",
        UPDATE,
        (("gradient**2\n", "np.multiply(gradient, gradient, out=gradient)\n"),),
        "update_parameters_with_momentum",
        (
            "Print a gradient before and after the call. One of your operations writes its result into "
            "the array it reads."
        ),
    ),
    Mistake(
        "adam-steps-with-the-old-velocity",
        UPDATE,
        (
            (
                "parameters[name] - alpha * V / np.sqrt(G + eps)",
                "parameters[name] - alpha * (V - (1 - beta) * gradient) / beta / np.sqrt(G + eps)",
            ),
        ),
        "update_parameters_with_momentum",
        "In which order do you update V and use it? The step should include the newest gradient.",
        also=NETWORK,
    ),
    Mistake(
        "update-forgets-the-biases",
        UPDATE,
        (('("W" + str(l), "b" + str(l))', '("W" + str(l),)'),),
        "update_parameters_with_momentum",
        "Compare every parameter before and after a step. Which ones never move?",
        also=NETWORK | {"update_parameters_without_momentum"},
    ),
    Mistake(
        "update-forgets-the-last-layer",
        UPDATE,
        (('parameters["numLayers"] + 1', 'parameters["numLayers"]'),),
        "update_parameters_with_momentum",
        (
            "Take one step and see which layers have changed. Layers are numbered from one: where must "
            "the range end?"
        ),
        also=NETWORK | {"update_parameters_without_momentum"},
    ),
    Mistake(
        "update-removes-the-given-branch",
        UPDATE,
        (('if parameters["bnorm_list"][l - 1]:', "if False:"),),
        "update_parameters_with_momentum",
        "A part of this loop was given and should stay. Batch normalisation has parameters that learn too.",
        also=frozenset({"update_parameters_without_momentum"}),
    ),
    Mistake(
        "update-ignores-the-flag",
        UPDATE,
        (
            (
                'gradient = gradients["d" + name]\n            if parameters["apply_momentum"]:',
                'gradient = gradients["d" + name]\n            if True:',
            ),
        ),
        "update_parameters_without_momentum",
        "Which key says whether to use momentum? Without it there are no running averages to look up.",
        also=NETWORK,
    ),
    Mistake(
        "descent-scales-twice",
        UPDATE,
        (("parameters[name] - alpha * gradient", "parameters[name] - alpha * alpha * gradient"),),
        "update_parameters_without_momentum",
        (
            "Halve the learning rate: without momentum the step should halve as well. How often do you "
            "use alpha?"
        ),
        also=NETWORK,
    ),
    Mistake(
        "descent-without-the-learning-rate",
        UPDATE,
        (("parameters[name] - alpha * gradient", "parameters[name] - gradient"),),
        "update_parameters_without_momentum",
        "Try two different learning rates without momentum. The step should change with them: does yours?",
        also=NETWORK,
    ),
    Mistake(
        "descent-climbs",
        UPDATE,
        (("parameters[name] - alpha * gradient", "parameters[name] + alpha * gradient"),),
        "update_parameters_without_momentum",
        "Without momentum, does the loss fall after one small step? The gradient points uphill.",
        also=NETWORK,
    ),
    Mistake(
        "descent-follows-only-the-sign",
        UPDATE,
        (("parameters[name] - alpha * gradient", "parameters[name] - alpha * np.sign(gradient)"),),
        "update_parameters_without_momentum",
        (
            "Plain gradient descent takes large steps where the slope is steep. Compare the steps for two "
            "gradients of different size."
        ),
        also=NETWORK,
    ),
    Mistake(
        "training-decays-twice",
        "solution-multi_layer_network",
        (("gradients, alpha)", "gradients, alpha / (1 + decay_rate * epoch))"),),
        "multi_layer_network",
        (
            "Print alpha at the start of each epoch, as the update receives it, and compare with the "
            "formula. Is the decay applied more than once?"
        ),
    ),
    Mistake(
        "training-counts-epochs-from-one",
        "solution-multi_layer_network",
        (("decay_rate * epoch)", "decay_rate * (epoch + 1))"),),
        "multi_layer_network",
        (
            "Print alpha in the first epoch: it should be the learning rate itself. From which number do "
            "you count?"
        ),
    ),
    Mistake(
        "training-decays-every-iteration",
        "solution-multi_layer_network",
        (("gradients, alpha)", "gradients, learning_rate / (1 + decay_rate * iteration))"),),
        "multi_layer_network",
        "Print alpha through one epoch. How often should it change?",
    ),
    Mistake(
        "training-never-decays",
        "solution-multi_layer_network",
        (("gradients, alpha)", "gradients, learning_rate)"),),
        "multi_layer_network",
        "You compute the decayed rate. Does the update use it?",
    ),
    Mistake(
        "training-decays-the-wrong-way",
        "solution-multi_layer_network",
        (("learning_rate / (1 + decay_rate * epoch)", "learning_rate * (1 - decay_rate * epoch)"),),
        "multi_layer_network",
        (
            "Print alpha for many epochs: a learning rate should keep shrinking but never reach zero, or "
            "worse, turn negative. Compare with the formula in the text."
        ),
    ),
    Mistake(
        "training-in-test-mode",
        "solution-multi_layer_network",
        (('parameters, "train")', 'parameters, "test")'),),
        "multi_layer_network",
        (
            "Dropout drops units in only one of its two modes. Which mode should the forward pass use "
            "while the network learns, and which mode do you use?"
        ),
    ),
    Mistake(
        "training-skips-the-small-batch",
        "solution-multi_layer_network",
        (("range(0, m, batch_size)", "range(0, m - m % batch_size, batch_size)"),),
        "multi_layer_network",
        (
            "Count the iterations when the number of samples isn't a multiple of the batch size. What "
            "happens to the remaining samples?"
        ),
    ),
    Mistake(
        "training-shuffles",
        "solution-multi_layer_network",
        (
            (
                "starts = range(0, m, batch_size)",
                "starts = np.random.permutation(np.arange(0, m, batch_size))",
            ),
        ),
        "multi_layer_network",
        (
            "Shuffling is good practice, but the text asks for a different order here. Print where each "
            "mini-batch begins."
        ),
    ),
    Mistake(
        "training-keeps-every-cost",
        "solution-multi_layer_network",
        (("if iteration % log_step == 0:", "if True:"),),
        "multi_layer_network",
        (
            "Count the returned costs for two values of log_step. Should a larger log_step keep just as "
            "many costs?"
        ),
    ),
    Mistake(
        "training-counts-each-epoch-anew",
        "solution-multi_layer_network",
        (("        for start in starts:", "        iteration = 0\n        for start in starts:"),),
        "multi_layer_network",
        (
            "log_step counts iterations through the whole training. What happens to your counter at the "
            "end of an epoch?"
        ),
    ),
    Mistake(
        "training-keeps-costs-only-when-it-prints",
        "solution-multi_layer_network",
        (("if iteration % log_step == 0:", "if log and iteration % log_step == 0:"),),
        "multi_layer_network",
        "Switch the log off: printing should stop, but what about the list of costs?",
    ),
    Mistake(
        "training-takes-all-samples-at-once",
        "solution-multi_layer_network",
        (
            ("multi_layer_forward(X_batch,", "multi_layer_forward(X,"),
            ("(AL, Y_batch)", "(AL, Y)"),
            ("der(Y_batch,", "der(Y,"),
        ),
        "multi_layer_network",
        (
            "Print the shape of the forward pass's input. Cutting out a mini-batch is not enough: you "
            "must also use it."
        ),
    ),
    Mistake(
        "training-never-updates",
        "solution-multi_layer_network",
        (("parameters = update_parameters_with_momentum_Adam(parameters, gradients, alpha)", "pass"),),
        "multi_layer_network",
        "Compare the weights before and after training. Gradients alone don't change anything.",
    ),
    Mistake(
        "training-updates-once-an-epoch",
        "solution-multi_layer_network",
        (
            (
                (
                    "            parameters = update_parameters_with_momentum_Adam(parameters, gradients, "
                    "alpha)"
                ),
                (
                    "            if start == starts[-1]:\n"
                    "                parameters = update_parameters_with_momentum_Adam(parameters, "
                    "gradients, alpha)"
                ),
            ),
        ),
        "multi_layer_network",
        (
            "Count the updates and the mini-batches: the numbers should be equal. Check the indentation "
            "of the update."
        ),
    ),
    Mistake(
        "training-differentiates-at-the-scores",
        "solution-multi_layer_network",
        (("der(Y_batch, cache)", 'der(Y_batch, {"A": AL})'),),
        "multi_layer_network",
        (
            "The loss's derivative needs probabilities. Do you pass the scores before softmax, or "
            "softmax's cache?"
        ),
    ),
    Mistake(
        "training-backpropagates-the-probabilities",
        "solution-multi_layer_network",
        (("multi_layer_backward(dZ,", 'multi_layer_backward(cache["A"],'),),
        "multi_layer_network",
        (
            "What should start the backward pass: the network's output, or the loss's derivative with "
            "respect to it?"
        ),
    ),
    Mistake(
        "training-initialises-again-every-epoch",
        "solution-multi_layer_network",
        (
            (
                "    for epoch in range(num_epochs):\n",
                (
                    "    for epoch in range(num_epochs):\n"
                    "        parameters = initialize_network(net_dims, act_list, drop_prob_list)\n"
                    "        parameters = initialize_velocity(parameters, apply_momentum)\n"
                    "        parameters = initialize_bnorm_params(parameters, bnorm_list, apply_momentum)\n"
                ),
            ),
        ),
        "multi_layer_network",
        (
            "Print a weight at the beginning of each epoch: training should continue from there. How "
            "often should a network be initialised?"
        ),
    ),
    Mistake(
        "training-overlooks-the-momentum-flag",
        "solution-multi_layer_network",
        (("initialize_velocity(parameters, apply_momentum)", "initialize_velocity(parameters, False)"),),
        "multi_layer_network",
        (
            "Train with and without momentum and compare the costs. Does the flag reach the functions "
            "that need it?"
        ),
    ),
    Mistake(
        "classify-picks-a-sample-for-each-class",
        "solution-classify",
        (("axis=0", "axis=1"),),
        "classify",
        (
            "Print the shape of your result: there should be one class for each column of X. Along which "
            "axis are the classes?"
        ),
    ),
    Mistake(
        "classify-returns-a-flat-array",
        "solution-classify",
        ((".reshape(1, -1)", ""),),
        "classify",
        "The values are right; compare the shape with that of Y, which has two axes.",
    ),
    Mistake(
        "classify-returns-a-column",
        "solution-classify",
        ((".reshape(1, -1)", ".reshape(-1, 1)"),),
        "classify",
        "The labels are in a row, one sample after the other. How are your classes arranged?",
    ),
    Mistake(
        "classify-in-train-mode",
        "solution-classify",
        (("parameters, mode)", 'parameters, "train")'),),
        "classify",
        (
            "Classify the same samples twice with a network that has dropout. The answers should agree: "
            "what should be off when you don't train?"
        ),
    ),
    Mistake(
        "classify-ignores-the-mode",
        "solution-classify",
        (("parameters, mode)", 'parameters, "test")'),),
        "classify",
        "Does the argument mode have any effect in your function? The forward pass needs it.",
    ),
    Mistake(
        "classify-picks-the-least-likely",
        "solution-classify",
        (("argmax", "argmin"),),
        "classify",
        "Print the probabilities of one sample beside your class. Which of them should win?",
    ),
    Mistake(
        "classify-returns-probabilities",
        "solution-classify",
        (("np.argmax(A, axis=0)", "np.max(A, axis=0)"),),
        "classify",
        "The probability of the best class is one thing, its number is another. Are your results integers?",
    ),
    Mistake(
        "classify-counts-from-one",
        "solution-classify",
        (("np.argmax(A, axis=0)", "(1 + np.argmax(A, axis=0))"),),
        "classify",
        "Labels are digits, and the first digit is zero. Where do your classes start?",
    ),
]
