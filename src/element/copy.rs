//! Clones of elements out of memory that need not be aligned or valid.

use std::mem::{MaybeUninit, forget};

use pyo3::ffi;
use pyo3::prelude::*;

use crate::element::invalid::InvalidElement;
use crate::element::memory::{Memory, for_each_object};
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
    if T::INTERNALS.has_objects() {
        // References come first: the check may run Python code, which may drop the array's.
        // SAFETY: as the caller promises.
        unsafe { hold_objects(py, place, len) };
        if matches!(T::INTERNALS.memory(), Memory::Object) && T::stays_valid(py) {
            // Any object is a value.
            return Ok(());
        }
    }
    if !T::ALL_BITS_VALID {
        // SAFETY: as the caller promises.
        unsafe { T::canonicalize(py, place.cast(), len) };
        // SAFETY: as the caller promises.
        let invalid = unsafe { T::first_invalid(py, place.cast(), len, size_of::<T>() as isize) };
        if let Some(invalid) = invalid {
            // SAFETY: the references that were taken above, which nothing else will give back.
            unsafe { release_objects(py, place, len) };
            return Err(invalid);
        }
    }
    Ok(())
}

/// Calls `visit` with the place of every pointer to an object.
fn for_each_place<T: Element>(
    place: *mut T,
    len: usize,
    visit: &mut dyn FnMut(*mut *mut ffi::PyObject),
) {
    for i in 0..len {
        let element = place.wrapping_add(i).cast::<u8>();
        let mut visit = |offset: usize| visit(element.wrapping_add(offset).cast());
        for_each_object(&T::INTERNALS.memory(), 0, &mut visit);
    }
}

/// Takes a reference to each of the objects in some elements; a NULL becomes `None`.
///
/// # Safety
///
/// `place` points to `len` elements, in which each object pointer is NULL or to a live object.
unsafe fn hold_objects<T: Element>(py: Python<'_>, place: *mut T, len: usize) {
    for_each_place(place, len, &mut |place| {
        // SAFETY: one of the pointers; in a packed record, it need not be aligned.
        let mut object = unsafe { place.read_unaligned() };
        if object.is_null() {
            // SAFETY: attached, as the token shows.
            object = unsafe { ffi::Py_None() };
            // SAFETY: one of the pointers.
            unsafe { place.write_unaligned(object) };
        }
        // SAFETY: a live object.
        forget(unsafe { Bound::from_borrowed_ptr(py, object) });
    });
}

/// Gives back a reference to each of the objects in some elements.
///
/// # Safety
///
/// `place` points to `len` elements, in which each object pointer is NULL or has a reference to an object
/// that is given up with it.
pub(crate) unsafe fn release_objects<T: Element>(py: Python<'_>, place: *mut T, len: usize) {
    for_each_place(place, len, &mut |place| {
        // SAFETY: one of the pointers.
        let object = unsafe { place.read_unaligned() };
        // SAFETY: NULL, or an owned reference.
        drop(unsafe { Bound::from_owned_ptr_or_opt(py, object) });
    });
}

/// Whether what [`take_over`] makes are values of their own.
pub(crate) const fn is_owned<T: Element>() -> bool {
    T::IS_COPY || T::INTERNALS.has_objects()
}
