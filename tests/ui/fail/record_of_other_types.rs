//! A field of a record is an element, or an array of elements.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    name: String,
    values: Vec<f64>,
    price: Option<f64>,
}

fn main() {}
