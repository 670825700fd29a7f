//! Ufuncs on NumPy 1: loops of the old kind, which cannot report an error, and a function that picks the
//! types of a call where they have parameters.

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::record::deep_copy_of;
use crate::npyffi::{
    _PyArray_GET_ITEM_DATA, _PyDataType_GET_ITEM_DATA, _PyUFuncObject_GET_ITEM_DATA, NPY_CASTING,
    PY_ARRAY_API, PY_UFUNC_API, PyArray_Descr, PyArrayObject, PyUFuncObject, npy_intp,
};
use crate::ufunc::call::Call;
use crate::ufunc::parts::{Loop, LoopData, Parts};
use crate::ufunc::run::{raising, restore, run};

/// Adds what NumPy's table of loops has no room for.
///
/// # Safety
///
/// `ufunc` has just been made of `parts`, which it keeps, and nobody else has seen it.
pub(crate) unsafe fn complete(ufunc: &Bound<'_, PyAny>, parts: &Parts) -> PyResult<()> {
    let py = ufunc.py();
    let object: *mut PyUFuncObject = ufunc.as_ptr().cast();
    for (one, data) in parts.loops.iter().zip(&parts.data) {
        if one.is_of_built_ins() {
            continue;
        }
        let user_types = one.type_nums.iter().filter(|&&num| num >= 256);
        for &user_type in user_types.take(1) {
            let mut type_nums = one.type_nums.clone();
            let data = (&raw const *data).cast_mut().cast();
            // SAFETY: a new ufunc, a type with a number, the numbers of all operands, and data that live
            // as long as the ufunc.
            let added = unsafe {
                PY_UFUNC_API.PyUFunc_RegisterLoopForType(
                    py,
                    object,
                    user_type,
                    Some(run_loop),
                    type_nums.as_mut_ptr(),
                    data,
                )
            };
            if added < 0 {
                return Err(PyErr::fetch(py));
            }
        }
    }
    if parts.loops.iter().any(|one| one.is_parametric(py)) {
        // SAFETY: a live ufunc.
        let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(object) };
        // SAFETY: nobody else has seen the ufunc.
        unsafe { (*fields).type_resolver = Some(resolve_types) };
    }
    Ok(())
}

/// The loop that NumPy calls.
///
/// NumPy may have detached the thread, of which PyO3 knows nothing: if the ufunc was called by way of
/// PyO3, that takes the thread for attached, and a function that attaches would run without being so.
/// So the thread is attached here, and detached by PyO3.
///
/// NumPy may call the loop again for further elements before it looks at the exception. Those calls do
/// nothing.
///
/// # Safety
///
/// As NumPy calls the loops of a ufunc: with the data of this loop, and with what [`Call`] asks for.
pub(crate) unsafe extern "C" fn run_loop(
    args: *mut *mut c_char,
    dims: *mut npy_intp,
    steps: *mut npy_intp,
    data: *mut c_void,
) {
    // SAFETY: the interpreter runs, as it is NumPy that calls; this may be called attached or not.
    let state = unsafe { ffi::PyGILState_Ensure() };
    // SAFETY: the thread has just been attached, and stays so until the token is out of use.
    let py = unsafe { Python::assume_attached() };
    if !PyErr::occurred(py) {
        // SAFETY: data of a loop, which live as long as the ufunc.
        let data = unsafe { &*data.cast::<LoopData>() };
        // SAFETY: NumPy's promise.
        let call = unsafe { Call::new(args.cast(), dims, steps) };
        // SAFETY: a loop, which lives as long as the ufunc.
        let one: &Loop = unsafe { &*data.run };
        // SAFETY: as above.
        let parts = unsafe { &*data.parts };
        // SAFETY: attached, and a call of this loop.
        if let Err(failure) = unsafe { run(parts, &*one.kernel, &call) } {
            // SAFETY: attached.
            unsafe { restore(failure.err) };
        }
    }
    // SAFETY: what was ensured above, on this thread.
    unsafe { ffi::PyGILState_Release(state) };
}

/// Picks the descriptors of a call: those of the first function to whose types the arguments can be converted
/// safely.
///
/// # Safety
///
/// As NumPy calls the type resolver of a ufunc.
pub(crate) unsafe extern "C" fn resolve_types(
    ufunc: *mut PyUFuncObject,
    casting: NPY_CASTING,
    operands: *mut *mut PyArrayObject,
    type_tup: *mut ffi::PyObject,
    out_dtypes: *mut *mut PyArray_Descr,
) -> c_int {
    let picked = |py: Python<'_>| {
        // SAFETY: a live ufunc.
        let parts = unsafe { Parts::of(ufunc) }?;
        // SAFETY: attached.
        let is_free = type_tup.is_null() || ptr::eq(type_tup, unsafe { ffi::Py_None() });
        if is_free {
            // SAFETY: NumPy's promise.
            let fits = |one: &&Loop| unsafe { fits(py, one, ufunc, casting, operands) };
            let Some(one) = parts.loops.iter().find(fits) else {
                return Err(no_loop(parts));
            };
            let descrs = copies(py, &one.descrs)?;
            // SAFETY: room for the descriptors of all operands.
            unsafe { hand_over(descrs, out_dtypes) };
            return Ok(0);
        }
        // SAFETY: NumPy's own promise.
        let done = unsafe {
            PY_UFUNC_API
                .PyUFunc_DefaultTypeResolver(py, ufunc, casting, operands, type_tup, out_dtypes)
        };
        if done == 0 {
            // SAFETY: the descriptors that NumPy has just picked.
            unsafe { complete_types(py, parts, out_dtypes) }?;
        }
        Ok(done)
    };
    // SAFETY: NumPy is attached when it picks types.
    unsafe { raising(picked) }.unwrap_or(-1)
}

/// NumPy's own error.
#[cold]
fn no_loop(parts: &Parts) -> PyErr {
    PyTypeError::new_err(format!(
        "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any \
         supported types according to the casting rule ''safe''",
        parts.name.to_string_lossy(),
    ))
}

/// Whether a function can be called with these arguments.
///
/// # Safety
///
/// `operands` has a live array, or for a result NULL, for each operand of the ufunc.
unsafe fn fits(
    py: Python<'_>,
    one: &Loop,
    ufunc: *mut PyUFuncObject,
    casting: NPY_CASTING,
    operands: *mut *mut PyArrayObject,
) -> bool {
    // SAFETY: a live ufunc.
    let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc) };
    // SAFETY: its fields.
    let inputs = unsafe { (*fields).nin } as usize;
    let safely = casting.min(NPY_CASTING::NPY_SAFE_CASTING);
    one.descrs.iter().enumerate().all(|(n, descr)| {
        let descr = descr.bind(py).as_dtype_ptr();
        // SAFETY: one of the operands.
        let array = unsafe { *operands.wrapping_add(n) };
        if array.is_null() {
            return true;
        }
        // SAFETY: a live array.
        let found = unsafe { _PyArray_GET_ITEM_DATA(array) };
        // SAFETY: its fields.
        let found = unsafe { (*found).descr };
        if n >= inputs {
            // SAFETY: live descriptors.
            return unsafe { PY_ARRAY_API.PyArray_CanCastTypeTo(py, descr, found, casting) } != 0;
        }
        // SAFETY: a live descriptor.
        let fields = unsafe { _PyDataType_GET_ITEM_DATA(found) };
        // SAFETY: its fields.
        let is_same_type = one.type_nums[n] == unsafe { (*fields).type_num };
        // With `casting="unsafe"`, only units and lengths may differ.
        (is_same_type && casting == NPY_CASTING::NPY_UNSAFE_CASTING)
            // SAFETY: a live array and descriptor.
            || unsafe { PY_ARRAY_API.PyArray_CanCastArrayTo(py, array, descr, safely) } != 0
    })
}

/// The descriptors for a call. Results get them, and Python code can set the names of the fields of a record.
fn copies<'py>(
    py: Python<'py>,
    descrs: &[Py<PyArrayDescr>],
) -> PyResult<Vec<Bound<'py, PyArrayDescr>>> {
    let copy = |descr: &Py<PyArrayDescr>| {
        let descr = descr.bind(py);
        match descr.has_fields() {
            true => deep_copy_of(descr.as_borrowed()),
            false => Ok(descr.clone()),
        }
    };
    descrs.iter().map(copy).collect()
}

/// Gives references to descriptors to NumPy.
///
/// # Safety
///
/// There is room for as many.
unsafe fn hand_over(descrs: Vec<Bound<'_, PyArrayDescr>>, out: *mut *mut PyArray_Descr) {
    for (n, descr) in descrs.into_iter().enumerate() {
        // SAFETY: the caller's promise.
        unsafe { out.wrapping_add(n).write(descr.into_dtype_ptr()) };
    }
}

/// Replaces descriptors that NumPy picked by their number by those of the function with these numbers.
///
/// # Safety
///
/// `picked` has an owned reference to a descriptor for each operand.
unsafe fn complete_types(
    py: Python<'_>,
    parts: &Parts,
    picked: *mut *mut PyArray_Descr,
) -> PyResult<()> {
    let num = |n: usize| {
        // SAFETY: one of the descriptors.
        let descr = unsafe { *picked.wrapping_add(n) };
        // SAFETY: a live descriptor.
        let descr = unsafe { Bound::from_borrowed_ptr(py, descr.cast()) };
        // SAFETY: NumPy picks descriptors.
        unsafe { descr.cast_into_unchecked::<PyArrayDescr>() }.num()
    };
    let is_picked = |one: &&Loop| {
        one.type_nums
            .iter()
            .enumerate()
            .all(|(n, &wanted)| num(n) == wanted)
    };
    let Some(one) = parts.loops.iter().find(is_picked) else {
        return Ok(());
    };
    let descrs = copies(py, &one.descrs)?;
    for n in 0..one.descrs.len() {
        // SAFETY: one of the descriptors.
        let descr = unsafe { *picked.wrapping_add(n) };
        // SAFETY: an owned reference, which is replaced.
        drop(unsafe { Bound::from_owned_ptr(py, descr.cast()) });
    }
    // SAFETY: room for the descriptors of all operands.
    unsafe { hand_over(descrs, picked) };
    Ok(())
}
