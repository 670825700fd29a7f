//! The arguments of the attribute say something, and fit the function.
use npyo::ndarray::ArrayView1;

#[npyo::gufunc("(n)->()", identity = zero, core_dims = "sizes", parallel = true)]
fn sum(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()", without_fp_errors, without_fp_errors, core_dims)]
fn twice(x: ArrayView1<'_, f64>) -> f64 {
    2.0 * x.sum()
}

#[npyo::gufunc("(n)->()" parallel)]
fn thrice(x: ArrayView1<'_, f64>) -> f64 {
    3.0 * x.sum()
}

#[npyo::gufunc("(n)->()")]
fn product<T: Copy>(x: ArrayView1<'_, T>) -> T {
    x[0]
}

#[npyo::ufunc("(),()->()")]
fn difference(a: f64, b: f64) -> f64 {
    a - b
}

#[npyo::ufunc(parallel(2), core_dims = sizes)]
fn negative(a: f64) -> f64 {
    -a
}

fn main() {}
