//! What is copied bit by bit is not dropped.
use npyo::Element;

#[derive(Element)]
#[repr(C)]
struct Record {
    id: u32,
}

impl Record {
    fn clear(&mut self) {
        self.id = 0;
    }
}

#[derive(Element)]
#[repr(transparent)]
struct Newtype(u32);

impl Newtype {
    fn clear(&mut self) {
        self.0 = 0;
    }
}

fn main() {
    Record { id: 1 }.clear();
    Newtype(1).clear();
}
