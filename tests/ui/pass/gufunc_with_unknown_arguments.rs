//! The arguments of the attribute say something, and fit the function.
use npyo::ndarray::ArrayView1;
use npyo::pyo3::PyResult;

#[npyo::gufunc("(n)->()", core_dims = sizes, parallel)]
fn sum(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()", without_fp_errors, core_dims = self::sizes)]
fn twice(x: ArrayView1<'_, f64>) -> f64 {
    2.0 * x.sum()
}

#[npyo::gufunc("(n)->()", without_fp_errors)]
fn thrice(x: ArrayView1<'_, f64>) -> f64 {
    3.0 * x.sum()
}

#[npyo::gufunc("(n)->()", types(f32, f64))]
fn product<T: Copy>(x: ArrayView1<'_, T>) -> T {
    x[0]
}

#[npyo::ufunc]
fn difference(a: f64, b: f64) -> f64 {
    a - b
}

#[npyo::ufunc(parallel, without_fp_errors)]
fn negative(a: f64) -> f64 {
    -a
}

fn sizes(_: &mut [Option<usize>]) -> PyResult<()> {
    Ok(())
}

fn main() {}
