#[derive(Element)]
#[repr(C)]
struct Point(f32, PhantomData<Metre>, #[npyo(rename = "y")] f32, [u8; 4]);
