#[npyo::ufunc]
fn r#twice(a: f64) -> f64 {
    2.0 * a
}
