//! The error of an array whose elements are of another type.

use std::fmt;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{PyErr, PyErrArguments};

use super::descr::{PyArrayDescr, PyArrayDescrMethods};
use super::side_by_side::side_by_side;

/// An array has another dtype than the Rust type asks for.
///
/// Becomes a `TypeError`, whose text is made only when it is looked at.
#[derive(Debug)]
pub struct DtypeMismatch {
    from: Py<PyArrayDescr>,
    to: Py<PyArrayDescr>,
}

impl DtypeMismatch {
    #[cold]
    pub(crate) fn new(from: Bound<'_, PyArrayDescr>, to: Bound<'_, PyArrayDescr>) -> Self {
        Self {
            from: from.unbind(),
            to: to.unbind(),
        }
    }

    fn text(&self, py: Python<'_>) -> String {
        let (from, to) = (self.from.bind(py), self.to.bind(py));
        if let Some(table) = side_by_side(from, to) {
            return format!("type mismatch: the records differ{table}");
        }
        let hint = if from.is_native_byteorder() == Some(false) && from.kind() == to.kind() {
            "\n (the array is byte-swapped; pass `a.astype(a.dtype.newbyteorder('='))`)"
        } else {
            ""
        };
        format!("type mismatch:\n from={from}, to={to}{hint}")
    }
}

impl fmt::Display for DtypeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Python::attach(|py| f.write_str(&self.text(py)))
    }
}

impl std::error::Error for DtypeMismatch {}

impl PyErrArguments for DtypeMismatch {
    fn arguments(self, py: Python<'_>) -> Py<PyAny> {
        self.text(py).arguments(py)
    }
}

impl From<DtypeMismatch> for PyErr {
    fn from(err: DtypeMismatch) -> Self {
        PyTypeError::new_err(err)
    }
}
