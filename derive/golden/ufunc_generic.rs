/// Logit of a probability.
///
/// That is ln(p / (1 - p)).
#[npyo::ufunc(types(f32, f64))]
#[cfg(feature = "logit")]
pub(crate) fn logit<T: Float>(p: T) -> T {
    (p / (T::one() - p)).ln()
}
