//! There is no dtype of a union.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
union Number {
    integer: i64,
    float: f64,
}

fn main() {
    let _ = Number { integer: 1 };
}
