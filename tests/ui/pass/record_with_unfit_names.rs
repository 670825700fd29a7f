//! Each field has a name of its own.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    id: u32,
    #[npyo(rename = "key")]
    key: u32,
    #[npyo(rename = "px")]
    price: f64,
    #[npyo(rename = "volume")]
    volume: f64,
}

#[derive(Element)]
#[repr(C)]
struct Tuple(#[npyo(rename = "x")] f64, f64);

fn main() {}
