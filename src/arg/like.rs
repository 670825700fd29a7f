//! Arguments that accept whatever NumPy can make an array of.
#![forbid(unsafe_code)]

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use ndarray::{Array2, Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};
use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyList, PyTuple};

use crate::arg::coerce::{Coerce, TypeMustMatch};
use crate::arg::records::records;
use crate::arg::unchanged::cast_unchanged;
use crate::array::coerce::{cast, cast_by_name, from_any};
use crate::array::handle::PyArray;
use crate::array::order::Order;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::borrow::guard::PyReadonlyArray;
use crate::borrow::untyped::borrow_to_read;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::element::descr::Wanted;
use crate::element::trait_::{Element, for_each_item};
use crate::error::DimensionalityError;
use crate::npyffi;

/// An argument that accepts arrays and array-likes: lists, nested lists, numbers, other arrays.
///
/// An array of dtype `T` with the dimensions `D` is borrowed with no copy, under the rules of
/// [`PyReadonlyArray`]. What else is accepted is up to `C`:
///
/// - [`TypeMustMatch`], the default: no array of another dtype. What is no array is converted
///   if no value changes by it: a list of integers becomes an array of `f64`, `[1.5]` does not
///   become one of `i32`. Rounding to a floating-point type, be it to infinity, is no change.
/// - [`AllowTypeChange`][crate::AllowTypeChange]: arrays of any dtype, and what else NumPy makes an
///   array of, converted as `array.astype` does it, values that do not fit included; and lists,
///   tuples and numbers as `numpy.asarray(x, dtype)` converts them.
///
/// Of records (`#[derive(Element)]`), arrays with another layout or byte order are converted field by
/// field, each found by its name; with [`TypeMustMatch`], the types of the fields must be the same. Lists
/// of tuples, dicts and `numpy.void` scalars become arrays of records.
///
/// ```
/// use npyo::{AllowTypeChange, PyArrayLike1};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn sum(numbers: PyArrayLike1<'_, f64>) -> f64 {
///     numbers.as_array().sum()
/// }
///
/// #[pyfunction]
/// fn sum_of_integers(numbers: PyArrayLike1<'_, i64, AllowTypeChange>) -> i64 {
///     numbers.as_array().sum()
/// }
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let sum = wrap_pyfunction!(sum)(py)?;
///     assert_eq!(sum.call1((vec![1, 2],))?.extract::<f64>()?, 3.0);
///     assert_eq!(sum.call1(((0.5, 1.5),))?.extract::<f64>()?, 2.0);
///     assert!(sum.call1((vec!["1", "2"],)).is_err());
///
///     let sum = wrap_pyfunction!(sum_of_integers)(py)?;
///     assert_eq!(sum.call1((vec![1.5, 2.5],))?.extract::<i64>()?, 3);
///     Ok(())
/// })
/// # }
/// ```
#[repr(transparent)]
pub struct PyArrayLike<'py, T, D, C = TypeMustMatch>(PyReadonlyArray<'py, T, D>, PhantomData<C>)
where
    T: Element,
    D: Dimension,
    C: Coerce;

/// An array-like argument without dimensions.
pub type PyArrayLike0<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix0, C>;
/// A one-dimensional array-like argument.
pub type PyArrayLike1<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix1, C>;
/// A two-dimensional array-like argument.
pub type PyArrayLike2<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix2, C>;
/// A three-dimensional array-like argument.
pub type PyArrayLike3<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix3, C>;
/// A four-dimensional array-like argument.
pub type PyArrayLike4<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix4, C>;
/// A five-dimensional array-like argument.
pub type PyArrayLike5<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix5, C>;
/// A six-dimensional array-like argument.
pub type PyArrayLike6<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, Ix6, C>;
/// An array-like argument of any number of dimensions.
pub type PyArrayLikeDyn<'py, T, C = TypeMustMatch> = PyArrayLike<'py, T, IxDyn, C>;

impl<'py, T, D, C> Deref for PyArrayLike<'py, T, D, C>
where
    T: Element,
    D: Dimension,
    C: Coerce,
{
    type Target = PyReadonlyArray<'py, T, D>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T, D, C> fmt::Debug for PyArrayLike<'_, T, D, C>
where
    T: Element,
    D: Dimension,
    C: Coerce,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PyArrayLike").field(&self.0).finish()
    }
}

impl<'a, 'py, T, D, C> FromPyObject<'a, 'py> for PyArrayLike<'py, T, D, C>
where
    T: Element + 'py,
    D: Dimension + 'py,
    C: Coerce,
{
    type Error = PyErr;

    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let array = convert::<T, D, C>(&ob)?;
        Ok(Self(array.extract()?, PhantomData))
    }
}

/// What is to be borrowed in the place of an argument: the argument, if that is an array of the right
/// dtype, or an array that it was converted to.
pub(crate) fn convert<'py, T: Element, D: Dimension, C: Coerce>(
    ob: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    npyffi::import(ob.py())?;
    match ob.cast::<PyUntypedArray>() {
        Ok(array) if T::INTERNALS.is_record() => {
            convert_records::<T, D>(array, C::ALLOW_TYPE_CHANGE)
        }
        Ok(array) if C::ALLOW_TYPE_CHANGE => convert_array::<T, D>(array),
        Ok(array) => Ok(array.clone()),
        Err(_) => convert_other::<T, D>(ob, C::ALLOW_TYPE_CHANGE),
    }
}

/// An array as it is, if it has the right dtype, or else converted.
fn convert_array<'py, T: Element, D: Dimension>(
    array: &Bound<'py, PyUntypedArray>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    if Wanted::<T>::get(array.py())?.is(&array.dtype()) {
        return Ok(array.clone());
    }
    check_ndim::<D>(array)?;
    let _borrow = borrow_to_read(array)?;
    let wanted = PyArrayDescr::try_of::<T>(array.py())?;
    cast(array, wanted, Order::C)
}

/// An array of records as it is, if it has the right layout, or else converted field by field.
fn convert_records<'py, T: Element, D: Dimension>(
    array: &Bound<'py, PyUntypedArray>,
    allow_type_change: bool,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    if Wanted::<T>::get(array.py())?.is(&array.dtype()) {
        return Ok(array.clone());
    }
    check_ndim::<D>(array)?;
    let wanted = PyArrayDescr::try_of::<T>(array.py())?;
    let _borrow = borrow_to_read(array)?;
    cast_by_name(array, wanted, allow_type_change)
}

fn check_ndim<D: Dimension>(array: &Bound<'_, PyUntypedArray>) -> PyResult<()> {
    match D::NDIM {
        Some(ndim) if ndim != array.ndim() => {
            Err(DimensionalityError::new(array.ndim(), ndim).into())
        }
        _ => Ok(()),
    }
}

/// A list of values, or of rows of values, converted without NumPy, which is slower at it. `None` means
/// no more than that NumPy has to look at it.
fn convert_list<'py, T: Element, D: Dimension>(
    ob: &Bound<'py, PyAny>,
) -> Option<PyResult<Bound<'py, PyUntypedArray>>> {
    fn untyped<T, D>(
        array: PyResult<Bound<'_, PyArray<T, D>>>,
    ) -> PyResult<Bound<'_, PyUntypedArray>> {
        Ok(array?.cast_into()?)
    }
    if !is_list(ob) {
        return None;
    }
    match D::NDIM {
        Some(1) => {
            let mut elements = Vec::with_capacity(ob.len().ok()?);
            T::extend_from_list(ob, &mut elements)?;
            Some(untyped(PyArray::try_from_vec(ob.py(), elements)))
        }
        // What is within the rows of objects may be more dimensions to NumPy.
        Some(2) if T::IS_COPY => {
            let rows = rows::<T>(ob)?;
            Some(untyped(PyArray::try_from_owned_array(ob.py(), rows)))
        }
        _ => None,
    }
}

/// The rows of a list of lists, if there are any and none is longer than another.
fn rows<T: Element>(ob: &Bound<'_, PyAny>) -> Option<Array2<T>> {
    let mut elements = Vec::new();
    let (mut count, mut len) = (0, 0);
    for_each_item(ob, |row| {
        let before = elements.len();
        if !is_list(&row) {
            return None;
        }
        T::extend_from_list(&row, &mut elements)?;
        if count == 0 {
            len = elements.len();
            // A list may hold one long row many times.
            let all = len.checked_mul(ob.len().ok()?)?;
            elements.try_reserve(all.saturating_sub(len)).ok()?;
        }
        count += 1;
        (elements.len() - before == len).then_some(())
    })?;
    if count == 0 {
        return None;
    }
    Array2::from_shape_vec((count, len), elements).ok()
}

fn is_list(ob: &Bound<'_, PyAny>) -> bool {
    ob.is_exact_instance_of::<PyList>() || ob.is_exact_instance_of::<PyTuple>()
}

fn is_scalar(ob: &Bound<'_, PyAny>) -> bool {
    ob.is_instance_of::<PyInt>() || ob.is_instance_of::<PyFloat>()
}

/// Most dimensions that an array can have.
const MAX_NDIM: usize = 64;

/// What is no array, converted.
fn convert_other<'py, T: Element, D: Dimension>(
    ob: &Bound<'py, PyAny>,
    allow_type_change: bool,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = ob.py();
    if let Some(array) = convert_list::<T, D>(ob) {
        return array;
    }
    let wanted = PyArrayDescr::try_of::<T>(py)?;
    if T::INTERNALS.is_record() {
        let records = records(ob, &wanted, allow_type_change, D::NDIM.unwrap_or(MAX_NDIM))?;
        let array = from_any(&records, Some(wanted.clone()))?;
        if T::INTERNALS.has_padding() {
            // NumPy leaves in between fields what was in the memory before.
            return cast_by_name(&array, wanted, false);
        }
        return Ok(array);
    }
    if wanted.has_object() {
        return from_any(ob, Some(wanted));
    }
    let mut array = from_any(ob, None)?;
    check_ndim::<D>(&array)?;
    let found = array.dtype();
    // NumPy makes floating-point numbers of integers of which some need `int64` and others `uint64`,
    // and rounds them, and it casts integers that do not fit. As objects they are still what they
    // were, and each is converted by itself.
    let may_be_wrong = if allow_type_change {
        is_list(ob) || is_scalar(ob)
    } else {
        found.kind() == b'f'
    };
    if matches!(wanted.kind(), b'i' | b'u') && may_be_wrong {
        array = from_any(ob, Some(PyArrayDescr::object(py)))?;
    }
    if allow_type_change {
        return cast(&array, wanted, Order::C);
    }
    cast_unchanged(array, found, wanted)
}
