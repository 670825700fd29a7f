//! From matrices of [`nalgebra`] to arrays, by cloning the elements.

use nalgebra::{Dim, Matrix, Scalar, Storage};
use ndarray::Ix2;
use pyo3::prelude::*;

use crate::array::create::expect;
use crate::array::gather::{write_iter, write_slice};
use crate::array::handle::PyArray;
use crate::array::order::Order;
use crate::convert::to::ToPyArray;
use crate::element::trait_::Element;

/// Makes an array of two dimensions, also of a vector: rows and columns, in Fortran order, as
/// [`nalgebra`] has them.
///
/// ```
/// use npyo::{nalgebra::Matrix2x3, prelude::*};
/// use pyo3::Python;
///
/// # fn main() -> pyo3::PyResult<()> {
/// Python::attach(|py| {
///     let matrix = Matrix2x3::new(1, 2, 3, 4, 5, 6);
///     let array = matrix.try_to_pyarray(py)?;
///     assert_eq!(array.get_owned([0, 2]), Some(3));
///     assert_eq!(array.readonly().as_slice()?, [1, 4, 2, 5, 3, 6]);
///     Ok(())
/// })
/// # }
/// ```
impl<N, R, C, S> ToPyArray for Matrix<N, R, C, S>
where
    N: Scalar + Element,
    R: Dim,
    C: Dim,
    S: Storage<N, R, C>,
{
    type Item = N;
    type Dim = Ix2;

    fn to_pyarray<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray<N, Ix2>> {
        expect(self.try_to_pyarray(py))
    }

    fn try_to_pyarray<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<N, Ix2>>> {
        let (rows, cols) = self.shape();
        // SAFETY: every element is written below.
        let array = unsafe { PyArray::uninit(py, &[rows, cols], Order::Fortran) }?;
        let place = PyArray::place(&array);
        if self.data.is_contiguous() {
            // SAFETY: the elements follow each other without gaps, column by column.
            let values = unsafe { self.data.as_slice_unchecked() };
            // SAFETY: the new array has as many elements, in the same order.
            unsafe { write_slice(py, values, place) };
        } else {
            // SAFETY: the new array has as many elements, and the iterator goes column by column.
            unsafe { write_iter(py, self.iter(), place) };
        }
        Ok(array)
    }
}
