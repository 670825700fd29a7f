//! The function has the inputs and outputs of the signature, with as many dimensions, in their order.
use npyo::ndarray::{
    Array1, ArrayView, ArrayView1, ArrayView2, ArrayViewMut1, Ix1,
};

#[npyo::gufunc("(n),(n)->()")]
fn too_few(x: ArrayView1<'_, f64>) -> f64 {
    x.sum()
}

#[npyo::gufunc("(n)->()")]
fn too_many(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
    x.dot(&y)
}

#[npyo::gufunc("(n)->(n),(n)")]
fn too_few_outputs(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n),(n)->(n)")]
fn too_few_inputs(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn too_many_outputs(
    x: ArrayView1<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
    _also: ArrayViewMut1<'_, f64>,
) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn nothing_written(x: ArrayView1<'_, f64>) {
    let _ = x;
}

#[npyo::gufunc("(n)->()")]
fn nothing_returned(x: ArrayView1<'_, f64>) -> Result<(), std::io::Error> {
    let _ = x;
    Ok(())
}

#[npyo::gufunc("(n)->(n)")]
fn output_first(mut out: ArrayViewMut1<'_, f64>, x: ArrayView1<'_, f64>) {
    out.assign(&x);
}

#[npyo::gufunc("(n)->(n)")]
fn output_read(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) {
    let _ = (x, y);
}

#[npyo::gufunc("(n),(n)->(n)")]
fn input_written(
    x: ArrayView1<'_, f64>,
    mut y: ArrayViewMut1<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
) {
    y.fill(0.0);
    out.assign(&x);
}

#[npyo::gufunc("(m,n),(n,2)->(m,2)")]
fn other_dimensions(
    x: ArrayView1<'_, f64>,
    y: ArrayView<'_, f64, Ix1>,
    mut out: ArrayViewMut1<'_, f64>,
) {
    let _ = (x, y);
    out.fill(0.0);
}

#[npyo::gufunc("(a,b,c,d,e,f,g),(m?),()->()")]
fn many_dimensions(x: ArrayView1<'_, f64>, y: ArrayView2<'_, f64>, z: ArrayView1<'_, f64>) -> f64 {
    x.sum() + y.sum() + z.sum()
}

#[npyo::gufunc("(n),(n),(n),(n)->()", types(f64))]
fn no_views<T: Copy>(x: &[T], y: &ArrayView1<'_, T>, z: Array1<T>, t: T) -> T {
    let _ = (x, y, z);
    t
}

#[npyo::gufunc("(),()->(n)")]
fn scalars(x: &f64, y: [f64; 3], out: &mut ArrayViewMut1<'_, f64>) {
    let _ = (x, y, out);
}

#[npyo::gufunc("(),(),(),(),(),(),(),(),(),(),(),(n)->(n)")]
fn thirteen(
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
    f: f64,
    g: f64,
    h: f64,
    i: f64,
    j: f64,
    k: f64,
    x: ArrayView1<'_, f64>,
    mut out: ArrayViewMut1<'_, f64>,
) {
    out.assign(&x);
    out += a + b + c + d + e + f + g + h + i + j + k;
}

#[npyo::gufunc("(m,n)->(n,m)")]
fn scalar_output(x: ArrayView2<'_, f64>, out: f64) -> Result<(), std::io::Error> {
    let _ = (x, out);
    Ok(())
}

fn main() {}
