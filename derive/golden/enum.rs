#[derive(Element)]
#[repr(i16)]
enum Side {
    Buy = -1,
    Sell = 1,
    Unknown,
}
