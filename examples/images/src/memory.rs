//! Memory for results and copies.

use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;

/// An empty vector with room for `count` elements, or a `MemoryError`.
///
/// Rust ends the process when memory runs out, and an array can be larger than memory: a
/// broadcast one has far more elements than bytes.
pub(crate) fn vec_with_room_for<T>(count: usize) -> PyResult<Vec<T>> {
    let mut vec = Vec::new();
    match vec.try_reserve_exact(count) {
        Ok(()) => Ok(vec),
        Err(_) => Err(PyMemoryError::new_err(format!(
            "no memory for {count} elements of {} bytes",
            size_of::<T>()
        ))),
    }
}
