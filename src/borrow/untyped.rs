//! Borrows of arrays whatever their dtype.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use pyo3::{Py, PyTypeInfo, ffi};

use crate::array::raw;
use crate::array::untyped::PyUntypedArray;
use crate::borrow::memory::Memory;
use crate::borrow::registry::{Borrow, Registry};
use crate::borrow::table::Access;
use crate::dtype::descr::PyArrayDescrMethods;
use crate::error::BorrowError;
use crate::layout::Layout;

/// Borrows an array to read it by means of NumPy.
pub(crate) fn borrow_to_read(array: &Bound<'_, PyUntypedArray>) -> Result<Borrow, BorrowError> {
    refuse_masked(array)?;
    let registry = Registry::get(array.py());
    // SAFETY: an array; no Python code runs while the fields are in use.
    let parts = unsafe { raw::parts(array) };
    let memory = Memory {
        array: array.as_any(),
        data: parts.data,
        layout: Layout {
            addr: parts.data.addr(),
            shape: parts.shape,
            strides: parts.strides,
            itemsize: parts.descr.itemsize(),
        },
        descr: &|| parts.descr.to_owned(),
    };
    registry.borrow(&memory, Access::Shared)
}

/// Refuses masked arrays, whose masks would be lost.
#[inline]
pub(crate) fn refuse_masked(array: &Bound<'_, PyAny>) -> Result<(), BorrowError> {
    if !PyUntypedArray::is_exact_type_of(array) && is_masked(array) {
        return Err(BorrowError::Masked);
    }
    Ok(())
}

/// Whether an array of a subclass is a masked one.
#[cold]
fn is_masked(array: &Bound<'_, PyAny>) -> bool {
    static MASKED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let Ok(masked) = MASKED.import(array.py(), "numpy.ma", "MaskedArray") else {
        // Where the class cannot be imported, there is no masked array.
        return false;
    };
    // SAFETY: both are live type objects; unlike `isinstance`, this runs no Python code.
    unsafe { ffi::PyType_IsSubtype(array.get_type().as_type_ptr(), masked.as_type_ptr()) != 0 }
}
