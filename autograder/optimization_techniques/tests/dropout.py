"""Test of question dropout, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "dropout"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_dropout_public(dropout):
    np.random.seed(1)
    x = np.random.rand(3, 4)
    A, cache = dropout(x.copy(), 0.3, "train")
    expected = [
        [0.595745721, 0.0, 0.000163392596, 0.431903675],
        [0.209651273, 0.131912278, 0.266086016, 0.493658181],
        [0.0, 0.0, 0.598849306, 0.978885001],
    ]
    mask = [
        [1.42857143, 0.0, 1.42857143, 1.42857143],
        [1.42857143, 1.42857143, 1.42857143, 1.42857143],
        [0.0, 0.0, 1.42857143, 1.42857143],
    ]
    np.testing.assert_allclose(
        A,
        expected,
        atol=1e-5,
        err_msg="train mode: A times the mask, in which kept entries are divided by prob_keep",
    )
    assert len(cache) == 3 and cache[0] == 0.3 and cache[1] == "train", "the cache is (drop_prob, mode, mask)"
    np.testing.assert_allclose(cache[2], mask, atol=1e-5, err_msg="the mask is (rand < prob_keep) / prob_keep")

    A, cache = dropout(x.copy(), 0.3, "test")
    np.testing.assert_allclose(A, x, rtol=1e-5, err_msg="test mode does not change A")
    assert cache[1] == "test" and cache[2] is None, "the cache holds the mode; in test mode its mask is None"

    A, cache = dropout(x.copy(), 0, "train")
    np.testing.assert_allclose(A, x, rtol=1e-5, err_msg="drop_prob 0 does not change A")
    assert cache[0] == 0 and cache[1] == "train" and cache[2] is None, "the cache is (0, 'train', None) here"


@test_case(hidden=True)
def test_dropout_hidden(dropout):
    for seed, shape, drop_prob in ((2, (5, 3), 0.5), (3, (7, 1), 0.2), (4, (1, 9), 0.6), (5, (40, 25), 0.95)):
        A_in = np.random.RandomState(seed + 100).randn(*shape)
        np.random.seed(seed)
        kept = np.random.rand(*shape) < 1 - drop_prob
        np.random.seed(seed)
        argument = A_in.copy()
        A, cache = dropout(argument, drop_prob, "train")
        assert np.shape(A) == shape, "A keeps its shape"
        mask = np.asarray(cache[2], dtype=float)
        assert mask.shape == shape, "the mask has the shape of A: one random number for each entry"
        assert np.array_equal(mask > 0, kept), (
            "the wrong entries are kept: draw rand once, and keep A where rand < prob_keep = 1 - drop_prob"
        )
        np.testing.assert_allclose(
            mask,
            kept / (1 - drop_prob),
            rtol=1e-4,
            err_msg="the mask is 1 / prob_keep where an entry is kept",
        )
        np.testing.assert_allclose(
            A, A_in * mask, rtol=1e-4, atol=1e-6, err_msg="in train mode, A times the mask"
        )
        assert cache[0] == drop_prob and cache[1] == "train", (
            "the cache is (drop_prob, mode, mask), in this order"
        )
        np.testing.assert_allclose(
            argument,
            A_in,
            rtol=1e-6,
            err_msg="dropout changed its argument A, which the caller may still need: make a new array",
        )

    A_in = np.random.RandomState(7).randn(6, 4)
    np.random.seed(7)
    kept = np.random.rand(6, 4) < 0.75
    np.random.seed(7)
    A, _ = dropout(A_in.copy(), 0.25)
    np.testing.assert_allclose(A, A_in * kept / 0.75, rtol=1e-4, atol=1e-6, err_msg="the default mode is train")
    for drop_prob in (0, 0.3, 0.9):
        A, cache = dropout(A_in.copy(), drop_prob, "test")
        np.testing.assert_allclose(A, A_in, rtol=1e-5, err_msg="in test mode A is neither dropped nor rescaled")
        assert cache[0] == drop_prob and cache[1] == "test", (
            "in test mode, too, the cache holds drop_prob and mode"
        )
        assert cache[2] is None, "in test mode the mask is None"

    for mode in ("predict", ""):
        try:
            dropout(A_in.copy(), 0.3, mode)
        except ValueError:
            pass
        else:
            assert False, "any mode other than train or test raises ValueError"
