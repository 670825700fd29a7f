//! Terms of entropies.

use num_traits::Float;

/// -x ln(x), 0 at 0, and -inf below: the terms of an entropy.
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn entr<T: Float>(x: T) -> T {
    if x > T::zero() {
        -x * x.ln()
    } else if x == T::zero() {
        T::zero()
    } else if x < T::zero() {
        T::neg_infinity()
    } else {
        x
    }
}

/// x ln(x / y), 0 where x is 0, and inf where either is negative or y alone is 0: the terms of a
/// relative entropy (Kullback-Leibler divergence).
#[npyo::ufunc(types(f32, f64), without_fp_errors)]
pub(crate) fn rel_entr<T: Float>(x: T, y: T) -> T {
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    if x == T::zero() && y >= T::zero() {
        return T::zero();
    }
    if x <= T::zero() || y <= T::zero() {
        return T::infinity();
    }
    // Of numbers that differ by a factor of 2 at most, the difference is exact.
    let two = T::one() + T::one();
    if x <= two * y && y <= two * x {
        x * ((x - y) / y).ln_1p()
    } else {
        let ratio = x / y;
        let is_normal = ratio.is_normal();
        x * if is_normal {
            ratio.ln()
        } else {
            x.ln() - y.ln()
        }
    }
}
