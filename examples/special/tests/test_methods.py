"""What NumPy adds to a function of single numbers."""

from __future__ import annotations

import npyo_special as special
import numpy as np
import pytest
import scipy.special

CHANCES = np.array([0.5, 0.25, 0.1, 0.75])
LOGARITHMS = np.random.default_rng(5).uniform(-800, -700, (40, 30))


def test_reduce_combines_all():
    assert special.either.reduce(CHANCES) == pytest.approx(1 - np.prod(1 - CHANCES), rel=1e-15)
    assert special.either.reduce([]) == 0.0
    assert special.either.identity == 0


def test_reduce_goes_along_any_axes():
    wanted = scipy.special.logsumexp
    for axis in (0, 1, -1, None, (0, 1)):
        found = special.logaddexp.reduce(LOGARITHMS, axis=axis)
        assert np.allclose(found, wanted(LOGARITHMS, axis=axis), rtol=1e-14, atol=0)
    kept = special.logaddexp.reduce(LOGARITHMS.T, axis=0, keepdims=True)
    assert kept.shape == (1, 40)


def test_reduce_takes_what_to_start_with_and_a_mask():
    assert special.logaddexp.reduce([], initial=-np.inf) == -np.inf
    with pytest.raises(ValueError, match="logaddexp which has no identity"):
        special.logaddexp.reduce([])
    likely = CHANCES >= 0.5
    found = special.either.reduce(CHANCES, where=likely)
    assert found == special.either(0.5, 0.75)


def test_accumulate_gives_every_step():
    found = special.either.accumulate(CHANCES)
    assert np.allclose(found, 1 - np.cumprod(1 - CHANCES), rtol=1e-15, atol=0)
    rows = special.logaddexp.accumulate(LOGARITHMS, axis=1)
    assert np.allclose(rows[:, -1], scipy.special.logsumexp(LOGARITHMS, axis=1), rtol=1e-14, atol=0)


def test_reduceat_combines_parts():
    found = special.either.reduceat(CHANCES, [0, 2])
    assert np.array_equal(found, [special.either(0.5, 0.25), special.either(0.1, 0.75)])


def test_outer_combines_each_with_each():
    found = special.either.outer(CHANCES, CHANCES[:2])
    assert found.shape == (4, 2)
    assert np.array_equal(found, special.either(CHANCES[:, None], CHANCES[:2]))


def test_at_combines_with_the_same_place_again_and_again():
    total = np.zeros(3)
    special.either.at(total, [0, 0, 2], [0.5, 0.5, 0.1])
    assert total.tolist() == [0.75, 0.0, 0.1]


def test_results_go_where_out_says_and_nowhere_else_than_where_says():
    x = np.linspace(-1, 1, 9)
    result = np.full(9, 7.0)
    given = special.entr(x, out=result, where=x > 0)
    assert given is result
    assert np.array_equal(result, np.where(x > 0, scipy.special.entr(x), 7.0))


def test_where_keeps_a_function_from_what_it_would_refuse():
    prices = np.array([10.0, 120.0, 12.0])
    fit = prices < 100
    with pytest.raises(ValueError, match="price 120"):
        special.implied_volatility(prices, 100, 100, 0.5, 0.02)
    found = special.implied_volatility(
        prices, 100, 100, 0.5, 0.02, where=fit, out=np.full(3, np.nan)
    )
    assert np.isnan(found).tolist() == [False, True, False]


def test_arguments_broadcast_in_any_layout():
    spots, strikes = np.linspace(90, 110, 5), np.linspace(80, 120, 7)
    prices, deltas = special.black_scholes(spots[:, None], strikes, 0.25, 0.02, 0.3)
    assert prices.shape == deltas.shape == (5, 7)
    turned = np.asfortranarray(np.broadcast_to(strikes, (5, 7)))[::-1, ::-2]
    found, _ = special.black_scholes(spots[::-1, None], turned, 0.25, 0.02, 0.3)
    assert np.array_equal(found, prices[::-1, ::-2])
    swapped = spots.astype(">f8")
    found, _ = special.black_scholes(swapped[:, None], strikes, 0.25, 0.02, 0.3)
    assert np.array_equal(found, prices)


def test_scalars_give_scalars():
    assert isinstance(special.expit(0.0), np.float64)
    assert isinstance(special.expit(np.float32(0)), np.float32)
