//! Clones of elements out of memory that need not be aligned or valid.

use std::mem::{ManuallyDrop, MaybeUninit};

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
    unsafe { make_valid::<T>(py, place, 1) }?;
    // A value whose objects belong to the array: cloned, never dropped.
    // SAFETY: found valid.
    let borrowed = ManuallyDrop::new(unsafe { bits.assume_init() });
    Ok(borrowed.clone_ref(py))
}

/// Makes every element of a private copy a value of `T`, or names the first that cannot be.
///
/// # Safety
///
/// `place` points to `len` elements that nothing else refers to.
pub(crate) unsafe fn make_valid<T: Element>(
    py: Python<'_>,
    place: *mut T,
    len: usize,
) -> Result<(), InvalidElement> {
    if T::ALL_BITS_VALID {
        return Ok(());
    }
    // SAFETY: as the caller promises.
    unsafe { T::canonicalize(py, place.cast(), len) };
    // SAFETY: as the caller promises; the objects, if any, are alive, as the array holds them.
    match unsafe { T::first_invalid(py, place.cast(), len, size_of::<T>() as isize) } {
        None => Ok(()),
        Some(invalid) => Err(invalid),
    }
}
