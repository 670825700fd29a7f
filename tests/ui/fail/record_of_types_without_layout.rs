//! A field has a fixed size and layout and means something to NumPy.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    text: &'static str,
    places: [&'static f64; 2],
    pointer: *const f64,
    pair: (f32, f32),
    callback: fn(f64) -> f64,
    rest: [f64],
}

#[derive(Element)]
#[repr(C)]
struct Dynamic {
    object: dyn Send,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype(&'static f64);

fn main() {}
