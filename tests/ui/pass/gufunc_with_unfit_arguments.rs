//! The function has the inputs and outputs of the signature, with as many dimensions, in their order.
use npyo::ndarray::{ArrayView, ArrayView1, ArrayView2, ArrayViewD, ArrayViewMut1, ArrayViewMut2, Ix2};

#[npyo::gufunc("(n)->()")]
fn too_few(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n),(n)->()")]
fn too_many(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
    x.dot(&y)
}

#[npyo::gufunc("(n)->(n)")]
fn too_few_outputs(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn too_few_inputs(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n),(n)")]
fn too_many_outputs(
    x: ArrayView1<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
    _also: ArrayViewMut1<'_, f64>,
) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn nothing_written(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->()")]
fn nothing_returned(x: ArrayView1<'_, f64>) -> Result<f64, std::io::Error> {
    Ok(x.sum())
}

#[npyo::gufunc("(n)->(n)")]
fn output_first(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn output_read(x: ArrayView1<'_, f64>, mut y: ArrayViewMut1<'_, f64>) {
    y.assign(&x);
}

#[npyo::gufunc("(n),(n)->(n)")]
fn input_written(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
) {
    out.assign(&x);
    out += &y;
}

#[npyo::gufunc("(m,n),(n,2)->(m,2)")]
fn other_dimensions(
    x: ArrayView2<'_, f64>,
    y: ArrayView<'_, f64, Ix2>,
    mut out: ArrayViewMut2<'_, f64>,
) {
    let _ = (x, y);
    out.fill(0.0);
}

#[npyo::gufunc("(a,b,c,d,e,f,g),(m?),()->()")]
fn many_dimensions(x: ArrayViewD<'_, f64>, y: ArrayView1<'_, f64>, z: f64) -> f64 {
    x.sum() + y.sum() + z
}

#[npyo::gufunc("(n),(n),(n),()->()", types(f64))]
fn no_views<T: Copy>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>, z: ArrayView1<'_, T>, t: T) -> T {
    let _ = (x, y, z);
    t
}

#[npyo::gufunc("(),(3)->(3)")]
fn scalars(x: f64, y: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&y);
    out += x;
}

#[npyo::gufunc("(),(),(),(),(n)->(n)")]
fn seven(
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    f: ArrayView1<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
) {
    out.assign(&f);
    out += a + b + c + d;
}

#[npyo::gufunc("(m,n)->(n,m)")]
fn scalar_output(
    x: ArrayView2<'_, f64>,
    mut out: ArrayViewMut2<'_, f64>,
) -> Result<(), npyo::pyo3::PyErr> {
    out.assign(&x.t());
    Ok(())
}

fn main() {}
