//! What a function of single elements returns, as arrays.

use std::vec::IntoIter;

use ndarray::Dimension;
use pyo3::prelude::*;

use crate::array::handle::{PyArray, PyArrayDyn, as_typed};
use crate::array::raw;
use crate::array::untyped::PyUntypedArray;
use crate::element::padding::clear_padding;
use crate::element::trait_::Element;
use crate::npyffi::PY_ARRAY_API;
use crate::ufunc::element::UfuncElement;
use crate::ufunc::results::Results;

/// What a function of single elements returns, as arrays: for an element one array, for a tuple a tuple of
/// arrays, for nothing nothing.
pub trait ResultArrays: Results {
    /// The arrays: [`Bound<'py, PyArrayDyn<T>>`][PyArrayDyn] for each element of type `T`.
    type Arrays<'py>;

    /// Takes the next arrays, one for each element, which nobody else refers to.
    #[doc(hidden)]
    fn take<'py>(arrays: &mut NewArrays<'py>) -> PyResult<Self::Arrays<'py>>;
}

/// Arrays that have just been made and filled.
#[derive(Debug)]
pub struct NewArrays<'py>(IntoIter<Bound<'py, PyUntypedArray>>);

impl<'py> NewArrays<'py> {
    /// # Safety
    ///
    /// Nobody else refers to the arrays.
    pub(crate) unsafe fn new(arrays: Vec<Bound<'py, PyUntypedArray>>) -> Self {
        Self(arrays.into_iter())
    }

    fn next<T: Element>(&mut self) -> PyResult<Bound<'py, PyArrayDyn<T>>> {
        let array = self.0.next().expect("as many arrays as results");
        let array = as_typed::<T, _>(array)?;
        if T::INTERNALS.has_padding() {
            // SAFETY: an array that nobody else has seen, so that its fields stay.
            let parts = unsafe { raw::parts(array.as_any()) };
            // SAFETY: the elements of a new array, which are of type `T`, and which nothing refers to.
            unsafe { clear_padding::<T>(parts.data, parts.shape, parts.strides) };
        }
        Ok(array)
    }
}

impl<T: UfuncElement> ResultArrays for T {
    type Arrays<'py> = Bound<'py, PyArrayDyn<T>>;

    fn take<'py>(arrays: &mut NewArrays<'py>) -> PyResult<Self::Arrays<'py>> {
        arrays.next()
    }
}

impl ResultArrays for () {
    type Arrays<'py> = ();

    fn take(_: &mut NewArrays<'_>) -> PyResult<()> {
        Ok(())
    }
}

impl<R: ResultArrays, E: Into<PyErr>> ResultArrays for Result<R, E> {
    type Arrays<'py> = R::Arrays<'py>;

    fn take<'py>(arrays: &mut NewArrays<'py>) -> PyResult<Self::Arrays<'py>> {
        R::take(arrays)
    }
}

/// What a function of single elements returns, if it is written to `M` arrays.
///
/// ```
/// # use npyo::{broadcast::Broadcast, pyarray};
/// # pyo3::Python::attach(|py| {
/// let (a, b) = (pyarray![py, 1.0, 2.0], pyarray![py, 0.0, 0.0]);
/// let done = Broadcast::new().call_into([&a], [&b], |a: f64| a * a);
/// # assert!(done.is_ok());
/// # });
/// ```
///
/// With a function that returns another number of elements it does not compile:
///
/// ```compile_fail,E0277
/// # use npyo::{broadcast::Broadcast, pyarray};
/// # pyo3::Python::attach(|py| {
/// let (a, b) = (pyarray![py, 1.0, 2.0], pyarray![py, 0.0, 0.0]);
/// let done = Broadcast::new().call_into([&a], [&b], |a: f64| (a * a, a));
/// # assert!(done.is_ok());
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "the function does not return {M} elements",
    note = "there is an array to write to for each element that the function returns"
)]
pub trait WritesTo<const M: usize>: Results {}

impl<T: UfuncElement> WritesTo<1> for T {}

impl<R: WritesTo<M>, E: Into<PyErr>, const M: usize> WritesTo<M> for Result<R, E> {}

macro_rules! impl_results_of_tuple {
    ($($count:literal: $($ty:ident)*;)*) => {$(
        impl<$($ty: UfuncElement),*> ResultArrays for ($($ty,)*) {
            type Arrays<'py> = ($(Bound<'py, PyArrayDyn<$ty>>,)*);

            fn take<'py>(arrays: &mut NewArrays<'py>) -> PyResult<Self::Arrays<'py>> {
                Ok(($(arrays.next::<$ty>()?,)*))
            }
        }

        impl<$($ty: UfuncElement),*> WritesTo<$count> for ($($ty,)*) {}
    )*};
}

impl_results_of_tuple! {
    2: A B;
    3: A B C;
    4: A B C D;
    5: A B C D E;
    6: A B C D E F;
    7: A B C D E F G;
    8: A B C D E F G H;
}

/// The one element of an array without dimensions, as NumPy's scalar, or the array itself if it has any.
///
/// NumPy's ufuncs return scalars where all arguments are some. So does a function that passes its results
/// through this.
///
/// # Errors
///
/// NumPy's, such as a `MemoryError`.
///
/// ```
/// use npyo::broadcast::{Broadcast, scalar_or_array};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn square<'py>(x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
///     scalar_or_array(Broadcast::new().call([x], |x: f64| x * x)?)
/// }
/// # fn main() -> PyResult<()> {
/// #     Python::attach(|py| {
/// #         let square = wrap_pyfunction!(square)(py)?;
/// #         assert_eq!(square.call1((3.0,))?.get_type().name()?, "float64");
/// #         assert_eq!(square.call1((vec![3.0],))?.get_type().name()?, "ndarray");
/// #         Ok(())
/// #     })
/// # }
/// ```
pub fn scalar_or_array<'py, T: Element, D: Dimension>(
    array: Bound<'py, PyArray<T, D>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = array.py();
    // SAFETY: an array, whose reference is given up, as the function asks.
    let result = unsafe { PY_ARRAY_API.PyArray_Return(py, array.into_ptr().cast()) };
    // SAFETY: an owned reference, or NULL with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, result) }
}
