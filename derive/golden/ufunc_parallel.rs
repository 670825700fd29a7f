/// Twice the number.
#[npyo::ufunc(parallel, types(f32, f64), without_fp_errors)]
pub fn twice<T: Float>(a: T) -> T {
    a + a
}
