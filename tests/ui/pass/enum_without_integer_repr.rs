//! The dtype of an enum is that of an integer, whose size its `repr` says.
use npyo::Element;

#[derive(Element)]
#[repr(u8)]
enum Plain {
    Yes,
}

#[derive(Element)]
#[repr(i32)]
enum AsInC {
    Yes,
}

#[derive(Element)]
#[repr(i64)]
enum Wide {
    Yes,
}

enum Empty {}

fn main() {
    let _ = (Plain::Yes, AsInC::Yes, Wide::Yes, size_of::<Empty>());
}
