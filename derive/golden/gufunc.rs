/// Distance of two points.
#[npyo::gufunc("(n),(n)->()", types(f32, f64), name = "euclid", without_fp_errors)]
#[cfg(feature = "distance")]
pub(crate) fn distance<T: Float>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>) -> T {
    x.iter().zip(y).map(|(&x, &y)| (x - y).powi(2)).sum().sqrt()
}
