//! The attribute says where the crate is.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
#[npyo(crate = "nowhere::npyo")]
struct Record {
    id: u32,
}

fn main() {}
