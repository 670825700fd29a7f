//! The types that ufuncs compute with.

use std::any::TypeId;
use std::mem::{ManuallyDrop, MaybeUninit, transmute_copy};

use pyo3::ffi;
use pyo3::prelude::*;

use crate::element::copy::{read, release_objects};
use crate::element::memory::{Memory, copy_parts};
use crate::element::trait_::Element;
use crate::npyffi::NPY_TYPES;

/// A type that ufuncs compute with: every [`Element`].
pub trait UfuncElement: Element + 'static {
    /// Whether elements are read and written by an attached thread only: those that hold Python objects,
    /// and those whose bits are checked by [`Element::first_invalid`].
    #[doc(hidden)]
    const NEEDS_TOKEN: bool = !(Self::IS_COPY && (Self::ALL_BITS_VALID || is_bool::<Self>()));

    /// A clone of an element.
    ///
    /// # Errors
    ///
    /// If the bytes are no value; never where no token is needed.
    ///
    /// # Safety
    ///
    /// `place` points to an element of this type's dtype, aligned or not. If a token is needed, the thread
    /// is attached.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn load(place: *const u8) -> PyResult<Self> {
        if const { is_bool::<Self>() } {
            // NumPy takes any byte but zero for true.
            // SAFETY: the caller's promise.
            let byte = u8::from(unsafe { place.read() } != 0);
            // SAFETY: the type has the layout of `bool`, of which 0 and 1 are values.
            return Ok(unsafe { transmute_copy::<u8, Self>(&byte) });
        }
        if !Self::NEEDS_TOKEN {
            // SAFETY: the caller's promise; every bit pattern is a value, and a bitwise copy a clone.
            return Ok(unsafe { place.cast::<Self>().read_unaligned() });
        }
        // SAFETY: attached, as the caller promises.
        let py = unsafe { Python::assume_attached() };
        if TypeId::of::<Self>() == TypeId::of::<Py<PyAny>>() {
            // SAFETY: the caller's promise.
            let object = unsafe { object(py, place) }.unbind();
            // SAFETY: the two types are one.
            return Ok(unsafe { transmute_copy(&ManuallyDrop::new(object)) });
        }
        // SAFETY: the caller's promise.
        unsafe { read::<Self>(py, place) }.map_err(|invalid| invalid.at(Vec::new()).into())
    }

    /// Writes an element in the place of another.
    ///
    /// # Safety
    ///
    /// `place` points to an element of this type's dtype, aligned or not, which may be written to. If a
    /// token is needed, the thread is attached.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn store(self, place: *mut u8) {
        if const { matches!(Self::INTERNALS.memory(), Memory::Object) } {
            let place = place.cast::<*mut ffi::PyObject>();
            // SAFETY: the pointer to the object that was there, or NULL.
            let old = unsafe { place.read_unaligned() };
            // SAFETY: the element, which is one pointer as well.
            unsafe { place.cast::<Self>().write_unaligned(self) };
            // SAFETY: attached, as the caller promises.
            let py = unsafe { Python::assume_attached() };
            // Last, as it may run Python code.
            // SAFETY: the reference that the array had.
            drop(unsafe { Bound::from_owned_ptr_or_opt(py, old) });
        } else if const { Self::INTERNALS.has_objects() } {
            // SAFETY: the caller's promise.
            unsafe { replace(self, place) };
        } else if const { Self::INTERNALS.has_padding() } {
            // SAFETY: the caller's promise.
            unsafe { write_parts(self, place) };
        } else {
            // SAFETY: the caller's promise.
            unsafe { place.cast::<Self>().write_unaligned(self) };
        }
    }
}

impl<T: Element + 'static> UfuncElement for T {}

/// Whether the type is `bool`, or a newtype of it.
pub(crate) const fn is_bool<T: Element>() -> bool {
    matches!(T::INTERNALS.type_num(), Some(num) if num == NPY_TYPES::NPY_BOOL as std::ffi::c_int)
}

/// A reference to an object of an array; NULL stands for `None`.
///
/// # Safety
///
/// `place` points to NULL or to a pointer to a live object, aligned or not.
#[inline(always)]
unsafe fn object(py: Python<'_>, place: *const u8) -> Bound<'_, PyAny> {
    // SAFETY: the caller's promise.
    let object = unsafe { place.cast::<*mut ffi::PyObject>().read_unaligned() };
    // SAFETY: NULL or a live object.
    match unsafe { Bound::from_borrowed_ptr_or_opt(py, object) } {
        Some(object) => object,
        None => py.None().into_bound(py),
    }
}

/// Writes an element without its padding. It belongs to the array from then on.
///
/// # Safety
///
/// `place` points to an element of this type's dtype, aligned or not, which may be written to.
unsafe fn write_parts<T: Element>(value: T, place: *mut u8) {
    let value = MaybeUninit::new(value);
    let (memory, from) = (T::INTERNALS.memory(), value.as_ptr().cast());
    // SAFETY: a value, and the caller's promise.
    unsafe { copy_parts(&memory, from, place, size_of::<T>()) };
}

/// Writes an element with objects, and gives back the references of the one that was there.
///
/// # Safety
///
/// As [`UfuncElement::store`], of a type with objects.
unsafe fn replace<T: Element>(value: T, place: *mut u8) {
    let mut old = MaybeUninit::<T>::uninit();
    // SAFETY: the element at `place`, and as many bytes of our own.
    unsafe { place.copy_to_nonoverlapping(old.as_mut_ptr().cast(), size_of::<T>()) };
    // SAFETY: the caller's promise.
    unsafe { write_parts(value, place) };
    // SAFETY: attached, as the type needs a token.
    let py = unsafe { Python::assume_attached() };
    // Last, as it may run Python code.
    // SAFETY: the references that the array had, which `value` has replaced.
    unsafe { release_objects(py, old.as_mut_ptr(), 1) };
}
