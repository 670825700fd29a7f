//! Functions of two numbers that are made to be reduced.

use num_traits::Float;

/// ln(exp(a) + exp(b)), of probabilities that are known by their logarithms.
#[npyo::ufunc(types(f32, f64), identity = reorderable, without_fp_errors)]
pub(crate) fn logaddexp<T: Float>(a: T, b: T) -> T {
    if a == b {
        // Infinities too, whose difference is NaN.
        return a + (T::one() + T::one()).ln();
    }
    let larger = if a > b { a } else { b };
    larger + (-(a - b).abs()).exp().ln_1p()
}

/// p + q - pq: the probability that one of two independent events happens, or both.
///
/// Of no events it is 0.
#[npyo::ufunc(types(f32, f64), identity = zero)]
pub(crate) fn either<T: Float>(p: T, q: T) -> T {
    p + (T::one() - p) * q
}
