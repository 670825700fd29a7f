//! Creating arrays.

use ndarray::{Array, ArrayBase, Data, Dimension, IntoDimension};
use pyo3::prelude::*;

use crate::array::gather::{Source, clear_gaps, gather, write_iter, write_slice};
use crate::array::handle::PyArray;
use crate::array::order::Order;
use crate::array::owner::{array_over, array_within};
use crate::array::raw;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::element::trait_::Element;
use crate::npyffi::PY_ARRAY_API;

/// Takes the result of a fallible twin where the signature has no room for an error.
#[track_caller]
pub(crate) fn expect<T>(result: PyResult<T>) -> T {
    match result {
        Ok(value) => value,
        Err(err) => panic!("{err}"),
    }
}

/// The byte strides of an array whose strides count elements.
pub(crate) fn byte_strides<T>(strides: &[isize]) -> Vec<isize> {
    strides
        .iter()
        .map(|stride| stride.wrapping_mul(size_of::<T>() as isize))
        .collect()
}

impl<T: Element, D: Dimension> PyArray<T, D> {
    /// Creates an array with uninitialised elements.
    ///
    /// Object pointers are NULL, so the array can be dropped at any time.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_new`][Self::try_new] returns an error instead.
    ///
    /// # Safety
    ///
    /// The elements must be written, through [`uget_raw`][crate::PyArrayMethods::uget_raw] or
    /// [`data`][crate::PyArrayMethods::data], before anything reads them.
    ///
    /// ```
    /// use npyo::{PyArray2, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = unsafe {
    ///         let array = PyArray2::<i32>::new(py, [2, 2], false);
    ///         for i in 0..4 {
    ///             array.uget_raw([i / 2, i % 2]).write(i as i32);
    ///         }
    ///         array
    ///     };
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [0, 1, 2, 3]);
    /// });
    /// ```
    pub unsafe fn new<ID>(py: Python<'_>, dims: ID, is_fortran: bool) -> Bound<'_, Self>
    where
        ID: IntoDimension<Dim = D>,
    {
        // SAFETY: the caller's promise is the same.
        expect(unsafe { Self::try_new(py, dims, is_fortran) })
    }

    /// Creates an array with uninitialised elements.
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` for impossible shapes and its `MemoryError`.
    ///
    /// # Safety
    ///
    /// As [`new`][Self::new].
    pub unsafe fn try_new<ID>(
        py: Python<'_>,
        dims: ID,
        order: impl Into<Order>,
    ) -> PyResult<Bound<'_, Self>>
    where
        ID: IntoDimension<Dim = D>,
    {
        // SAFETY: the caller's promise is the same.
        unsafe { Self::uninit(py, dims.into_dimension().slice(), order.into()) }
    }

    /// An array with uninitialised elements; the caller writes them before it lets it go.
    ///
    /// # Safety
    ///
    /// As [`new`][Self::new].
    pub(crate) unsafe fn uninit<'py>(
        py: Python<'py>,
        shape: &[usize],
        order: Order,
    ) -> PyResult<Bound<'py, Self>> {
        let descr = PyArrayDescr::try_of::<T>(py)?;
        // SAFETY: NumPy allocates the memory.
        let array = unsafe {
            raw::from_parts(
                descr,
                shape,
                std::ptr::null(),
                std::ptr::null_mut(),
                order.is_fortran(),
            )
        }?;
        // SAFETY: it has the dtype of `T` and, as `shape` comes from a `D`, its dimensions.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// Where the elements of an array that this library has just created are.
    pub(crate) fn place(array: &Bound<'_, Self>) -> *mut T {
        // SAFETY: an array.
        unsafe { raw::data(array.as_any()) }.cast()
    }

    /// Creates an array of zeros: the numbers, empty strings, the first moment of 1970, or, for
    /// objects, the Python number 0.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_zeros`][Self::try_zeros] returns an error
    /// instead.
    ///
    /// ```
    /// use npyo::{PyArray2, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray2::<usize>::zeros(py, [2, 2], true);
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [0; 4]);
    /// });
    /// ```
    pub fn zeros<ID>(py: Python<'_>, dims: ID, is_fortran: bool) -> Bound<'_, Self>
    where
        ID: IntoDimension<Dim = D>,
    {
        expect(Self::try_zeros(py, dims, is_fortran))
    }

    /// Creates an array of zeros, as [`zeros`][Self::zeros].
    ///
    /// # Errors
    ///
    /// NumPy's `ValueError` for impossible shapes and its `MemoryError`.
    ///
    /// ```
    /// use npyo::{Order, PyArray2, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     assert!(PyArray2::<f64>::try_zeros(py, [2, 3], Order::C).is_ok());
    ///     assert!(PyArray2::<f64>::try_zeros(py, [1 << 40, 1 << 20], Order::C).is_err());
    /// });
    /// ```
    pub fn try_zeros<ID>(
        py: Python<'_>,
        dims: ID,
        order: impl Into<Order>,
    ) -> PyResult<Bound<'_, Self>>
    where
        ID: IntoDimension<Dim = D>,
    {
        let dims = dims.into_dimension();
        let shape = dims.slice();
        let descr = PyArrayDescr::try_of::<T>(py)?;
        let ndim = std::ffi::c_int::try_from(shape.len()).unwrap_or(std::ffi::c_int::MAX);
        // SAFETY: `shape` has `ndim` lengths, which NumPy only reads, and `descr` gives up its
        // reference, as the function asks.
        let array = unsafe {
            PY_ARRAY_API.PyArray_Zeros(
                py,
                ndim,
                shape.as_ptr().cast_mut().cast(),
                descr.into_dtype_ptr(),
                order.into().is_fortran(),
            )
        };
        // SAFETY: an owned reference, or NULL with an exception set.
        let array = unsafe { Bound::from_owned_ptr_or_err(py, array) }?;
        // SAFETY: it has the dtype of `T` and the dimensions `D`.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// Creates an array over the memory of `array`, which the Python object `container` keeps
    /// alive. Python can write to it.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array;
    /// [`try_borrow_from_array`][Self::try_borrow_from_array] returns an error instead.
    ///
    /// # Safety
    ///
    /// As long as `container` lives, the memory of `array` must not be freed, moved, or used
    /// from Rust in a way that Python's reading and writing would break.
    ///
    /// ```
    /// use npyo::{PyArray1, ndarray::Array1};
    /// use pyo3::prelude::*;
    ///
    /// #[pyclass]
    /// struct Owner {
    ///     array: Array1<f64>,
    /// }
    ///
    /// #[pymethods]
    /// impl Owner {
    ///     #[getter]
    ///     fn array<'py>(this: Bound<'py, Self>) -> Bound<'py, PyArray1<f64>> {
    ///         let array = &this.borrow().array;
    ///         // SAFETY: `array` is never replaced nor looked at again, so its memory stays as
    ///         // long as this object.
    ///         unsafe { PyArray1::borrow_from_array(array, this.into_any()) }
    ///     }
    /// }
    /// ```
    pub unsafe fn borrow_from_array<'py, S>(
        array: &ArrayBase<S, D>,
        container: Bound<'py, PyAny>,
    ) -> Bound<'py, Self>
    where
        S: Data<Elem = T>,
    {
        // SAFETY: the caller's promise is the same.
        expect(unsafe { Self::try_borrow_from_array(array, container) })
    }

    /// Creates an array over the memory of `array`, as
    /// [`borrow_from_array`][Self::borrow_from_array].
    ///
    /// # Errors
    ///
    /// NumPy's, for example for more dimensions than it allows.
    ///
    /// # Safety
    ///
    /// As [`borrow_from_array`][Self::borrow_from_array].
    pub unsafe fn try_borrow_from_array<'py, S>(
        array: &ArrayBase<S, D>,
        container: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>>
    where
        S: Data<Elem = T>,
    {
        let descr = PyArrayDescr::try_of::<T>(container.py())?;
        let strides = byte_strides::<T>(array.strides());
        let data = array.as_ptr().cast_mut().cast();
        // SAFETY: the caller's promise.
        let array = unsafe { array_within(descr, array.shape(), &strides, data, container) }?;
        // SAFETY: it has the dtype of `T` and the dimensions `D`.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// Creates an array over the memory of `arr`, with no copy.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array;
    /// [`try_from_owned_array`][Self::try_from_owned_array] returns an error instead.
    ///
    /// ```
    /// use npyo::{PyArray, ndarray::array, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray::from_owned_array(py, array![[1, 2], [3, 4]]);
    ///     assert_eq!(array.readonly().as_array(), array![[1, 2], [3, 4]]);
    /// });
    /// ```
    pub fn from_owned_array(py: Python<'_>, arr: Array<T, D>) -> Bound<'_, Self> {
        expect(Self::try_from_owned_array(py, arr))
    }

    /// Creates an array over the memory of `arr`, with no copy.
    ///
    /// # Errors
    ///
    /// NumPy's, for example for more dimensions than it allows; `arr` is dropped.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_owned_array(py, npyo::array![1, 2]).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [1, 2]);
    /// # });
    /// ```
    pub fn try_from_owned_array(py: Python<'_>, arr: Array<T, D>) -> PyResult<Bound<'_, Self>> {
        let descr = PyArrayDescr::try_of::<T>(py)?;
        let strides = byte_strides::<T>(arr.strides());
        let dims = arr.raw_dim();
        let locate = |arr: &mut Array<T, D>| arr.as_mut_ptr().cast();
        // SAFETY: the elements stay where they are when the `Array` is moved, all of them are
        // values of `T`, and as elements are `Send`, they may be dropped on any thread.
        let array = unsafe { array_over::<T, _>(descr, dims.slice(), &strides, arr, locate) }?;
        // SAFETY: it has the dtype of `T` and the dimensions `D`.
        Ok(unsafe { array.cast_into_unchecked() })
    }

    /// Creates an array with clones of the elements of `arr`.
    ///
    /// It is contiguous: in Fortran order if `arr` is, in C order otherwise.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_from_array`][Self::try_from_array] returns an
    /// error instead.
    ///
    /// ```
    /// use npyo::{PyArray, ndarray::{array, s}, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let numbers = array![[1, 2, 3], [4, 5, 6]];
    ///     let array = PyArray::from_array(py, &numbers.slice(s![.., ..;2]));
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [1, 3, 4, 6]);
    /// });
    /// ```
    pub fn from_array<'py, S>(py: Python<'py>, arr: &ArrayBase<S, D>) -> Bound<'py, Self>
    where
        S: Data<Elem = T>,
    {
        expect(Self::try_from_array(py, arr))
    }

    /// Creates an array with clones of the elements of `arr`, as
    /// [`from_array`][Self::from_array].
    ///
    /// # Errors
    ///
    /// NumPy's, for example for more dimensions than it allows or its `MemoryError`.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_array(py, &npyo::array![1, 2]).unwrap();
    /// assert_eq!(array.to_vec().unwrap(), [1, 2]);
    /// # });
    /// ```
    pub fn try_from_array<'py, S>(
        py: Python<'py>,
        arr: &ArrayBase<S, D>,
    ) -> PyResult<Bound<'py, Self>>
    where
        S: Data<Elem = T>,
    {
        let order = if arr.ndim() > 1 && arr.t().is_standard_layout() && !arr.is_standard_layout() {
            Order::Fortran
        } else {
            Order::C
        };
        // SAFETY: every element is written below.
        let array = unsafe { Self::uninit(py, arr.shape(), order) }?;
        let place = Self::place(&array);
        if order == Order::Fortran {
            let transposed = arr.t();
            match transposed.as_slice() {
                // SAFETY: in Fortran order, the new array is as the transposed one in C order.
                Some(values) => unsafe { write_slice(py, values, place) },
                // SAFETY: as above.
                None => unsafe { write_iter(py, transposed.iter(), place) },
            }
        } else if let Some(values) = arr.as_slice() {
            // SAFETY: the new array has as many elements, in the same order.
            unsafe { write_slice(py, values, place) };
        } else if T::IS_COPY {
            let strides = byte_strides::<T>(arr.strides());
            let source = Source {
                data: arr.as_ptr().cast(),
                shape: arr.shape(),
                strides: &strides,
            };
            // SAFETY: the elements of `arr` are readable, and the new array has room for them.
            unsafe { gather(source, place) };
            // SAFETY: the elements that have just been written.
            unsafe { clear_gaps(place, arr.len()) };
        } else {
            // SAFETY: the new array has as many elements, in the order of the iterator.
            unsafe { write_iter(py, arr.iter(), place) };
        }
        Ok(array)
    }
}

impl<D: Dimension> PyArray<Py<PyAny>, D> {
    /// Creates an array of objects over the memory of `arr`, with no copy.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array;
    /// [`try_from_owned_object_array`][Self::try_from_owned_object_array] returns an error
    /// instead.
    ///
    /// ```
    /// use npyo::{PyArray, ndarray::array};
    /// use pyo3::{prelude::*, types::PyString};
    ///
    /// Python::attach(|py| {
    ///     let words = array![PyString::new(py, "a").unbind(), PyString::new(py, "b").unbind()];
    ///     let array = PyArray::from_owned_object_array(py, words);
    ///     assert_eq!(array.to_string(), "['a' 'b']");
    /// });
    /// ```
    pub fn from_owned_object_array<T>(py: Python<'_>, arr: Array<Py<T>, D>) -> Bound<'_, Self> {
        expect(Self::try_from_owned_object_array(py, arr))
    }

    /// Creates an array of objects over the memory of `arr`, with no copy.
    ///
    /// # Errors
    ///
    /// NumPy's, for example for more dimensions than it allows; `arr` is dropped.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::prelude::*;
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = npyo::PyArray::try_from_owned_object_array(py, npyo::array![py.None()]).unwrap();
    /// assert_eq!(array.len(), 1);
    /// # });
    /// ```
    pub fn try_from_owned_object_array<T>(
        py: Python<'_>,
        arr: Array<Py<T>, D>,
    ) -> PyResult<Bound<'_, Self>> {
        let descr = PyArrayDescr::object(py);
        let strides = byte_strides::<Py<T>>(arr.strides());
        let dims = arr.raw_dim();
        let locate = |arr: &mut Array<Py<T>, D>| arr.as_mut_ptr().cast();
        // SAFETY: the elements stay where they are when the `Array` is moved, all of them are
        // object pointers, and `Py<T>` may be dropped on any thread.
        let array =
            unsafe { array_over::<Py<PyAny>, _>(descr, dims.slice(), &strides, arr, locate) }?;
        // SAFETY: it has the dtype of objects and the dimensions `D`.
        Ok(unsafe { array.cast_into_unchecked() })
    }
}
