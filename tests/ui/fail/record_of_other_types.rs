//! A field of a record is an element, or an array of elements.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    name: String,
}

fn main() {}
