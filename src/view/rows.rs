//! The last axis as Rust arrays of a fixed length.

use ndarray::Dimension;

use crate::array::untyped::PyUntypedArrayMethods;
use crate::borrow::guard::{PyReadonlyArray, PyReadwriteArray};
use crate::element::trait_::Element;
use crate::error::{AsSliceError, SliceProblem};

impl<T: Element, D: Dimension> PyReadonlyArray<'_, T, D> {
    /// The elements as a slice of rows of `N`: a C-contiguous array of shape (…, `N`).
    ///
    /// # Errors
    ///
    /// If the last axis has another length than `N`, and as [`as_slice`][Self::as_slice]; an
    /// array that is contiguous in Fortran order only has no rows.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// # fn main() -> pyo3::PyResult<()> {
    /// Python::attach(|py| {
    ///     let points = pyarray![py, [0.0, 1.0, 2.0], [3.0, 4.0, 5.0]];
    ///     let points = points.readonly();
    ///     let rows: &[[f64; 3]] = points.as_rows()?;
    ///     assert_eq!(rows[1], [3.0, 4.0, 5.0]);
    ///     assert!(points.as_rows::<2>().is_err());
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn as_rows<const N: usize>(&self) -> Result<&[[T; N]], AsSliceError> {
        let elements = self.row_elements::<N>()?;
        // SAFETY: the slice holds a whole number of rows, and an array is its items, one behind the
        // other.
        Ok(unsafe { std::slice::from_raw_parts(elements.as_ptr().cast(), elements.len() / N) })
    }

    fn row_elements<const N: usize>(&self) -> Result<&[T], AsSliceError> {
        let found = self.shape().last().copied();
        if N == 0 || found != Some(N) {
            return Err(SliceProblem::Rows { wanted: N, found }.into());
        }
        if !self.is_c_contiguous() {
            return Err(SliceProblem::Layout.into());
        }
        self.as_slice()
    }
}

impl<T: Element, D: Dimension> PyReadwriteArray<'_, T, D> {
    /// The elements as a slice of rows of `N` to write to, as [`PyReadonlyArray::as_rows`].
    ///
    /// # Errors
    ///
    /// As [`PyReadonlyArray::as_rows`].
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// # fn main() -> pyo3::PyResult<()> {
    /// Python::attach(|py| {
    ///     let points = pyarray![py, [0.0, 1.0], [2.0, 3.0]];
    ///     points.readwrite().as_rows_mut::<2>()?.reverse();
    ///     assert_eq!(points.to_vec()?, [2.0, 3.0, 0.0, 1.0]);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn as_rows_mut<const N: usize>(&mut self) -> Result<&mut [[T; N]], AsSliceError> {
        self.row_elements::<N>()?;
        let elements = self.as_slice_mut()?;
        let (data, len) = (elements.as_mut_ptr().cast(), elements.len() / N);
        // SAFETY: as in `as_rows`; the slice that this one is made of is not used any more.
        Ok(unsafe { std::slice::from_raw_parts_mut(data, len) })
    }
}
