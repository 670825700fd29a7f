//! Structured descriptors out of their parts.

use std::borrow::Cow;

use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::npyffi::{self, PY_ARRAY_API};

/// A field of a structured descriptor.
#[derive(Debug, Clone)]
pub(crate) struct RecordField<'a, 'py> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) descr: Bound<'py, PyArrayDescr>,
    pub(crate) offset: usize,
}

/// The structured descriptor with these fields.
///
/// # Errors
///
/// NumPy's, for names that occur twice, fields that end behind `itemsize`, and offsets that are not
/// aligned although `is_aligned` says so.
pub(crate) fn record_descr<'py>(
    py: Python<'py>,
    fields: &[RecordField<'_, 'py>],
    itemsize: usize,
    is_aligned: bool,
) -> PyResult<Bound<'py, PyArrayDescr>> {
    let spec = PyDict::new(py);
    let names = PyList::new(py, fields.iter().map(|field| &field.name))?;
    let formats = PyList::new(py, fields.iter().map(|field| &field.descr))?;
    let offsets = PyList::new(py, fields.iter().map(|field| field.offset))?;
    spec.set_item("names", names)?;
    spec.set_item("formats", formats)?;
    spec.set_item("offsets", offsets)?;
    spec.set_item("itemsize", itemsize)?;
    if is_aligned {
        spec.set_item("aligned", true)?;
    }
    PyArrayDescr::new(py, spec)
}

/// The descriptor of a sub-array of `len` items, which may be sub-arrays in turn.
///
/// # Errors
///
/// NumPy's, for more dimensions than it allows.
pub(crate) fn subarray_descr(
    item: Bound<'_, PyArrayDescr>,
    len: usize,
) -> PyResult<Bound<'_, PyArrayDescr>> {
    let (base, mut shape) = unfolded(&item);
    shape.insert(0, len);
    subarray_descr_of(base, shape)
}

/// What a sub-array is one of, and its shape; of a sub-array of sub-arrays, all of the shapes together, as
/// NumPy reads it.
pub(crate) fn unfolded<'py>(
    descr: &Bound<'py, PyArrayDescr>,
) -> (Bound<'py, PyArrayDescr>, Vec<usize>) {
    let (mut base, mut shape) = (descr.base(), descr.shape());
    while base.has_subarray() {
        shape.extend(base.shape());
        base = base.base();
    }
    (base, shape)
}

/// The descriptor of a sub-array of this shape.
///
/// # Errors
///
/// NumPy's, for more dimensions than it allows.
pub(crate) fn subarray_descr_of(
    base: Bound<'_, PyArrayDescr>,
    shape: Vec<usize>,
) -> PyResult<Bound<'_, PyArrayDescr>> {
    let py = base.py();
    PyArrayDescr::new(py, (base, PyTuple::new(py, shape)?))
}

/// A descriptor of its own with the same contents, which shares the descriptors of its fields.
///
/// # Errors
///
/// NumPy's `MemoryError`.
pub(crate) fn copy_of<'py>(
    descr: Borrowed<'_, 'py, PyArrayDescr>,
) -> PyResult<Bound<'py, PyArrayDescr>> {
    let py = descr.py();
    // SAFETY: a live descriptor.
    let copy = unsafe { PY_ARRAY_API.PyArray_DescrNew(py, descr.as_dtype_ptr()) };
    // SAFETY: what the function returned.
    unsafe { new_descr(py, copy) }
}

/// A descriptor of its own with the same contents, and so for each of its fields.
///
/// # Errors
///
/// NumPy's `MemoryError`.
pub(crate) fn deep_copy_of<'py>(
    descr: Borrowed<'_, 'py, PyArrayDescr>,
) -> PyResult<Bound<'py, PyArrayDescr>> {
    /// Leaves every byte order as it is.
    const NPY_IGNORE: std::ffi::c_char = b'|' as std::ffi::c_char;

    let py = descr.py();
    let descr = descr.as_dtype_ptr();
    // SAFETY: a live descriptor.
    let copy = unsafe { PY_ARRAY_API.PyArray_DescrNewByteorder(py, descr, NPY_IGNORE) };
    // SAFETY: what the function returned.
    unsafe { new_descr(py, copy) }
}

/// # Safety
///
/// `descr` is an owned reference to a descriptor, or NULL with an exception set.
unsafe fn new_descr(
    py: Python<'_>,
    descr: *mut npyffi::PyArray_Descr,
) -> PyResult<Bound<'_, PyArrayDescr>> {
    // SAFETY: the caller's promise.
    let descr = unsafe { Bound::from_owned_ptr_or_err(py, descr.cast()) }?;
    // SAFETY: the caller's promise.
    Ok(unsafe { descr.cast_into_unchecked() })
}
