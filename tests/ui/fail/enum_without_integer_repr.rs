//! The dtype of an enum is that of an integer, whose size its `repr` says.
use npyo::Element;

#[derive(Element)]
enum Plain {
    Yes,
}

#[derive(Element)]
#[repr(C)]
enum AsInC {
    Yes,
}

#[derive(Element)]
#[repr(i128)]
enum Wide {
    Yes,
}

#[derive(Element)]
enum Empty {}

fn main() {
    let _ = (Plain::Yes, AsInC::Yes, Wide::Yes, size_of::<Empty>());
}
