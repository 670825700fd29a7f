//! A generalised ufunc is made of a function that can be called for any arrays.
use npyo::ndarray::{ArrayView1, ArrayView2};

struct Point {
    x: f64,
}

impl Point {
    fn scaled(&self, factors: ArrayView1<'_, f64>) -> f64 {
        scaled(self.x, factors)
    }
}

#[npyo::gufunc("(),(n)->()")]
fn scaled(x: f64, factors: ArrayView1<'_, f64>) -> f64 {
    x * factors.sum()
}

#[npyo::gufunc("(n)->()")]
fn read(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()")]
fn from_c(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()")]
fn attached(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()")]
fn any(x: ArrayView1<'_, f64>) -> f64 {
    x[0]
}

#[npyo::gufunc("(n,2),()->()")]
fn power(x: ArrayView2<'_, f64>, n: i32) -> f64 {
    x[[0, 1]].powi(n)
}

#[npyo::gufunc("(n),(n)->()")]
fn dot<'a, 'b>(x: ArrayView1<'a, f64>, y: ArrayView1<'b, f64>) -> f64 {
    x.dot(&y)
}

#[npyo::gufunc("(n)->()")]
fn kept(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

fn main() {
    let _ = Point { x: 0.5 }.scaled(ArrayView1::from(&[2.0]));
}
