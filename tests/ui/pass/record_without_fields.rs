//! An item of an array has at least one byte.
use std::marker::PhantomData;

use npyo::Element;

struct Unit;

#[derive(Element)]
#[repr(C)]
struct Marker {
    value: f64,
    unit: PhantomData<f64>,
}

#[derive(Element)]
#[repr(C)]
struct Nothing {
    nothing: [f64; 1],
}

fn main() {
    let _ = (Unit, Marker { value: 0.5, unit: PhantomData }, Nothing { nothing: [0.5] });
}
