//! The memory that is to be borrowed.

use std::fmt;

use pyo3::prelude::*;

use crate::dtype::descr::PyArrayDescr;
use crate::layout::Layout;

/// The elements of an array, by its fields at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Memory<'a, 'py> {
    /// The array that keeps the memory alive.
    pub(crate) array: &'a Bound<'py, PyAny>,
    pub(crate) data: *mut u8,
    pub(crate) layout: Layout<'a>,
    /// The type descriptor, for the rare case that it is needed.
    pub(crate) descr: &'a dyn Fn() -> Bound<'py, PyArrayDescr>,
}

impl fmt::Debug for Memory<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.layout.fmt(f)
    }
}
