#[derive(Element)]
#[repr(transparent)]
struct Celsius(f64);
