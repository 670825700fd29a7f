//! Running the loop of a ufunc: attached or not, with errors and panics that become exceptions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::ffi;
use pyo3::panic::PanicException;
use pyo3::prelude::*;

/// From so many elements on, other threads may run Python code meanwhile. NumPy hands over fewer at a
/// time of operands that it has to convert, and to attach again after each of these pieces can take long.
const DETACHED: usize = 10_000;

/// A value that is used on the thread that it is from, and on no other.
struct OnThisThread<T>(T);

// SAFETY: it is handed to `Python::detach` only, which calls its argument on the same thread.
unsafe impl<T> Send for OnThisThread<T> {}

impl<T> OnThisThread<T> {
    fn into_inner(self) -> T {
        self.0
    }
}

/// Runs one loop over `len` elements; an error or a panic becomes the exception of the thread.
///
/// NumPy may have detached the thread, of which PyO3 knows nothing: if the ufunc was called by way of
/// PyO3, that takes the thread for attached, and a function that attaches would run without being so.
/// So the thread is attached here, and detached by PyO3.
///
/// NumPy may call the loop again for further elements before it looks at the exception. Those calls do
/// nothing.
pub(crate) fn run_loop(len: usize, work: impl FnOnce() -> PyResult<()>) {
    // SAFETY: the interpreter runs, as it is NumPy that calls; this may be called attached or not.
    let state = unsafe { ffi::PyGILState_Ensure() };
    // SAFETY: the thread has just been attached, and stays so until the token is out of use.
    let py = unsafe { Python::assume_attached() };
    if !PyErr::occurred(py) {
        let work = || match catch_unwind(AssertUnwindSafe(work)) {
            Ok(result) => result,
            Err(payload) => Err(panicked(payload)),
        };
        let result = if len < DETACHED {
            work()
        } else {
            let work = OnThisThread(work);
            py.detach(|| OnThisThread((work.into_inner())()))
                .into_inner()
        };
        if let Err(err) = result {
            err.restore(py);
        }
    }
    // SAFETY: what was ensured above, on this thread.
    unsafe { ffi::PyGILState_Release(state) };
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
