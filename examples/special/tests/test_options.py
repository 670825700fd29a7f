from __future__ import annotations

import sys

import mpmath
import npyo_special as special
import numpy as np
import pytest
from accuracy import exact_values
from scipy.stats import norm

SYMBOLS = ["AAPL", "AMZN", "GOOG", "IBM", "MSFT"]
YEARS, RATE = 0.25, 0.02


@pytest.fixture(scope="module")
def contracts() -> list[np.ndarray]:
    """A thousand: spot, strike, years, rate and volatility."""
    random = np.random.default_rng(11)
    low, high = [50, 50, 0.05, 0.0, 0.1], [200, 200, 2.0, 0.08, 0.8]
    return list(random.uniform(low, high, (1000, 5)).T)


def exact_call(spot, strike, years, rate, volatility):
    spread = volatility * mpmath.sqrt(years)
    upper = (mpmath.log(spot / strike) + rate * years) / spread + spread / 2
    delta = mpmath.ncdf(upper)
    return spot * delta - strike * mpmath.exp(-rate * years) * mpmath.ncdf(upper - spread), delta


def test_prices_and_deltas_are_exact_to_3_ulps_of_the_share_and_2e_15(contracts):
    prices, deltas = special.black_scholes(*contracts)
    exact = exact_values(exact_call, contracts)
    off = np.abs(prices - exact[:, 0]) / np.spacing(contracts[0])
    assert off.max() <= 3
    assert np.abs(deltas - exact[:, 1]).max() <= 2e-15


def test_prices_and_deltas_are_those_by_scipy(last_prices, volatilities):
    strikes = last_prices.to_numpy()[:, None] * np.linspace(0.8, 1.2, 9)
    spot, spread = last_prices.to_numpy()[:, None], volatilities.to_numpy()[:, None] * YEARS**0.5
    upper = (np.log(spot / strikes) + RATE * YEARS) / spread + spread / 2
    wanted = spot * norm.cdf(upper) - strikes * np.exp(-RATE * YEARS) * norm.cdf(upper - spread)
    prices, deltas = special.black_scholes(
        spot, strikes, YEARS, RATE, volatilities.to_numpy()[:, None]
    )
    assert prices.shape == deltas.shape == (5, 9)
    assert (np.abs(prices - wanted) <= 5 * np.spacing(spot)).all()
    assert np.allclose(deltas, norm.cdf(upper), rtol=0, atol=2e-15)


def test_a_price_from_a_book():
    """J. C. Hull, "Options, Futures, and Other Derivatives", has 4.76 for this contract."""
    price, _ = special.black_scholes(42, 40, 0.5, 0.1, 0.2)
    assert round(price, 2) == 4.76


def test_delta_is_the_slope_of_the_price(contracts):
    spot, *others = contracts
    slope = special.black_scholes(spot * 1.0001, *others)[0]
    slope = (slope - special.black_scholes(spot * 0.9999, *others)[0]) / (spot * 0.0002)
    assert np.allclose(slope, special.black_scholes(*contracts)[1], rtol=0, atol=1e-6)


def test_without_time_or_volatility_a_call_is_worth_what_it_gives():
    prices, deltas = special.black_scholes([90, 100, 110], 100, [0.0, 0.0, 0.5], 0.0, [0.2, 0.2, 0])
    assert prices.tolist() == [0.0, 0.0, 10.0]
    assert deltas.tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("wrong", [0, 1, 2, 4])
def test_arguments_outside_the_range_give_nan(wrong):
    arguments = [100.0, 100.0, 0.5, 0.02, 0.3]
    arguments[wrong] = -1.0
    assert np.isnan(special.black_scholes(*arguments)).all()
    arguments[wrong] = np.nan
    assert np.isnan(special.black_scholes(*arguments)).all()


def test_results_go_where_out_says(contracts):
    price, delta = np.zeros(1000), np.zeros(1000, np.float32)
    given = special.black_scholes(*contracts, out=(price, delta))
    assert given[0] is price and given[1] is delta
    wanted = special.black_scholes(*contracts)
    assert np.array_equal(price, wanted[0])
    assert np.array_equal(delta, wanted[1].astype(np.float32))


def test_volatilities_of_real_shares_are_found_again(last_prices, volatilities):
    assert volatilities.index.tolist() == SYMBOLS
    assert volatilities.between(0.15, 0.65).all()
    prices, _ = special.black_scholes(last_prices, last_prices, YEARS, RATE, volatilities)
    found = special.implied_volatility(prices, last_prices, last_prices, YEARS, RATE)
    assert np.allclose(found, volatilities, rtol=1e-13, atol=0)


def test_the_price_of_the_implied_volatility_is_right_to_4_ulps_of_the_share(contracts):
    spot, strike, years, rate, _ = contracts
    least = np.maximum(spot - strike * np.exp(-rate * years), 0)
    for part in (1e-6, 0.01, 0.5, 0.9, 0.999):
        prices = least + part * (spot - least)
        found = special.implied_volatility(prices, spot, strike, years, rate)
        again, _ = special.black_scholes(spot, strike, years, rate, found)
        assert (np.abs(again - prices) <= 4 * np.spacing(spot)).all()


@pytest.mark.parametrize("price", [0.0, -1.0, 100.0, np.inf])
def test_a_price_that_no_volatility_gives_is_refused_and_named(price):
    with pytest.raises(ValueError) as error:
        special.implied_volatility([10.0, price], 100, 105, 0.5, 0.02)
    number = {np.inf: "inf"}.get(price, f"{price:g}")
    assert str(error.value) == (
        f"no volatility gives a call the price {number}: it lies between 0, that without "
        "volatility, and 100, that of the share"
    )


@pytest.mark.skipif(
    sys.version_info < (3, 11) or np.lib.NumpyVersion(np.__version__) < "2.0.0",
    reason="notes are there from Python 3.11 and NumPy 2 on",
)
def test_a_note_says_which_element_was_refused():
    with pytest.raises(ValueError) as error:
        special.implied_volatility([[10.0, 11.0], [12.0, 100.0]], 100, 105, 0.5, 0.02)
    (note,) = error.value.__notes__
    assert note.startswith("in element 3 of those that the ufunc 'implied_volatility' computed")


def test_other_arguments_that_make_no_sense_are_refused_and_named():
    with pytest.raises(ValueError, match="must be above 0, and are 100, 105 and 0"):
        special.implied_volatility(10, 100, 105, 0, 0.02)


def test_nan_stays_nan():
    found = special.implied_volatility([np.nan, 10.0], 100, 105, 0.5, 0.02)
    assert np.isnan(found).tolist() == [True, False]
