//! The C structs of NumPy's iterators.

use std::ffi::{c_char, c_int};

use crate::npyffi::{
    objects::{array::PyArrayObject, header::object_struct},
    types::{npy_bool, npy_intp},
};

/// The most dimensions that the iterators from before `NpyIter` can walk, on every version.
pub const NPY_MAXDIMS_LEGACY_ITERS: usize = 32;

/// NumPy's iterator over several operands; opaque.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct NpyIter([u8; 0]);

/// Goes to the next position, and returns 0 when there is none.
pub type NpyIter_IterNextFunc = Option<unsafe extern "C" fn(*mut NpyIter) -> c_int>;
/// Writes the multi-index of the position.
pub type NpyIter_GetMultiIndexFunc = Option<unsafe extern "C" fn(*mut NpyIter, *mut npy_intp)>;

/// Translates coordinates to an address.
pub type npy_iter_get_dataptr_t =
    Option<unsafe extern "C" fn(*mut PyArrayIterObject, *mut npy_intp) -> *mut c_char>;

/// The fields of a flat iterator, `array.flat`.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct PyArrayIterObject_fields {
    pub nd_m1: c_int,
    pub index: npy_intp,
    pub size: npy_intp,
    pub coordinates: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub dims_m1: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub strides: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub backstrides: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub factors: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub ao: *mut PyArrayObject,
    pub dataptr: *mut c_char,
    pub contiguous: npy_bool,
    pub bounds: [[npy_intp; 2]; NPY_MAXDIMS_LEGACY_ITERS],
    pub limits: [[npy_intp; 2]; NPY_MAXDIMS_LEGACY_ITERS],
    pub limits_sizes: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub translate: npy_iter_get_dataptr_t,
}

object_struct! {
    /// A flat iterator.
    pub struct PyArrayIterObject { fields: PyArrayIterObject_fields }
}

/// The fields of a broadcast, `numpy.broadcast`.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct PyArrayMultiIterObject_fields {
    pub numiter: c_int,
    pub size: npy_intp,
    pub index: npy_intp,
    pub nd: c_int,
    pub dimensions: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    /// The first 32 iterators; NumPy 2 has room for 64.
    pub iters: [*mut PyArrayIterObject; 32],
}

object_struct! {
    /// A broadcast.
    pub struct PyArrayMultiIterObject { fields: PyArrayMultiIterObject_fields }
}

/// How a neighbourhood iterator pads: with zeros.
pub const NPY_NEIGHBORHOOD_ITER_ZERO_PADDING: c_int = 0;
/// How a neighbourhood iterator pads: with ones.
pub const NPY_NEIGHBORHOOD_ITER_ONE_PADDING: c_int = 1;
/// How a neighbourhood iterator pads: with a constant.
pub const NPY_NEIGHBORHOOD_ITER_CONSTANT_PADDING: c_int = 2;
/// How a neighbourhood iterator pads: as if the array repeated.
pub const NPY_NEIGHBORHOOD_ITER_CIRCULAR_PADDING: c_int = 3;
/// How a neighbourhood iterator pads: as if the array were mirrored.
pub const NPY_NEIGHBORHOOD_ITER_MIRROR_PADDING: c_int = 4;

/// The fields of a neighbourhood iterator.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct PyArrayNeighborhoodIterObject_fields {
    pub nd_m1: c_int,
    pub index: npy_intp,
    pub size: npy_intp,
    pub coordinates: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub dims_m1: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub strides: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub backstrides: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub factors: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub ao: *mut PyArrayObject,
    pub dataptr: *mut c_char,
    pub contiguous: npy_bool,
    pub bounds: [[npy_intp; 2]; NPY_MAXDIMS_LEGACY_ITERS],
    pub limits: [[npy_intp; 2]; NPY_MAXDIMS_LEGACY_ITERS],
    pub limits_sizes: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub translate: npy_iter_get_dataptr_t,
    pub nd: npy_intp,
    pub dimensions: [npy_intp; NPY_MAXDIMS_LEGACY_ITERS],
    pub _internal_iter: *mut PyArrayIterObject,
    pub constant: *mut c_char,
    pub mode: c_int,
}

object_struct! {
    /// A neighbourhood iterator.
    pub struct PyArrayNeighborhoodIterObject { fields: PyArrayNeighborhoodIterObject_fields }
}
