//! A ufunc has arguments and results, which are passed by value.

#[npyo::ufunc]
fn nothing() {}

#[npyo::ufunc]
fn larger<'a>(a: &'a f64, b: &'a f64) -> f64 {
    a.max(*b)
}

#[npyo::ufunc]
fn power<const N: i32>(a: f64) -> f64 {
    a.powi(N)
}

#[npyo::ufunc]
fn float(a: impl Into<f64> + Copy) -> f64 {
    a.into()
}

#[npyo::ufunc]
fn sum(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64) -> f64 {
    a + b + c + d + e + f + g
}

#[npyo::ufunc]
fn powers(a: f64) -> (f64, f64, f64, f64, f64) {
    (a, a.powi(2), a.powi(3), a.powi(4), a.powi(5))
}

fn main() {}
