//! The C interface of `numpy.random`'s bit generators.

use std::ffi::{c_double, c_void};

use crate::npyffi::types::{npy_uint32, npy_uint64};

/// What the capsule of a bit generator points to.
///
/// The functions run without Python, but not on several threads at once: the generator's `lock` is
/// for that.
#[repr(C)]
#[derive(Debug)]
pub struct bitgen_t {
    /// The first argument of the functions.
    pub state: *mut c_void,
    /// The next 64 random bits.
    pub next_uint64: unsafe extern "C" fn(*mut c_void) -> npy_uint64,
    /// The next 32 random bits.
    pub next_uint32: unsafe extern "C" fn(*mut c_void) -> npy_uint32,
    /// The next double in [0, 1).
    pub next_double: unsafe extern "C" fn(*mut c_void) -> c_double,
    /// The next value of the generator as it comes.
    pub next_raw: unsafe extern "C" fn(*mut c_void) -> npy_uint64,
}
