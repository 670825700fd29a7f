//! Universal functions, `numpy.ufunc`, made of Rust functions.
//!
//! A universal function works on arrays element by element: it broadcasts its arguments, converts
//! them, and has `out`, `where`, `dtype`, `reduce`, `accumulate`, `outer` and `at`. NumPy does all of
//! that, given functions of single elements:
//!
//! ```
//! # #[cfg(feature = "derive")]
//! # mod example {
//! use num_traits::Float;
//! use pyo3::exceptions::PyZeroDivisionError;
//! use pyo3::prelude::*;
//!
//! /// Logit of a probability, ln(p / (1 - p)).
//! #[npyo::ufunc(types(f32, f64))]
//! fn logit<T: Float>(p: T) -> T {
//!     (p / (T::one() - p)).ln()
//! }
//!
//! /// The quotient and the remainder, which is not negative.
//! #[npyo::ufunc]
//! fn div_rem(a: i64, b: i64) -> PyResult<(i64, i64)> {
//!     match (a.checked_div_euclid(b), a.checked_rem_euclid(b)) {
//!         (Some(quotient), Some(remainder)) => Ok((quotient, remainder)),
//!         _ => Err(PyZeroDivisionError::new_err(format!("{a} cannot be divided by {b}"))),
//!     }
//! }
//!
//! #[pymodule]
//! mod special {
//!     #[pymodule_export]
//!     use super::{div_rem, logit};
//! }
//! # pub fn main() -> PyResult<()> {
//! #     Python::attach(|py| {
//! #         let special = pyo3::wrap_pymodule!(special)(py);
//! #         let logit = special.bind(py).getattr("logit")?;
//! #         assert_eq!(logit.call1((0.5,))?.extract::<f64>()?, 0.0);
//! #         let div_rem = special.bind(py).getattr("div_rem")?;
//! #         assert_eq!(div_rem.call1((-7, 2))?.extract::<(i64, i64)>()?, (-4, 1));
//! #         Ok(())
//! #     })
//! # }
//! # }
//! # #[cfg(feature = "derive")]
//! # fn main() -> pyo3::PyResult<()> { example::main() }
//! # #[cfg(not(feature = "derive"))]
//! # fn main() {}
//! ```
//!
//! In Python, `special.logit(array)` then is as `np.log(array)`. In a module that is a function,
//! `npyo::add_ufuncs!(module, logit, div_rem)?` adds them. The attribute comes with the feature
//! `derive`, which is on by default.
//!
//! [`UfuncBuilder`] does the same without a macro, and takes closures:
//!
//! ```
//! use npyo::ufunc::UfuncBuilder;
//! use pyo3::prelude::*;
//!
//! #[pymodule]
//! fn special(module: &Bound<'_, PyModule>) -> PyResult<()> {
//!     npyo::init(module.py())?;
//!     UfuncBuilder::new("logit")
//!         .doc("Logit of a probability, ln(p / (1 - p)).")
//!         .function(|p: f32| (p / (1.0 - p)).ln())
//!         .function(|p: f64| (p / (1.0 - p)).ln())
//!         .add_to(module)
//! }
//! # fn main() -> PyResult<()> {
//! #     Python::attach(|py| {
//! #         let special = pyo3::wrap_pymodule!(special)(py);
//! #         let logit = special.bind(py).getattr("logit")?;
//! #         assert_eq!(logit.call1((0.5,))?.extract::<f64>()?, 0.0);
//! #         Ok(())
//! #     })
//! # }
//! ```
//!
//! # Functions
//!
//! A function takes one to twelve elements and returns one, or a tuple of up to eight, or a `Result` of
//! that. It may be a closure that captures what is `Send` and `Sync`, and is called on several threads at
//! once if Python calls the ufunc so. Every [`Element`][crate::Element] will do: numbers, `bool`, dates and
//! durations, strings of a fixed length, records and enumerations by `#[derive(Element)]`, Python objects.
//!
//! NumPy looks for the first function, in the order in which they were added, to whose types the
//! arguments can be converted safely. So those of small types come first. Elements with a unit, a length
//! or fields want arguments that convert to just that without loss: a function of
//! [`Datetime<Days>`][crate::datetime::Datetime] takes months and weeks, and hours only with
//! `casting="unsafe"`. There is one function for each combination of NumPy's classes of dtypes, so not two
//! that differ in a unit.
//!
//! A function whose first argument is a token, [`Python<'_>`][pyo3::Python], runs on an attached thread:
//!
//! ```
//! # #[cfg(feature = "derive")]
//! # mod example {
//! use pyo3::prelude::*;
//!
//! /// The text, so many times.
//! #[npyo::ufunc]
//! fn repeat(py: Python<'_>, text: Py<PyAny>, count: i64) -> PyResult<Py<PyAny>> {
//!     Ok(text.bind(py).mul(count)?.unbind())
//! }
//! # #[pymodule]
//! # mod texts {
//! #     #[pymodule_export]
//! #     use super::repeat;
//! # }
//! # pub fn main() -> PyResult<()> {
//! #     Python::attach(|py| {
//! #         let repeat = pyo3::wrap_pymodule!(texts)(py).bind(py).getattr("repeat")?;
//! #         let texts: Vec<String> = repeat.call1((["ab", "c"], [1, 2]))?.extract()?;
//! #         assert_eq!(texts, ["ab", "cc"]);
//! #         Ok(())
//! #     })
//! # }
//! # }
//! # #[cfg(feature = "derive")]
//! # fn main() -> pyo3::PyResult<()> { example::main() }
//! # #[cfg(not(feature = "derive"))]
//! # fn main() {}
//! ```
//!
//! # Functions of arrays
//!
//! A generalised ufunc works on sub-arrays. Its signature, in [NumPy's notation][signature], names their
//! dimensions, and its functions get views of [ndarray]:
//!
//! ```
//! # #[cfg(feature = "derive")]
//! # mod example {
//! use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, linalg::general_mat_mul};
//! use num_traits::Float;
//! # use pyo3::prelude::*;
//!
//! /// The distance of two points.
//! #[npyo::gufunc("(n),(n)->()", types(f32, f64))]
//! fn distance<T: Float>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>) -> T {
//!     let squares = x.iter().zip(y).map(|(&x, &y)| (x - y) * (x - y));
//!     squares.fold(T::zero(), |sum, square| sum + square).sqrt()
//! }
//!
//! /// The matrix product.
//! #[npyo::gufunc("(m,n),(n,p)->(m,p)")]
//! fn matmul(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
//!     general_mat_mul(1.0, &a, &b, 0.0, &mut out);
//! }
//! # #[pymodule]
//! # mod geometry {
//! #     #[pymodule_export]
//! #     use super::{distance, matmul};
//! # }
//! # pub fn main() -> PyResult<()> {
//! #     Python::attach(|py| {
//! #         let geometry = pyo3::wrap_pymodule!(geometry)(py);
//! #         let distance = geometry.bind(py).getattr("distance")?;
//! #         assert_eq!(distance.call1(([3.0, 0.0], [0.0, 4.0]))?.extract::<f64>()?, 5.0);
//! #         let matmul = geometry.bind(py).getattr("matmul")?;
//! #         let product = matmul.call1(([[1.0, 2.0]], [[3.0], [4.0]]))?;
//! #         assert_eq!(product.extract::<Vec<Vec<f64>>>()?, [[11.0]]);
//! #         Ok(())
//! #     })
//! # }
//! # }
//! # #[cfg(feature = "derive")]
//! # fn main() -> pyo3::PyResult<()> { example::main() }
//! # #[cfg(not(feature = "derive"))]
//! # fn main() {}
//! ```
//!
//! Dimensions may be fixed (`(3)`), optional (`(m?,n)`, where a missing one has length 1) or computed
//! ([`GufuncBuilder::core_dims`]). A view is one of the array itself where its layout allows that, else of a
//! copy. The elements of a view of a result have any value before they are written, and all are to be
//! written. While a function runs, the memory that it sees is borrowed, so that arguments that some guard
//! holds for writing are refused with a [`BorrowError`][crate::BorrowError], and so is one of two calls that
//! write to one array at the same time.
//!
//! # Errors and panics
//!
//! An `Err` is raised as an exception, and no further element is computed; what has been written to the
//! results stays there. (NumPy 1 goes on converting what was not computed, if the results are converted.)
//! From NumPy 2.0 and Python 3.11 on, a note of the exception says which element it was.
//! A panic is raised as PyO3's `PanicException`.
//!
//! # Threads
//!
//! Large arrays are computed detached, so that other threads of Python can run meanwhile, unless the function
//! takes a token or its elements need one: Python objects, and enumerations, whose values are checked.
#![cfg_attr(
    feature = "rayon",
    doc = "With [`parallel`][UfuncBuilder::parallel] (feature `rayon`), several threads compute them."
)]
#![cfg_attr(
    not(feature = "rayon"),
    doc = "With `parallel` (feature `rayon`), several threads compute them."
)]
//!
//! # Floating-point errors
//!
//! NumPy looks at the processor's flags afterwards and warns, or does what `numpy.errstate` says, of
//! divisions by zero and invalid operations, as it does for its own functions. On x86 a comparison with NaN,
//! such as `a < b`, is an invalid operation as well, when the compiler makes vector code of it. And it may
//! compute more than a function asks for, such as both sides of an `if`, and so raise flags without a reason.
//! Where that is in the way,
//! [`without_fp_errors`][UfuncBuilder::without_fp_errors] keeps NumPy from looking.
//!
//! # Versions of NumPy
//!
//! The same functions are array methods on NumPy 2 and loops of the older kind on NumPy 1. What differs is
//! NumPy's own: there, a number of Python's converts by its value; `accumulate` and `reduce` of records need
//! 1.23; computed dimensions need 2.1, and `out` before.
//!
//! [signature]: https://numpy.org/doc/stable/reference/c-api/generalized-ufuncs.html

pub(crate) mod builder;
pub(crate) mod call;
pub(crate) mod core;
pub(crate) mod core_dims;
pub(crate) mod core_function;
pub(crate) mod descriptors;
pub(crate) mod element;
pub(crate) mod function;
pub(crate) mod gufunc;
pub(crate) mod legacy;
pub(crate) mod make;
pub(crate) mod method;
pub(crate) mod operand;
#[cfg(feature = "rayon")]
pub(crate) mod parallel;
pub(crate) mod parts;
pub(crate) mod results;
pub(crate) mod run;
pub(crate) mod signature;

pub use self::builder::{Identity, UfuncBuilder};
pub use self::core::CoreArgument;
pub use self::core_function::CoreFunction;
pub use self::element::UfuncElement;
pub use self::function::{Attached, ElementFunction};
pub use self::gufunc::GufuncBuilder;
pub use self::results::Results;
