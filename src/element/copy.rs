//! Clones of elements out of memory that need not be aligned or valid.

use std::mem::{MaybeUninit, forget};
use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;

use crate::element::invalid::InvalidElement;
use crate::element::trait_::Element;

/// A clone of one element.
///
/// # Errors
///
/// If the bytes are no value of `T`, not even one written in another way than Rust's.
///
/// # Safety
///
/// `data` points to an element of the dtype of `T`, readable, aligned or not.
#[inline]
pub(crate) unsafe fn read<T: Element>(
    py: Python<'_>,
    data: *const u8,
) -> Result<T, InvalidElement> {
    let mut bits = MaybeUninit::<T>::uninit();
    let place = bits.as_mut_ptr();
    // SAFETY: the element is `size_of::<T>()` readable bytes, and `bits` is as many of our own.
    unsafe { data.copy_to_nonoverlapping(place.cast(), size_of::<T>()) };
    if T::ALL_BITS_VALID && T::IS_COPY {
        // SAFETY: every bit pattern is a value, and a bitwise copy a clone.
        return Ok(unsafe { bits.assume_init() });
    }
    // SAFETY: `place` is a private copy of one element.
    unsafe { take_over::<T>(py, place, 1) }?;
    if is_owned::<T>() {
        // SAFETY: found valid, and its own.
        return Ok(unsafe { bits.assume_init() });
    }
    // SAFETY: found valid; it belongs to the array, and is not dropped.
    Ok(unsafe { bits.assume_init_ref() }.clone_ref(py))
}

/// Turns the bits of elements, copied out of an array, into values: objects get a reference of
/// their own, other values that a bitwise copy does not clone are still to be cloned, and not to
/// be dropped.
///
/// # Errors
///
/// The first element that is no value of `T`, not even one written in another way than Rust's;
/// none of them is owned then.
///
/// # Safety
///
/// `place` points to `len` aligned elements that nothing else refers to; objects that they point
/// to are alive.
pub(crate) unsafe fn take_over<T: Element>(
    py: Python<'_>,
    place: *mut T,
    len: usize,
) -> Result<(), InvalidElement> {
    if T::INTERNALS.is_object() {
        // References come first: the check may run Python code, which may drop the array's.
        // SAFETY: as the caller promises.
        let objects = unsafe { hold_objects(py, place.cast(), len) };
        if T::stays_valid(py) {
            // Any object is a value.
            return Ok(());
        }
        // SAFETY: as the caller promises; the objects are alive, as they are held.
        let invalid = unsafe { T::first_invalid(py, place.cast(), len, size_of::<T>() as isize) };
        return match invalid {
            None => Ok(()),
            Some(invalid) => {
                // SAFETY: `len` references, taken above, that nothing else will give back.
                unsafe { ptr::drop_in_place(objects) };
                Err(invalid)
            }
        };
    }
    if !T::ALL_BITS_VALID {
        // SAFETY: as the caller promises.
        unsafe { T::canonicalize(py, place.cast(), len) };
        // SAFETY: as the caller promises.
        let invalid = unsafe { T::first_invalid(py, place.cast(), len, size_of::<T>() as isize) };
        if let Some(invalid) = invalid {
            return Err(invalid);
        }
    }
    Ok(())
}

/// Takes a reference to each of some objects; a NULL becomes `None`.
///
/// # Safety
///
/// `place` points to `len` aligned pointers, each NULL or to a live object.
unsafe fn hold_objects<'a>(
    py: Python<'_>,
    place: *mut *mut ffi::PyObject,
    len: usize,
) -> &'a mut [Py<PyAny>] {
    for i in 0..len {
        let place = place.wrapping_add(i);
        // SAFETY: one of the `len` pointers.
        let mut object = unsafe { place.read() };
        if object.is_null() {
            // SAFETY: attached, as the token shows.
            object = unsafe { ffi::Py_None() };
            // SAFETY: one of the `len` pointers.
            unsafe { place.write(object) };
        }
        // SAFETY: a live object.
        forget(unsafe { Bound::from_borrowed_ptr(py, object) });
    }
    // SAFETY: `len` pointers to live objects, each with a reference now.
    unsafe { std::slice::from_raw_parts_mut(place.cast(), len) }
}

/// Whether what [`take_over`] makes are values of their own.
pub(crate) const fn is_owned<T: Element>() -> bool {
    T::IS_COPY || T::INTERNALS.is_object()
}
