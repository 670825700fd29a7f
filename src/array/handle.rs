//! The typed handle to an array.

use std::fmt;
use std::marker::PhantomData;

use ndarray::{Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::DerefToPyAny;
use pyo3::{Borrowed, PyTypeInfo, ffi};

use crate::array::raw;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods, sealed};
use crate::element::descr::{Wanted, mismatch};
use crate::element::trait_::Element;
use crate::error::{BorrowError, DimensionalityError};
use crate::npyffi::{self, NpyTypes};

/// A NumPy array with elements of type `T` and the dimensions `D`.
///
/// [`Bound<'py, PyArray<T, D>>`][Bound] is a reference to such an array while attached. Its
/// methods are those of [`PyArrayMethods`][crate::PyArrayMethods] and
/// [`PyUntypedArrayMethods`]; its elements are reached through a guard, taken by
/// [`readonly`][crate::PyArrayMethods::readonly] or
/// [`readwrite`][crate::PyArrayMethods::readwrite], or directly as an argument of type
/// [`PyReadonlyArray`][crate::PyReadonlyArray] or [`PyReadwriteArray`][crate::PyReadwriteArray].
///
/// # Memory
///
/// An array that NumPy allocates, for example by [`zeros`][Self::zeros], owns its memory. An
/// array made from a `Vec` or an [`ndarray::Array`] by
/// [`IntoPyArray`][crate::IntoPyArray] refers to that memory with no copy and keeps it alive.
///
/// ```
/// use npyo::{PyArray, PyArray2, ndarray::array, prelude::*};
/// use pyo3::Python;
///
/// Python::attach(|py| {
///     let array = PyArray::arange(py, 0., 4., 1.).reshape([2, 2]).unwrap();
///     let eye = PyArray2::from_owned_array(py, array![[1., 0.], [0., 1.]]);
///     let product = array.readonly().as_array().dot(&eye.readonly().as_array());
///     assert_eq!(product, array![[0., 1.], [2., 3.]]);
/// });
/// ```
#[repr(transparent)]
pub struct PyArray<T, D>(PyAny, PhantomData<T>, PhantomData<D>);

/// An array without dimensions: one element.
pub type PyArray0<T> = PyArray<T, Ix0>;
/// A one-dimensional array.
pub type PyArray1<T> = PyArray<T, Ix1>;
/// A two-dimensional array.
pub type PyArray2<T> = PyArray<T, Ix2>;
/// A three-dimensional array.
pub type PyArray3<T> = PyArray<T, Ix3>;
/// A four-dimensional array.
pub type PyArray4<T> = PyArray<T, Ix4>;
/// A five-dimensional array.
pub type PyArray5<T> = PyArray<T, Ix5>;
/// A six-dimensional array.
pub type PyArray6<T> = PyArray<T, Ix6>;
/// An array whose number of dimensions is a matter of run time.
pub type PyArrayDyn<T> = PyArray<T, IxDyn>;

impl<T, D> fmt::Debug for PyArray<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PyArray")
    }
}

/// NumPy's module `multiarray`, which has the functions that create arrays.
///
/// # Errors
///
/// The `ImportError` if NumPy is missing.
///
/// ```
/// # #![allow(unused_imports)]
/// # use npyo::prelude::*;
/// # use pyo3::Python;
/// # Python::attach(|py| {
/// assert!(npyo::get_array_module(py).is_ok());
/// # });
/// ```
pub fn get_array_module(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    PyModule::import(py, npyffi::multiarray_module_name(py)?)
}

impl<T, D> DerefToPyAny for PyArray<T, D> {}

// SAFETY: `type_object_raw` returns the type object of `numpy.ndarray`, which is never freed.
// An instance is one of `PyArray<T, D>` only if its dtype and dimensions fit, which both checks
// look at.
unsafe impl<T: Element, D: Dimension> PyTypeInfo for PyArray<T, D> {
    #[inline]
    fn type_object_raw(py: Python<'_>) -> *mut ffi::PyTypeObject {
        // SAFETY: the type is one of those that every NumPy exports.
        unsafe { npyffi::get_type_object(py, NpyTypes::PyArray_Type) }
    }

    #[inline]
    fn is_type_of(ob: &Bound<'_, PyAny>) -> bool {
        // SAFETY: `fits` is asked about arrays only.
        PyUntypedArray::is_type_of(ob) && unsafe { fits::<T, D>(ob) }.is_ok()
    }

    #[inline]
    fn is_exact_type_of(ob: &Bound<'_, PyAny>) -> bool {
        // SAFETY: `fits` is asked about arrays only.
        PyUntypedArray::is_exact_type_of(ob) && unsafe { fits::<T, D>(ob) }.is_ok()
    }
}

/// Why an object is no `PyArray<T, D>`.
pub(crate) enum Misfit {
    Ndim(usize),
    Dtype,
    /// Another thread changed the array while it was looked at.
    #[cfg(Py_GIL_DISABLED)]
    Changed,
    /// The dtype of `T` could not be had.
    Error(PyErr),
}

/// Whether an array has the dimensions `D` and the dtype of `T`.
///
/// No Python code runs after the first look at the array.
///
/// # Safety
///
/// `array` is a `numpy.ndarray`.
#[inline(always)]
pub(crate) unsafe fn fits<T: Element, D: Dimension>(
    array: &Bound<'_, PyAny>,
) -> Result<(), Misfit> {
    let wanted = Wanted::<T>::get(array.py()).map_err(Misfit::Error)?;
    // SAFETY: the caller's promise.
    let ndim = unsafe { raw::ndim(array) };
    if D::NDIM.is_some_and(|wanted| wanted != ndim) {
        return Err(Misfit::Ndim(ndim));
    }
    // SAFETY: the caller's promise; the reference is not kept.
    let descr = unsafe { raw::descr(array) };
    if T::INTERNALS.is_record() {
        // To look a field up by name may run Python code, where titles are odd objects.
        let descr = descr.to_owned();
        let fits = wanted.is(&descr);
        // SAFETY: the caller's promise; the reference is not kept.
        let unchanged = unsafe { raw::descr(array) }.is(&descr);
        // SAFETY: the caller's promise.
        let unchanged = unchanged && unsafe { raw::ndim(array) } == ndim;
        return match (fits, unchanged) {
            (true, true) => Ok(()),
            (false, true) => Err(Misfit::Dtype),
            (_, false) => Err(Misfit::Error(BorrowError::Changed.into())),
        };
    }
    if wanted.is(&descr) {
        Ok(())
    } else {
        Err(Misfit::Dtype)
    }
}

impl Misfit {
    /// The error that says so.
    ///
    /// # Safety
    ///
    /// `array` is a `numpy.ndarray`.
    #[cold]
    pub(crate) unsafe fn into_error<T: Element, D: Dimension>(
        self,
        array: &Bound<'_, PyAny>,
    ) -> PyErr {
        match self {
            Self::Ndim(ndim) => DimensionalityError::new(ndim, D::NDIM.unwrap_or(ndim)).into(),
            // SAFETY: the caller's promise.
            Self::Dtype => mismatch::<T>(unsafe { raw::descr(array) }.to_owned()),
            #[cfg(Py_GIL_DISABLED)]
            Self::Changed => BorrowError::Changed.into(),
            Self::Error(err) => err,
        }
    }
}

/// An array as one of its type, or the error that says why it is none.
pub(crate) fn as_typed<T: Element, D: Dimension>(
    array: Bound<'_, PyUntypedArray>,
) -> PyResult<Bound<'_, PyArray<T, D>>> {
    // SAFETY: an array.
    match unsafe { fits::<T, D>(&array) } {
        // SAFETY: it has the dtype of `T` and the dimensions `D`.
        Ok(()) => Ok(unsafe { array.into_any().cast_into_unchecked() }),
        // SAFETY: an array.
        Err(misfit) => Err(unsafe { misfit.into_error::<T, D>(&array) }),
    }
}

#[cold]
pub(crate) fn not_an_array(ob: &Bound<'_, PyAny>) -> PyErr {
    let ty = ob.get_type();
    match ty.getattr("__name__") {
        Ok(name) => PyTypeError::new_err(format!(
            "expected a numpy.ndarray, got '{name}'; pass `numpy.asarray(…)` of it"
        )),
        Err(err) => err,
    }
}

impl<T, D> sealed::Sealed for Bound<'_, PyArray<T, D>> {}

impl<T, D> sealed::Sealed for Borrowed<'_, '_, PyArray<T, D>> {}

impl<'py, T, D> PyUntypedArrayMethods<'py> for Bound<'py, PyArray<T, D>> {
    #[inline]
    fn as_object(&self) -> &Bound<'py, PyAny> {
        self.as_any()
    }
}

impl<'py, T, D> PyUntypedArrayMethods<'py> for Borrowed<'_, 'py, PyArray<T, D>> {
    #[inline]
    fn as_object(&self) -> &Bound<'py, PyAny> {
        self.as_any()
    }
}
