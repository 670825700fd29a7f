#[doc = include_str!("ldexp.md")]
#[npyo::ufunc(types((f32, i32), (f64, i64)), crate = "crate::arrays::npyo")]
fn ldexp<T, E>(x: T, exponent: E) -> T
where
    T: Scale<E>,
{
    x.scale(exponent)
}
