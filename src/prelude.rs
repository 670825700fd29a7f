//! The method traits, to be imported all at once.
//!
//! ```
//! use npyo::prelude::*;
//! # let _ = <[f64]>::to_pyarray;
//! ```

pub use crate::array::{PyArray0Methods, PyArrayMethods, PyUntypedArrayMethods};
pub use crate::convert::{IntoPyArray, ToPyArray};
pub use crate::dtype::PyArrayDescrMethods;
