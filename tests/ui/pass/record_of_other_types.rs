//! A field of a record is an element, or an array of elements.
use npyo::{Element, PyFixedUnicode};

#[derive(Element)]
#[repr(C)]
struct Record {
    name: PyFixedUnicode<8>,
}

fn main() {}
