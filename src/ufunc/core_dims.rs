//! Core dimensions of generalised ufuncs: whether NumPy reads a signature as it is read here, and sizes that a
//! function computes.

use std::ffi::c_int;
use std::slice;

use pyo3::exceptions::{PySystemError, PyValueError};
use pyo3::prelude::*;

use crate::npyffi::{
    _PyUFuncObject_GET_ITEM_DATA, NPY_2_1_API_VERSION, PyUFunc_SET_PROCESS_CORE_DIMS_FUNC,
    PyUFuncObject, npy_intp, runtime_version,
};
use crate::ufunc::parts::Parts;
use crate::ufunc::run::raising;
use crate::ufunc::signature::Signature;

/// # Errors
///
/// If NumPy has other core dimensions than the signature, on which the loops rely.
///
/// # Safety
///
/// `ufunc` is one that was made with a signature.
pub(crate) unsafe fn check(ufunc: &Bound<'_, PyAny>, signature: &Signature) -> PyResult<()> {
    // SAFETY: a live ufunc.
    let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc.as_ptr().cast()) };
    // SAFETY: its fields, which are not written any more.
    let fields = unsafe { &*fields };
    let is_same = |(n, dims): (usize, &Vec<usize>)| {
        // SAFETY: there is a number for each operand.
        let ndim = unsafe { *fields.core_num_dims.wrapping_add(n) } as usize;
        // SAFETY: as above.
        let offset = unsafe { *fields.core_offsets.wrapping_add(n) } as usize;
        ndim == dims.len()
            && dims.iter().enumerate().all(|(axis, &dim)| {
                // SAFETY: an operand has as many numbers from its offset on.
                let found = unsafe { *fields.core_dim_ixs.wrapping_add(offset + axis) };
                found as usize == dim
            })
    };
    // A signature of nothing but `()` makes a ufunc of elements.
    let is_elementwise = fields.core_enabled == 0 && signature.operands.iter().all(Vec::is_empty);
    if is_elementwise
        || (fields.nargs as usize == signature.operands.len()
            && signature.operands.iter().enumerate().all(is_same))
    {
        return Ok(());
    }
    Err(PySystemError::new_err(
        "NumPy reads the signature of the ufunc in another way than npyo; please report this",
    ))
}

/// Whether NumPy asks for sizes.
pub(crate) fn are_computed(py: Python<'_>) -> bool {
    runtime_version(py) >= NPY_2_1_API_VERSION
}

/// Makes NumPy ask the function of the parts for sizes, as it does if [`are_computed`] says so.
///
/// # Safety
///
/// `ufunc` was made of parts that it keeps, and nobody else has seen it.
pub(crate) unsafe fn compute(ufunc: &Bound<'_, PyAny>) -> PyResult<()> {
    let object = ufunc.as_ptr().cast();
    // SAFETY: the caller's promise.
    unsafe { PyUFunc_SET_PROCESS_CORE_DIMS_FUNC(ufunc.py(), object, Some(process)) }
}

/// Computes the sizes of a call.
///
/// # Safety
///
/// As NumPy calls this function of a ufunc.
unsafe extern "C" fn process(ufunc: *mut PyUFuncObject, sizes: *mut npy_intp) -> c_int {
    let compute = |_: Python<'_>| {
        // SAFETY: a live ufunc.
        let parts = unsafe { Parts::of(ufunc) }?;
        let (Some(signature), Some(core_dims)) = (&parts.core, &parts.core_dims) else {
            return Ok(());
        };
        // SAFETY: a size for each core dimension, -1 where there is none, which nobody else uses now.
        let sizes = unsafe { slice::from_raw_parts_mut(sizes, signature.dims) };
        let mut known: Vec<_> = sizes
            .iter()
            .map(|&size| usize::try_from(size).ok())
            .collect();
        core_dims(&mut known)?;
        for (size, computed) in sizes.iter_mut().zip(known) {
            let unknown = Some(size).filter(|size| **size < 0);
            if let (Some(size), Some(computed)) = (unknown, computed) {
                *size = isize::try_from(computed).map_err(|_| {
                    PyValueError::new_err(format!("{computed} elements are too many for an array"))
                })?;
            }
        }
        Ok(())
    };
    // SAFETY: NumPy is attached when it prepares a call.
    match unsafe { raising(compute) } {
        Some(()) => 0,
        None => -1,
    }
}
