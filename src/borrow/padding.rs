//! Padding of records in arrays that are views of arrays of other records.

use std::ops::Range;

use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

use crate::array::raw;
use crate::array::untyped::PyUntypedArray;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::element::memory::padding;
use crate::element::trait_::Element;
use crate::npyffi::PyArray_BASE;

/// Whether the bytes between the fields of an array's records belong to no field of the arrays that it is
/// a view of either, so that they may be overwritten.
///
/// `a[['x', 'z']]` is such a view: what its dtype has for padding is the field `y` of `a`.
pub(crate) fn is_padding_free<T: Element>(array: &Bound<'_, PyAny>) -> bool {
    if !T::INTERNALS.has_padding() {
        return true;
    }
    let gaps = padding(&T::INTERNALS.memory(), size_of::<T>());
    let mut base = base_of(array);
    while let Some(owner) = base {
        if !is_free_in(&gaps, array, &owner) {
            return false;
        }
        base = base_of(&owner);
    }
    true
}

fn base_of<'py>(array: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    // SAFETY: the callers pass arrays.
    let base = unsafe { PyArray_BASE(array.as_ptr().cast()) };
    // SAFETY: NULL, or an object to which the array has a reference.
    let base = unsafe { Bound::from_borrowed_ptr_or_opt(array.py(), base) };
    base.filter(PyUntypedArray::is_type_of)
}

/// Whether no field of the records of `owner` has a byte in the gaps of the records of `array`.
fn is_free_in(gaps: &[Range<usize>], array: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> bool {
    // SAFETY: an array; nothing runs while the fields are in use.
    let view = unsafe { raw::parts(array) };
    // SAFETY: as above.
    let whole = unsafe { raw::parts(owner) };
    let size = whole.descr.itemsize();
    if !whole.descr.has_fields() || size == 0 {
        // Bytes, or numbers, which are not told apart from padding by anything.
        return true;
    }
    let is_multiple = |&stride: &isize| stride % size as isize == 0;
    let strides = view.strides.iter().zip(view.shape);
    let mut moving = strides
        .filter(|&(_, &len)| len > 1)
        .map(|(stride, _)| stride);
    if !moving.all(is_multiple) {
        return false;
    }
    let offset = view.data.addr().wrapping_sub(whole.data.addr()) as isize;
    let offset = offset.rem_euclid(size as isize) as usize;
    let mut fields = Vec::new();
    collect_fields(whole.descr, offset, size, &mut fields);
    gaps.iter().all(|gap| {
        fields
            .iter()
            .all(|field| field.end <= gap.start || gap.end <= field.start)
    })
}

/// The bytes of each field that is no record, from `offset` bytes before on, modulo the size of an item.
fn collect_fields(
    descr: Borrowed<'_, '_, PyArrayDescr>,
    offset: usize,
    size: usize,
    fields: &mut Vec<Range<usize>>,
) {
    // Python code can nest dtypes deeper than a stack is.
    let mut left = vec![(descr.to_owned(), 0)];
    while let Some((descr, at)) = left.pop() {
        let Some(names) = descr.names() else {
            // A sub-array of records counts as one field, padding included.
            let (start, len) = ((at + size - offset) % size, descr.itemsize());
            fields.push(start..start + len);
            if start + len > size {
                fields.push(0..start + len - size);
            }
            continue;
        };
        for name in names {
            if let Ok((field, offset)) = descr.get_field(&name) {
                left.push((field, at + offset));
            }
        }
    }
}
