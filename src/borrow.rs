//! Borrows of array memory, checked at run time.
//!
//! Python has no rule against two references to the same memory, and views make several arrays
//! of one buffer. So before Rust code sees the elements of an array, it takes a *guard*:
//! [`PyReadonlyArray`] to read, [`PyReadwriteArray`] to write. While a guard to write lives, no
//! other guard to any of its bytes is granted; guards to read exclude only those to write. A
//! guard is taken explicitly,
//!
//! ```
//! use npyo::{PyArray1, prelude::*};
//! use pyo3::Python;
//!
//! Python::attach(|py| {
//!     let array = PyArray1::<f64>::zeros(py, 3, false);
//!     {
//!         let mut array = array.readwrite();
//!         array.as_slice_mut().unwrap()[0] = 1.0;
//!     }
//!     assert_eq!(array.readonly().as_slice().unwrap(), [1.0, 0.0, 0.0]);
//! });
//! ```
//!
//! or as an argument, where a conflict, like any other reason why the memory cannot be seen as
//! Rust values, becomes a Python exception:
//!
//! ```
//! use npyo::{PyReadonlyArray1, PyReadwriteArray1};
//! use pyo3::prelude::*;
//!
//! /// y += a * x
//! #[pyfunction]
//! fn axpy(a: f64, x: PyReadonlyArray1<'_, f64>, mut y: PyReadwriteArray1<'_, f64>) {
//!     y.as_array_mut().scaled_add(a, &x.as_array());
//! }
//! # Python::attach(|py| {
//! #     use npyo::pyarray;
//! #     let axpy = wrap_pyfunction!(axpy)(py).unwrap();
//! #     let x = pyarray![py, 1.0, 2.0];
//! #     let y = pyarray![py, 0.5, 0.5];
//! #     axpy.call1((2.0, &x, &y)).unwrap();
//! #     axpy.call1((2.0, &x, &x)).unwrap_err();
//! # });
//! ```
//!
//! # What a guard promises
//!
//! - The array's address, shape, strides and dtype are read once, when the guard is taken. Every
//!   method of the guard works with these, so that Python code which sets `a.shape` or
//!   `a.dtype` meanwhile changes nothing that Rust sees.
//! - Conflicts are found by address: two arrays over the same buffer conflict however they came
//!   about. Two views that interleave without sharing a byte, such as the columns of a matrix or
//!   the real and the imaginary part of a complex array, do not.
//! - Python code, or C code, that writes to the memory while Rust reads it is not kept from doing
//!   so.

//!
//! # What the compiler sees to
//!
//! A view does not outlive its guard. This compiles,
//!
//! ```
//! # use npyo::{PyArray1, prelude::*};
//! # use pyo3::Python;
//! Python::attach(|py| {
//!     let array = PyArray1::<f64>::zeros(py, 3, false);
//!     let view;
//!     {
//!         let guard = array.readonly();
//!         view = guard.as_array();
//!         assert_eq!(view.len(), 3);
//!     }
//! });
//! ```
//!
//! and with one more use of the view, when the guard is gone, it does not:
//!
//! ```compile_fail,E0597
//! # use npyo::{PyArray1, prelude::*};
//! # use pyo3::Python;
//! Python::attach(|py| {
//!     let array = PyArray1::<f64>::zeros(py, 3, false);
//!     let view;
//!     {
//!         let guard = array.readonly();
//!         view = guard.as_array();
//!         assert_eq!(view.len(), 3);
//!     }
//!     assert_eq!(view.len(), 3);
//! });
//! ```
//!
//! Nor does a guard outlive the token of its thread. A number can be returned,
//!
//! ```
//! # use npyo::{PyArray1, prelude::*};
//! # use pyo3::Python;
//! let result = Python::attach(|py| {
//!     let guard = PyArray1::<f64>::zeros(py, 3, false).into_readonly();
//!     guard.len()
//! });
//! # assert_eq!(result, 3);
//! ```
//!
//! the guard cannot:
//!
//! ```compile_fail
//! # use npyo::{PyArray1, prelude::*};
//! # use pyo3::Python;
//! let result = Python::attach(|py| {
//!     let guard = PyArray1::<f64>::zeros(py, 3, false).into_readonly();
//!     guard
//! });
//! ```

mod capsule;
mod freezing;
pub(crate) mod frozen;
pub(crate) mod guard;
pub(crate) mod memory;
#[cfg(test)]
mod model;
mod numpy_crate;
mod own;
mod padding;
pub(crate) mod registry;
mod shared;
pub(crate) mod snapshot;
mod sync;
pub(crate) mod table;
pub(crate) mod untyped;

pub use self::frozen::{
    PyFrozenArray, PyFrozenArray0, PyFrozenArray1, PyFrozenArray2, PyFrozenArray3, PyFrozenArray4,
    PyFrozenArray5, PyFrozenArray6, PyFrozenArrayDyn,
};
pub use self::guard::{
    PyReadonlyArray, PyReadonlyArray0, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3,
    PyReadonlyArray4, PyReadonlyArray5, PyReadonlyArray6, PyReadonlyArrayDyn, PyReadwriteArray,
    PyReadwriteArray0, PyReadwriteArray1, PyReadwriteArray2, PyReadwriteArray3, PyReadwriteArray4,
    PyReadwriteArray5, PyReadwriteArray6, PyReadwriteArrayDyn,
};
