//! The C structs of memory handlers, and of data that a loop or dtype owns.

use std::ffi::{c_char, c_void};

/// The functions of a memory handler. `free` gets the size as well.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyDataMemAllocator {
    pub ctx: *mut c_void,
    pub malloc: Option<unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void>,
    pub calloc: Option<unsafe extern "C" fn(*mut c_void, usize, usize) -> *mut c_void>,
    pub realloc: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize) -> *mut c_void>,
    pub free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize)>,
}

/// A memory handler: what the capsule "mem_handler" holds.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct PyDataMem_Handler {
    pub name: [c_char; 127],
    /// 1.
    pub version: u8,
    pub allocator: PyDataMemAllocator,
}

pub type PyDataMem_EventHookFunc =
    Option<unsafe extern "C" fn(*mut c_void, *mut c_void, usize, *mut c_void)>;

/// Data of a loop, with how to free and clone it. To be the first field of a larger struct.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct NpyAuxData {
    pub free: NpyAuxData_FreeFunc,
    pub clone: NpyAuxData_CloneFunc,
    pub reserved: [*mut c_void; 2],
}

pub type NpyAuxData_FreeFunc = Option<unsafe extern "C" fn(*mut NpyAuxData)>;
pub type NpyAuxData_CloneFunc = Option<unsafe extern "C" fn(*mut NpyAuxData) -> *mut NpyAuxData>;
