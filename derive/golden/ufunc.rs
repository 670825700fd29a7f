/// The greatest common divisor.
#[npyo::ufunc(identity = zero, name = "gcd_of_rust")]
pub fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}
