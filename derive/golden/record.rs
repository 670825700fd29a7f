#[derive(Element)]
#[repr(C)]
struct Trade {
    id: u32,
    #[npyo(rename = "px")]
    price: f64,
    r#type: Side,
    position: [f32; 3],
    note: Py<PyAny>,
}
