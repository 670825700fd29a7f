//! Padding of records in arrays that are views of something else.

use std::ops::Range;

use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyMemoryView};
use pyo3::{Borrowed, PyTypeInfo};

use crate::array::raw;
use crate::array::untyped::PyUntypedArray;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::fields::field_list;
use crate::element::memory::padding;
use crate::element::trait_::Element;
use crate::layout::Layout;
use crate::npyffi::{NPY_ARRAY_OWNDATA, PyArray_BASE};

/// Whether the bytes between the fields of an array's records are nobody else's, so that they may be
/// overwritten.
///
/// Where memory belongs to an object of a class of Python's that has `__buffer__`, its code runs.
///
/// `a[['x', 'z']]` is a view where they are not: what its dtype has for padding is the field `y` of `a`.
pub(crate) fn is_padding_free<T: Element>(array: &Bound<'_, PyAny>) -> bool {
    if !T::INTERNALS.has_padding() {
        return true;
    }
    // SAFETY: the callers pass arrays; nothing runs while the fields are in use.
    let parts = unsafe { raw::parts(array) };
    let layout = Layout {
        addr: parts.data.addr(),
        shape: parts.shape,
        strides: parts.strides,
        itemsize: size_of::<T>(),
    };
    if layout.is_empty() {
        return true;
    }
    if layout.overlaps_itself() {
        return false;
    }
    // Views of some fields do not have this flag.
    let is_declared = parts.descr.is_aligned_struct();
    let gaps = padding(&T::INTERNALS.memory(), size_of::<T>());
    let mut owner = array.clone();
    while !owns_its_memory(&owner) {
        let Some(base) = base_of(&owner) else {
            return is_declared;
        };
        if !PyUntypedArray::is_type_of(&base) {
            return is_declared || is_plain_memory(&base);
        }
        // SAFETY: an array; the reference is not kept.
        if !unsafe { raw::descr(&base) }.has_fields() {
            // NumPy forgets the views in between, which may have been of other records.
            return is_declared;
        }
        if !is_free_in(&gaps, array, &base) {
            return false;
        }
        owner = base;
    }
    true
}

/// Whether an object that is no array is memory and nothing else: that of a file, of a library … There are
/// also objects by which NumPy and others make an array of another one's memory.
fn is_plain_memory(base: &Bound<'_, PyAny>) -> bool {
    if let Ok(view) = base.cast_exact::<PyMemoryView>() {
        return view
            .getattr("obj")
            .is_ok_and(|of| !PyUntypedArray::is_type_of(&of));
    }
    PyCapsule::is_type_of(base) || PyMemoryView::from(base).is_ok()
}

fn owns_its_memory(array: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the callers pass arrays.
    unsafe { raw::flags(array) & NPY_ARRAY_OWNDATA != 0 }
}

fn base_of<'py>(array: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    // SAFETY: the callers pass arrays.
    let base = unsafe { PyArray_BASE(array.as_ptr().cast()) };
    // SAFETY: NULL, or an object to which the array has a reference.
    unsafe { Bound::from_borrowed_ptr_or_opt(array.py(), base) }
}

/// Whether no field of the records of `owner` has a byte in the gaps of the records of `array`.
fn is_free_in(gaps: &[Range<usize>], array: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> bool {
    // SAFETY: an array; nothing runs while the fields are in use.
    let view = unsafe { raw::parts(array) };
    // SAFETY: as above.
    let whole = unsafe { raw::parts(owner) };
    let size = whole.descr.itemsize();
    if size == 0 {
        return false;
    }
    let offset = view.data.addr().wrapping_sub(whole.data.addr()) as isize;
    let Some(places) = places(offset, view.shape, view.strides, size) else {
        return false;
    };
    let Some(fields) = fields(whole.descr) else {
        return false;
    };
    places.iter().all(|place| {
        gaps.iter().all(|gap| {
            // The end of a record may be in the next one of the owner's.
            let (start, end) = (place + gap.start, place + gap.end);
            let meets = |field: &Range<usize>| field.start < end && start < field.end;
            let shifted = |field: &Range<usize>| field.start + size..field.end + size;
            !fields
                .iter()
                .any(|field| meets(field) || meets(&shifted(field)))
        })
    })
}

/// More than so many places or fields are not looked through.
const LIMIT: usize = 4096;

/// Where in a record of `size` bytes the elements of a view begin.
fn places(offset: isize, shape: &[usize], strides: &[isize], size: usize) -> Option<Vec<usize>> {
    let within = |offset: isize| offset.rem_euclid(size as isize) as usize;
    let mut places = vec![within(offset)];
    for (&len, &stride) in shape.iter().zip(strides) {
        if len <= 1 || stride % size as isize == 0 {
            continue;
        }
        if places.len().saturating_mul(len) > LIMIT {
            return None;
        }
        let step = |place: &usize, i: usize| {
            within((*place as isize).wrapping_add(stride.wrapping_mul(i as isize)))
        };
        places = places
            .iter()
            .flat_map(|place| (0..len).map(move |i| step(place, i)))
            .collect();
    }
    Some(places)
}

/// The bytes of each field that is no record, at any depth.
fn fields(descr: Borrowed<'_, '_, PyArrayDescr>) -> Option<Vec<Range<usize>>> {
    let mut fields = Vec::new();
    // Python code can nest dtypes deeper than a stack is.
    let mut left = vec![(descr.to_owned(), 0)];
    while let Some((descr, at)) = left.pop() {
        if fields.len() + left.len() > LIMIT {
            return None;
        }
        let base = descr.base();
        if !base.has_fields() {
            fields.push(at..at + descr.itemsize());
            continue;
        }
        let inner = field_list(base.as_borrowed())?;
        let len = descr.shape().iter().product::<usize>();
        if len.saturating_mul(inner.len()) > LIMIT {
            return None;
        }
        for i in 0..len {
            let item = at + i * base.itemsize();
            left.extend(
                inner
                    .iter()
                    .map(|(field, offset)| (field.clone(), item + offset)),
            );
        }
    }
    Some(fields)
}
