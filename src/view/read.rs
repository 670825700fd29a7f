//! Clones of elements, from arrays of any layout.

use ndarray::{Array, Dimension, Ix0};
use pyo3::prelude::*;

use crate::array::coerce::{cast, copy_into};
use crate::array::gather::{Source, read_all};
use crate::array::handle::PyArray;
use crate::array::order::Order;
use crate::array::untyped::PyUntypedArrayMethods;
use crate::borrow::guard::{PyReadonlyArray, PyReadwriteArray};
use crate::dtype::descr::PyArrayDescr;
use crate::element::copy::read;
use crate::element::trait_::Element;
use crate::error::{AsSliceError, ViewError};
use crate::index::NpyIndex;

impl<'py, T, D> PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// A clone of the element at an index, or `None` if that is out of bounds.
    ///
    /// Works for every layout.
    ///
    /// # Panics
    ///
    /// If the element is no value of `T`; [`try_get_owned`][Self::try_get_owned] returns an
    /// error instead.
    ///
    /// ```
    /// use npyo::PyReadonlyArray1;
    /// use pyo3::{Py, PyAny};
    ///
    /// fn first(array: PyReadonlyArray1<'_, Py<PyAny>>) -> Option<Py<PyAny>> {
    ///     array.get_owned(0)
    /// }
    /// ```
    ///
    /// An element that is an object is not cloned without a token:
    ///
    /// ```compile_fail,E0308
    /// use npyo::PyReadonlyArray1;
    /// use pyo3::{Py, PyAny};
    ///
    /// fn first(array: PyReadonlyArray1<'_, Py<PyAny>>) -> Option<Py<PyAny>> {
    ///     array.get(0).cloned()
    /// }
    /// ```
    #[track_caller]
    pub fn get_owned<I>(&self, index: I) -> Option<T>
    where
        I: NpyIndex<Dim = D>,
    {
        match self.try_get_owned(index) {
            Ok(element) => element,
            Err(err) => panic!("{err}"),
        }
    }

    /// A clone of the element at an index, or `None` if that is out of bounds.
    ///
    /// # Errors
    ///
    /// If the element is no value of `T`, such as None where strings are expected.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1.0, 2.0];
    /// assert_eq!(array.readonly().try_get_owned(1).unwrap(), Some(2.0));
    /// # });
    /// ```
    pub fn try_get_owned<I>(&self, index: I) -> Result<Option<T>, ViewError>
    where
        I: NpyIndex<Dim = D>,
    {
        let index = index.into_dimension();
        let offset = index.clone().byte_offset(self.shape(), self.strides());
        let Some(offset) = offset else {
            return Ok(None);
        };
        let place = self.snapshot().data().wrapping_offset(offset);
        // SAFETY: the index is within bounds, so this is one of the elements.
        match unsafe { read(self.py(), place) } {
            Ok(element) => Ok(Some(element)),
            Err(invalid) => Err(invalid.at(index.slice().to_vec())),
        }
    }

    /// Clones of all elements: in C order, unless the array is contiguous in Fortran order, in
    /// which case they come in the order in which they lie in memory, as from
    /// [`as_slice`][Self::as_slice].
    ///
    /// Works for every layout.
    ///
    /// # Errors
    ///
    /// If an element is no value of `T`.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     assert_eq!(pyarray![py, [1, 2], [3, 4]].readonly().to_vec().unwrap(), [1, 2, 3, 4]);
    /// });
    /// ```
    pub fn to_vec(&self) -> Result<Vec<T>, AsSliceError> {
        let py = self.py();
        if T::stays_valid(py) {
            if let Ok(slice) = self.as_slice() {
                return Ok(T::vec_from_slice(py, slice));
            }
        }
        Ok(self.read_in_memory_order()?)
    }

    /// Clones of all elements as an [`ndarray::Array`].
    ///
    /// Works for every layout.
    ///
    /// # Panics
    ///
    /// If an element is no value of `T`; [`try_to_owned_array`][Self::try_to_owned_array]
    /// returns an error instead.
    ///
    /// ```
    /// use npyo::{ndarray::array, prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]].readonly();
    ///     assert_eq!(array.to_owned_array(), array![[1, 2], [3, 4]]);
    /// });
    /// ```
    #[track_caller]
    pub fn to_owned_array(&self) -> Array<T, D> {
        match self.try_to_owned_array() {
            Ok(array) => array,
            Err(err) => panic!("{err}"),
        }
    }

    /// Clones of all elements as an [`ndarray::Array`].
    ///
    /// # Errors
    ///
    /// If an element is no value of `T`, such as None where strings are expected.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1.0, 2.0];
    /// assert_eq!(array.readonly().try_to_owned_array().unwrap(), npyo::array![1.0, 2.0]);
    /// # });
    /// ```
    pub fn try_to_owned_array(&self) -> Result<Array<T, D>, ViewError> {
        let snapshot = self.snapshot();
        let py = self.py();
        if T::stays_valid(py) {
            if let Ok(view) = self.try_as_array() {
                // Without gaps, in whatever order of the axes, the copy is one of a slice, and
                // where elements are cloned one by one, there is nothing to gain from NumPy.
                // A broadcast array may have more elements than memory has room for, which only
                // the way below copes with.
                let is_broadcast = self.strides().contains(&0);
                if view.as_slice_memory_order().is_some() || !(T::IS_COPY || is_broadcast) {
                    return Ok(T::array_from_view(py, view));
                }
            }
        }
        let elements = self.read_all()?;
        let shape = snapshot.dims().clone();
        match Array::from_shape_vec(shape, elements) {
            Ok(array) => Ok(array),
            Err(err) => unreachable!("as many elements as the shape has: {err}"),
        }
    }

    /// Clones of all elements, in C order.
    pub(crate) fn read_all(&self) -> Result<Vec<T>, ViewError> {
        let snapshot = self.snapshot();
        let source = Source {
            data: snapshot.data(),
            shape: snapshot.shape(),
            strides: snapshot.strides(),
        };
        // SAFETY: the snapshot describes an array of the dtype of `T`, which is borrowed.
        unsafe { read_all(self.py(), source) }
    }

    /// Clones of all elements, in Fortran order if the array is contiguous in that order only,
    /// in C order otherwise.
    fn read_in_memory_order(&self) -> Result<Vec<T>, ViewError> {
        if !self.is_fortran_contiguous() || self.is_c_contiguous() {
            return self.read_all();
        }
        let shape: Vec<usize> = self.shape().iter().rev().copied().collect();
        let strides: Vec<isize> = self.strides().iter().rev().copied().collect();
        let source = Source {
            data: self.snapshot().data(),
            shape: &shape,
            strides: &strides,
        };
        // SAFETY: the snapshot, with its axes reversed, describes an array of the dtype of `T`,
        // which is borrowed.
        unsafe { read_all(self.py(), source) }.map_err(ViewError::with_index_reversed)
    }

    /// Copies the elements to another array, converting them as NumPy does and broadcasting them
    /// to its shape.
    ///
    /// Works for every layout.
    ///
    /// # Errors
    ///
    /// If `other` is borrowed or read-only, and NumPy's errors if the shapes do not broadcast or
    /// an element cannot be converted.
    ///
    /// ```
    /// use npyo::{PyArray1, prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let to = PyArray1::<i64>::zeros(py, 2, false);
    ///     pyarray![py, 1.5, 2.5].readonly().copy_to(&to).unwrap();
    ///     assert_eq!(to.readonly().as_slice().unwrap(), [1, 2]);
    /// });
    /// ```
    pub fn copy_to<U: Element>(&self, other: &Bound<'py, PyArray<U, D>>) -> PyResult<()> {
        let py = self.py();
        let other = PyReadwriteArray::try_new(other.clone())?;
        // SAFETY: the array does not outlive this function, in which `self` is borrowed.
        let from = unsafe { self.snapshot().private_array::<T>(py) }?;
        // SAFETY: the array does not outlive this function, in which `other` is borrowed
        // exclusively.
        let to = unsafe { other.snapshot().private_array::<U>(py) }?;
        copy_into(&from, &to)
    }

    /// A new array with the elements converted to another type, as `ndarray.astype` does: values
    /// that do not fit are truncated or wrapped.
    ///
    /// Works for every layout.
    ///
    /// # Errors
    ///
    /// NumPy's, if there is no conversion or an element cannot be converted.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, 1.5, 2.5].readonly().cast_array::<i32>(false).unwrap();
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [1, 2]);
    /// });
    /// ```
    pub fn cast_array<U: Element>(&self, is_fortran: bool) -> PyResult<Bound<'py, PyArray<U, D>>> {
        let py = self.py();
        let descr = PyArrayDescr::try_of::<U>(py)?;
        // SAFETY: the array does not outlive this function, in which `self` is borrowed.
        let from = unsafe { self.snapshot().private_array::<T>(py) }?;
        if U::INTERNALS.has_padding() {
            // What belongs to no field is to be zero, which NumPy does not see to.
            let to = PyArray::try_zeros(py, self.dims(), Order::from(is_fortran))?;
            copy_into(&from, to.as_any().cast()?)?;
            return Ok(to);
        }
        let to = cast(&from, descr, is_fortran.into())?.into_any();
        // SAFETY: the result has the dtype of `U` and as many dimensions as `self`.
        Ok(unsafe { to.cast_into_unchecked() })
    }
}

impl<T: Element + Copy> PyReadonlyArray<'_, T, Ix0> {
    /// The one element of an array without dimensions.
    ///
    /// # Panics
    ///
    /// If it is no value of `T`.
    ///
    /// ```
    /// use npyo::{PyArray0, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     assert_eq!(PyArray0::<f64>::zeros(py, (), false).readonly().item(), 0.0);
    /// });
    /// ```
    #[track_caller]
    pub fn item(&self) -> T {
        match self.try_get_owned(()) {
            Ok(Some(element)) => element,
            Ok(None) => unreachable!("the only index of an array without dimensions"),
            Err(err) => panic!("{err}"),
        }
    }
}
