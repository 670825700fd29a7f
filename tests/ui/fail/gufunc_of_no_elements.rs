//! Arguments are views of elements, or elements; `core_dims` is a function of sizes.
use npyo::ndarray::{ArrayView1, ArrayViewMut1};

#[npyo::gufunc("(n)->()")]
fn length(texts: ArrayView1<'_, String>) -> u64 {
    texts.len() as u64
}

#[npyo::gufunc("(n)->()")]
fn text(numbers: ArrayView1<'_, f64>) -> String {
    numbers.to_string()
}

#[npyo::gufunc("(n)->()", types(f64, String))]
fn first<T: Clone>(x: ArrayView1<'_, T>) -> T {
    x[0].clone()
}

type Row<'a> = &'a [f64];

#[npyo::gufunc("(n)->()")]
fn sum(x: Row<'_>) -> f64 {
    x.iter().sum()
}

#[npyo::gufunc("(n)->(m)", core_dims = twice)]
fn doubled(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.fill(x.sum());
}

fn twice(n: usize) -> usize {
    2 * n
}

fn main() {}
