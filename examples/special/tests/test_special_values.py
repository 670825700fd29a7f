from __future__ import annotations

import npyo_special as special
import numpy as np
import pytest

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("function", "arguments", "wanted"),
    [
        (special.logit, [0.5], 0.0),
        (special.logit, [NAN], NAN),
        (special.expit, [-INF], 0.0),
        (special.expit, [-1000.0], 0.0),
        (special.expit, [0.0], 0.5),
        (special.expit, [INF], 1.0),
        (special.expit, [NAN], NAN),
        (special.softplus, [-INF], 0.0),
        (special.softplus, [INF], INF),
        (special.softplus, [NAN], NAN),
        (special.log1mexp, [-INF], 0.0),
        (special.log1mexp, [NAN], NAN),
        (special.sinc, [0.0], 1.0),
        (special.sinc, [3.0], 0.0),
        (special.sinc, [-1e15], 0.0),
        (special.sinc, [INF], 0.0),
        (special.sinc, [NAN], NAN),
        (special.entr, [0.0], 0.0),
        (special.entr, [1.0], 0.0),
        (special.entr, [-1.0], -INF),
        (special.entr, [NAN], NAN),
        (special.rel_entr, [0.0, 0.0], 0.0),
        (special.rel_entr, [0.0, 1.0], 0.0),
        (special.rel_entr, [1.0, 0.0], INF),
        (special.rel_entr, [-1.0, 1.0], INF),
        (special.rel_entr, [1.0, -1.0], INF),
        (special.rel_entr, [NAN, 1.0], NAN),
        (special.erf, [-INF], -1.0),
        (special.erf, [0.0], 0.0),
        (special.erf, [INF], 1.0),
        (special.erf, [NAN], NAN),
        (special.erfc, [-INF], 2.0),
        (special.erfc, [0.0], 1.0),
        (special.erfc, [INF], 0.0),
        (special.erfc, [NAN], NAN),
        (special.logaddexp, [-INF, -INF], -INF),
        (special.logaddexp, [-INF, 1.0], 1.0),
        (special.logaddexp, [INF, -INF], INF),
        (special.logaddexp, [0.0, 0.0], np.log(2.0)),
        (special.logaddexp, [NAN, 0.0], NAN),
        (special.logaddexp, [0.0, NAN], NAN),
        (special.either, [1.0, 0.3], 1.0),
        (special.either, [0.0, 0.3], 0.3),
    ],
)
def test_values_at_the_ends(function, arguments, wanted):
    for dtype in (np.float32, np.float64):
        # An array, not a scalar: as many as a vectorised loop takes at once.
        values = function(*(np.full(64, argument, dtype) for argument in arguments))
        assert values.dtype == dtype
        assert np.array_equal(values, np.full(64, wanted, dtype), equal_nan=True)


@pytest.mark.parametrize(
    ("function", "argument", "wanted", "warning"),
    [
        (special.logit, 0.0, -INF, "divide by zero encountered in logit"),
        (special.logit, 1.0, INF, "divide by zero encountered in logit"),
        (special.logit, 1.5, NAN, "invalid value encountered in logit"),
        (special.logit, -0.5, NAN, "invalid value encountered in logit"),
        (special.log1mexp, 0.0, -INF, "divide by zero encountered in log1mexp"),
        (special.log1mexp, 0.5, NAN, "invalid value encountered in log1mexp"),
    ],
)
def test_poles_and_what_is_outside_are_reported_as_errstate_says(
    function, argument, wanted, warning
):
    for dtype in (np.float32, np.float64):
        values = np.array([-1.0 if function is special.log1mexp else 0.5, argument], dtype)
        with pytest.warns(RuntimeWarning, match=warning):
            assert np.array_equal(function(values)[1], wanted, equal_nan=True)
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=warning):
            function(values)
        with np.errstate(all="ignore"):
            assert np.array_equal(function(values)[1], wanted, equal_nan=True)


def test_sums_and_products_report_what_those_of_numpy_do():
    with pytest.warns(RuntimeWarning, match="invalid value encountered in either"):
        special.either(INF, 0.0)
    with pytest.warns(RuntimeWarning, match="overflow encountered in polyval"):
        special.polyval([1e200, 0.0], 1e200)
    with pytest.warns(RuntimeWarning, match="overflow encountered in weighted_mean"):
        special.weighted_mean([1e308, 1e308], [1.0, 1.0])


def test_a_quotient_that_no_float_has_is_no_matter():
    wanted = -600 * np.log(10) * 1e-300
    assert special.rel_entr(1e-300, 1e300) == pytest.approx(wanted, rel=1e-15)
    assert special.rel_entr(1.0, 5e-324) == pytest.approx(-np.log(5e-324), rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_is_reported_of_arguments_inside_the_range(dtype):
    """The compiler may compute both sides of a branch, and comparisons set flags for a NaN."""
    x = np.concatenate([np.linspace(-1000, 1000, 4001), [0.0, INF, -INF, NAN]]).astype(dtype)
    p = np.concatenate([np.linspace(0, 1, 4001), [NAN]]).astype(dtype)
    with np.errstate(all="raise"):
        for function in (special.expit, special.softplus, special.sinc, special.erf, special.erfc):
            assert np.array_equal(np.isnan(function(x)), np.isnan(x))
        assert np.isnan(special.entr(x)).sum() == 1
        assert np.isnan(special.rel_entr(p, p[::-1])).sum() == 2
        assert np.isnan(special.logaddexp(x, x[::-1])).sum() == 2
        assert np.isnan(special.logaddexp.reduce(x))
        for function in (special.haversine, special.initial_bearing):
            assert np.isnan(function(x, x, 0, 0)).sum() == 3
        assert np.isnan(special.black_scholes(p, p, p, p, p)[0]).sum() == 2
        assert np.isnan(special.implied_volatility(p[-1:], p, p, p, p)).all()
        assert np.isnan(special.logsumexp(x)) and np.isnan(special.softmax(x)).all()
    with np.errstate(all="raise", under="ignore"):
        assert np.isnan(special.logit(np.append(p[1:-2], p[-1:]))).sum() == 1
        assert np.isnan(special.log1mexp(-p[1:])).sum() == 1
        assert np.isnan(special.either(p, p[::-1])).sum() == 2


def test_types_are_chosen_as_those_of_numpy():
    assert special.logit.types == ["f->f", "d->d"]
    assert special.haversine.types == ["dddd->d"]
    for dtype in ("?", "i1", "u2", "f2", "f4"):
        assert special.expit(np.ones(3, dtype)).dtype == np.float32
    for dtype in ("i4", "u8", "f8", ">f8"):
        assert special.expit(np.ones(3, dtype)).dtype == np.float64
    assert special.expit([1, 2], dtype=np.float32).dtype == np.float32
    for other in (1j, "1", np.longdouble(1), None):
        with pytest.raises(TypeError, match="ufunc 'expit'"):
            special.expit(other)


def test_help_has_the_text_of_the_rust_source():
    assert "Logarithm of the odds of a probability, ln(p / (1 - p))." in special.logit.__doc__
    assert "haversine(x1, x2, x3, x4" in special.haversine.__doc__
    assert "latitude_1, longitude_1, latitude_2, longitude_2" in special.haversine.__doc__
