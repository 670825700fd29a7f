//! What is copied bit by bit is not dropped.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    id: u32,
}

impl Drop for Record {
    fn drop(&mut self) {
        self.id = 0;
    }
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype(u32);

impl Drop for Newtype {
    fn drop(&mut self) {
        self.0 = 0;
    }
}

fn main() {}
