//! A module on the `numpy` crate.

#[path = "../../hold.rs"]
mod hold;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn interop_numpy(module: &Bound<'_, PyModule>) -> PyResult<()> {
    hold::register(module)
}
