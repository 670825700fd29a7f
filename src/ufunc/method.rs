//! Ufuncs on NumPy 2: each function is an array method, which can report an error at once, takes operands
//! that are not aligned, and runs attached unless it detaches by itself.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};
use std::ptr;

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::npyffi::{
    _PyDataType_GET_ITEM_DATA, _PyUFuncObject_GET_ITEM_DATA, NPY_ARRAYMETHOD_FLAGS, NPY_CASTING,
    NPY_METH_get_loop, NPY_METH_get_reduction_initial, NPY_METH_resolve_descriptors, NpyAuxData,
    PY_ARRAY_API, PY_UFUNC_API, PyArray_DTypeMeta, PyArrayMethod_Context, PyArrayMethod_GetLoop,
    PyArrayMethod_GetReductionInitial, PyArrayMethod_ResolveDescriptors, PyArrayMethod_Spec,
    PyArrayMethod_StridedLoop, PyUFunc_IdentityValue, PyUFunc_MinusOne, PyUFunc_None, PyUFunc_One,
    PyUFunc_Zero, PyUFuncObject, PyUFuncObject_fields, npy_bool, npy_intp,
};
use crate::ufunc::call::{Call, Failure};
use crate::ufunc::legacy::resolve_types;
use crate::ufunc::parts::{Loop, LoopData, Parts};
use crate::ufunc::run::{raising, restore, run};

/// Adds the functions to a ufunc without any.
///
/// NumPy looks for the classes of a call's dtypes among the array methods. If it finds none, it looks for
/// types to convert the arguments to in the table of the old loops, and for those again among the array
/// methods. So the table is filled as well, and its functions are never called.
///
/// # Safety
///
/// `ufunc` has just been made, without loops; it keeps `parts`, and nobody else has seen it.
pub(crate) unsafe fn complete(ufunc: &Bound<'_, PyAny>, parts: &Parts) -> PyResult<()> {
    let py = ufunc.py();
    // SAFETY: a live ufunc.
    let fields = unsafe { _PyUFuncObject_GET_ITEM_DATA(ufunc.as_ptr().cast()) };
    // SAFETY: its fields, which nobody else has seen.
    let PyUFuncObject_fields {
        nin,
        nout,
        identity,
        ..
    } = *unsafe { &*fields };
    for one in &parts.loops {
        let mut classes: Vec<*mut PyArray_DTypeMeta> = one
            .descrs
            .iter()
            .map(|descr| descr.bind(py).get_type().as_type_ptr().cast())
            .collect();
        let mut slots = Slots::default();
        slots.add(
            NPY_METH_get_loop,
            get_loop as PyArrayMethod_GetLoop as *mut c_void,
        );
        if one.is_parametric(py) {
            let resolve: PyArrayMethod_ResolveDescriptors = one.resolve;
            slots.add(NPY_METH_resolve_descriptors, resolve as *mut c_void);
        }
        if [
            PyUFunc_Zero,
            PyUFunc_One,
            PyUFunc_MinusOne,
            PyUFunc_IdentityValue,
        ]
        .contains(&identity)
        {
            let initial: PyArrayMethod_GetReductionInitial = reduction_initial;
            slots.add(NPY_METH_get_reduction_initial, initial as *mut c_void);
        }
        slots.add(0, ptr::null_mut());
        let mut flags = parts.flags();
        if identity != PyUFunc_None {
            flags = flags | NPY_ARRAYMETHOD_FLAGS::NPY_METH_IS_REORDERABLE;
        }
        let mut spec = PyArrayMethod_Spec {
            name: parts.name.as_ptr(),
            nin,
            nout,
            casting: NPY_CASTING::NPY_NO_CASTING,
            flags,
            dtypes: classes.as_mut_ptr(),
            slots: slots.0.as_mut_ptr(),
        };
        // SAFETY: a live ufunc, and a description that is right and copied.
        if unsafe { PY_UFUNC_API.PyUFunc_AddLoopFromSpec(py, ufunc.as_ptr(), &mut spec) }? < 0 {
            return Err(PyErr::fetch(py));
        }
    }
    // SAFETY: as above; the tables stay where they are while the ufunc lives.
    let fields = unsafe { &mut *fields };
    fields.functions = parts.functions.as_ptr().cast_mut();
    fields.data = parts.function_data.as_ptr().cast_mut();
    fields.types = parts.types.as_ptr().cast_mut();
    fields.ntypes = parts.functions.len() as c_int;
    if !parts.loops.iter().all(Loop::is_of_built_ins) {
        // The table has no room for user dtypes, so NumPy would convert no arguments for these functions. It
        // asks this one only if there are functions in the table, or a dictionary of others.
        fields.type_resolver = Some(resolve_types);
        fields.userloops = PyDict::new(py).into_ptr();
    }
    Ok(())
}

/// The slots of an array method.
#[derive(Default)]
struct Slots(Vec<ffi::PyType_Slot>);

impl Slots {
    fn add(&mut self, slot: c_int, pfunc: *mut c_void) {
        self.0.push(ffi::PyType_Slot { slot, pfunc });
    }
}

impl Parts {
    /// How the loops run.
    fn flags(&self) -> NPY_ARRAYMETHOD_FLAGS {
        let flags = NPY_ARRAYMETHOD_FLAGS::NPY_METH_REQUIRES_PYAPI
            | NPY_ARRAYMETHOD_FLAGS::NPY_METH_SUPPORTS_UNALIGNED;
        if self.clears_fp_errors {
            flags | NPY_ARRAYMETHOD_FLAGS::NPY_METH_NO_FLOATINGPOINT_ERRORS
        } else {
            flags
        }
    }
}

/// Picks the loop of a call of the ufunc, and gives it its data.
///
/// # Safety
///
/// As NumPy calls this function of an array method of a ufunc.
unsafe extern "C" fn get_loop(
    context: *mut PyArrayMethod_Context,
    _aligned: c_int,
    _move_references: c_int,
    _strides: *const npy_intp,
    out_loop: *mut Option<PyArrayMethod_StridedLoop>,
    out_data: *mut *mut NpyAuxData,
    out_flags: *mut NPY_ARRAYMETHOD_FLAGS,
) -> c_int {
    let pick = |_: Python<'_>| {
        // SAFETY: NumPy's promise.
        let context = unsafe { &*context };
        // SAFETY: the caller is the ufunc, which lives as long as the call.
        let parts = unsafe { Parts::of(context.caller.cast()) }?;
        // SAFETY: NumPy's promise.
        let is_called = |data: &&LoopData| unsafe { is_called(data, context) };
        let data = parts.data.iter().find(is_called).ok_or_else(|| {
            PySystemError::new_err("a loop was called for descriptors that no function is for")
        })?;
        // SAFETY: a loop, which lives as long as the ufunc.
        let is_fallible = unsafe { &*data.run }.kernel.is_fallible();
        let data = if is_fallible {
            Box::into_raw(Box::new(data.counting()))
        } else {
            (&raw const *data).cast_mut()
        };
        let strided = if is_fallible { run_counting } else { run_loop };
        // SAFETY: room for the function.
        unsafe { out_loop.write(Some(strided)) };
        // SAFETY: room for a pointer, to what starts with what NumPy wants.
        unsafe { out_data.write(data.cast()) };
        // SAFETY: room for flags.
        unsafe { out_flags.write(parts.flags() & NPY_ARRAYMETHOD_FLAGS::NPY_METH_RUNTIME_FLAGS) };
        Ok(())
    };
    // SAFETY: NumPy is attached when it picks a loop.
    match unsafe { raising(pick) } {
        Some(()) => 0,
        None => -1,
    }
}

/// Whether the function is for the descriptors of a call.
///
/// # Safety
///
/// The context has a live descriptor for each operand.
unsafe fn is_called(data: &LoopData, context: &PyArrayMethod_Context) -> bool {
    // SAFETY: a loop, which lives as long as its data.
    let one = unsafe { &*data.run };
    one.type_nums.iter().enumerate().all(|(n, &num)| {
        // SAFETY: one of the descriptors.
        let descr = unsafe { *context.descriptors.wrapping_add(n) };
        // SAFETY: a live descriptor.
        let fields = unsafe { _PyDataType_GET_ITEM_DATA(descr) };
        // SAFETY: its fields, of which this one is never written.
        num == unsafe { (*fields).type_num }
    })
}

impl LoopData {
    /// The same for one call of the ufunc, which counts its elements.
    fn counting(&self) -> Self {
        Self {
            aux: NpyAuxData {
                free: Some(free_counting),
                clone: Some(clone_counting),
                ..self.aux
            },
            done: Cell::new(self.done.get()),
            ..*self
        }
    }
}

/// # Safety
///
/// Called once, by NumPy, with data that [`get_loop`] or [`clone_counting`] has made.
unsafe extern "C" fn free_counting(data: *mut NpyAuxData) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(data.cast::<LoopData>()) });
}

/// # Safety
///
/// Called by NumPy with data that [`get_loop`] or this function has made.
unsafe extern "C" fn clone_counting(data: *mut NpyAuxData) -> *mut NpyAuxData {
    // SAFETY: the caller's promise.
    let data = unsafe { &*data.cast::<LoopData>() };
    Box::into_raw(Box::new(data.counting())).cast()
}

/// The loop of functions that return no errors.
///
/// # Safety
///
/// As NumPy calls the loop of an array method, with the data from [`get_loop`].
unsafe extern "C" fn run_loop(
    _context: *mut PyArrayMethod_Context,
    args: *const *mut c_char,
    dims: *const npy_intp,
    steps: *const npy_intp,
    data: *mut NpyAuxData,
) -> c_int {
    // SAFETY: data of a loop.
    let data = unsafe { &*data.cast::<LoopData>() };
    // SAFETY: NumPy's promise.
    let call = unsafe { Call::new(args.cast(), dims, steps) };
    // SAFETY: a call of this loop, on an attached thread, as array methods of these flags are called.
    match unsafe { run_one(data, &call) } {
        Ok(()) => 0,
        Err(failure) => {
            // SAFETY: attached, as above.
            unsafe { restore(failure.err) };
            -1
        }
    }
}

/// The loop of functions that return errors: it says which element had one.
///
/// # Safety
///
/// As [`run_loop`].
unsafe extern "C" fn run_counting(
    _context: *mut PyArrayMethod_Context,
    args: *const *mut c_char,
    dims: *const npy_intp,
    steps: *const npy_intp,
    data: *mut NpyAuxData,
) -> c_int {
    // SAFETY: data of a loop.
    let data = unsafe { &*data.cast::<LoopData>() };
    // SAFETY: NumPy's promise.
    let call = unsafe { Call::new(args.cast(), dims, steps) };
    // SAFETY: a call of this loop, on an attached thread, as array methods of these flags are called.
    match unsafe { run_one(data, &call) } {
        Ok(()) => {
            data.done.set(data.done.get() + call.len());
            0
        }
        Err(failure) => {
            // SAFETY: attached, as above.
            let py = unsafe { Python::assume_attached() };
            let done = data.done.get() + failure.done;
            if done > 0 || call.len() > 1 {
                // SAFETY: the parts live as long as the ufunc.
                add_note(py, unsafe { &*data.parts }, &failure, done);
            }
            // SAFETY: attached, as above.
            unsafe { restore(failure.err) };
            -1
        }
    }
}

/// # Safety
///
/// The call is one of the loop that the data are of, and the thread is attached.
unsafe fn run_one(data: &LoopData, call: &Call) -> Result<(), Failure> {
    // SAFETY: a loop, which lives as long as the ufunc.
    let one = unsafe { &*data.run };
    // SAFETY: the parts live as long as the ufunc.
    let parts = unsafe { &*data.parts };
    // SAFETY: the caller's promise.
    unsafe { run(parts, &*one.kernel, call) }
}

/// Says in a note, which exceptions have from Python 3.11 on, which element had the error.
#[cold]
fn add_note(py: Python<'_>, parts: &Parts, failure: &Failure, done: usize) {
    let name = parts.name.to_string_lossy();
    let note =
        format!("in element {done} of those that the ufunc '{name}' computed, counted from 0");
    // An older Python has no notes, and the error stays what it is.
    let _ = failure.err.value(py).call_method1("add_note", (note,));
}

/// Writes what a reduction starts with.
///
/// # Safety
///
/// As NumPy calls this function of an array method of a ufunc with an identity.
unsafe extern "C" fn reduction_initial(
    context: *mut PyArrayMethod_Context,
    is_empty: npy_bool,
    out: *mut c_void,
) -> c_int {
    let write = |py: Python<'_>| {
        // SAFETY: NumPy's promise.
        let context = unsafe { &*context };
        // SAFETY: the caller is the ufunc.
        let fields =
            unsafe { _PyUFuncObject_GET_ITEM_DATA(context.caller.cast::<PyUFuncObject>()) };
        // SAFETY: the first of the descriptors, that of the result.
        let descr = unsafe { *context.descriptors };
        // SAFETY: a live descriptor.
        let descr = unsafe { Bound::from_borrowed_ptr(py, descr.cast()) };
        // SAFETY: as its name says.
        let descr = unsafe { descr.cast_into_unchecked::<PyArrayDescr>() };
        // SAFETY: the fields of a live ufunc, which are not written any more.
        let fields = unsafe { &*fields };
        if descr.has_object() && is_empty == 0 {
            // Objects may not go together with the identity, and here they need not.
            return Ok(0);
        }
        if fields.identity == PyUFunc_MinusOne && b"iu".contains(&descr.kind()) {
            // SAFETY: room for one element.
            unsafe { out.cast::<u8>().write_bytes(0xff, descr.itemsize()) };
            return Ok(1);
        }
        let identity = if fields.identity == PyUFunc_IdentityValue {
            // SAFETY: an object that the ufunc has a reference to.
            unsafe { Bound::from_borrowed_ptr(py, fields.identity_value) }
        } else if fields.identity == PyUFunc_MinusOne {
            (-1).into_bound_py_any(py)?
        } else {
            // The numbers of the others are the identities.
            fields.identity.into_bound_py_any(py)?
        };
        // SAFETY: room for an element of that descriptor.
        let done =
            unsafe { PY_ARRAY_API.PyArray_Pack(py, descr.as_dtype_ptr(), out, identity.as_ptr()) }?;
        if done < 0 {
            Err(PyErr::fetch(py))
        } else {
            Ok(1)
        }
    };
    // SAFETY: NumPy is attached when it prepares a reduction.
    unsafe { raising(write) }.unwrap_or(-1)
}
