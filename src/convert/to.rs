//! From borrowed Rust collections to arrays, by cloning the elements.

use ndarray::{ArrayBase, Data, Dimension, Ix1};
use pyo3::prelude::*;

use crate::array::create::expect;
use crate::array::handle::PyArray;
use crate::element::trait_::Element;

/// Makes an array with clones of the elements of a Rust collection.
///
/// The array is contiguous: in Fortran order if the collection is, in C order otherwise.
///
/// ```
/// use npyo::{ndarray::{array, s}, prelude::*};
/// use pyo3::Python;
///
/// # fn main() -> pyo3::PyResult<()> {
/// Python::attach(|py| {
///     let numbers = array![[1, 2, 3], [4, 5, 6]];
///     let array = numbers.slice(s![.., 1..]).try_to_pyarray(py)?;
///     assert_eq!(array.readonly().as_slice()?, [2, 3, 5, 6]);
///     Ok(())
/// })
/// # }
/// ```
pub trait ToPyArray {
    /// The type of the elements.
    type Item: Element;
    /// The dimensions of the array.
    type Dim: Dimension;

    /// Makes an array with clones of the elements.
    ///
    /// # Panics
    ///
    /// If NumPy cannot create the array; [`try_to_pyarray`][Self::try_to_pyarray] returns an
    /// error instead.
    fn to_pyarray<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray<Self::Item, Self::Dim>>;

    /// Makes an array with clones of the elements.
    ///
    /// # Errors
    ///
    /// NumPy's, for example for more dimensions than it allows or its `MemoryError`.
    fn try_to_pyarray<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyArray<Self::Item, Self::Dim>>> {
        Ok(self.to_pyarray(py))
    }
}

impl<T: Element> ToPyArray for [T] {
    type Item = T;
    type Dim = Ix1;

    fn to_pyarray<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray<T, Ix1>> {
        expect(self.try_to_pyarray(py))
    }

    fn try_to_pyarray<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<T, Ix1>>> {
        PyArray::try_from_slice(py, self)
    }
}

impl<S, D, A> ToPyArray for ArrayBase<S, D>
where
    S: Data<Elem = A>,
    D: Dimension,
    A: Element,
{
    type Item = A;
    type Dim = D;

    fn to_pyarray<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray<A, D>> {
        expect(self.try_to_pyarray(py))
    }

    fn try_to_pyarray<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray<A, D>>> {
        PyArray::try_from_array(py, self)
    }
}
