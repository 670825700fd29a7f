//! From owned Rust collections to arrays, with no copy.

use ndarray::{ArrayBase, Dimension, Ix1, Ix2, OwnedRepr};
use pyo3::prelude::*;

use crate::array::create::expect;
use crate::array::handle::PyArray;
use crate::element::trait_::Element;

/// Makes an array of a Rust collection by handing over its memory, with no copy.
///
/// The memory stays Rust's, so Python can write to the elements but not resize the array in
/// place.
///
/// ```
/// use npyo::prelude::*;
/// use pyo3::Python;
///
/// # fn main() -> pyo3::PyResult<()> {
/// Python::attach(|py| {
///     let array = vec![1, 2, 3].try_into_pyarray(py)?;
///     assert_eq!(array.readonly().as_slice()?, [1, 2, 3]);
///     Ok(())
/// })
/// # }
/// ```
pub trait IntoPyArray: Sized {
    /// The type of the elements.
    type Item: Element;
    /// The dimensions of the array.
    type Dim: Dimension;

    /// Makes an array of `self`.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_into_pyarray`][Self::try_into_pyarray] returns an
    /// error instead.
    fn into_pyarray<'py>(self, py: Python<'py>) -> Bound<'py, PyArray<Self::Item, Self::Dim>>;

    /// Makes an array of `self`.
    ///
    /// # Errors
    ///
    /// NumPy's, for example for more dimensions than it allows; `self` is dropped.
    fn try_into_pyarray<'py>(
        self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyArray<Self::Item, Self::Dim>>> {
        Ok(self.into_pyarray(py))
    }
}

impl<T: Element> IntoPyArray for Box<[T]> {
    type Item = T;
    type Dim = Ix1;

    fn into_pyarray<'py>(self, py: Python<'py>) -> Bound<'py, PyArray<T, Ix1>> {
        expect(self.try_into_pyarray(py))
    }

    fn try_into_pyarray<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<T, Ix1>>> {
        PyArray::try_from_vec(py, self.into_vec())
    }
}

impl<T: Element> IntoPyArray for Vec<T> {
    type Item = T;
    type Dim = Ix1;

    fn into_pyarray<'py>(self, py: Python<'py>) -> Bound<'py, PyArray<T, Ix1>> {
        expect(self.try_into_pyarray(py))
    }

    fn try_into_pyarray<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<T, Ix1>>> {
        PyArray::try_from_vec(py, self)
    }
}

/// An array of shape (`n`, `N`).
impl<T: Element, const N: usize> IntoPyArray for Vec<[T; N]> {
    type Item = T;
    type Dim = Ix2;

    fn into_pyarray<'py>(self, py: Python<'py>) -> Bound<'py, PyArray<T, Ix2>> {
        expect(self.try_into_pyarray(py))
    }

    fn try_into_pyarray<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<T, Ix2>>> {
        PyArray::try_from_rows(py, self)
    }
}

impl<A, D> IntoPyArray for ArrayBase<OwnedRepr<A>, D>
where
    A: Element,
    D: Dimension,
{
    type Item = A;
    type Dim = D;

    fn into_pyarray<'py>(self, py: Python<'py>) -> Bound<'py, PyArray<A, D>> {
        expect(self.try_into_pyarray(py))
    }

    fn try_into_pyarray<'py>(self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<A, D>>> {
        PyArray::try_from_owned_array(py, self)
    }
}
