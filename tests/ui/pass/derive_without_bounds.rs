//! A field whose type is a parameter is an element if the parameter is one.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Pair<T: Element, U>
where
    U: Element,
{
    first: [T; 2],
    second: U,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype<T: Element>(T);

fn main() {}
