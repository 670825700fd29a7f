//! Arguments that no subclass of `numpy.ndarray` passes for.

use std::ops::{Deref, DerefMut};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTypeMethods;
use pyo3::{Borrowed, PyTypeInfo};

use crate::array::untyped::PyUntypedArray;
use crate::npyffi;

/// An argument that is not an array of a subclass of `numpy.ndarray`.
///
/// Guards accept arrays of a subclass, such as `numpy.matrix`, `numpy.recarray` and `numpy.memmap`,
/// and see their elements, without the rules that the subclass has for them. (Masked arrays are
/// the exception: they are refused.) Where that could surprise, wrap the type of the argument:
///
/// ```
/// use npyo::{Exact, PyReadonlyArray2};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn square(a: Exact<PyReadonlyArray2<'_, f64>>) -> f64 {
///     a.as_array().dot(&a.as_array()).sum()
/// }
/// # use pyo3::exceptions::PyTypeError;
/// # Python::attach(|py| {
/// #     let square = wrap_pyfunction!(square)(py).unwrap();
/// #     let array = npyo::pyarray![py, [1.0, 1.0], [1.0, 1.0]];
/// #     assert_eq!(square.call1((&array,)).unwrap().extract::<f64>().unwrap(), 8.0);
/// #     let matrix = array.call_method1("view", (py.eval(c"__import__('numpy').matrix", None, None).unwrap(),));
/// #     let err = square.call1((matrix.unwrap(),)).unwrap_err();
/// #     assert!(err.is_instance_of::<PyTypeError>(py));
/// # });
/// ```
///
/// Whatever is no array at all is left to the wrapped type, so that `Exact<PyArrayLike1<'_, f64>>`
/// accepts lists.
///
/// # Errors
///
/// A `TypeError` that names the subclass, and the errors of the wrapped type.
#[derive(Clone, Copy, Debug)]
pub struct Exact<T>(pub T);

impl<'a, 'py, T> FromPyObject<'a, 'py> for Exact<T>
where
    T: FromPyObject<'a, 'py>,
{
    type Error = PyErr;

    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        npyffi::import(ob.py())?;
        if PyUntypedArray::is_type_of(&ob) && !PyUntypedArray::is_exact_type_of(&ob) {
            return Err(PyTypeError::new_err(format!(
                "expected a numpy.ndarray itself, got its subclass '{}', whose own rules would be \
                 lost; pass `numpy.asarray(a)`",
                ob.get_type().name()?
            )));
        }
        ob.extract().map(Self).map_err(Into::into)
    }
}

impl<T> Deref for Exact<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Exact<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
