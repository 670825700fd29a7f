//! Nothing is borrowed by what an array holds.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record<'a, 'b> {
    first: &'a f64,
    second: &'b f64,
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype<'a>(std::borrow::Cow<'a, str>);

fn main() {}
