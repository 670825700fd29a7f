//! Elements are returned, and arrays are written.
use npyo::ndarray::{ArrayView1, ArrayViewMut0, ArrayViewMut1};
use npyo::pyo3::PyResult;

#[npyo::gufunc("(n)->(n)")]
fn array_returned(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(),(n)")]
fn one_of_two(
    x: ArrayView1<'_, f64>,
    mut sum: ArrayViewMut0<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
) {
    sum.fill(x.sum());
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn written_and_returned(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) -> () {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn length_beside(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) -> PyResult<()> {
    out.assign(&x);
    Ok(())
}

#[npyo::gufunc("(n)->(),()")]
fn two_for_one(x: ArrayView1<'_, f64>) -> (f64, f64) {
    (x.sum(), x.product())
}

#[npyo::gufunc("(n)->()")]
fn one_for_two(x: ArrayView1<'_, f64>) -> PyResult<f64> {
    Ok(x.sum())
}

#[npyo::gufunc("(n)->()")]
fn array_for_an_element(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->(),(),(),()")]
fn five(x: ArrayView1<'_, f64>) -> (f64, f64, f64, f64) {
    let sum = x.sum();
    (sum, sum, sum, sum)
}

fn main() {}
