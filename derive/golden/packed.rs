#[derive(Element)]
#[repr(C, packed(2))]
struct Packed {
    tag: u8,
    value: f64,
}
