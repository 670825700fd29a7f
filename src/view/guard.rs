//! What guards let see of the elements.

use ndarray::{ArrayView, ArrayViewMut, Dimension};

use crate::array::untyped::PyUntypedArrayMethods;
use crate::borrow::guard::{Checks, PyReadonlyArray, PyReadwriteArray};
use crate::element::trait_::Element;
use crate::element::validity::check_values;
use crate::error::{AsSliceError, SliceProblem, ViewError};
use crate::index::NpyIndex;
use crate::view::build::{check_apart, check_layout, raw_view, raw_view_mut};

impl<'py, T, D> PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// Checks, once where once is enough, that all elements can be referred to as values of `T`.
    #[inline(always)]
    pub(crate) fn check_view(&self) -> Result<(), ViewError> {
        let checks = self.checks().get();
        if checks.has(Checks::LAYOUT.and(Checks::VALUES)) && T::stays_valid(self.py()) {
            return Ok(());
        }
        self.check_view_now(checks)
    }

    /// Checks that one element can be referred to as a value of `T`.
    #[inline]
    fn check_element(&self, place: *const u8) -> Result<(), ViewError> {
        let py = self.py();
        if T::stays_valid(py) {
            return self.check_view();
        }
        check_layout::<T>(&self.snapshot().layout())?;
        // SAFETY: the callers pass the address of an element.
        unsafe { check_values::<T>(py, place, &[], &[]) }
    }

    fn check_view_now(&self, checks: Checks) -> Result<(), ViewError> {
        let snapshot = self.snapshot();
        check_layout::<T>(&snapshot.layout())?;
        if !checks.has(Checks::VALUES) || !T::stays_valid(self.py()) {
            // SAFETY: the snapshot describes an array of the dtype of `T`, which is borrowed.
            unsafe {
                check_values::<T>(
                    self.py(),
                    snapshot.data(),
                    snapshot.shape(),
                    snapshot.strides(),
                )
            }?;
        }
        let found = Checks::LAYOUT.and(Checks::VALUES);
        self.checks().set(checks.and(found));
        Ok(())
    }

    /// Remembers that elements are lent to be written to.
    #[inline]
    pub(crate) fn lend(&self) {
        if T::INTERNALS.has_padding() {
            self.checks().set(self.checks().get().and(Checks::LENT));
        }
    }

    /// Checks, once, that no two elements share memory.
    #[inline]
    pub(crate) fn check_apart(&self) -> Result<(), ViewError> {
        let checks = self.checks().get();
        if !checks.has(Checks::APART) {
            check_apart(&self.snapshot().layout())?;
            self.checks().set(checks.and(Checks::APART));
        }
        Ok(())
    }

    /// The elements as a view of [`ndarray`].
    ///
    /// # Panics
    ///
    /// If the elements cannot be seen as Rust values where they are, which a guard that was
    /// extracted as an argument has ruled out; [`try_as_array`][Self::try_as_array] returns an
    /// error instead.
    ///
    /// ```
    /// use npyo::{ndarray::array, prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]].readonly();
    ///     assert_eq!(array.as_array().column(1), array![2, 4]);
    /// });
    /// ```
    ///
    /// An array of objects cannot be cloned without the token of an attached thread:
    ///
    /// ```compile_fail,E0277
    /// use npyo::PyReadonlyArray1;
    /// use pyo3::{Py, PyAny};
    ///
    /// fn clone_all(array: PyReadonlyArray1<'_, Py<PyAny>>) -> npyo::ndarray::Array1<Py<PyAny>> {
    ///     array.as_array().to_owned()
    /// }
    /// ```
    ///
    /// [`to_owned_array`][Self::to_owned_array] uses the token that the guard stands for:
    ///
    /// ```
    /// use npyo::PyReadonlyArray1;
    /// use pyo3::{Py, PyAny};
    ///
    /// fn clone_all(array: PyReadonlyArray1<'_, Py<PyAny>>) -> npyo::ndarray::Array1<Py<PyAny>> {
    ///     array.to_owned_array()
    /// }
    /// ```
    #[inline]
    #[track_caller]
    pub fn as_array(&self) -> ArrayView<'_, T, D> {
        match self.try_as_array() {
            Ok(view) => view,
            Err(err) => panic!("{err}"),
        }
    }

    /// The elements as a view of [`ndarray`].
    ///
    /// # Errors
    ///
    /// If the elements cannot be seen as Rust values where they are: misaligned, no whole
    /// number of elements apart, or, for some types, with bits that are no value.
    ///
    /// ```
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::{Python, types::PyAnyMethods};
    ///
    /// # fn main() -> pyo3::PyResult<()> {
    /// Python::attach(|py| {
    ///     let code = c"__import__('numpy').zeros(3, 'i4, f8')['f1']";
    ///     let field = py.eval(code, None, None)?.cast_into::<PyArray1<f64>>()?;
    ///     let field = field.readonly();
    ///     assert!(field.try_as_array().unwrap_err().is_layout());
    ///     assert_eq!(field.to_owned_array().len(), 3);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    #[inline]
    pub fn try_as_array(&self) -> Result<ArrayView<'_, T, D>, ViewError> {
        self.check_view()?;
        let snapshot = self.snapshot();
        // SAFETY: the snapshot describes the array, and its layout has been checked.
        let view = unsafe { raw_view(snapshot.data(), &snapshot.layout(), snapshot.dims()) };
        // SAFETY: the elements are aligned and valid, and while `self` is borrowed the guard
        // keeps every other guard from writing to them.
        Ok(unsafe { view.deref_into_view() })
    }

    /// The elements as a slice, in the order in which they lie in memory: C order if the array
    /// is contiguous in C order, Fortran order if it is in that.
    ///
    /// # Errors
    ///
    /// If the array is not contiguous, or misaligned, or has elements that are no values of `T`.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]];
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [1, 2, 3, 4]);
    /// });
    /// ```
    #[inline]
    pub fn as_slice(&self) -> Result<&[T], AsSliceError> {
        let (data, len) = self.check_slice()?;
        // SAFETY: the elements are contiguous, aligned and valid, and while `self` is borrowed
        // the guard keeps every other guard from writing to them.
        Ok(unsafe { std::slice::from_raw_parts(data, len) })
    }

    /// The elements as a slice, which is where they start and how many they are.
    #[inline]
    fn check_slice(&self) -> Result<(*mut T, usize), AsSliceError> {
        self.check_view()?;
        let layout = self.snapshot().layout();
        if layout.is_empty() {
            return Ok((std::ptr::NonNull::dangling().as_ptr(), 0));
        }
        if !layout.is_c_contiguous() && !layout.is_f_contiguous() {
            return Err(SliceProblem::Layout.into());
        }
        Ok((self.data(), layout.len()))
    }

    /// The element at an index, or `None` if that is out of bounds.
    ///
    /// # Panics
    ///
    /// As [`as_array`][Self::as_array].
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]].readonly();
    ///     assert_eq!(array.get([1, 0]), Some(&3));
    ///     assert_eq!(array.get([0, 2]), None);
    /// });
    /// ```
    #[inline]
    #[track_caller]
    pub fn get<I>(&self, index: I) -> Option<&T>
    where
        I: NpyIndex<Dim = D>,
    {
        let offset = index.byte_offset(self.shape(), self.strides())?;
        let place = self.snapshot().data().wrapping_offset(offset);
        if let Err(err) = self.check_element(place) {
            panic!("{err}");
        }
        // SAFETY: the index is within bounds, so this is one of the elements, which are aligned
        // and valid; the guard keeps every other guard from writing to them.
        Some(unsafe { &*place.cast::<T>() })
    }
}

impl<'py, T, D> PyReadwriteArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// The elements as a view of [`ndarray`] to write through.
    ///
    /// # Panics
    ///
    /// If the elements cannot be seen as Rust values where they are, or if two of them share
    /// memory, both of which a guard that was extracted as an argument has ruled out;
    /// [`try_as_array_mut`][Self::try_as_array_mut] returns an error instead.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, [1, 2], [3, 4]];
    ///     array.readwrite().as_array_mut().row_mut(0).fill(7);
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [7, 7, 3, 4]);
    /// });
    /// ```
    #[inline]
    #[track_caller]
    pub fn as_array_mut(&mut self) -> ArrayViewMut<'_, T, D> {
        match self.try_as_array_mut() {
            Ok(view) => view,
            Err(err) => panic!("{err}"),
        }
    }

    /// The elements as a view of [`ndarray`] to write through.
    ///
    /// # Errors
    ///
    /// As [`PyReadonlyArray::try_as_array`], and if two elements share memory.
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1.0, 2.0];
    /// array.readwrite().try_as_array_mut().unwrap().fill(0.5);
    /// assert_eq!(array.to_vec().unwrap(), [0.5; 2]);
    /// # });
    /// ```
    #[inline]
    pub fn try_as_array_mut(&mut self) -> Result<ArrayViewMut<'_, T, D>, ViewError> {
        self.check_view()?;
        self.check_apart()?;
        self.lend();
        let snapshot = self.snapshot();
        // SAFETY: the snapshot describes the array, and its layout has been checked.
        let view = unsafe { raw_view_mut(snapshot.data(), &snapshot.layout(), snapshot.dims()) };
        // SAFETY: the elements are aligned, valid and apart, and while `self` is mutably borrowed
        // the guard keeps everybody else from them.
        Ok(unsafe { view.deref_into_view_mut() })
    }

    /// The elements as a slice to write to, in the order in which they lie in memory, as
    /// [`PyReadonlyArray::as_slice`].
    ///
    /// # Errors
    ///
    /// As [`PyReadonlyArray::as_slice`].
    ///
    /// ```
    /// # #![allow(unused_imports)]
    /// # use npyo::{prelude::*, pyarray};
    /// # use pyo3::Python;
    /// # Python::attach(|py| {
    /// let array = pyarray![py, 1.0, 2.0];
    /// array.readwrite().as_slice_mut().unwrap().fill(0.5);
    /// assert_eq!(array.to_vec().unwrap(), [0.5; 2]);
    /// # });
    /// ```
    #[inline]
    pub fn as_slice_mut(&mut self) -> Result<&mut [T], AsSliceError> {
        let (data, len) = self.check_slice()?;
        self.lend();
        // SAFETY: the elements are contiguous, hence apart, aligned and valid, and while `self`
        // is mutably borrowed the guard keeps everybody else from them.
        Ok(unsafe { std::slice::from_raw_parts_mut(data, len) })
    }

    /// The element at an index to write to, or `None` if that is out of bounds.
    ///
    /// # Panics
    ///
    /// If the elements cannot be seen as Rust values where they are.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, 1, 2];
    ///     *array.readwrite().get_mut(1).unwrap() = 7;
    ///     assert_eq!(array.readonly().as_slice().unwrap(), [1, 7]);
    /// });
    /// ```
    #[inline]
    #[track_caller]
    pub fn get_mut<I>(&mut self, index: I) -> Option<&mut T>
    where
        I: NpyIndex<Dim = D>,
    {
        let offset = index.byte_offset(self.shape(), self.strides())?;
        let place = self.snapshot().data().wrapping_offset(offset);
        if let Err(err) = self.check_element(place) {
            panic!("{err}");
        }
        self.lend();
        // SAFETY: the index is within bounds, so this is one of the elements, which are aligned
        // and valid. It is the only one that `self` lends, so it does no harm if another one
        // shares its memory.
        Some(unsafe { &mut *place.cast::<T>() })
    }
}
