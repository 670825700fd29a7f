//! Elements are returned, and arrays are written.
use npyo::ndarray::{Array1, ArrayView1, ArrayViewMut1};
use npyo::pyo3::PyResult;

#[npyo::gufunc("(n)->(n)")]
fn array_returned(x: ArrayView1<'_, f64>) -> Array1<f64> {
    x.to_owned()
}

#[npyo::gufunc("(n)->(),(n)")]
fn one_of_two(x: ArrayView1<'_, f64>) -> (f64, Array1<f64>) {
    (x.sum(), x.to_owned())
}

#[npyo::gufunc("(n)->(n)")]
fn written_and_returned(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) -> f64 {
    out.assign(&x);
    x.sum()
}

#[npyo::gufunc("(n)->(n)")]
fn length_beside(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) -> PyResult<(f64, f64)> {
    out.assign(&x);
    Ok((x.sum(), x.product()))
}

#[npyo::gufunc("(n)->()")]
fn two_for_one(x: ArrayView1<'_, f64>) -> (f64, f64) {
    (x.sum(), x.product())
}

#[npyo::gufunc("(n)->(),()")]
fn one_for_two(x: ArrayView1<'_, f64>) -> PyResult<f64> {
    Ok(x.sum())
}

#[npyo::gufunc("(n)->()")]
fn array_for_an_element(x: ArrayView1<'_, f64>) -> Vec<f64> {
    x.to_vec()
}

#[npyo::gufunc("(n)->(),(),(),(),(),(),(),(),()")]
fn nine(x: ArrayView1<'_, f64>) -> (f64, f64, f64, f64, f64, f64, f64, f64, f64) {
    let sum = x.sum();
    (sum, sum, sum, sum, sum, sum, sum, sum, sum)
}

fn main() {}
