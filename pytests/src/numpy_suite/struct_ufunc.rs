//! The twin of `_struct_ufunc_tests`: a ufunc of records.

use npyo::Element;
use npyo::ufunc::UfuncBuilder;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// The elements of `np.dtype("u8,u8,u8")`.
#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Triplet(u64, u64, u64);

/// The sums of the fields.
#[npyo::ufunc]
fn add_triplet(a: Triplet, b: Triplet) -> Triplet {
    let add = u64::wrapping_add;
    Triplet(add(a.0, b.0), add(a.1, b.1), add(a.2, b.2))
}

pub(crate) fn fill(twin: &Bound<'_, PyModule>) -> PyResult<()> {
    npyo::add_ufuncs!(twin, add_triplet)?;
    add_functions!(twin: register_fail);
    Ok(())
}

/// Raises a `RuntimeError` if two functions of the same records are refused, which else it returns.
#[pyfunction]
fn register_fail(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    UfuncBuilder::new("add_triplet")
        .function(|a: Triplet, b: Triplet| Triplet(a.0 ^ b.0, a.1 ^ b.1, a.2 ^ b.2))
        .function(|a: Triplet, b: Triplet| Triplet(a.0 | b.0, a.1 | b.1, a.2 | b.2))
        .build(py)
        .map_err(|err| PyRuntimeError::new_err(err.to_string()))
}
