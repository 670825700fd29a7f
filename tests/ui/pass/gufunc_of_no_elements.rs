//! Arguments are views of elements, or elements; `core_dims` is a function of sizes.
use npyo::ndarray::{ArrayView1, ArrayViewMut1};
use npyo::pyo3::PyResult;

#[npyo::gufunc("(n)->()")]
fn length(numbers: ArrayView1<'_, f64>) -> u64 {
    numbers.len() as u64
}

#[npyo::gufunc("(n)->()")]
fn text(numbers: ArrayView1<'_, f64>) -> f64 {
    numbers.sum()
}

#[npyo::gufunc("(n)->()", types(f64, u8))]
fn first<T: Clone>(x: ArrayView1<'_, T>) -> T {
    x[0].clone()
}

type Row<'a> = ArrayView1<'a, f64>;

#[npyo::gufunc("(n)->()")]
fn sum(x: Row<'_>) -> f64 {
    x.iter().sum()
}

#[npyo::gufunc("(n)->(m)", core_dims = twice)]
fn doubled(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.fill(x.sum());
}

fn twice(sizes: &mut [Option<usize>]) -> PyResult<()> {
    sizes[1] = sizes[0].map(|n| 2 * n);
    Ok(())
}

fn main() {}
