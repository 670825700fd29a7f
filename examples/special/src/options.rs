//! Options on shares: several results, and a function that can fail.
//!
//! F. Black and M. Scholes, "The Pricing of Options and Corporate Liabilities", Journal of Political
//! Economy 81 (1973), 637-654.

use std::f64::consts::PI;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::erf::normal_cdf;

/// The price of a European call on a share without dividends, by Black and Scholes, and its delta, the
/// derivative of that by the share's price.
///
/// spot, strike: prices of the share now and in the contract, above 0; years: until it ends, from 0;
/// rate, volatility: of a year, 0.05 for 5%; the rate is compounded continuously. Of others it is NaN.
#[npyo::ufunc(without_fp_errors)]
pub(crate) fn black_scholes(
    spot: f64,
    strike: f64,
    years: f64,
    rate: f64,
    volatility: f64,
) -> (f64, f64) {
    if !(spot > 0.0 && strike > 0.0 && years >= 0.0 && volatility >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    let discounted = strike * (-rate * years).exp();
    call(spot, discounted, volatility * years.sqrt())
}

/// The volatility that gives a call this price, the inverse of `black_scholes`; a `ValueError` if none
/// does. NaN if any argument is NaN.
///
/// price: of the call; the others are those of `black_scholes`.
#[npyo::ufunc(without_fp_errors)]
pub(crate) fn implied_volatility(
    price: f64,
    spot: f64,
    strike: f64,
    years: f64,
    rate: f64,
) -> PyResult<f64> {
    if [price, spot, strike, years, rate]
        .iter()
        .any(|value| value.is_nan())
    {
        return Ok(f64::NAN);
    }
    if !(spot > 0.0 && strike > 0.0 && years > 0.0) {
        return Err(PyValueError::new_err(format!(
            "spot, strike and years must be above 0, and are {spot}, {strike} and {years}"
        )));
    }
    let discounted = strike * (-rate * years).exp();
    let least = (spot - discounted).max(0.0);
    if !(price > least && price < spot) {
        return Err(PyValueError::new_err(format!(
            "no volatility gives a call the price {price}: it lies between {least}, that without \
             volatility, and {spot}, that of the share"
        )));
    }
    Ok(spread_of(price, spot, discounted) / years.sqrt())
}

/// Price and delta of a call whose strike is discounted, given the standard deviation `spread` of the
/// logarithm of the share's price at the end.
fn call(spot: f64, discounted: f64, spread: f64) -> (f64, f64) {
    if spread == 0.0 {
        let is_exercised = spot > discounted;
        return (
            (spot - discounted).max(0.0),
            f64::from(u8::from(is_exercised)),
        );
    }
    let upper = (spot / discounted).ln() / spread + 0.5 * spread;
    let delta = normal_cdf(upper);
    (
        spot * delta - discounted * normal_cdf(upper - spread),
        delta,
    )
}

/// The spread of which `call` has this price, which is between those of no spread and of an infinite one.
///
/// Newton's method from the start of S. Manaster and G. Koehler, "The Calculation of Implied Variances
/// from the Black-Scholes Model", Journal of Finance 37 (1982), 227-230, where it converges always; rounding
/// errors are kept at bay by an interval in which the result is known to be.
fn spread_of(price: f64, spot: f64, discounted: f64) -> f64 {
    let moneyness = (spot / discounted).ln();
    let at_the_money = (2.0 * PI).sqrt() * price / spot;
    let mut spread = (2.0 * moneyness.abs()).sqrt().max(at_the_money);
    let (mut low, mut high) = (0.0, f64::INFINITY);
    for _ in 0..STEPS {
        let difference = call(spot, discounted, spread).0 - price;
        if difference > 0.0 {
            high = spread;
        } else {
            low = spread;
        }
        let upper = moneyness / spread + 0.5 * spread;
        let slope = spot * (-0.5 * upper * upper).exp() / (2.0 * PI).sqrt();
        let mut next = spread - difference / slope;
        if !(next > low && next < high) {
            next = if high.is_infinite() {
                2.0 * low
            } else {
                0.5 * (low + high)
            };
        }
        if (next - spread).abs() <= f64::EPSILON * spread {
            return next;
        }
        spread = next;
    }
    spread
}

/// More than as many halvings as an interval of floating-point numbers has.
const STEPS: usize = 200;
