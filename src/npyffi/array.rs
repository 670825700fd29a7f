//! NumPy's [array API](https://numpy.org/doc/stable/reference/c-api/array.html).
//!
//! `PyArray_malloc`, `PyArray_realloc` and `PyArray_free` are `PyMem_RawMalloc` and its like.

mod check;
mod table;

pub use self::{check::*, table::*};
