//! An item of an array has at least one byte.
use std::marker::PhantomData;

use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Unit;

#[derive(Element)]
#[repr(C)]
struct Marker {
    unit: PhantomData<f64>,
}

#[derive(Element)]
#[repr(C)]
struct Nothing {
    nothing: [f64; 0],
}

fn main() {
    let _ = (Unit, Marker { unit: PhantomData }, Nothing { nothing: [] });
}
