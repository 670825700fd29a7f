//! Which bit generators Rust can have to itself.

use std::ptr::NonNull;

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCFunction, PyCapsule};
use pyo3::{ffi, intern};

use super::handle::{PyBitGenerator, attribute};
use crate::npyffi::bitgen_t;

/// Where the functions of a generator are that nothing else can draw from.
///
/// The garbage collector does not know of the generator from then on; see [`share`].
///
/// # Errors
///
/// If something else refers to it, or if it is not complete.
pub(super) fn claim(generator: &Bound<'_, PyBitGenerator>) -> PyResult<NonNull<bitgen_t>> {
    // SAFETY: a live object; this does nothing to one that is not tracked.
    unsafe { ffi::PyObject_GC_UnTrack(generator.as_ptr().cast()) };
    let claimed = if is_referred_to_once(generator)? {
        bitgen(generator)
    } else {
        Err(shared())
    };
    if claimed.is_err() {
        share(generator);
    }
    claimed
}

/// Makes a generator an ordinary object again.
pub(super) fn share(generator: &Bound<'_, PyBitGenerator>) {
    // SAFETY: a live object.
    let is_tracked = unsafe { ffi::PyObject_GC_IsTracked(generator.as_ptr()) } != 0;
    // SAFETY: the type of a live object.
    let flags = unsafe { ffi::PyType_GetFlags(generator.get_type().as_type_ptr()) };
    if !is_tracked && flags & ffi::Py_TPFLAGS_HAVE_GC != 0 {
        // SAFETY: a complete object of a class that takes part in garbage collection, and which is
        // not tracked.
        unsafe { ffi::PyObject_GC_Track(generator.as_ptr().cast()) };
    }
}

/// Whether the reference at hand is the only one.
fn is_referred_to_once(generator: &Bound<'_, PyBitGenerator>) -> PyResult<bool> {
    Ok(weak_references(generator)? == 0 && is_unique(generator))
}

#[cfg(all(Py_GIL_DISABLED, not(Py_LIMITED_API)))]
fn is_unique(generator: &Bound<'_, PyBitGenerator>) -> bool {
    // SAFETY: a live object.
    unsafe { ffi::PyUnstable_Object_IsUniquelyReferenced(generator.as_ptr()) != 0 }
}

#[cfg(not(all(Py_GIL_DISABLED, not(Py_LIMITED_API))))]
fn is_unique(generator: &Bound<'_, PyBitGenerator>) -> bool {
    references(generator) == 1
}

fn references(ob: &Bound<'_, PyAny>) -> isize {
    // SAFETY: a live object.
    unsafe { ffi::Py_REFCNT(ob.as_ptr()) }
}

/// How many weak references there are to an object, by the interpreter's own function.
fn weak_references(ob: &Bound<'_, PyAny>) -> PyResult<usize> {
    static FUNCTION: PyOnceLock<Py<PyCFunction>> = PyOnceLock::new();
    let py = ob.py();
    let function = FUNCTION.get_or_try_init(py, || {
        let name = intern!(py, "getweakrefcount");
        let function = py.import("_weakref")?.getattr(name)?;
        // Python code can put its own function there, but not make one of this class.
        let function = function.cast_into_exact::<PyCFunction>()?;
        if function.getattr(intern!(py, "__name__"))?.eq(name)? {
            Ok(function.unbind())
        } else {
            Err(PyTypeError::new_err(
                "_weakref.getweakrefcount is another function",
            ))
        }
    })?;
    function.bind(py).call1((ob,))?.extract()
}

/// Where the functions of a generator are.
fn bitgen(generator: &Bound<'_, PyBitGenerator>) -> PyResult<NonNull<bitgen_t>> {
    let py = generator.py();
    let capsule = attribute(generator, intern!(py, "capsule"))?;
    let lock = attribute(generator, intern!(py, "lock"))?;
    // A `numpy.random.Generator` that lost its bit generator on the way still has these.
    if capsule.is_instance_of::<PyCapsule>() && references(&capsule).max(references(&lock)) > 2 {
        return Err(shared());
    }
    let capsule = capsule.cast_into::<PyCapsule>().map_err(|_| incomplete())?;
    let bitgen = capsule
        .pointer_checked(Some(c"BitGenerator"))?
        .cast::<bitgen_t>();
    let size: usize = py
        .get_type::<PyAny>()
        .call_method1(intern!(py, "__sizeof__"), (generator,))?
        .extract()?;
    let start = generator.as_ptr().addr();
    let room = start
        ..=start
            .saturating_add(size)
            .saturating_sub(size_of::<bitgen_t>());
    if !room.contains(&bitgen.as_ptr().addr()) {
        return Err(PyTypeError::new_err(
            "the bit generator has the capsule of another one",
        ));
    }
    // SAFETY: within the object, which is initialised, if with zeros, as all objects of Python are;
    // a `bitgen_t` begins with five pointers.
    let pointers = unsafe { bitgen.cast::<[usize; 5]>().read() };
    if pointers.contains(&0) {
        return Err(incomplete());
    }
    Ok(bitgen)
}

fn shared() -> PyErr {
    PyRuntimeError::new_err(
        "something else refers to the new bit generator, if only weakly, so Rust cannot have it to \
         itself; what makes bit generators must not keep them",
    )
}

fn incomplete() -> PyErr {
    PyTypeError::new_err(
        "the bit generator is not initialised; if its class defines `__init__`, that must call the \
         one of the base class",
    )
}
