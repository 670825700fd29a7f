"""Functions of whole axes."""

from __future__ import annotations

import dask.array as da
import mpmath
import npyo_special as special
import numpy as np
import pandas as pd
import pytest
import scipy.special
from accuracy import largest_ulps
from mpmath import mpf

INF, NAN = np.inf, np.nan


@pytest.fixture
def x() -> np.ndarray:
    return np.random.default_rng(13).uniform(500, 800, (60, 40))


def exact_logsumexp(row: np.ndarray) -> mpf:
    return mpmath.log(mpmath.fsum(mpmath.exp(mpf(value)) for value in row.tolist()))


def test_logsumexp_is_exact_to_1_ulp(x):
    exact = np.array([exact_logsumexp(row) for row in x], dtype=object)
    assert largest_ulps(special.logsumexp(x), exact) <= 1
    narrow = x.astype(np.float32)
    exact = np.array([exact_logsumexp(row) for row in narrow], dtype=object)
    assert special.logsumexp(narrow).dtype == np.float32
    assert largest_ulps(special.logsumexp(narrow), exact) <= 1


def test_logsumexp_is_that_of_scipy(x):
    assert largest_ulps(special.logsumexp(x), scipy.special.logsumexp(x, axis=-1)) <= 2
    by_logaddexp = special.logaddexp.reduce(x, axis=-1)
    assert np.allclose(special.logsumexp(x), by_logaddexp, rtol=1e-14, atol=0)


def test_softmax_is_that_of_scipy(x):
    wanted = scipy.special.softmax(x, axis=-1)
    assert np.allclose(special.softmax(x), wanted, rtol=1e-12, atol=0)
    assert np.allclose(special.softmax(x).sum(axis=-1), 1.0, rtol=1e-14, atol=0)
    assert np.allclose(np.log(special.softmax(x[0])), x[0] - special.logsumexp(x[0]), rtol=1e-12)


def test_polyval_is_that_of_numpy_to_the_last_bit():
    random = np.random.default_rng(17)
    for dtype in (np.float32, np.float64, np.complex64, np.complex128):
        coefficients, places = random.normal(size=7).astype(dtype), random.normal(size=50)
        places = (places * (1 + 2j) if np.dtype(dtype).kind == "c" else places).astype(dtype)
        values = special.polyval(coefficients, places)
        assert values.dtype == dtype
        if values.dtype.kind == "c":
            # NumPy may use fused multiplications.
            assert np.allclose(values, np.polyval(coefficients, places), rtol=1e-4, atol=1e-6)
        else:
            assert np.array_equal(values, np.polyval(coefficients, places))


def test_weighted_mean_is_that_of_numpy(x):
    weights = np.arange(40.0)
    found = special.weighted_mean(x, weights)
    assert np.allclose(found, np.average(x, axis=-1, weights=weights), rtol=1e-14, atol=0)


def test_a_mean_without_weight_is_refused(x):
    with pytest.raises(ZeroDivisionError, match="the sum of the weights is 0"):
        special.weighted_mean(x, np.zeros(40))


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ([], -INF),
        ([-INF, -INF], -INF),
        ([-INF, 3.0], 3.0),
        ([INF, 3.0], INF),
        ([1e308, -1e308], 1e308),
        ([-1000.0, -1000.0], -1000.0 + np.log(2.0)),
        ([NAN, INF], NAN),
        ([1.0, NAN], NAN),
    ],
)
def test_logsumexp_at_the_ends(row, wanted):
    assert np.array_equal(special.logsumexp(np.array(row, float)), wanted, equal_nan=True)


def test_softmax_at_the_ends():
    assert special.softmax(np.zeros(0)).shape == (0,)
    assert special.softmax([1000.0, -1000.0]).tolist() == [1.0, 0.0]
    assert np.isnan(special.softmax([1.0, NAN, INF])).all()


def test_the_axis_can_be_chosen(x):
    along_rows = special.logsumexp(x.T.copy())
    assert np.array_equal(special.logsumexp(x, axis=0), along_rows)
    assert np.array_equal(special.logsumexp(x.T, axes=[(1,), ()]), along_rows)
    assert special.logsumexp(x, keepdims=True).shape == (60, 1)
    assert np.array_equal(special.softmax(x, axis=0), special.softmax(x.T.copy()).T)


def test_other_axes_broadcast(x):
    weights = np.stack([np.ones(40), np.arange(40.0)])
    found = special.weighted_mean(x[:, None], weights)
    assert found.shape == (60, 2)
    assert np.array_equal(found[:, 1], special.weighted_mean(x, weights[1]))
    lines = special.polyval([[1.0, 0.0], [2.0, 1.0]], np.arange(3.0)[:, None])
    assert lines.tolist() == [[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]]


def test_any_layout_is_taken(x):
    wanted = special.logsumexp(x)
    for other in (
        np.asfortranarray(x),
        x[:, ::-1][:, ::-1],
        np.repeat(x, 2, 1)[:, ::2],
        x.astype(">f8"),
    ):
        assert np.array_equal(special.logsumexp(other), wanted)


def test_a_result_may_go_to_its_argument(x):
    wanted = special.softmax(x)
    assert special.softmax(x, out=x) is x
    assert np.array_equal(x, wanted)


def test_what_does_not_fit_the_signature_is_refused(x):
    assert special.weighted_mean.signature == "(n),(n)->()"
    with pytest.raises(ValueError, match="not have enough dimensions"):
        special.logsumexp(3.0)
    with pytest.raises(ValueError, match="size 3 is different from 40"):
        special.weighted_mean(x, [1, 2, 3])


def test_pandas_knows_no_core_dimensions():
    """Of a DataFrame it hands the columns over one by one, as rows."""
    frame = pd.DataFrame({"a": [0.0, 1.0], "b": [0.0, 3.0]}, index=["x", "y"])
    assert np.array_equal(special.softmax(frame), special.softmax(frame.to_numpy(), axis=0))
    assert special.polyval([1.0, 2.0], frame.a).to_dict() == {"x": 2.0, "y": 3.0}
    assert special.logsumexp(frame.to_numpy()).shape == (2,)


def test_dask_applies_them_by_their_signatures(x):
    rows = da.from_array(x, chunks=(20, 40))
    assert np.array_equal(special.logsumexp(rows).compute(), special.logsumexp(x))
    assert np.array_equal(special.softmax(rows).compute(), special.softmax(x))
    with pytest.raises(ValueError, match="multiple chunks"):
        special.logsumexp(da.from_array(x, chunks=(20, 10)))
    weights = np.arange(40.0)
    # A function that can fail: Dask does not have to find the dtype.
    found = da.apply_gufunc(
        special.weighted_mean, special.weighted_mean.signature, rows, weights, output_dtypes=float
    )
    assert np.array_equal(found.compute(), special.weighted_mean(x, weights))
