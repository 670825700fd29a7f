//! A generalised ufunc is made of a function that can be called for any arrays.
use npyo::ndarray::{ArrayView1, ArrayView2};
use npyo::pyo3::Python;

#[npyo::gufunc("(n)->()")]
struct Point {
    x: f64,
}

impl Point {
    #[npyo::gufunc("(),(n)->()")]
    fn scaled(&self, factors: ArrayView1<'_, f64>) -> f64 {
        self.x * factors.sum()
    }
}

#[npyo::gufunc("(n)->()")]
async unsafe fn read(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()")]
extern "C" fn from_c(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()")]
fn attached(py: Python<'_>, x: ArrayView1<'_, f64>) -> f64 {
    let _ = py;
    x.sum()
}

#[npyo::gufunc("(n)->()")]
fn any(x: impl AsRef<[f64]>) -> f64 {
    x.as_ref()[0]
}

#[npyo::gufunc("(n,2)->()")]
fn power<const N: i32>(x: ArrayView2<'_, f64>) -> f64 {
    x[[0, 1]].powi(N)
}

#[npyo::gufunc("(n),(n)->()")]
fn dot<'a: 'b, 'b>(x: ArrayView1<'a, f64>, y: ArrayView1<'b, f64>) -> f64 {
    x.dot(&y)
}

#[npyo::gufunc("(n)->()")]
fn kept(x: ArrayView1<'static, f64>) -> f64 {
    x.sum()
}

fn main() {
    let _ = Point { x: 0.5 }.scaled(ArrayView1::from(&[2.0]));
}
