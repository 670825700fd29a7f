//! Guards that keep Python from writing.

use std::fmt;
use std::ops::Deref;

use ndarray::{Dimension, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn};
use pyo3::PyTypeInfo;
use pyo3::prelude::*;

use crate::array::untyped::PyUntypedArray;
use crate::borrow::guard::PyReadonlyArray;
use crate::borrow::registry::Registry;
use crate::element::trait_::Element;
use crate::npyffi::PyArray_BASE;

/// A guard to read an array that Python cannot write to meanwhile.
///
/// Guards are a matter between Rust functions: Python code that runs while one is held, in another
/// thread or because Rust calls it, may write to the array, which a `&[T]` must not see. This guard
/// goes one step further. Until it is dropped, the array, and the arrays that it is a view of, are
/// read-only for Python (`ValueError: assignment destination is read-only`), and their memory
/// cannot be resized, not even by `a.resize(n, refcheck=False)`, or freed.
///
/// [`PyReadonlyArray::freeze`] makes one; it can also be the argument of a function. It costs more
/// than a plain guard: a lock, and a table of the arrays that are frozen.
///
/// # Limits
///
/// - Other views of the memory that existed before stay writeable, and so does the buffer that an
///   array does not own, such as a `bytearray`.
/// - Python code can set `a.flags.writeable = True`, and what it sets it to while the array is
///   frozen does not last.
/// - C code that took the address of the memory before is not stopped, nor is `numpy.add.at`, or
///   the `at` of any other function of its kind: NumPy lets it write to arrays that are read-only.
/// - Views that Python code makes of the array while it is frozen stay read-only.
/// - Memory that Python code replaces under the guard, with `a.__setstate__(…)`, stays as it is
///   for the guard and is never freed.
///
/// ```
/// use npyo::{PyArray1, prelude::*};
/// use pyo3::{PyResult, Python, types::PyAnyMethods};
///
/// # fn main() -> PyResult<()> {
/// Python::attach(|py| {
///     let array = PyArray1::<f64>::zeros(py, 3, false);
///     let frozen = array.readonly().freeze();
///     assert!(array.set_item(0, 1.0).is_err());
///     assert_eq!(frozen.as_slice()?, [0.0; 3]);
///     drop(frozen);
///     array.set_item(0, 1.0)
/// })
/// # }
/// ```
pub struct PyFrozenArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// Dropped first, so that nothing is writeable before.
    frozen: Frozen<'py>,
    guard: PyReadonlyArray<'py, T, D>,
}

/// A guard to read an array without dimensions that Python cannot write to.
pub type PyFrozenArray0<'py, T> = PyFrozenArray<'py, T, Ix0>;
/// A guard to read a one-dimensional array that Python cannot write to.
pub type PyFrozenArray1<'py, T> = PyFrozenArray<'py, T, Ix1>;
/// A guard to read a two-dimensional array that Python cannot write to.
pub type PyFrozenArray2<'py, T> = PyFrozenArray<'py, T, Ix2>;
/// A guard to read a three-dimensional array that Python cannot write to.
pub type PyFrozenArray3<'py, T> = PyFrozenArray<'py, T, Ix3>;
/// A guard to read a four-dimensional array that Python cannot write to.
pub type PyFrozenArray4<'py, T> = PyFrozenArray<'py, T, Ix4>;
/// A guard to read a five-dimensional array that Python cannot write to.
pub type PyFrozenArray5<'py, T> = PyFrozenArray<'py, T, Ix5>;
/// A guard to read a six-dimensional array that Python cannot write to.
pub type PyFrozenArray6<'py, T> = PyFrozenArray<'py, T, Ix6>;
/// A guard to read an array of any number of dimensions that Python cannot write to.
pub type PyFrozenArrayDyn<'py, T> = PyFrozenArray<'py, T, IxDyn>;

impl<'py, T, D> PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    /// Keeps Python from writing to the array; see [`PyFrozenArray`] for the limits of this.
    ///
    /// ```
    /// use npyo::{prelude::*, pyarray};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = pyarray![py, 1.0, 2.0];
    ///     let frozen = array.readonly().freeze();
    ///     assert!(array.try_readwrite().is_err());
    ///     assert_eq!(frozen.as_array().sum(), 3.0);
    /// });
    /// ```
    pub fn freeze(self) -> PyFrozenArray<'py, T, D> {
        PyFrozenArray {
            frozen: Frozen::new(self.as_bound().as_any()),
            guard: self,
        }
    }
}

impl<'py, T, D> Deref for PyFrozenArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    type Target = PyReadonlyArray<'py, T, D>;

    fn deref(&self) -> &Self::Target {
        &self.guard
    }
}

/// Makes the array writeable again, if it was, and goes on reading it.
impl<'py, T, D> From<PyFrozenArray<'py, T, D>> for PyReadonlyArray<'py, T, D>
where
    T: Element,
    D: Dimension,
{
    fn from(value: PyFrozenArray<'py, T, D>) -> Self {
        drop(value.frozen);
        value.guard
    }
}

impl<T, D> fmt::Debug for PyFrozenArray<'_, T, D>
where
    T: Element,
    D: Dimension,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PyFrozenArray").field(&self.guard).finish()
    }
}

/// An array and all that it is a view of, which are thawed when this is dropped.
struct Frozen<'py> {
    arrays: Vec<Bound<'py, PyAny>>,
    /// What owns the memory, if not the last array: Python code can make an array let go of it.
    _owner: Option<Bound<'py, PyAny>>,
}

impl<'py> Frozen<'py> {
    fn new(array: &Bound<'py, PyAny>) -> Self {
        let api = Registry::get(array.py()).api();
        let mut arrays = Vec::new();
        let mut next = Some(array.clone());
        while let Some(array) = next.take_if(|object| PyUntypedArray::is_type_of(object)) {
            next = base(&array);
            arrays.push(array);
        }
        for array in &arrays {
            // SAFETY: an array, which is kept until it is thawed; the thread is attached.
            unsafe { api.freeze(array.as_ptr().cast()) };
        }
        Self {
            arrays,
            _owner: next,
        }
    }
}

impl Drop for Frozen<'_> {
    fn drop(&mut self) {
        for array in &self.arrays {
            let api = Registry::get(array.py()).api();
            // SAFETY: an array that was frozen once by this; the thread is attached.
            unsafe { api.thaw(array.as_ptr().cast()) };
        }
    }
}

/// What an array keeps alive for its memory.
fn base<'py>(array: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    // SAFETY: the caller passes an array.
    let base = unsafe { PyArray_BASE(array.as_ptr().cast()) };
    // SAFETY: NULL, or an object to which the array has a reference.
    unsafe { Bound::from_borrowed_ptr_or_opt(array.py(), base) }
}
