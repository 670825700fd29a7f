//! Twins of the modules in C that NumPy's own tests use, with the same ufuncs made of Rust functions.
//!
//! `numpy_suite_plugin.py` puts them in the place of NumPy's, so that NumPy's tests judge this library.

mod operand_flag;
mod rational;
mod struct_ufunc;
mod umath;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions!(module: twin);
    Ok(())
}

/// The twin of one of NumPy's modules, under the same name: there `pickle` looks for the ufuncs.
#[pyfunction]
fn twin<'py>(original: &Bound<'py, PyModule>) -> PyResult<Bound<'py, PyModule>> {
    let name = original.name()?;
    let twin = PyModule::new(original.py(), name.to_str()?)?;
    match name.to_str()?.rsplit('.').next() {
        Some("_umath_tests") => umath::fill(&twin, original)?,
        Some("_rational_tests") => rational::fill(&twin, original)?,
        Some("_struct_ufunc_tests") => struct_ufunc::fill(&twin)?,
        Some("_operand_flag_tests") => operand_flag::fill(&twin)?,
        _ => return Err(PyValueError::new_err(format!("{name} has no twin"))),
    }
    Ok(twin)
}
