//! The methods of typed arrays.

use ndarray::{
    Array, ArrayView, ArrayViewMut, Dimension, IntoDimension, Ix0, IxDyn, RawArrayView,
    RawArrayViewMut,
};
use pyo3::Borrowed;
use pyo3::prelude::*;

use crate::array::handle::{PyArray, PyArray0};
use crate::array::raw;
use crate::array::shape;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::borrow::guard::{PyReadonlyArray, PyReadwriteArray, granted};
use crate::borrow::snapshot::Snapshot;
use crate::borrow::untyped::borrow_to_read;
use crate::element::trait_::Element;
use crate::error::{AsSliceError, BorrowError, DimensionalityError, SliceProblem};
use crate::index::NpyIndex;
use crate::npyffi::NPY_ORDER;
use crate::view::build::{check_apart, check_layout, raw_view, raw_view_mut};
#[cfg(feature = "nalgebra")]
use crate::view::matrix::{matrix, matrix_mut};

/// The methods of [`PyArray`], besides those of [`PyUntypedArrayMethods`].
///
/// Safe methods that read or write elements hold a guard while they run, so they fail if a
/// conflicting guard lives. The unsafe methods look at the memory with no guard: Rust's rules for
/// references, and the layout, are the caller's business there.
#[doc(alias = "PyArray")]
pub trait PyArrayMethods<'py, T, D>:
    PyUntypedArrayMethods<'py> + sealed::Typed<'py, T, D> + Sized
{
    /// The array without its types.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.as_untyped().ndim(), 2);
    /// # });
    /// ```
    #[inline]
    fn as_untyped(&self) -> &Bound<'py, PyUntypedArray> {
        // SAFETY: it is an array.
        unsafe { self.as_object().cast_unchecked() }
    }

    /// The address of the first element.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert_eq!(array.data().cast_const(), array.readonly().data().cast_const());
    /// # });
    /// ```
    #[inline]
    fn data(&self) -> *mut T {
        // SAFETY: an array.
        unsafe { raw::data(self.as_object()) }.cast()
    }

    /// The lengths of the axes as an [`ndarray::Dimension`].
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.dims(), npyo::ndarray::Dim([2, 2]));
    /// # });
    /// ```
    #[inline]
    fn dims(&self) -> D
    where
        D: Dimension,
    {
        // SAFETY: an array; no Python code runs while the shape is copied.
        dims_of(unsafe { raw::shape(self.as_object()) })
    }

    /// The elements as a slice, in the order in which they lie in memory.
    ///
    /// # Errors
    ///
    /// If the array is not contiguous or misaligned.
    ///
    /// # Safety
    ///
    /// All elements are values of `T`, and nothing writes to them while the slice lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array.
    /// assert_eq!(unsafe { array.as_slice() }.unwrap(), [1, 2, 3]);
    /// # });
    /// ```
    unsafe fn as_slice(&self) -> Result<&[T], AsSliceError>
    where
        T: Element,
        D: Dimension,
    {
        let (data, len) = contiguous(self.as_typed())?;
        // SAFETY: contiguous and aligned; the rest is the caller's promise.
        Ok(unsafe { std::slice::from_raw_parts(data, len) })
    }

    /// The elements as a slice to write to, in the order in which they lie in memory.
    ///
    /// # Errors
    ///
    /// If the array is not contiguous or misaligned.
    ///
    /// # Safety
    ///
    /// All elements are values of `T`, the array is writeable, and nothing else refers to them
    /// while the slice lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array.
    /// unsafe { array.as_slice_mut() }.unwrap()[0] = 7;
    /// assert_eq!(array.get_owned(0), Some(7));
    /// # });
    /// ```
    #[allow(
        clippy::mut_from_ref,
        reason = "the caller promises that it is the only reference"
    )]
    unsafe fn as_slice_mut(&self) -> Result<&mut [T], AsSliceError>
    where
        T: Element,
        D: Dimension,
    {
        let (data, len) = contiguous(self.as_typed())?;
        // SAFETY: contiguous and aligned; the rest is the caller's promise.
        Ok(unsafe { std::slice::from_raw_parts_mut(data, len) })
    }

    /// The element at an index, or `None` if that is out of bounds.
    ///
    /// # Safety
    ///
    /// The element is aligned and a value of `T`, and nothing writes to it while the reference
    /// lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array.
    /// assert_eq!(unsafe { array.get(1) }, Some(&2));
    /// # });
    /// ```
    #[inline]
    unsafe fn get(&self, index: impl NpyIndex<Dim = D>) -> Option<&T>
    where
        T: Element,
        D: Dimension,
    {
        // SAFETY: within bounds; the rest is the caller's promise.
        place(self.as_typed(), index).map(|element| unsafe { &*element })
    }

    /// The element at an index to write to, or `None` if that is out of bounds.
    ///
    /// # Safety
    ///
    /// The element is aligned and a value of `T`, the array is writeable, and nothing else
    /// refers to the element while the reference lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array.
    /// *unsafe { array.get_mut(1) }.unwrap() = 7;
    /// assert_eq!(array.get_owned(1), Some(7));
    /// # });
    /// ```
    #[allow(
        clippy::mut_from_ref,
        reason = "the caller promises that it is the only reference"
    )]
    #[inline]
    unsafe fn get_mut(&self, index: impl NpyIndex<Dim = D>) -> Option<&mut T>
    where
        T: Element,
        D: Dimension,
    {
        // SAFETY: within bounds; the rest is the caller's promise.
        place(self.as_typed(), index).map(|element| unsafe { &mut *element })
    }

    /// The element at an index that is not checked.
    ///
    /// # Safety
    ///
    /// As [`get`][Self::get], and the index is within bounds.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array, which has an element 1.
    /// assert_eq!(*unsafe { array.uget(1) }, 2);
    /// # });
    /// ```
    #[inline]
    unsafe fn uget<Idx>(&self, index: Idx) -> &T
    where
        T: Element,
        D: Dimension,
        Idx: NpyIndex<Dim = D>,
    {
        // SAFETY: the caller's promise is that of `uget_raw`.
        let element = unsafe { self.uget_raw(index) };
        // SAFETY: the caller's promise.
        unsafe { &*element }
    }

    /// The element at an index that is not checked, to write to.
    ///
    /// # Safety
    ///
    /// As [`get_mut`][Self::get_mut], and the index is within bounds.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array, which has an element 1.
    /// *unsafe { array.uget_mut(1) } = 7;
    /// assert_eq!(array.get_owned(1), Some(7));
    /// # });
    /// ```
    #[inline]
    #[allow(
        clippy::mut_from_ref,
        reason = "the caller promises that it is the only reference"
    )]
    unsafe fn uget_mut<Idx>(&self, index: Idx) -> &mut T
    where
        T: Element,
        D: Dimension,
        Idx: NpyIndex<Dim = D>,
    {
        // SAFETY: the caller's promise is that of `uget_raw`.
        let element = unsafe { self.uget_raw(index) };
        // SAFETY: the caller's promise.
        unsafe { &mut *element }
    }

    /// The address of the element at an index that is not checked.
    ///
    /// # Safety
    ///
    /// The index is within bounds.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: the array has an element 1.
    /// let place = unsafe { array.uget_raw(1) };
    /// // SAFETY: nothing else refers to it.
    /// assert_eq!(unsafe { place.read() }, 2);
    /// # });
    /// ```
    #[inline]
    unsafe fn uget_raw<Idx>(&self, index: Idx) -> *mut T
    where
        T: Element,
        D: Dimension,
        Idx: NpyIndex<Dim = D>,
    {
        // SAFETY: an array; no Python code runs while the strides are read.
        let offset = index.unchecked_byte_offset(unsafe { raw::strides(self.as_object()) });
        self.data().wrapping_byte_offset(offset)
    }

    /// A clone of the element at an index, or `None` if that is out of bounds.
    ///
    /// Works for every layout.
    ///
    /// # Panics
    ///
    /// If a guard to write to the array lives, or the element is no value of `T`.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]];
    ///     assert_eq!(array.get_owned([1, 1]), Some(4));
    ///     assert_eq!(array.get_owned([2, 0]), None);
    /// });
    /// ```
    #[track_caller]
    fn get_owned<Idx>(&self, index: Idx) -> Option<T>
    where
        T: Element,
        D: Dimension,
        Idx: NpyIndex<Dim = D>,
    {
        self.readonly().get_owned(index)
    }

    /// The array with its number of dimensions known at run time only.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.to_dyn().get_owned([1, 0].as_slice()), Some(3));
    /// # });
    /// ```
    fn to_dyn(&self) -> &Bound<'py, PyArray<T, IxDyn>>
    where
        T: Element,
        D: Dimension,
    {
        // SAFETY: an array of `T`; the dimensions may be any.
        unsafe { self.as_object().cast_unchecked() }
    }

    /// Clones of all elements; see [`PyReadonlyArray::to_vec`].
    ///
    /// # Errors
    ///
    /// If a guard to write to the array lives, or an element is no value of `T`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert_eq!(array.to_vec().unwrap(), [1, 2, 3]);
    /// # });
    /// ```
    fn to_vec(&self) -> Result<Vec<T>, AsSliceError>
    where
        T: Element,
        D: Dimension,
    {
        self.try_readonly()?.to_vec()
    }

    /// A guard to read the array, in exchange for the handle.
    ///
    /// # Errors
    ///
    /// If a guard to write to some of the memory lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert_eq!(array.try_into_readonly().unwrap().len(), 3);
    /// # });
    /// ```
    fn try_into_readonly(self) -> Result<PyReadonlyArray<'py, T, D>, BorrowError>
    where
        T: Element,
        D: Dimension,
    {
        PyReadonlyArray::try_new(self.into_typed())
    }

    /// A guard to read the array.
    ///
    /// # Errors
    ///
    /// If a guard to write to some of the memory lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// let _writer = array.readwrite();
    /// assert!(array.try_readonly().is_err());
    /// # });
    /// ```
    fn try_readonly(&self) -> Result<PyReadonlyArray<'py, T, D>, BorrowError>
    where
        T: Element,
        D: Dimension,
    {
        PyReadonlyArray::try_new(self.as_typed().clone())
    }

    /// A guard to read the array, in exchange for the handle.
    ///
    /// # Panics
    ///
    /// If a guard to write to some of the memory lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert_eq!(array.into_readonly().as_slice().unwrap(), [1, 2, 3]);
    /// # });
    /// ```
    #[track_caller]
    fn into_readonly(self) -> PyReadonlyArray<'py, T, D>
    where
        T: Element,
        D: Dimension,
    {
        granted(self.try_into_readonly())
    }

    /// A guard to read the array.
    ///
    /// # Panics
    ///
    /// If a guard to write to some of the memory lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert_eq!(array.readonly().as_slice().unwrap(), [1, 2, 3]);
    /// # });
    /// ```
    #[track_caller]
    fn readonly(&self) -> PyReadonlyArray<'py, T, D>
    where
        T: Element,
        D: Dimension,
    {
        granted(self.try_readonly())
    }

    /// A guard to read and write the array, in exchange for the handle.
    ///
    /// # Errors
    ///
    /// If another guard to some of the memory lives, or the array is read-only.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// assert_eq!(array.try_into_readwrite().unwrap().len(), 3);
    /// # });
    /// ```
    fn try_into_readwrite(self) -> Result<PyReadwriteArray<'py, T, D>, BorrowError>
    where
        T: Element,
        D: Dimension,
    {
        PyReadwriteArray::try_new(self.into_typed())
    }

    /// A guard to read and write the array.
    ///
    /// # Errors
    ///
    /// If another guard to some of the memory lives, or the array is read-only.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// let _reader = array.readonly();
    /// assert!(array.try_readwrite().is_err());
    /// # });
    /// ```
    fn try_readwrite(&self) -> Result<PyReadwriteArray<'py, T, D>, BorrowError>
    where
        T: Element,
        D: Dimension,
    {
        PyReadwriteArray::try_new(self.as_typed().clone())
    }

    /// A guard to read and write the array, in exchange for the handle.
    ///
    /// # Panics
    ///
    /// If another guard to some of the memory lives, or the array is read-only.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// array.into_readwrite().as_slice_mut().unwrap().fill(0);
    /// # });
    /// ```
    #[track_caller]
    fn into_readwrite(self) -> PyReadwriteArray<'py, T, D>
    where
        T: Element,
        D: Dimension,
    {
        granted(self.try_into_readwrite())
    }

    /// A guard to read and write the array.
    ///
    /// # Panics
    ///
    /// If another guard to some of the memory lives, or the array is read-only.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// array.readwrite().as_slice_mut().unwrap().fill(0);
    /// assert_eq!(array.to_vec().unwrap(), [0; 3]);
    /// # });
    /// ```
    #[track_caller]
    fn readwrite(&self) -> PyReadwriteArray<'py, T, D>
    where
        T: Element,
        D: Dimension,
    {
        granted(self.try_readwrite())
    }

    /// The elements as a view of [`ndarray`].
    ///
    /// # Panics
    ///
    /// If the elements are misaligned or no whole number of elements apart.
    ///
    /// # Safety
    ///
    /// All elements are values of `T`, and nothing writes to them while the view lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array.
    /// assert_eq!(unsafe { array.as_array() }.sum(), 6);
    /// # });
    /// ```
    #[track_caller]
    unsafe fn as_array(&self) -> ArrayView<'_, T, D>
    where
        T: Element,
        D: Dimension,
    {
        // SAFETY: the caller's promise; `as_raw_array` checked the layout.
        unsafe { self.as_raw_array().deref_into_view() }
    }

    /// The elements as a view of [`ndarray`] to write through.
    ///
    /// # Panics
    ///
    /// If the elements are misaligned, no whole number of elements apart, or share memory.
    ///
    /// # Safety
    ///
    /// All elements are values of `T`, the array is writeable, and nothing else refers to them
    /// while the view lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// // SAFETY: nothing else refers to the array.
    /// unsafe { array.as_array_mut() }.fill(7);
    /// assert_eq!(array.to_vec().unwrap(), [7; 3]);
    /// # });
    /// ```
    #[track_caller]
    unsafe fn as_array_mut(&self) -> ArrayViewMut<'_, T, D>
    where
        T: Element,
        D: Dimension,
    {
        // SAFETY: the caller's promise; `as_raw_array_mut` checked the layout.
        unsafe { self.as_raw_array_mut().deref_into_view_mut() }
    }

    /// The elements as a view of raw pointers.
    ///
    /// # Panics
    ///
    /// If the elements are misaligned or no whole number of elements apart.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.as_raw_array().shape(), [2, 2]);
    /// # });
    /// ```
    #[track_caller]
    fn as_raw_array(&self) -> RawArrayView<T, D>
    where
        T: Element,
        D: Dimension,
    {
        let snapshot = snapshot(self.as_typed());
        let layout = snapshot.layout();
        if let Err(problem) = check_layout::<T>(&layout) {
            panic!("{problem}");
        }
        // SAFETY: the snapshot describes the array, and the layout has been checked.
        unsafe { raw_view(snapshot.data(), &layout, snapshot.dims()) }
    }

    /// The elements as a view of raw pointers to write through.
    ///
    /// # Panics
    ///
    /// If the elements are misaligned, no whole number of elements apart, or share memory.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.as_raw_array_mut().shape(), [2, 2]);
    /// # });
    /// ```
    #[track_caller]
    fn as_raw_array_mut(&self) -> RawArrayViewMut<T, D>
    where
        T: Element,
        D: Dimension,
    {
        let snapshot = snapshot(self.as_typed());
        let layout = snapshot.layout();
        if let Err(problem) = check_layout::<T>(&layout).and_then(|()| check_apart(&layout)) {
            panic!("{problem}");
        }
        // SAFETY: the snapshot describes the array, and the layout has been checked.
        unsafe { raw_view_mut(snapshot.data(), &layout, snapshot.dims()) }
    }

    /// Clones of all elements as an [`ndarray::Array`].
    ///
    /// Works for every layout.
    ///
    /// # Panics
    ///
    /// If a guard to write to the array lives, or an element is no value of `T`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.to_owned_array(), npyo::array![[1, 2], [3, 4]]);
    /// # });
    /// ```
    #[track_caller]
    fn to_owned_array(&self) -> Array<T, D>
    where
        T: Element,
        D: Dimension,
    {
        self.readonly().to_owned_array()
    }

    /// Copies the elements to another array; see [`PyReadonlyArray::copy_to`].
    ///
    /// # Errors
    ///
    /// If the memory of either is borrowed in a conflicting way, also if both share some, and
    /// NumPy's errors.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// let to = npyo::PyArray1::<f64>::zeros(py, 3, false);
    /// array.copy_to(&to).unwrap();
    /// assert_eq!(to.to_vec().unwrap(), [1.0, 2.0, 3.0]);
    /// # });
    /// ```
    fn copy_to<U: Element>(&self, other: &Bound<'py, PyArray<U, D>>) -> PyResult<()>
    where
        T: Element,
    {
        // SAFETY: an array of `U` with any number of dimensions.
        let other = unsafe { other.cast_unchecked::<PyArray<U, IxDyn>>() };
        any_dims(self.as_typed()).try_readonly()?.copy_to(other)
    }

    /// The same as [`cast_array`][Self::cast_array].
    ///
    /// # Errors
    ///
    /// As [`cast_array`][Self::cast_array].
    #[deprecated(since = "0.1.0", note = "use `cast_array` instead")]
    #[inline]
    fn cast<U: Element>(&self, is_fortran: bool) -> PyResult<Bound<'py, PyArray<U, D>>>
    where
        T: Element,
    {
        self.cast_array(is_fortran)
    }

    /// A new array with the elements converted to another type; see
    /// [`PyReadonlyArray::cast_array`].
    ///
    /// # Errors
    ///
    /// If a guard to write to the array lives, and NumPy's errors.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1, 2, 3];
    /// let array = array.cast_array::<f64>(false).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [1.0, 2.0, 3.0]);
    /// # });
    /// ```
    fn cast_array<U: Element>(&self, is_fortran: bool) -> PyResult<Bound<'py, PyArray<U, D>>>
    where
        T: Element,
    {
        let array = any_dims(self.as_typed())
            .try_readonly()?
            .cast_array::<U>(is_fortran)?;
        // SAFETY: an array of `U` with as many dimensions as this one.
        Ok(unsafe { array.into_any().cast_into_unchecked() })
    }

    /// One field of an array of records, as an array over the same memory; see
    /// [`PyArray::from_field`], which also has fields that are sub-arrays.
    ///
    /// # Errors
    ///
    /// As [`PyArray::from_field`].
    ///
    /// ```
    /// # #[cfg(feature = "derive")]
    /// # fn main() -> pyo3::PyResult<()> {
    /// use npyo::{Element, prelude::*};
    /// use pyo3::Python;
    ///
    /// #[derive(Element)]
    /// #[repr(C)]
    /// struct Trade {
    ///     price: f64,
    ///     volume: u32,
    /// }
    ///
    /// Python::attach(|py| {
    ///     let trades = vec![Trade { price: 2.5, volume: 10 }, Trade { price: 3.0, volume: 20 }];
    ///     let trades = trades.try_into_pyarray(py)?;
    ///     let price = trades.field::<f64>("price")?;
    ///     assert_eq!(price.readonly().as_array().sum(), 5.5);
    ///     Ok(())
    /// })
    /// # }
    /// # #[cfg(not(feature = "derive"))]
    /// # fn main() {}
    /// ```
    fn field<F: Element>(&self, name: &str) -> PyResult<Bound<'py, PyArray<F, D>>>
    where
        D: Dimension,
    {
        PyArray::from_field(self.as_untyped(), name)
    }

    /// A view of the array with its axes in another order, or reversed if none is given.
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` if `axes` is no permutation.
    ///
    /// ```
    /// use npyo::{ndarray::array, prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [0, 1, 2], [3, 4, 5]];
    ///     let array = array.permute(Some([1, 0])).unwrap();
    ///     assert_eq!(array.readonly().as_array(), array![[0, 3], [1, 4], [2, 5]]);
    /// });
    /// ```
    fn permute<ID: IntoDimension>(&self, axes: Option<ID>) -> PyResult<Bound<'py, PyArray<T, D>>>
    where
        T: Element,
    {
        let axes = axes.map(IntoDimension::into_dimension);
        // SAFETY: an array.
        let view =
            unsafe { shape::permute(self.as_object(), axes.as_ref().map(|axes| axes.slice())) }?;
        // SAFETY: an array.
        check_ndim(&view, unsafe { raw::ndim(self.as_object()) })?;
        // SAFETY: a view with the same dtype and as many axes.
        Ok(unsafe { view.cast_into_unchecked() })
    }

    /// A view of the array with its axes reversed.
    ///
    /// # Errors
    ///
    /// NumPy's `MemoryError`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.transpose().unwrap().to_owned_array(), npyo::array![[1, 3], [2, 4]]);
    /// # });
    /// ```
    fn transpose(&self) -> PyResult<Bound<'py, PyArray<T, D>>>
    where
        T: Element,
    {
        self.permute::<()>(None)
    }

    /// An array of another shape with the same elements, counted in the given order: a view, or
    /// a copy where there is no view.
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` if the new shape has another number of elements, and a borrow conflict
    /// if the elements may have to be copied while a guard to write to them lives.
    ///
    /// ```
    /// use npyo::{PyArray, ndarray::array, npyffi::NPY_ORDER, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::from_iter(py, 0..4);
    ///     let array = array.reshape_with_order([2, 2], NPY_ORDER::NPY_FORTRANORDER).unwrap();
    ///     assert_eq!(array.readonly().as_array(), array![[0, 2], [1, 3]]);
    ///     assert!(array.reshape([5]).is_err());
    /// });
    /// ```
    fn reshape_with_order<ID: IntoDimension>(
        &self,
        shape: ID,
        order: NPY_ORDER,
    ) -> PyResult<Bound<'py, PyArray<T, ID::Dim>>>
    where
        T: Element,
    {
        let dims = shape.into_dimension();
        let is_view = match order {
            NPY_ORDER::NPY_CORDER => self.is_c_contiguous(),
            NPY_ORDER::NPY_FORTRANORDER => self.is_fortran_contiguous(),
            _ => self.is_contiguous(),
        };
        // NumPy may have to copy the elements.
        let _borrow = if is_view {
            None
        } else {
            Some(borrow_to_read(self.as_untyped())?)
        };
        // SAFETY: an array.
        let array = unsafe { shape::reshape(self.as_object(), dims.slice(), order) }?;
        check_ndim(&array, dims.ndim())?;
        // SAFETY: an array with the same dtype and the dimensions asked for.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// An array of another shape with the same elements, counted in Fortran order if the array is
    /// contiguous in that order only, and in C order otherwise.
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` if the new shape has another number of elements.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// assert_eq!(array.reshape([4]).unwrap().to_vec().unwrap(), [1, 2, 3, 4]);
    /// # });
    /// ```
    #[inline]
    fn reshape<ID: IntoDimension>(&self, shape: ID) -> PyResult<Bound<'py, PyArray<T, ID::Dim>>>
    where
        T: Element,
    {
        self.reshape_with_order(shape, NPY_ORDER::NPY_ANYORDER)
    }

    /// Changes the length of the memory that the array owns.
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` if the memory is not the array's own, or if others refer to the
    /// array.
    ///
    /// # Safety
    ///
    /// No reference to an element lives. The number of dimensions stays the same.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray1::<f64>::zeros(py, 3, false);
    /// // SAFETY: nothing else refers to the array.
    /// unsafe { array.resize(5) }.unwrap();
    /// assert_eq!(array.len(), 5);
    /// # });
    /// ```
    unsafe fn resize<ID: IntoDimension>(&self, newshape: ID) -> PyResult<()>
    where
        T: Element,
    {
        // SAFETY: an array; the rest is the caller's promise.
        unsafe { shape::resize(self.as_object(), newshape.into_dimension().slice()) }
    }

    /// The elements as a matrix of [`nalgebra`], or `None` if there is no matrix of this type
    /// that lies as the array does; see [`PyReadonlyArray::try_as_matrix`].
    ///
    /// # Safety
    ///
    /// All elements are values of `T`, and nothing writes to them while the matrix lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use npyo::nalgebra::{Dyn, MatrixView};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// // SAFETY: nothing else refers to the array.
    /// let matrix: Option<MatrixView<'_, i32, Dyn, Dyn, Dyn, Dyn>> =
    ///     unsafe { array.try_as_matrix() };
    /// assert_eq!(matrix.unwrap().trace(), 5);
    /// # });
    /// ```
    #[doc(alias = "nalgebra")]
    #[cfg(feature = "nalgebra")]
    unsafe fn try_as_matrix<R, C, RStride, CStride>(
        &self,
    ) -> Option<nalgebra::MatrixView<'_, T, R, C, RStride, CStride>>
    where
        T: nalgebra::Scalar + Element,
        D: Dimension,
        R: nalgebra::Dim,
        C: nalgebra::Dim,
        RStride: nalgebra::Dim,
        CStride: nalgebra::Dim,
    {
        let snapshot = Snapshot::of(self.as_typed()).ok()?;
        let layout = snapshot.layout();
        check_layout::<T>(&layout).ok()?;
        // SAFETY: the snapshot describes the array, and the layout has been checked; the rest is
        // the caller's promise.
        unsafe { matrix(snapshot.data(), &layout) }.ok()
    }

    /// The elements as a matrix of [`nalgebra`] to write to, or `None` if there is no matrix of
    /// this type that lies as the array does; see [`PyReadwriteArray::try_as_matrix_mut`].
    ///
    /// # Safety
    ///
    /// All elements are values of `T`, the array is writeable, and nothing else refers to them
    /// while the matrix lives.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use npyo::nalgebra::{Dyn, MatrixViewMut};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, [1, 2], [3, 4]];
    /// // SAFETY: nothing else refers to the array.
    /// let matrix: Option<MatrixViewMut<'_, i32, Dyn, Dyn, Dyn, Dyn>> =
    ///     unsafe { array.try_as_matrix_mut() };
    /// matrix.unwrap().fill(7);
    /// assert_eq!(array.to_vec().unwrap(), [7; 4]);
    /// # });
    /// ```
    #[doc(alias = "nalgebra")]
    #[cfg(feature = "nalgebra")]
    unsafe fn try_as_matrix_mut<R, C, RStride, CStride>(
        &self,
    ) -> Option<nalgebra::MatrixViewMut<'_, T, R, C, RStride, CStride>>
    where
        T: nalgebra::Scalar + Element,
        D: Dimension,
        R: nalgebra::Dim,
        C: nalgebra::Dim,
        RStride: nalgebra::Dim,
        CStride: nalgebra::Dim,
    {
        let snapshot = Snapshot::of(self.as_typed()).ok()?;
        let layout = snapshot.layout();
        check_layout::<T>(&layout).ok()?;
        check_apart(&layout).ok()?;
        // SAFETY: the snapshot describes the array, and the layout has been checked; the rest is
        // the caller's promise.
        unsafe { matrix_mut(snapshot.data(), &layout) }.ok()
    }
}

/// The array with its number of dimensions known at run time only.
fn any_dims<'a, 'py, T: Element, D>(
    array: &'a Bound<'py, PyArray<T, D>>,
) -> &'a Bound<'py, PyArray<T, IxDyn>> {
    // SAFETY: an array of `T` with some number of dimensions.
    unsafe { array.cast_unchecked() }
}

/// Refuses an array that has other dimensions than those asked for, as `numpy.matrix` makes.
fn check_ndim(array: &Bound<'_, PyAny>, wanted: usize) -> PyResult<()> {
    // SAFETY: the callers pass what NumPy's functions for arrays return.
    match unsafe { raw::ndim(array) } {
        ndim if ndim == wanted => Ok(()),
        ndim => Err(DimensionalityError::new(ndim, wanted).into()),
    }
}

/// Lengths of axes as a `D`, which has room for as many.
fn dims_of<D: Dimension>(shape: &[usize]) -> D {
    let mut dims = D::zeros(shape.len());
    dims.slice_mut().copy_from_slice(shape);
    dims
}

/// Reads the fields of an array, or panics if they are no longer of this type.
#[track_caller]
fn snapshot<'py, T: Element, D: Dimension>(array: &Bound<'py, PyArray<T, D>>) -> Snapshot<'py, D> {
    match Snapshot::of(array) {
        Ok(snapshot) => snapshot,
        Err(_) => granted(Err(BorrowError::Changed)),
    }
}

/// Where the elements of a contiguous array start and how many they are.
fn contiguous<T: Element, D: Dimension>(
    array: &Bound<'_, PyArray<T, D>>,
) -> Result<(*mut T, usize), AsSliceError> {
    let snapshot = Snapshot::of(array).map_err(|_| AsSliceError::from(BorrowError::Changed))?;
    let layout = snapshot.layout();
    if layout.is_empty() {
        return Ok((std::ptr::NonNull::dangling().as_ptr(), 0));
    }
    if !(layout.is_c_contiguous() || layout.is_f_contiguous())
        || !layout.is_aligned_to(align_of::<T>())
    {
        return Err(SliceProblem::Layout.into());
    }
    Ok((snapshot.data().cast(), layout.len()))
}

/// The address of the element at an index, if that is within bounds.
fn place<T, D: Dimension>(
    array: &Bound<'_, PyArray<T, D>>,
    index: impl NpyIndex<Dim = D>,
) -> Option<*mut T> {
    // SAFETY: an array; no Python code runs while the fields are in use.
    let parts = unsafe { raw::parts(array) };
    let offset = index.byte_offset(parts.shape, parts.strides)?;
    Some(parts.data.wrapping_offset(offset).cast())
}

/// The methods of arrays without dimensions.
#[doc(alias = "PyArray", alias = "PyArray0")]
pub trait PyArray0Methods<'py, T>: PyArrayMethods<'py, T, Ix0> {
    /// The one element.
    ///
    /// # Panics
    ///
    /// If a guard to write to the array lives, or the element is no value of `T`.
    ///
    /// ```
    /// use npyo::{PyArray0, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     assert_eq!(PyArray0::<f64>::zeros(py, (), false).item(), 0.0);
    /// });
    /// ```
    #[track_caller]
    fn item(&self) -> T
    where
        T: Element + Copy,
    {
        granted(self.try_readonly()).item()
    }
}

mod sealed {
    use pyo3::{Borrowed, Bound};

    use crate::array::handle::PyArray;

    pub trait Typed<'py, T, D> {
        fn as_typed(&self) -> &Bound<'py, PyArray<T, D>>;
        fn into_typed(self) -> Bound<'py, PyArray<T, D>>;
    }

    impl<'py, T, D> Typed<'py, T, D> for Bound<'py, PyArray<T, D>> {
        #[inline]
        fn as_typed(&self) -> &Self {
            self
        }

        #[inline]
        fn into_typed(self) -> Self {
            self
        }
    }

    impl<'py, T, D> Typed<'py, T, D> for Borrowed<'_, 'py, PyArray<T, D>> {
        #[inline]
        fn as_typed(&self) -> &Bound<'py, PyArray<T, D>> {
            self
        }

        #[inline]
        fn into_typed(self) -> Bound<'py, PyArray<T, D>> {
            self.to_owned()
        }
    }
}

impl<'py, T, D> PyArrayMethods<'py, T, D> for Bound<'py, PyArray<T, D>> {}

impl<'py, T, D> PyArrayMethods<'py, T, D> for Borrowed<'_, 'py, PyArray<T, D>> {}

impl<'py, T> PyArray0Methods<'py, T> for Bound<'py, PyArray0<T>> {}

impl<'py, T> PyArray0Methods<'py, T> for Borrowed<'_, 'py, PyArray0<T>> {}
