//! A ufunc has arguments and results, which are passed by value.

#[npyo::ufunc]
fn nothing(a: f64) -> f64 {
    a
}

#[npyo::ufunc]
fn larger(a: f64, b: f64) -> f64 {
    a.max(b)
}

#[npyo::ufunc]
fn power(a: f64, n: i32) -> f64 {
    a.powi(n)
}

#[npyo::ufunc(types(f32, f64))]
fn float<T: Into<f64> + Copy>(a: T) -> f64 {
    a.into()
}

#[npyo::ufunc]
fn sum(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) -> f64 {
    a + b + c + d + e + f
}

#[npyo::ufunc]
fn powers(a: f64) -> (f64, f64, f64, f64) {
    (a, a.powi(2), a.powi(3), a.powi(4))
}

fn main() {}
