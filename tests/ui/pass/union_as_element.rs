//! There is no dtype of a union.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Number {
    integer: i64,
    float: f64,
}

fn main() {
    let _ = Number { integer: 1, float: 1.0 };
}
