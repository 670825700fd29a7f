//! Python objects.

use std::ffi::c_int;

use pyo3::prelude::*;
use pyo3::type_object::PyTypeCheck;
use pyo3::{Borrowed, ffi};

use crate::element::invalid::InvalidElement;
use crate::element::num::built_in;
use crate::element::trait_::{Element, for_each_item};
use crate::npyffi::NPY_TYPES;

// SAFETY: a `Py<T>` is one pointer to an object with one reference, as an element of an object
// array is. `first_invalid` finds the two kinds of pointers that are none: NULL, and those to
// objects of another type.
unsafe impl<T: PyTypeCheck> Element for Py<T> {
    const IS_COPY: bool = false;
    const ALL_BITS_VALID: bool = false;

    // All of these types have the same descriptor, so it does no harm that all share one slot.
    built_in!(&[NPY_TYPES::NPY_OBJECT as c_int]);

    #[inline]
    fn clone_ref(&self, py: Python<'_>) -> Self {
        Py::clone_ref(self, py)
    }

    /// Any object is one of `Py<PyAny>`.
    fn stays_valid(py: Python<'_>) -> bool {
        T::classinfo_object(py).is(py.get_type::<PyAny>())
    }

    unsafe fn first_invalid(
        py: Python<'_>,
        data: *const u8,
        len: usize,
        stride: isize,
    ) -> Option<InvalidElement> {
        let wanted = T::classinfo_object(py);
        let any = Self::stays_valid(py);
        if any && stride == size_of::<Self>() as isize && data.addr() % align_of::<Self>() == 0 {
            // SAFETY: as many aligned pointers, one after the other; any bits are a `usize`.
            let objects = unsafe { std::slice::from_raw_parts(data.cast::<usize>(), len) };
            // In blocks, since a loop that may end at any element is not vectorised.
            let has_null = |block: &[usize]| block.iter().fold(false, |null, &p| null | (p == 0));
            if !objects.chunks(64).any(has_null) {
                return None;
            }
        }
        (0..len).find_map(|i| {
            let place = data.wrapping_offset(stride.wrapping_mul(i as isize));
            // SAFETY: one of the readable elements that the caller promises.
            let object = unsafe { place.cast::<*mut ffi::PyObject>().read_unaligned() };
            if object.is_null() {
                return Some(InvalidElement::new(
                    i,
                    "the object pointer is NULL; fill the array, for example with None",
                ));
            }
            if any {
                // SAFETY: not NULL, so a live object by the caller's promise; any object is one
                // of this type, so no Python code runs to find out.
                let object = unsafe { Borrowed::from_ptr(py, object) };
                if T::type_check(&object) {
                    return None;
                }
            }
            // The check of an abstract type may run Python code, which may take the object out
            // of the array.
            // SAFETY: not NULL, so a live object by the caller's promise.
            let object = unsafe { Bound::from_borrowed_ptr(py, object) };
            if T::type_check(&object) {
                return None;
            }
            Some(wrong_type(i, &object, &wanted))
        })
    }

    fn extend_from_list(list: &Bound<'_, PyAny>, elements: &mut Vec<Self>) -> Option<()> {
        for_each_item(list, |object| {
            if !T::type_check(&object) {
                return None;
            }
            // SAFETY: its type has just been checked.
            elements.push(unsafe { object.cast_into_unchecked() }.unbind());
            Some(())
        })
    }

    unsafe fn canonicalize(_py: Python<'_>, data: *mut u8, len: usize) {
        for i in 0..len {
            let place = data
                .wrapping_add(i * size_of::<Self>())
                .cast::<*mut ffi::PyObject>();
            // SAFETY: one of the `len` elements that the caller promises.
            if unsafe { place.read_unaligned() }.is_null() {
                // SAFETY: attached, as the token shows.
                let none = unsafe { ffi::Py_None() };
                // SAFETY: one of the `len` elements that the caller promises.
                unsafe { place.write_unaligned(none) };
            }
        }
    }
}

#[cold]
fn wrong_type(
    position: usize,
    object: &Bound<'_, PyAny>,
    wanted: &Bound<'_, PyAny>,
) -> InvalidElement {
    let found = object.get_type();
    let wanted = match wanted.getattr("__name__") {
        Ok(name) => name.to_string(),
        Err(_) => wanted.to_string(),
    };
    InvalidElement::wrong_object(
        position,
        format!("it is of type '{}', not '{wanted}'", type_name(&found)),
    )
}

fn type_name(ty: &Bound<'_, pyo3::types::PyType>) -> String {
    match ty.getattr("__name__") {
        Ok(name) => name.to_string(),
        Err(_) => "?".to_owned(),
    }
}
