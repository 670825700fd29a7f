//! Arrays whose element type is not known at compile time.

use std::fmt;

use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo, ffi, pyobject_native_type_named};

use crate::array::raw;
use crate::dtype::descr::PyArrayDescr;
use crate::npyffi::{
    self, NPY_ARRAY_ALIGNED, NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_F_CONTIGUOUS, NpyTypes,
    PyArray_Check, PyArray_CheckExact, PyArrayObject,
};

/// An array of any dtype and any number of dimensions.
///
/// It is what to take where the dtype is a matter of run time; [`PyArray<T, D>`][crate::PyArray]
/// is the same object with element type and dimensions checked.
///
/// ```
/// use npyo::{PyArray1, PyUntypedArray, dtype, prelude::*};
/// use pyo3::{prelude::*, types::PyAnyMethods};
///
/// #[pyfunction]
/// fn is_double(array: &Bound<'_, PyUntypedArray>) -> bool {
///     array.dtype().is_equiv_to(&npyo::dtype::<f64>(array.py()))
/// }
///
/// Python::attach(|py| {
///     let array = PyArray1::from_slice(py, &[0.5, 1.5]);
///     assert!(is_double(array.as_untyped()));
/// });
/// ```
#[repr(transparent)]
pub struct PyUntypedArray(PyAny);

impl fmt::Debug for PyUntypedArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PyUntypedArray")
    }
}

pyobject_native_type_named!(PyUntypedArray);

// SAFETY: `type_object_raw` returns the type object of `numpy.ndarray`, which is never freed,
// and `PyUntypedArray` is a transparent wrapper of `PyAny`, so any instance is one.
unsafe impl PyTypeInfo for PyUntypedArray {
    #[inline]
    fn type_object_raw(py: Python<'_>) -> *mut ffi::PyTypeObject {
        // SAFETY: the type is one of those that every NumPy exports.
        unsafe { npyffi::get_type_object(py, NpyTypes::PyArray_Type) }
    }

    #[inline]
    fn is_type_of(ob: &Bound<'_, PyAny>) -> bool {
        // SAFETY: `ob` is a live object.
        unsafe { PyArray_Check(ob.py(), ob.as_ptr()) != 0 }
    }

    #[inline]
    fn is_exact_type_of(ob: &Bound<'_, PyAny>) -> bool {
        // SAFETY: `ob` is a live object.
        unsafe { PyArray_CheckExact(ob.py(), ob.as_ptr()) != 0 }
    }
}

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for pyo3::Bound<'_, super::PyUntypedArray> {}
    impl Sealed for pyo3::Borrowed<'_, '_, super::PyUntypedArray> {}
}

/// The methods of [`PyUntypedArray`], which [`PyArray`][crate::PyArray] has as well.
#[doc(alias = "PyUntypedArray")]
pub trait PyUntypedArrayMethods<'py>: sealed::Sealed {
    /// The array as a pointer of NumPy's C-API; the reference stays with `self`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert!(!array.as_array_ptr().is_null());
    /// # });
    /// ```
    #[inline]
    fn as_array_ptr(&self) -> *mut PyArrayObject {
        self.as_object().as_ptr().cast()
    }

    /// The type descriptor of the elements.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1.0, 2.0];
    /// assert_eq!(array.dtype().kind(), b'f');
    /// # });
    /// ```
    #[inline]
    fn dtype(&self) -> Bound<'py, PyArrayDescr> {
        // SAFETY: an array; the reference is cloned at once.
        unsafe { raw::descr(self.as_object()) }.to_owned()
    }

    /// The object as any Python object.
    #[doc(hidden)]
    fn as_object(&self) -> &Bound<'py, PyAny>;

    /// Whether the elements are aligned as NumPy asks for.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert!(array.is_aligned());
    /// # });
    /// ```
    #[inline]
    fn is_aligned(&self) -> bool {
        has_flags(self.as_object(), NPY_ARRAY_ALIGNED)
    }

    /// Whether the elements are contiguous, in C or in Fortran order.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert!(array.transpose().unwrap().is_contiguous());
    /// # });
    /// ```
    #[inline]
    fn is_contiguous(&self) -> bool {
        has_flags(self.as_object(), NPY_ARRAY_C_CONTIGUOUS)
            || has_flags(self.as_object(), NPY_ARRAY_F_CONTIGUOUS)
    }

    /// Whether the elements are contiguous in Fortran order.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert!(array.transpose().unwrap().is_fortran_contiguous());
    /// # });
    /// ```
    #[inline]
    fn is_fortran_contiguous(&self) -> bool {
        has_flags(self.as_object(), NPY_ARRAY_F_CONTIGUOUS)
    }

    /// Whether the elements are contiguous in C order.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert!(!array.transpose().unwrap().is_c_contiguous());
    /// # });
    /// ```
    #[inline]
    fn is_c_contiguous(&self) -> bool {
        has_flags(self.as_object(), NPY_ARRAY_C_CONTIGUOUS)
    }

    /// The number of dimensions.
    ///
    /// ```
    /// use npyo::{PyArray3, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     assert_eq!(PyArray3::<f64>::zeros(py, [4, 5, 6], false).ndim(), 3);
    /// });
    /// ```
    #[inline]
    fn ndim(&self) -> usize {
        // SAFETY: an array.
        unsafe { raw::ndim(self.as_object()) }
    }

    /// The distances of neighbours along each axis, in bytes.
    ///
    /// The slice is NumPy's own memory, which `array.strides = …` in Python replaces; where
    /// Python code may run in between, use a guard's
    /// [`strides`][crate::PyReadonlyArray::strides] or [`to_strides`][Self::to_strides].
    ///
    /// ```
    /// use npyo::{PyArray3, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray3::<f64>::zeros(py, [4, 5, 6], false);
    ///     assert_eq!(array.strides(), [240, 48, 8]);
    /// });
    /// ```
    #[inline]
    fn strides(&self) -> &[isize] {
        // SAFETY: an array; SOUNDNESS.md lists that this signature trusts Python code not to
        // replace the strides.
        let strides = unsafe { raw::strides(self.as_object()) };
        // Again, since nothing says to the compiler that `'py` outlives `self`.
        // SAFETY: as above; `self` keeps the array for as long as it is borrowed.
        unsafe { std::slice::from_raw_parts(strides.as_ptr(), strides.len()) }
    }

    /// The lengths of the axes.
    ///
    /// The slice is NumPy's own memory, which `array.shape = …` in Python replaces; where
    /// Python code may run in between, use a guard's
    /// [`shape`][crate::PyReadonlyArray::shape] or [`to_shape`][Self::to_shape].
    ///
    /// ```
    /// use npyo::{PyArray3, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     assert_eq!(PyArray3::<f64>::zeros(py, [4, 5, 6], false).shape(), [4, 5, 6]);
    /// });
    /// ```
    #[inline]
    fn shape(&self) -> &[usize] {
        // SAFETY: an array; SOUNDNESS.md lists that this signature trusts Python code not to
        // replace the shape.
        let shape = unsafe { raw::shape(self.as_object()) };
        // Again, since nothing says to the compiler that `'py` outlives `self`.
        // SAFETY: as above; `self` keeps the array for as long as it is borrowed.
        unsafe { std::slice::from_raw_parts(shape.as_ptr(), shape.len()) }
    }

    /// A copy of the lengths of the axes.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.to_shape(), [2, 2]);
    /// # });
    /// ```
    fn to_shape(&self) -> Vec<usize> {
        // SAFETY: an array; no Python code runs while it is copied.
        unsafe { raw::shape(self.as_object()) }.to_vec()
    }

    /// A copy of the distances of neighbours along each axis, in bytes.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1.0, 2.0];
    /// assert_eq!(array.to_strides(), [8]);
    /// # });
    /// ```
    fn to_strides(&self) -> Vec<isize> {
        // SAFETY: an array; no Python code runs while it is copied.
        unsafe { raw::strides(self.as_object()) }.to_vec()
    }

    /// The number of elements.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.len(), 4);
    /// # });
    /// ```
    #[inline]
    fn len(&self) -> usize {
        // SAFETY: an array; no Python code runs while it is read.
        unsafe { raw::shape(self.as_object()) }.iter().product()
    }

    /// Whether there are no elements.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert!(!array.is_empty());
    /// # });
    /// ```
    #[inline]
    fn is_empty(&self) -> bool {
        // SAFETY: an array; no Python code runs while it is read.
        unsafe { raw::shape(self.as_object()) }.contains(&0)
    }
}

#[inline]
fn has_flags(array: &Bound<'_, PyAny>, flags: std::ffi::c_int) -> bool {
    // SAFETY: the method trait is sealed for handles of arrays.
    unsafe { raw::flags(array) & flags != 0 }
}

impl<'py> PyUntypedArrayMethods<'py> for Bound<'py, PyUntypedArray> {
    #[inline]
    fn as_object(&self) -> &Bound<'py, PyAny> {
        self.as_any()
    }
}

impl<'py> PyUntypedArrayMethods<'py> for Borrowed<'_, 'py, PyUntypedArray> {
    #[inline]
    fn as_object(&self) -> &Bound<'py, PyAny> {
        self.as_any()
    }
}
