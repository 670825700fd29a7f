//! An array is a field of a record, but no element.
use npyo::Element;

#[derive(Element)]
#[repr(transparent)]
struct Position([f32; 3]);

fn main() {}
