//! A module on npyo that lets its first use initialise it.

#[path = "../../hold.rs"]
mod hold;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn interop_npyo_b(module: &Bound<'_, PyModule>) -> PyResult<()> {
    hold::register(module)
}
