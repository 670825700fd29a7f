//! The twin of `_operand_flag_tests`: a ufunc without results that writes to its first argument, by flags
//! that only the C API has.

#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};

use npyo::PY_UFUNC_API;
use npyo::npyffi::flags::{NPY_ITER_READWRITE, NPY_ITER_REDUCE_OK};
use npyo::npyffi::{
    _PyUFuncObject_GET_ITEM_DATA, NPY_TYPES, PyUFunc_None, PyUFuncGenericFunction, npy_intp,
};
use pyo3::prelude::*;

const TYPES: [c_char; 2] = [NPY_TYPES::NPY_INTP as c_char; 2];

/// The tables that the ufunc borrows for as long as it lives, which is for ever.
struct Tables {
    functions: [PyUFuncGenericFunction; 1],
    data: [*mut c_void; 1],
    types: [c_char; 2],
}

pub(crate) fn fill(twin: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = twin.py();
    let tables = Box::leak(Box::new(Tables {
        functions: [Some(inplace_add)],
        data: [std::ptr::null_mut()],
        types: TYPES,
    }));
    // SAFETY: tables of one loop of two operands, which are never freed, and static texts.
    let ufunc = unsafe {
        PY_UFUNC_API.PyUFunc_FromFuncAndData(
            py,
            tables.functions.as_mut_ptr(),
            tables.data.as_mut_ptr(),
            tables.types.as_mut_ptr(),
            tables.functions.len() as c_int,
            2,
            0,
            PyUFunc_None,
            c"inplace_add".as_ptr(),
            c"Adds the second argument to the first, in place.".as_ptr(),
            0,
        )
    };
    // SAFETY: an owned reference, or NULL with an exception set.
    let ufunc = unsafe { Bound::from_owned_ptr_or_err(py, ufunc) }?;
    // SAFETY: a live ufunc.
    let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc.as_ptr().cast()) };
    // SAFETY: the fields of a ufunc that nobody else has seen.
    let fields = unsafe { &mut *fields };
    // SAFETY: there is a number of flags for each of the operands, of which there are two.
    unsafe { *fields.op_flags = NPY_ITER_READWRITE };
    fields.iter_flags = NPY_ITER_REDUCE_OK;
    twin.add("inplace_add", ufunc)
}

/// The loop of `inplace_add`.
///
/// # Safety
///
/// As NumPy calls the loop of a ufunc of two `intp`s without results.
unsafe extern "C" fn inplace_add(
    args: *mut *mut c_char,
    dims: *mut npy_intp,
    steps: *mut npy_intp,
    _data: *mut c_void,
) {
    // SAFETY: the first dimension is the number of elements.
    let len = unsafe { *dims };
    // SAFETY: pointers to the elements of both operands.
    let places = unsafe { *args.cast::<[*mut c_char; 2]>() };
    // SAFETY: the steps between them.
    let steps = unsafe { *steps.cast::<[npy_intp; 2]>() };
    for i in 0..len {
        let [sum, other] =
            [0, 1].map(|n| places[n].wrapping_offset(i * steps[n]).cast::<npy_intp>());
        // SAFETY: an element of the second operand, which NumPy aligns.
        let other = unsafe { *other };
        // SAFETY: an element of the first, which the flags let this loop write; no reference lives.
        unsafe { *sum = (*sum).wrapping_add(other) };
    }
}
