#[derive(Element)]
#[repr(C)]
struct Window<T: Element, U, const N: usize = 4>
where
    U: Send + Sync,
{
    start: u64,
    values: [T; N],
    unit: PhantomData<U>,
}
