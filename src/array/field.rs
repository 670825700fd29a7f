//! The fields of an array of records, as arrays over the same memory.

use ndarray::Dimension;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::array::handle::{PyArray, as_typed};
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::dtype::descr::PyArrayDescrMethods;
use crate::dtype::fields::listed;
use crate::element::trait_::Element;
use crate::npyffi::PY_ARRAY_API;

impl<T: Element, D: Dimension> PyArray<T, D> {
    /// One field of an array of records, whatever else there is in the records.
    ///
    /// It is an array over the memory of `array`, with the same shape, to which a field that is a
    /// sub-array adds its own. It can be written to if `array` can. Most fields of records without
    /// padding are misaligned, so that they cannot be seen as Rust values where they are; the guards'
    /// methods that copy (`get_owned`, `set`, `iter`, `to_vec` …) work nevertheless.
    ///
    /// # Errors
    ///
    /// A `ValueError` if there is no such field, a `TypeError` if it has another dtype or other
    /// dimensions.
    ///
    /// ```
    /// use npyo::{PyArray1, PyArray2, PyUntypedArray, prelude::*};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     let code = c"__import__('numpy').zeros(4, [('id', 'i4'), ('x', 'f8'), ('at', 'f4', 3)])";
    ///     let array = py.eval(code, None, None)?.cast_into::<PyUntypedArray>()?;
    ///
    ///     let x = PyArray1::<f64>::from_field(&array, "x")?;
    ///     x.readwrite().set(1, 0.5)?;
    ///     assert_eq!(x.to_vec()?, [0.0, 0.5, 0.0, 0.0]);
    ///     let at = PyArray2::<f32>::from_field(&array, "at")?;
    ///     assert_eq!(at.shape(), [4, 3]);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn from_field<'py>(
        array: &Bound<'py, PyUntypedArray>,
        name: &str,
    ) -> PyResult<Bound<'py, Self>> {
        let py = array.py();
        let descr = array.dtype();
        let Some(names) = descr.names() else {
            return Err(PyValueError::new_err(format!(
                "the array has the dtype {descr}, which has no fields; pass an array of records \
                 with a field '{name}'"
            )));
        };
        if !names.iter().any(|other| other == name) {
            return Err(PyValueError::new_err(format!(
                "the array has no field '{name}', only {}",
                listed(&names)
            )));
        }
        let (field, offset) = descr.get_field(name)?;
        // No field ends beyond its record, the size of which is a C int.
        let offset = offset as std::ffi::c_int;
        // SAFETY: an array, and a descriptor whose reference is given up, as the function asks; it
        // checks that there are as many bytes in a record.
        let field = unsafe {
            PY_ARRAY_API.PyArray_GetField(py, array.as_array_ptr(), field.into_dtype_ptr(), offset)
        };
        // SAFETY: an owned reference, or NULL with an exception set.
        let field = unsafe { Bound::from_owned_ptr_or_err(py, field) }?;
        // SAFETY: the function returns arrays.
        as_typed(unsafe { field.cast_into_unchecked() })
    }
}
