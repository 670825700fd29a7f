//! One field of records that Rust knows nothing else about.

use npyo::prelude::*;
use npyo::{PyArray1, PyUntypedArray};
use pyo3::prelude::*;

/// Multiplies the field `price` by `rate`, in place.
///
/// prices: any records with a float64 field `price`, writeable, (n,), in any layout.
#[pyfunction]
pub(crate) fn convert(prices: &Bound<'_, PyUntypedArray>, rate: f64) -> PyResult<()> {
    let field = PyArray1::<f64>::from_field(prices, "price")?;
    let mut field = field.try_readwrite()?;
    // Without padding between the fields, prices are misaligned: read and written one by one.
    for i in 0..field.len() {
        if let Some(price) = field.get_owned(i) {
            field.set(i, price * rate)?;
        }
    }
    Ok(())
}
