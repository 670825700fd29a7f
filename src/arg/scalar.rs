//! Single elements as arguments and results.
#![forbid(unsafe_code)]

use ndarray::Ix0;
use pyo3::Borrowed;
use pyo3::prelude::*;

use crate::arg::coerce::TypeMustMatch;
use crate::arg::like::convert;
use crate::array::handle::{PyArray1, as_typed};
use crate::array::methods::PyArrayMethods;
use crate::element::trait_::Element;

/// One element, as NumPy's scalars are to Python: `numpy.float32` for `f32`, `numpy.void` for records.
///
/// As an argument it accepts a scalar, an array without dimensions, and what else
/// [`PyArrayLike0`][crate::PyArrayLike0] with the same dtype accepts; for a record, that is a tuple with its fields in
/// order, a dict of them, or a `numpy.void` (or `numpy.record`) that has fields of their names.
///
/// ```
/// use npyo::Scalar;
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn halved(x: Scalar<f32>) -> Scalar<f32> {
///     Scalar(x.0 / 2.0)
/// }
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let half = wrap_pyfunction!(halved)(py)?.call1((3.0,))?;
///     assert_eq!(half.get_type().name()?, "float32");
///     assert_eq!(half.extract::<f32>()?, 1.5);
///     Ok(())
/// })
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Scalar<T>(pub T);

impl<'a, 'py, T: Element + 'py> FromPyObject<'a, 'py> for Scalar<T> {
    type Error = PyErr;

    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let array = convert::<T, Ix0, TypeMustMatch>(&ob)?;
        let array = as_typed::<T, Ix0>(array)?;
        match array.try_readonly()?.try_get_owned(())? {
            Some(element) => Ok(Self(element)),
            None => unreachable!("the only index of an array without dimensions"),
        }
    }
}

impl<'py, T: Element> IntoPyObject<'py> for Scalar<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        PyArray1::try_from_vec(py, vec![self.0])?.get_item(0)
    }
}
