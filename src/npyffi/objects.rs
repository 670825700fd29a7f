//! The C structs of NumPy's objects, and the functions that read them.
//!
//! The structs hold the fields that every supported NumPy has, so that a reference to one never
//! spans more than the object. What only newer versions have is reached through functions.
//!
//! In a build for Python's free-threaded stable ABI (`abi3t`) the objects are opaque, and the
//! `_GET_ITEM_DATA` functions ask NumPy (2.5 or newer) where the fields are. So the functions that
//! read structs need the tables of C functions, which need the structs: the structs are here, and
//! those functions in `fields`.

mod arr_funcs;
mod array;
mod descr;
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
mod descr_proto;
mod dtype_api;
mod header;
mod iter;
mod memory;
mod scalars;
mod string_dtype;
mod ufunc;

#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
pub use self::descr_proto::*;
pub use self::{
    arr_funcs::*, array::*, descr::*, dtype_api::*, iter::*, memory::*, scalars::*,
    string_dtype::*, ufunc::*,
};
pub use crate::npyffi::fields::*;
