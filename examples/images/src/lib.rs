//! A Python extension module on npyo: filters for pictures, nearest neighbours, statistics.
//!
//! Each file holds one function that Python sees and the plain Rust that does its work. All of
//! them go the same way: the signature says which arrays are taken, a guard gives a view of
//! NumPy's own memory, and the work is done on that view with the interpreter detached.

mod channel_statistics;
mod equalize;
mod gaussian;
mod image;
mod memory;
mod nearest_labels;
mod sobel;

use pyo3::prelude::*;

/// Filters for pictures, nearest neighbours and statistics, written in Rust.
#[pymodule(gil_used = false)]
mod npyo_images {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::channel_statistics::channel_statistics;
    #[pymodule_export]
    use super::equalize::equalize;
    #[pymodule_export]
    use super::gaussian::gaussian;
    #[pymodule_export]
    use super::nearest_labels::nearest_labels;
    #[pymodule_export]
    use super::sobel::sobel;

    /// Makes a NumPy that is missing or too old an `ImportError` of this module.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        npyo::init(module.py())
    }
}
