//! The arguments of the attribute say something, and fit the function.

#[npyo::ufunc(identity = zero, name = "sum_of_two", crate = "npyo")]
fn sum(a: f64, b: f64) -> f64 {
    a + b
}

#[npyo::ufunc(name = "product", identity = one)]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

#[npyo::ufunc]
fn difference(a: f64, b: f64) -> f64 {
    a - b
}

#[npyo::ufunc]
fn negative(a: f64) -> f64 {
    -a
}

#[npyo::ufunc]
fn sorted(a: i64, b: i64) -> (i64, i64) {
    (a.min(b), a.max(b))
}

fn main() {}
