//! A module on npyo that initialises it when it is imported.

#[path = "../../hold.rs"]
mod hold;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
fn interop_npyo_a(module: &Bound<'_, PyModule>) -> PyResult<()> {
    numpy::init(module.py())?;
    hold::register(module)
}
