//! Low-level bindings for NumPy's C API.
//!
//! The tables of functions are [`PY_ARRAY_API`] and [`PY_UFUNC_API`]; the first use in a process
//! imports NumPy. One binary runs on NumPy 1.21 and every later one to the newest 2.x: what came
//! with a later version returns a `PyResult` whose error names the version it needs, and the
//! functions that read a C struct know the layouts of NumPy 1.x and 2.x.
//!
//! Names and signatures are those of the `numpy` crate, with these differences:
//!
//! - a C enumeration that NumPy hands back ([`NPY_ORDER`], [`NPY_CASTING`], …) is a struct around a
//!   `c_int` with a constant for each name, since a value without a name would make a Rust `enum`
//!   undefined;
//! - the functions from NumPy 1.22 on are there;
//! - `PyUFunc_SetUsesArraysAsData`, gone in NumPy 2, fails there instead of calling a null pointer.
//!
//! The raw structs are no part of the stable API. Everything here is `unsafe` to use, and what
//! makes it sound is in [NumPy's own
//! documentation](https://numpy.org/doc/stable/reference/c-api/index.html).
#![allow(
    missing_docs,
    reason = "fields and constants that NumPy's documentation describes under the same name"
)]
#![allow(
    non_camel_case_types,
    non_upper_case_globals,
    clippy::too_many_arguments,
    reason = "the names and signatures are C's"
)]

#[cfg(all(not(Py_3_15), Py_GIL_DISABLED, target_pointer_width = "32"))]
compile_error!(
    "on 32-bit platforms free-threaded Python needs 3.15 or newer: before, the layout of NumPy's objects \
     depends on how they are declared"
);

mod api;
pub mod array;
mod fields;
pub mod flags;
mod import;
pub mod objects;
pub mod random;
mod type_objects;
pub mod types;
pub mod ufunc;
mod version;

#[cfg(test)]
mod tests;

pub use self::{
    array::*,
    flags::*,
    import::{is_numpy_2, runtime_version},
    objects::*,
    random::*,
    type_objects::{NpyDTypes, NpyTypes, get_dtype_class, get_type_object},
    types::*,
    ufunc::*,
    version::{
        NPY_1_20_API_VERSION, NPY_1_21_API_VERSION, NPY_1_22_API_VERSION, NPY_1_23_API_VERSION,
        NPY_1_24_API_VERSION, NPY_1_25_API_VERSION, NPY_2_0_API_VERSION, NPY_2_1_API_VERSION,
        NPY_2_2_API_VERSION, NPY_2_3_API_VERSION, NPY_2_4_API_VERSION, NPY_2_5_API_VERSION,
        NPY_CPU_BIG, NPY_CPU_LITTLE, NPY_CPU_UNKNOWN_ENDIAN, NPY_FEATURE_VERSION,
        NPY_FEATURE_VERSION_STRING, NPY_VERSION,
    },
};

pub(crate) use self::import::{import, multiarray_module_name};
