//! Functions of one number, written once for float32 and float64.

use num_traits::Float;

/// Logarithm of the odds of a probability, ln(p / (1 - p)).
///
/// p: from 0, of which it is -inf, to 1, of which it is inf; elsewhere it is NaN.
#[npyo::ufunc(types(f32, f64))]
pub(crate) fn logit<T: Float>(p: T) -> T {
    let rest = T::one() - p;
    // About 1/2 the quotient is about 1, where it would round off what the logarithm is made of. The
    // difference to 1/2 is exact.
    if p >= constant(0.3) && p <= constant(0.65) {
        ((p - constant(0.5)) / (constant::<T>(0.5) * rest)).ln_1p()
    } else {
        (p / rest).ln()
    }
}

/// The logistic function 1 / (1 + exp(-x)), the inverse of `logit`.
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn expit<T: Float>(x: T) -> T {
    // exp of no positive number, which could overflow.
    let exp = (-x.abs()).exp();
    let larger = (T::one() + exp).recip();
    if x < T::zero() { exp * larger } else { larger }
}

/// ln(1 + exp(x)), a smooth max(x, 0).
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn softplus<T: Float>(x: T) -> T {
    let small = (-x.abs()).exp().ln_1p();
    if x > T::zero() { x + small } else { small }
}

/// ln(1 - exp(x)), the logarithm of the rest of a probability of which x is the logarithm.
///
/// x: not above 0, of which it is -inf; elsewhere it is NaN.
///
/// By M. Mächler, "Accurately Computing log(1 - exp(-|a|))", 2012, a vignette of the R package Rmpfr.
#[npyo::ufunc(types(f32, f64))]
pub(crate) fn log1mexp<T: Float>(x: T) -> T {
    if x > -constant::<T>(std::f64::consts::LN_2) {
        (-x.exp_m1()).ln()
    } else {
        (-x.exp()).ln_1p()
    }
}

/// sin(πx) / (πx), and 1 at 0. Exactly 0 at the other integers.
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn sinc<T: Float>(x: T) -> T {
    if x == T::zero() {
        return T::one();
    }
    if x.is_infinite() {
        return T::zero();
    }
    // The sine has the period 2; both differences are exact.
    let turn = x - (x * constant(0.5)).round() * constant(2.0);
    let part = if turn.abs() > constant(0.5) {
        (T::one() - turn.abs()) * turn.signum()
    } else {
        turn
    };
    let pi = constant::<T>(std::f64::consts::PI);
    (pi * part).sin() / (pi * x)
}

/// A constant of the type, rounded.
fn constant<T: Float>(value: f64) -> T {
    T::from(value).unwrap_or_else(T::nan)
}
