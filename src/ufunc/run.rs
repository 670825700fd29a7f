//! Running a loop: attached or not, with errors and panics that become exceptions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::panic::PanicException;
use pyo3::prelude::*;

use crate::npyffi::PY_UFUNC_API;
use crate::ufunc::call::{Call, Failure, Kernel};
use crate::ufunc::parts::Parts;

/// From so many elements on, other threads may run Python code meanwhile.
pub(crate) const DETACHED: usize = 10_000;

/// A value that is used on the thread that it is from, and on no other.
struct OnThisThread<T>(T);

// SAFETY: it is handed to `Python::detach` only, which calls its argument on the same thread.
unsafe impl<T> Send for OnThisThread<T> {}

impl<T> OnThisThread<T> {
    fn into_inner(self) -> T {
        self.0
    }
}

/// Calls the function for all elements.
///
/// # Safety
///
/// The thread is attached, and the call is one of this loop of the ufunc of these parts.
#[inline]
pub(crate) unsafe fn run(parts: &Parts, kernel: &dyn Kernel, call: &Call) -> Result<(), Failure> {
    // SAFETY: the caller's promise.
    let result = unsafe { compute(parts, kernel, call) };
    if parts.clears_fp_errors {
        // NumPy 2 has a flag for such loops, but heeds it in some of its ways to run one only.
        // SAFETY: attached.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: it takes nothing.
        unsafe { PY_UFUNC_API.PyUFunc_clearfperr(py) };
    }
    result
}

/// Calls the function for all elements, on the thread or on several.
///
/// # Safety
///
/// As [`run`].
#[inline]
unsafe fn compute(parts: &Parts, kernel: &dyn Kernel, call: &Call) -> Result<(), Failure> {
    // SAFETY: the call is one for the kernel, and the thread is attached if it needs to be.
    let run = || catching(|| unsafe { kernel.run(call) });
    if kernel.needs_token() {
        // PyO3 may not know that the thread is attached, and would put off what is dropped.
        // SAFETY: it is, so there is nothing to wait for, even if the interpreter is about to end.
        return unsafe { Python::attach_unchecked(|_| run()) };
    }
    // SAFETY: the caller's promise.
    let work = unsafe { kernel.work(call) };
    if work < DETACHED {
        return run();
    }
    // SAFETY: attached.
    let py = unsafe { Python::assume_attached() };
    #[cfg(feature = "rayon")]
    if let Some(pool) = &parts.pool {
        // SAFETY: the caller's promise.
        let count = unsafe { pool.parts(kernel, call, work) };
        if count > 1 {
            // SAFETY: the caller's promise, and as many parts as there are to be.
            let run = OnThisThread(|| catching(|| unsafe { pool.run(kernel, call, count) }));
            return py
                .detach(|| OnThisThread((run.into_inner())()))
                .into_inner();
        }
    }
    #[cfg(not(feature = "rayon"))]
    let _ = parts;
    let run = OnThisThread(run);
    py.detach(|| OnThisThread((run.into_inner())()))
        .into_inner()
}

/// Turns a panic into an error.
pub(crate) fn catching<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        Err(Failure {
            done: 0,
            err: panicked(payload),
        })
    })
}

#[cold]
fn panicked(payload: Box<dyn Any + Send>) -> PyErr {
    let text = if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else {
        "panic from Rust code".to_owned()
    };
    // The payload may panic in turn when it is dropped.
    std::mem::forget(payload);
    PanicException::new_err(text)
}

/// Calls `work` for NumPy: an error or a panic becomes the exception of the thread, and `None` is returned.
///
/// # Safety
///
/// The thread is attached.
pub(crate) unsafe fn raising<T>(work: impl FnOnce(Python<'_>) -> PyResult<T>) -> Option<T> {
    // SAFETY: the caller's promise.
    let py = unsafe { Python::assume_attached() };
    let work = || work(py).map_err(|err| Failure { done: 0, err });
    catching(work)
        // SAFETY: the caller's promise.
        .map_err(|failure| unsafe { restore(failure.err) })
        .ok()
}

/// Makes an error the exception of the thread.
///
/// # Safety
///
/// The thread is attached.
#[cold]
pub(crate) unsafe fn restore(err: PyErr) {
    // PyO3 may not know that, and would keep what is dropped until it is told.
    // SAFETY: the caller's promise.
    unsafe { Python::attach_unchecked(|py| err.restore(py)) };
}
