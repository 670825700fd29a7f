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
fn sum(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64, i: f64, j: f64, k: f64, l: f64, m: f64) -> f64 {
    a + b + c + d + e + f + g + h + i + j + k + l + m
}

#[npyo::ufunc]
fn powers(a: f64) -> (f64, f64, f64, f64, f64, f64, f64, f64, f64) {
    (1.0, a, a * a, a * a * a, a, a, a, a, a)
}

fn main() {}
