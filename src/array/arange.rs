//! Creating ranges.

use ndarray::Ix1;
use num_traits::AsPrimitive;
use pyo3::prelude::*;
use pyo3::types::PyInt;

use crate::array::create::expect;
use crate::array::handle::PyArray;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::element::trait_::Element;
use crate::npyffi::PY_ARRAY_API;

impl<T: Element + AsPrimitive<f64>> PyArray<T, Ix1> {
    /// Creates an array of the numbers from `start` up to, but without, `stop`, `step` apart.
    ///
    /// Integers are exact over their whole range. See [`numpy.arange`] for the pitfalls of steps
    /// that are no integers.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_arange`][Self::try_arange] returns an error
    /// instead.
    ///
    /// ```
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::arange(py, 2.0, 4.0, 0.5);
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [2.0, 2.5, 3.0, 3.5]);
    ///
    ///     let array = PyArray::arange(py, -2, 4, 3);
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [-2, 1]);
    /// });
    /// ```
    ///
    /// [`numpy.arange`]: https://numpy.org/doc/stable/reference/generated/numpy.arange.html
    pub fn arange(py: Python<'_>, start: T, stop: T, step: T) -> Bound<'_, Self> {
        expect(Self::try_arange(py, start, stop, step))
    }

    /// Creates an array of the numbers from `start` up to, but without, `stop`, `step` apart, as
    /// [`arange`][Self::arange].
    ///
    /// # Errors
    ///
    /// NumPy's, for a step of zero or more elements than memory holds.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_arange(py, 0, 5, 2).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [0, 2, 4]);
    /// # });
    /// ```
    pub fn try_arange(py: Python<'_>, start: T, stop: T, step: T) -> PyResult<Bound<'_, Self>> {
        let bounds = Self::try_from_vec(py, vec![start, stop, step])?;
        // Python's numbers are exact where NumPy's scalars of small types would overflow.
        let numbers = bounds.call_method0("tolist")?;
        let [start, stop, step] = numbers.extract::<[Bound<'_, PyAny>; 3]>()?;
        let array = Self::arange_of_objects(&start, &stop, &step)?;
        if !start.is_instance_of::<PyInt>() {
            return Ok(array);
        }
        // NumPy divides floating-point numbers to get the length.
        let builtins = py.import("builtins")?;
        let exact = builtins.call_method1("range", (start, stop, step))?.len()?;
        if array.len()? == exact {
            return Ok(array);
        }
        let zero = 0_u8.into_pyobject(py)?.into_any();
        let one = 1_u8.into_pyobject(py)?.into_any();
        let counter = Self::arange_of_objects(&zero, &exact.into_pyobject(py)?.into_any(), &one)?;
        let array = counter.mul(bounds.get_item(2)?)?.add(bounds.get_item(0)?)?;
        Ok(array.cast_into()?)
    }

    fn arange_of_objects<'py>(
        start: &Bound<'py, PyAny>,
        stop: &Bound<'py, PyAny>,
        step: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        let py = start.py();
        let descr = PyArrayDescr::try_of::<T>(py)?;
        // SAFETY: all are live objects.
        let array = unsafe {
            PY_ARRAY_API.PyArray_ArangeObj(
                py,
                start.as_ptr(),
                stop.as_ptr(),
                step.as_ptr(),
                descr.as_dtype_ptr(),
            )
        };
        // SAFETY: an owned reference, or NULL with an exception set.
        let array = unsafe { Bound::from_owned_ptr_or_err(py, array) }?;
        // SAFETY: it has the dtype of `T` and one dimension.
        Ok(unsafe { array.cast_into_unchecked() })
    }
}
