//! Functions of a whole axis, and of several: generalised ufuncs.

use npyo::ndarray::{ArrayView1, ArrayViewMut1};
use num_complex::Complex;
use num_traits::{Float, Num};
use pyo3::exceptions::PyZeroDivisionError;
use pyo3::prelude::*;

/// ln(sum(exp(x))) along the last axis, without overflow; -inf of no elements.
#[npyo::gufunc("(n)->()", types(f32, f64), without_fp_errors)]
pub(crate) fn logsumexp<T: Float>(x: ArrayView1<'_, T>) -> T {
    let Some((place, largest)) = largest(x) else {
        return T::neg_infinity();
    };
    if !largest.is_finite() {
        return largest;
    }
    let others = x.iter().enumerate().filter(|&(i, _)| i != place);
    let sum = others.fold(T::zero(), |sum, (_, &x)| sum + (x - largest).exp());
    largest + sum.ln_1p()
}

/// exp(x) / sum(exp(x)) along the last axis, without overflow: the probabilities of which x are the
/// logarithms, less a constant.
#[npyo::gufunc("(n)->(n)", types(f32, f64), without_fp_errors)]
pub(crate) fn softmax<T: Float>(x: ArrayView1<'_, T>, mut out: ArrayViewMut1<'_, T>) {
    let largest = largest(x).map_or_else(T::zero, |(_, largest)| largest);
    let mut sum = T::zero();
    for (&x, out) in x.iter().zip(&mut out) {
        *out = (x - largest).exp();
        sum = sum + *out;
    }
    out.mapv_inplace(|value| value / sum);
}

/// The polynomial of these coefficients at x, by Horner's rule; that of the highest power comes first, as in
/// `numpy.polyval`.
#[npyo::gufunc("(n),()->()", types(f32, f64, Complex<f32>, Complex<f64>))]
pub(crate) fn polyval<T: Num + Copy>(coefficients: ArrayView1<'_, T>, x: T) -> T {
    coefficients
        .iter()
        .fold(T::zero(), |sum, &next| sum * x + next)
}

/// The mean along the last axis, each value taken as often as its weight says; a `ZeroDivisionError` if the
/// sum of the weights is 0.
#[npyo::gufunc("(n),(n)->()", types(f32, f64))]
pub(crate) fn weighted_mean<T: Float>(
    values: ArrayView1<'_, T>,
    weights: ArrayView1<'_, T>,
) -> PyResult<T> {
    let (mut sum, mut weight_sum) = (T::zero(), T::zero());
    for (&value, &weight) in values.iter().zip(&weights) {
        sum = sum + weight * value;
        weight_sum = weight_sum + weight;
    }
    if weight_sum == T::zero() {
        return Err(PyZeroDivisionError::new_err("the sum of the weights is 0"));
    }
    Ok(sum / weight_sum)
}

/// The first NaN, or else the first of the largest values, and where it is; None if there is none.
fn largest<T: Float>(x: ArrayView1<'_, T>) -> Option<(usize, T)> {
    let values = x.iter().copied().enumerate();
    values.reduce(|best, next| {
        let is_larger = next.1 > best.1 || next.1.is_nan();
        if is_larger && !best.1.is_nan() {
            next
        } else {
            best
        }
    })
}
