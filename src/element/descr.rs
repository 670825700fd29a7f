//! From element types to descriptors, and whether an array has that descriptor.

use std::marker::PhantomData;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::fields::has_same_layout;
use crate::dtype::mismatch::DtypeMismatch;
use crate::element::trait_::Element;
use crate::npyffi;

/// The type descriptor of arrays with elements of type `T`.
///
/// # Panics
///
/// If there is none at run time; [`PyArrayDescr::try_of`] returns an error instead.
///
/// ```
/// use npyo::{dtype, prelude::*};
/// use pyo3::Python;
///
/// Python::attach(|py| assert_eq!(dtype::<i16>(py).itemsize(), 2));
/// ```
#[inline]
pub fn dtype<T: Element>(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
    T::get_dtype(py)
}

impl PyArrayDescr {
    /// The type descriptor of arrays with elements of type `T`, as [`dtype`].
    #[inline]
    pub fn of<T: Element>(py: Python<'_>) -> Bound<'_, Self> {
        T::get_dtype(py)
    }

    /// The type descriptor of arrays with elements of type `T`.
    ///
    /// # Errors
    ///
    /// An `ImportError` if NumPy is missing, whatever else keeps the descriptor from being made, and a `TypeError` if `T` is an element
    /// type of another crate's whose descriptor has another item size or holds objects.
    ///
    /// ```
    /// use npyo::{PyArrayDescr, prelude::*};
    /// use pyo3::{PyResult, Python};
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     assert_eq!(PyArrayDescr::try_of::<f32>(py)?.char(), b'f');
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn try_of<T: Element>(py: Python<'_>) -> PyResult<Bound<'_, Self>> {
        npyffi::import(py)?;
        let descr = T::try_get_dtype(py)?;
        if !T::INTERNALS.is_built_in() {
            check(
                &descr,
                std::any::type_name::<T>(),
                size_of::<T>(),
                T::INTERNALS.has_objects(),
            )?;
        }
        Ok(descr)
    }
}

/// Refuses a descriptor that cannot be that of the Rust type.
fn check(
    descr: &Bound<'_, PyArrayDescr>,
    rust_type: &str,
    size: usize,
    is_object: bool,
) -> PyResult<()> {
    if descr.has_object() != is_object {
        return Err(PyTypeError::new_err(format!(
            "the dtype {descr} of the Rust element type {rust_type} holds Python objects, which \
             only npyo's own element types may do; use Py<T> as element type"
        )));
    }
    if descr.has_subarray() {
        return Err(PyTypeError::new_err(format!(
            "the dtype {descr} of the Rust element type {rust_type} is a sub-array, which NumPy \
             turns into dimensions of the array; use the dtype of its elements"
        )));
    }
    if size == 0 || descr.itemsize() != size {
        return Err(PyTypeError::new_err(format!(
            "the Rust element type {rust_type} has {size} bytes, but its dtype {descr} has \
             elements of {} bytes",
            descr.itemsize()
        )));
    }
    Ok(())
}

/// The descriptor that arrays with elements of type `T` must have.
///
/// Element types of other crates may run Python code to get it. So this comes first, and what is
/// read of an array afterwards belongs together.
pub(crate) struct Wanted<'py, T> {
    /// `None` for built-in types, most arrays of which are recognised without it.
    descr: Option<Bound<'py, PyArrayDescr>>,
    element: PhantomData<T>,
}

impl<'py, T: Element> Wanted<'py, T> {
    #[inline]
    pub(crate) fn get(py: Python<'py>) -> PyResult<Self> {
        let descr = if T::INTERNALS.is_built_in() {
            None
        } else {
            Some(PyArrayDescr::try_of::<T>(py)?)
        };
        Ok(Self {
            descr,
            element: PhantomData,
        })
    }

    /// Whether arrays of this descriptor have elements of type `T`.
    #[inline(always)]
    pub(crate) fn is(&self, descr: &Bound<'py, PyArrayDescr>) -> bool {
        let kept = T::INTERNALS.descr(descr.py());
        kept.is_some_and(|kept| kept.as_ptr() == descr.as_ptr()) || self.is_another(descr)
    }

    /// [`is`][Self::is] for a descriptor that is not the one that is kept.
    #[inline(never)]
    fn is_another(&self, descr: &Bound<'py, PyArrayDescr>) -> bool {
        match &self.descr {
            Some(wanted) if T::INTERNALS.is_record() => {
                has_same_layout(descr.as_borrowed(), wanted.as_borrowed())
            }
            Some(wanted) => wanted.is_equiv_to(descr),
            // SAFETY: `descr` is a live descriptor.
            None if unsafe { T::INTERNALS.accepts(descr.as_dtype_ptr()) } => true,
            None => T::get_dtype(descr.py()).is_equiv_to(descr),
        }
    }
}

/// The error of an array of this descriptor where elements of type `T` are needed.
#[cold]
pub(crate) fn mismatch<T: Element>(descr: Bound<'_, PyArrayDescr>) -> PyErr {
    match PyArrayDescr::try_of::<T>(descr.py()) {
        Ok(wanted) => DtypeMismatch::new(descr, wanted).into(),
        Err(err) => err,
    }
}
