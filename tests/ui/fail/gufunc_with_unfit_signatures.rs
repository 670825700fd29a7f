//! A signature is one to NumPy.
use npyo::ndarray::ArrayView1;

#[npyo::gufunc]
fn no_signature(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc(name = "total")]
fn no_signature_but_a_name(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("")]
fn empty(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("n->()")]
fn without_parentheses(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)")]
fn without_arrow(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n,)->()")]
fn comma_too_many(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(größe)->()")]
fn letters(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(2nd)->()")]
fn digit_first(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(0)->()")]
fn size_of_zero(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(99999999999999999999)->()")]
fn size_too_large(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n?),(n)->()")]
fn flexible_once(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
    x.dot(&y)
}

#[npyo::gufunc("->()")]
fn no_inputs() -> f64 {
    0.0
}

#[npyo::gufunc("(n)->")]
fn no_outputs(x: ArrayView1<'_, f64>) {
    let _ = x;
}

fn main() {}
