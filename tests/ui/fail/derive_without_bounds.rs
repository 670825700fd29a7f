//! A field whose type is a parameter is an element if the parameter is one.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Pair<T, U> {
    first: [T; 2],
    second: U,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype<T>(T);

fn main() {}
