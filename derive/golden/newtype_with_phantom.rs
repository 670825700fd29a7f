#[derive(Element)]
#[repr(transparent)]
#[npyo(crate = "crate::arrays::npyo")]
struct Length<T: Element, U: Send + Sync> {
    value: T,
    unit: std::marker::PhantomData<U>,
}
