//! Arrays that NumPy is kept from writing to and from freeing.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::c_int;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use pyo3::Borrowed;
use pyo3::prelude::*;

use crate::array::raw;
use crate::npyffi::{NPY_ARRAY_OWNDATA, NPY_ARRAY_WRITEABLE, PyArrayObject};

/// What is taken from an array while it is frozen.
///
/// NumPy writes only to an array that is `WRITEABLE`, and resizes and frees only the memory that
/// the array owns.
const TAKEN: c_int = NPY_ARRAY_WRITEABLE | NPY_ARRAY_OWNDATA;

/// What an array was like before.
struct Before {
    flags: c_int,
    data: usize,
    /// How often it has been frozen and not yet thawed.
    times: usize,
}

/// The frozen arrays, by the addresses of their objects.
static FROZEN: LazyLock<Mutex<HashMap<usize, Before>>> = LazyLock::new(Mutex::default);

/// Nothing in here panics with the lock held, so a poisoned one is as good as any other. No Python
/// code runs with the lock held.
fn frozen() -> MutexGuard<'static, HashMap<usize, Before>> {
    FROZEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Freezes an array, or counts once more that it is frozen.
///
/// # Safety
///
/// An array that lives until as many calls of [`thaw`]. The thread is attached.
pub(crate) unsafe extern "C" fn freeze(array: *mut PyArrayObject) {
    // SAFETY: the thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: a live object.
    let object = unsafe { Borrowed::from_ptr(py, array.cast()) };
    // SAFETY: an array.
    let flags = unsafe { raw::flags(&object) };
    // SAFETY: an array.
    let data = unsafe { raw::data(&object) }.addr();
    match frozen().entry(array.addr()) {
        Entry::Occupied(mut entry) => {
            let before = entry.get_mut();
            before.times += 1;
            // Python code may have given the array other memory since, with flags of its own.
            if before.data != data {
                *before = Before {
                    flags,
                    data,
                    ..*before
                };
            }
        }
        Entry::Vacant(entry) => {
            entry.insert(Before {
                flags,
                data,
                times: 1,
            });
        }
    }
    // SAFETY: an array. Python code may have set a flag again since an earlier call.
    unsafe { raw::clear_flags(&object, TAKEN) };
}

/// Ends a [`freeze`]; after the last one, the array is as before.
///
/// If Python code replaced the array's memory, the array keeps the flags of the new memory, and the
/// old memory, which nothing owns any more, is never freed.
///
/// # Safety
///
/// An array that was frozen. The thread is attached.
pub(crate) unsafe extern "C" fn thaw(array: *mut PyArrayObject) {
    // SAFETY: the thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: a live object.
    let object = unsafe { Borrowed::from_ptr(py, array.cast()) };
    let mut frozen = frozen();
    let Entry::Occupied(mut entry) = frozen.entry(array.addr()) else {
        return;
    };
    entry.get_mut().times -= 1;
    if entry.get().times == 0 {
        let before = entry.remove();
        // SAFETY: an array.
        if unsafe { raw::data(&object) }.addr() == before.data {
            // SAFETY: an array, which owned this memory if the flags say so.
            unsafe { raw::set_flags(&object, before.flags & TAKEN) };
            // SAFETY: an array.
            unsafe { raw::clear_flags(&object, !before.flags & TAKEN) };
        }
    }
}
