//! A Python extension module on npyo: a table of prices, as an array of records.
//!
//! `price.rs` has the record. Each of the other files holds what Python sees of one way to take
//! or give records.

mod change;
mod convert;
mod of_symbol;
mod price;
mod set_changes;
mod summarize;

use pyo3::prelude::*;

/// Prices of shares as arrays of records, computed in Rust.
///
/// `price_dtype` is the dtype of the tables.
#[pymodule(gil_used = false)]
mod npyo_trades {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::change::{change, latest};
    #[pymodule_export]
    use super::convert::convert;
    #[pymodule_export]
    use super::of_symbol::of_symbol;
    #[pymodule_export]
    use super::set_changes::set_changes;
    #[pymodule_export]
    use super::summarize::summarize;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        npyo::init(py)?;
        module.add("price_dtype", npyo::dtype::<super::price::Price>(py))
    }
}
