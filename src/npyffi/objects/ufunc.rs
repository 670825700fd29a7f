//! The C struct of a ufunc, and the types of its functions.

use std::ffi::{c_char, c_int, c_void};

use pyo3::ffi::PyObject;

use crate::npyffi::{
    objects::{
        array::PyArrayObject, descr::PyArray_Descr, header::object_struct, memory::NpyAuxData,
    },
    types::{NPY_CASTING, npy_intp, npy_uint32},
};

/// The fields of a ufunc.
#[repr(C)]
#[cfg_attr(Py_3_15, repr(align(8)))]
#[derive(Debug)]
pub struct PyUFuncObject_fields {
    pub nin: c_int,
    pub nout: c_int,
    /// `nin + nout`.
    pub nargs: c_int,
    /// One of [`PyUFunc_None`](crate::npyffi::PyUFunc_None) and its like.
    pub identity: c_int,
    /// `ntypes` loops.
    pub functions: *mut PyUFuncGenericFunction,
    /// `ntypes` pointers for the loops, or NULL.
    pub data: *mut *mut c_void,
    pub ntypes: c_int,
    /// Private to NumPy.
    pub reserved1: c_int,
    pub name: *const c_char,
    /// `ntypes * nargs` numbers of dtypes.
    pub types: *mut c_char,
    pub doc: *const c_char,
    /// Freed with the ufunc, by `PyMem_RawFree`; or NULL.
    pub ptr: *mut c_void,
    /// Released with the ufunc; or NULL.
    pub obj: *mut PyObject,
    pub userloops: *mut PyObject,
    /// 1 for a generalised ufunc.
    pub core_enabled: c_int,
    pub core_num_dim_ix: c_int,
    pub core_num_dims: *mut c_int,
    pub core_dim_ixs: *mut c_int,
    pub core_offsets: *mut c_int,
    pub core_signature: *mut c_char,
    pub type_resolver: PyUFunc_TypeResolutionFunc,
    /// The `__dict__`, from NumPy 2.2 on.
    pub reserved2: *mut c_void,
    #[cfg(not(Py_LIMITED_API))]
    pub vectorcall: Option<pyo3::ffi::vectorcallfunc>,
    #[cfg(Py_LIMITED_API)]
    pub vectorcall: *mut c_void,
    pub reserved3: *mut c_void,
    /// `NPY_ITER_…` flags for each operand.
    pub op_flags: *mut npy_uint32,
    /// `NPY_ITER_…` flags for the iterator.
    pub iter_flags: npy_uint32,
    /// The sizes that the signature fixes, -1 where it does not.
    pub core_dim_sizes: *mut npy_intp,
    /// [`UFUNC_CORE_DIM_CAN_IGNORE`](crate::npyffi::UFUNC_CORE_DIM_CAN_IGNORE) and its like.
    pub core_dim_flags: *mut npy_uint32,
    /// The identity, with [`PyUFunc_IdentityValue`](crate::npyffi::PyUFunc_IdentityValue).
    pub identity_value: *mut PyObject,
}

object_struct! {
    /// A ufunc.
    pub struct PyUFuncObject { fields: PyUFuncObject_fields }
}

/// A loop of a ufunc: (arguments, lengths, strides, data).
pub type PyUFuncGenericFunction =
    Option<unsafe extern "C" fn(*mut *mut c_char, *mut npy_intp, *mut npy_intp, *mut c_void)>;
pub type PyUFunc_MaskedStridedInnerLoopFunc = Option<
    unsafe extern "C" fn(
        *mut *mut c_char,
        *mut npy_intp,
        *mut c_char,
        npy_intp,
        npy_intp,
        *mut NpyAuxData,
    ),
>;
/// Picks the dtypes of a call: (ufunc, casting, operands, type tuple, out dtypes).
pub type PyUFunc_TypeResolutionFunc = Option<
    unsafe extern "C" fn(
        *mut PyUFuncObject,
        NPY_CASTING,
        *mut *mut PyArrayObject,
        *mut PyObject,
        *mut *mut PyArray_Descr,
    ) -> c_int,
>;
/// Computes the core dimensions that are -1: (ufunc, sizes).
pub type PyUFunc_ProcessCoreDimsFunc =
    Option<unsafe extern "C" fn(*mut PyUFuncObject, *mut npy_intp) -> c_int>;
