//! The layout of a record is fixed.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Plain {
    id: u32,
    price: f64,
}

#[derive(Element)]
#[repr(C, packed)]
struct Packed {
    id: u32,
    price: f64,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype(f64);

fn main() {
    let _ = (Plain { id: 1, price: 0.5 }, Packed { id: 1, price: 0.5 }, Newtype(0.5));
}
