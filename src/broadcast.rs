//! Functions of single elements called for whole arrays, of any shapes and dtypes: broadcasting without a
//! ufunc.
//!
//! [`Broadcast`] takes array-likes, broadcasts them against each other, converts their elements to the types
//! of the function's arguments, and calls it for each of them. The results are new arrays, or are written to
//! given ones:
//!
//! ```
//! use npyo::PyArrayDyn;
//! use npyo::broadcast::Broadcast;
//! use pyo3::prelude::*;
//!
//! /// As `np.hypot`, but an ordinary function.
//! #[pyfunction]
//! fn hypot<'py>(
//!     x: &Bound<'py, PyAny>,
//!     y: &Bound<'py, PyAny>,
//! ) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
//!     Broadcast::new().call([x, y], |x: f64, y: f64| x.hypot(y))
//! }
//! # fn main() -> PyResult<()> {
//! #     Python::attach(|py| {
//! #         let hypot = wrap_pyfunction!(hypot)(py)?;
//! #         let array = hypot.call1((vec![3.0, 6.0], 8))?;
//! #         assert_eq!(array.get_item(1)?.extract::<f64>()?, 10.0);
//! #         assert_eq!(array.len()?, 2);
//! #         Ok(())
//! #     })
//! # }
//! ```
//!
//! A [ufunc][mod@crate::ufunc] does more: it has functions for several types, `where`, `reduce` and its like, and
//! `__array_ufunc__` of its arguments is heard. This is for functions that have other arguments too, which the
//! closure captures, for methods of classes, and for visits that return nothing.
//!
//! # Functions
//!
//! Any [`ElementFunction`][crate::ufunc::ElementFunction]: a function or closure of one to twelve elements, before
//! them a token `Python<'_>` if it needs one, that returns an element, a tuple of two to eight, nothing, or a
//! `Result` of these. The types of its arguments are to be written down. It may be called on other threads, so
//! what it captures is `Send` and `Sync`, but need not live longer than the call.
//!
//! # Arguments
//!
//! Whatever `numpy.asarray` takes. Python's own numbers take the type of the function's argument, as they do
//! in NumPy's ufuncs: an `int` that of any integer that holds it, and of any floating-point or complex number,
//! a `float` that of any floating-point or complex number. Everything else has the dtype that
//! NumPy gives it, from which the elements are converted as [`Casting`] allows.
//!
//! Arrays are borrowed while the function runs: to read, or, those that are written to, to write. A guard that
//! conflicts is an [`ArrayBorrowError`][crate::ArrayBorrowError]. Masked arrays are refused.
//!
//! # Threads
//!
//! The thread is detached while many elements are computed, unless the function takes a token, elements are
//! Python objects, or NumPy needs Python to convert them. With the feature `rayon`, `Broadcast::parallel`
//! computes on several threads.

pub(crate) mod argument;
pub(crate) mod builder;
pub(crate) mod convert;
pub(crate) mod iter;
pub(crate) mod operand;
pub(crate) mod options;
pub(crate) mod plan;
pub(crate) mod results;
pub(crate) mod run;
pub(crate) mod walk;

pub use self::argument::TakesArrays;
pub use self::builder::Broadcast;
pub use self::options::Casting;
pub use self::results::{ResultArrays, WritesTo, scalar_or_array};
