"""Test of question dropout_der, built by coursekit from the notebook's test cell. Change it there."""

import numpy as np
from otter.test_files import test_case

OK_FORMAT = False

name = "dropout_der"
points = 10
all_or_nothing = True


@test_case(hidden=False)
def test_dropout_der_public(dropout_der):
    np.random.seed(1)
    dA = np.random.rand(4, 2)
    mask = np.array(
        [[1.42857143, 1.42857143], [1.42857143, 1.42857143], [1.42857143, 0.0], [1.42857143, 1.42857143]]
    )
    in_test = [
        [0.417022005, 0.720324493],
        [0.000114374817, 0.302332573],
        [0.146755891, 0.0923385948],
        [0.186260211, 0.345560727],
    ]
    in_train = [
        [0.595745721, 1.02903499],
        [0.000163392596, 0.431903675],
        [0.209651273, 0.0],
        [0.266086016, 0.493658181],
    ]
    np.testing.assert_allclose(
        dropout_der(dA.copy(), (0.3, "test", mask)),
        in_test,
        atol=1e-6,
        err_msg="test mode returns dA_in unchanged",
    )
    np.testing.assert_allclose(
        dropout_der(dA.copy(), (0.3, "train", mask)),
        in_train,
        atol=1e-6,
        err_msg="train mode: dA_in times the mask",
    )


@test_case(hidden=True)
def test_dropout_der_hidden(dropout_der):
    rng = np.random.RandomState(8)
    for shape, drop_prob in (((3, 7), 0.5), ((6, 1), 0.25), ((20, 30), 0.95)):
        dA_in = rng.randn(*shape)
        mask = (rng.rand(*shape) < 1 - drop_prob) / (1 - drop_prob)
        cache = (drop_prob, "train", mask.copy())
        for again in (False, True):
            np.random.seed(9)
            dA_out = dropout_der(dA_in.copy(), cache)
            assert np.shape(dA_out) == shape, "dA_out has the shape of dA_in"
            np.testing.assert_allclose(
                dA_out,
                dA_in * mask,
                rtol=1e-5,
                atol=1e-7,
                err_msg="dA_in times the mask from the cache, once: no new mask, and no other division",
            )
        np.testing.assert_allclose(
            dropout_der(dA_in.copy(), (drop_prob, "test", None)),
            dA_in,
            rtol=1e-5,
            err_msg="test mode returns dA_in unchanged",
        )
        np.testing.assert_allclose(
            dropout_der(dA_in.copy(), (0, "train", None)),
            dA_in,
            rtol=1e-5,
            err_msg="without dropout dA_in is returned unchanged",
        )

    for mode in ("predict", ""):
        try:
            dropout_der(np.ones((2, 3)), (0.3, mode, np.ones((2, 3))))
        except ValueError:
            pass
        else:
            assert False, "any mode other than train or test raises ValueError"
