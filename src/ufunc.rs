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
//! A function takes one to six elements and returns one, or a tuple of up to four, or a `Result` of
//! that. All are [`UfuncElement`]s: `bool`, integers, floating-point and complex numbers. It may be a
//! closure that captures what is `Send` and `Sync`, and is called on several threads at once if Python
//! calls the ufunc so.
//!
//! NumPy looks for the first function, in the order in which they were added, to whose types the
//! arguments can be converted safely. So those of small types come first.
//!
//! # Errors and panics
//!
//! An `Err` is raised as an exception, and no further element is computed; what has been written to the
//! results stays there. A panic is raised as PyO3's `PanicException`.
//!
//! # Threads
//!
//! NumPy detaches the thread while it computes large arrays. The functions do not get a token.
//!
//! # Floating-point errors
//!
//! NumPy looks at the processor's flags afterwards and warns, or does what `numpy.errstate` says, of
//! divisions by zero and invalid operations, as it does for its own functions.

pub(crate) mod builder;
pub(crate) mod call;
pub(crate) mod core;
pub(crate) mod core_dims;
pub(crate) mod core_function;
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
