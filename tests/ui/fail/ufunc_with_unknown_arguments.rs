//! The arguments of the attribute say something, and fit the function.

#[npyo::ufunc(dtype = f64, identity = two, name = "2 + 2", crate = "n p y o")]
fn sum(a: f64, b: f64) -> f64 {
    a + b
}

#[npyo::ufunc(name = product, identity = one, identity = one, types = f64, name)]
fn product(a: f64, b: f64) -> f64 {
    a * b
}

#[npyo::ufunc(identity = none)]
fn difference(a: f64, b: f64) -> f64 {
    a - b
}

#[npyo::ufunc(identity = zero)]
fn negative(a: f64) -> f64 {
    -a
}

#[npyo::ufunc(identity = reorderable)]
fn sorted(a: i64, b: i64) -> (i64, i64) {
    (a.min(b), a.max(b))
}

fn main() {}
