//! Each field has a name of its own.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    id: u32,
    #[npyo(rename = "id")]
    key: u32,
    #[npyo(rename = "")]
    price: f64,
    #[npyo(rename = "volume\0")]
    volume: f64,
}

#[derive(Element)]
#[repr(C)]
struct Tuple(#[npyo(rename = "f1")] f64, f64);

fn main() {}
