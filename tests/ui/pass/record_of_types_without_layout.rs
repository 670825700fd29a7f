//! A field has a fixed size and layout and means something to NumPy.
use npyo::{Element, PyFixedString};
use pyo3::{Py, PyAny};

#[derive(Element)]
#[repr(C)]
struct Record {
    text: PyFixedString<8>,
    places: [f64; 2],
    pointer: f64,
    pair: [f32; 2],
    callback: Py<PyAny>,
    rest: [f64; 4],
}

#[derive(Element)]
#[repr(C)]
struct Dynamic {
    object: Py<PyAny>,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype(f64);

fn main() {}
