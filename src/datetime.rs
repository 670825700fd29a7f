//! Dates and durations: elements of `datetime64` and `timedelta64` arrays.
//!
//! The unit of time is a type parameter, so that seconds and days do not mix:
//!
//! ```
//! use npyo::datetime::{Datetime, Timedelta, units};
//! use npyo::{PyArray1, prelude::*};
//! use pyo3::{Python, ffi::c_str, types::PyAnyMethods};
//!
//! # fn main() -> pyo3::PyResult<()> {
//! Python::attach(|py| {
//!     let dates = py.eval(
//!         c"__import__('numpy').array(['2017-04-21'], dtype='M8[D]')",
//!         None,
//!         None,
//!     )?;
//!     let dates = dates.cast_into::<PyArray1<Datetime<units::Days>>>()?;
//!     assert_eq!(i64::from(dates.get_owned(0).unwrap()), 17_277);
//!     Ok(())
//! })
//! # }
//! ```

pub use crate::element::datetime::{Datetime, Timedelta, Unit, units};
