//! Creating arrays of slices, vectors and iterators.

use ndarray::{Dimension, Ix1, Ix2, Ix3};
use pyo3::prelude::*;

use crate::array::create::expect;
use crate::array::gather::write_slice;
use crate::array::handle::PyArray;
use crate::array::order::Order;
use crate::array::owner::array_over;
use crate::dtype::descr::PyArrayDescr;
use crate::element::trait_::Element;
use crate::error::FromVecError;

impl<T: Element> PyArray<T, Ix1> {
    /// Creates an array with clones of the elements of a slice.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_from_slice`][Self::try_from_slice] returns an
    /// error instead.
    ///
    /// ```
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::from_slice(py, &[1, 2, 3]);
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [1, 2, 3]);
    /// });
    /// ```
    pub fn from_slice<'py>(py: Python<'py>, slice: &[T]) -> Bound<'py, Self> {
        expect(Self::try_from_slice(py, slice))
    }

    /// Creates an array with clones of the elements of a slice.
    ///
    /// # Errors
    ///
    /// NumPy's `MemoryError`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_slice(py, &[1, 2]).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [1, 2]);
    /// # });
    /// ```
    pub fn try_from_slice<'py>(py: Python<'py>, slice: &[T]) -> PyResult<Bound<'py, Self>> {
        // SAFETY: every element is written below.
        let array = unsafe { Self::uninit(py, &[slice.len()], Order::C) }?;
        // SAFETY: the new array has as many elements.
        unsafe { write_slice(py, slice, Self::place(&array)) };
        Ok(array)
    }

    /// Creates an array over the memory of a vector, with no copy.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_from_vec`][Self::try_from_vec] returns an error
    /// instead.
    ///
    /// ```
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::from_vec(py, vec![1, 2, 3]);
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [1, 2, 3]);
    /// });
    /// ```
    #[inline(always)]
    pub fn from_vec(py: Python<'_>, vec: Vec<T>) -> Bound<'_, Self> {
        expect(Self::try_from_vec(py, vec))
    }

    /// Creates an array over the memory of a vector, with no copy.
    ///
    /// # Errors
    ///
    /// NumPy's `MemoryError`; the vector is dropped.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_vec(py, vec![1, 2]).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [1, 2]);
    /// # });
    /// ```
    pub fn try_from_vec(py: Python<'_>, vec: Vec<T>) -> PyResult<Bound<'_, Self>> {
        let descr = PyArrayDescr::try_of::<T>(py)?;
        let shape = [vec.len()];
        let strides = [size_of::<T>() as isize];
        let locate = |vec: &mut Vec<T>| vec.as_mut_ptr().cast();
        // SAFETY: the elements stay where they are when the `Vec` is moved, all of them are
        // values of `T`, and as elements are `Send`, they may be dropped on any thread.
        let array = unsafe { array_over::<T, _>(descr, &shape, &strides, vec, locate) }?;
        // SAFETY: it has the dtype of `T` and one dimension.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// Creates an array of what an iterator yields.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_from_iter`][Self::try_from_iter] returns an
    /// error instead.
    ///
    /// ```
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::from_iter(py, "abc".bytes());
    ///     assert_eq!(array.readonly().as_slice().unwrap(), b"abc");
    /// });
    /// ```
    pub fn from_iter<I>(py: Python<'_>, iter: I) -> Bound<'_, Self>
    where
        I: IntoIterator<Item = T>,
    {
        expect(Self::try_from_iter(py, iter))
    }

    /// Creates an array of what an iterator yields.
    ///
    /// # Errors
    ///
    /// NumPy's `MemoryError`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_iter(py, 0..3).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [0, 1, 2]);
    /// # });
    /// ```
    pub fn try_from_iter<I>(py: Python<'_>, iter: I) -> PyResult<Bound<'_, Self>>
    where
        I: IntoIterator<Item = T>,
    {
        let mut vec: Vec<T> = iter.into_iter().collect();
        vec.shrink_to_fit();
        Self::try_from_vec(py, vec)
    }
}

impl<T: Element> PyArray<T, Ix2> {
    /// Creates an array over the memory of a vector of rows, with no copy.
    ///
    /// # Errors
    ///
    /// NumPy's `MemoryError`; the vector is dropped.
    ///
    /// ```
    /// use npyo::{PyArray, prelude::*};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     let points = PyArray::try_from_rows(py, vec![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])?;
    ///     assert_eq!(points.shape(), [2, 3]);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn try_from_rows<const N: usize>(
        py: Python<'_>,
        rows: Vec<[T; N]>,
    ) -> PyResult<Bound<'_, Self>> {
        let descr = PyArrayDescr::try_of::<T>(py)?;
        let shape = [rows.len(), N];
        let strides = [size_of::<[T; N]>() as isize, size_of::<T>() as isize];
        let locate = |rows: &mut Vec<[T; N]>| rows.as_mut_ptr().cast();
        // SAFETY: an array is its items, one behind the other, which stay where they are when the
        // `Vec` is moved; all of them are values of `T`, and as elements are `Send`, they may be
        // dropped on any thread.
        let array = unsafe { array_over::<T, _>(descr, &shape, &strides, rows, locate) }?;
        // SAFETY: it has the dtype of `T` and two dimensions.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// Creates an array of the rows.
    ///
    /// # Errors
    ///
    /// If the rows have different lengths.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_from_vec2`][Self::try_from_vec2] returns an error
    /// instead.
    ///
    /// ```
    /// use npyo::{PyArray, ndarray::array, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::from_vec2(py, &[vec![1, 2], vec![3, 4]]).unwrap();
    ///     assert_eq!(array.readonly().as_array(), array![[1, 2], [3, 4]]);
    ///     assert!(PyArray::from_vec2(py, &[vec![1], vec![2, 3]]).is_err());
    /// });
    /// ```
    pub fn from_vec2<'py>(py: Python<'py>, v: &[Vec<T>]) -> Result<Bound<'py, Self>, FromVecError> {
        let len = same_len(v.iter().map(Vec::len), v.first().map_or(0, Vec::len))?;
        Ok(expect(Self::of_rows(py, &[v.len(), len], v.iter())))
    }

    /// Creates an array of the rows.
    ///
    /// # Errors
    ///
    /// A `ValueError` if the rows have different lengths, and NumPy's `MemoryError`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// assert!(npyo::PyArray::try_from_vec2(py, &[vec![1], vec![2, 3]]).is_err());
    /// # });
    /// ```
    pub fn try_from_vec2<'py>(py: Python<'py>, v: &[Vec<T>]) -> PyResult<Bound<'py, Self>> {
        let len = same_len(v.iter().map(Vec::len), v.first().map_or(0, Vec::len))?;
        Self::of_rows(py, &[v.len(), len], v.iter())
    }
}

impl<T: Element> PyArray<T, Ix3> {
    /// Creates an array of matrices of rows.
    ///
    /// # Errors
    ///
    /// If the matrices have different numbers of rows, or the rows different lengths.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_from_vec3`][Self::try_from_vec3] returns an error
    /// instead.
    ///
    /// ```
    /// use npyo::{PyArray, ndarray::array, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let numbers = [vec![vec![1, 2]], vec![vec![3, 4]]];
    ///     let array = PyArray::from_vec3(py, &numbers).unwrap();
    ///     assert_eq!(array.readonly().as_array(), array![[[1, 2]], [[3, 4]]]);
    /// });
    /// ```
    pub fn from_vec3<'py>(
        py: Python<'py>,
        v: &[Vec<Vec<T>>],
    ) -> Result<Bound<'py, Self>, FromVecError> {
        let shape = shape_of_vec3(v)?;
        Ok(expect(Self::of_rows(py, &shape, v.iter().flatten())))
    }

    /// Creates an array of matrices of rows.
    ///
    /// # Errors
    ///
    /// A `ValueError` if the matrices have different numbers of rows, or the rows different
    /// lengths, and NumPy's `MemoryError`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_vec3(py, &[vec![vec![1], vec![2]]]).unwrap();
    /// assert_eq!(array.shape(), [1, 2, 1]);
    /// # });
    /// ```
    pub fn try_from_vec3<'py>(py: Python<'py>, v: &[Vec<Vec<T>>]) -> PyResult<Bound<'py, Self>> {
        let shape = shape_of_vec3(v)?;
        Self::of_rows(py, &shape, v.iter().flatten())
    }
}

fn shape_of_vec3<T>(v: &[Vec<Vec<T>>]) -> Result<[usize; 3], FromVecError> {
    let first = v.first();
    let rows = same_len(v.iter().map(Vec::len), first.map_or(0, Vec::len))?;
    let first = first.and_then(|matrix| matrix.first());
    let columns = same_len(v.iter().flatten().map(Vec::len), first.map_or(0, Vec::len))?;
    Ok([v.len(), rows, columns])
}

/// The length that all of them have.
fn same_len(mut lens: impl Iterator<Item = usize>, wanted: usize) -> Result<usize, FromVecError> {
    match lens.find(|&len| len != wanted) {
        None => Ok(wanted),
        Some(len) => Err(FromVecError::new(len, wanted)),
    }
}

impl<T: Element, D: Dimension> PyArray<T, D> {
    /// An array whose rows have been found to be as many and as long as the shape says.
    fn of_rows<'a, 'py>(
        py: Python<'py>,
        shape: &[usize],
        rows: impl Iterator<Item = &'a Vec<T>>,
    ) -> PyResult<Bound<'py, Self>>
    where
        T: 'a,
    {
        // SAFETY: every element is written below.
        let array = unsafe { Self::uninit(py, shape, Order::C) }?;
        let mut place = Self::place(&array);
        // Nested iterators are faster from within than in a `for` loop.
        rows.for_each(|row| {
            // SAFETY: the rows have as many elements in all as the array.
            unsafe { write_slice(py, row, place) };
            place = place.wrapping_add(row.len());
        });
        Ok(array)
    }
}
