//! The functions that read NumPy's objects, on every version.

mod array;
mod descr;
mod dtype_api;
mod item_data;
mod iter;
mod scalars;
mod ufunc;

pub use self::{array::*, descr::*, dtype_api::*, iter::*, scalars::*, ufunc::*};
