//! Nothing is borrowed by what an array holds.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    first: f64,
    second: f64,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype(npyo::PyFixedUnicode<8>);

fn main() {}
