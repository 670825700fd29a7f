//! What the bytes of an element are: plain data, a pointer to an object, or several of these side
//! by side, with bytes between them that belong to none.

use std::ops::Range;

use pyo3::prelude::*;

use crate::dtype::descr::PyArrayDescr;
use crate::element::invalid::InvalidElement;

/// The parts of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Memory {
    /// Data, all of which Python may see.
    Bytes,
    /// One pointer to a Python object.
    Object,
    /// The fields of a record.
    Record(&'static [FieldInfo]),
    /// A sub-array.
    Array { len: usize, item: &'static TypeInfo },
}

/// What the library knows of a type whose values are fields of records.
#[derive(Clone, Copy, Debug)]
pub struct TypeInfo {
    pub(crate) size: usize,
    pub(crate) is_copy: bool,
    pub(crate) all_bits_valid: bool,
    pub(crate) memory: Memory,
    pub(crate) dtype: fn(Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>>,
    pub(crate) first_invalid: FirstInvalid,
    pub(crate) canonicalize: unsafe fn(Python<'_>, *mut u8, usize),
    pub(crate) stays_valid: fn(Python<'_>) -> bool,
}

/// [`Element::first_invalid`][crate::Element::first_invalid].
type FirstInvalid = unsafe fn(Python<'_>, *const u8, usize, isize) -> Option<InvalidElement>;

/// A field of a record: its name, where it starts, and what it is.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    pub(crate) name: &'static str,
    pub(crate) offset: usize,
    pub(crate) info: TypeInfo,
}

/// Whether there is a pointer to an object among the parts.
pub(crate) const fn has_objects(memory: &Memory) -> bool {
    match memory {
        Memory::Bytes => false,
        Memory::Object => true,
        Memory::Array { len, item } => *len > 0 && has_objects(&item.memory),
        Memory::Record(fields) => {
            let mut i = 0;
            while i < fields.len() {
                if has_objects(&fields[i].info.memory) {
                    return true;
                }
                i += 1;
            }
            false
        }
    }
}

/// Whether there is a record among the parts, or it is one.
pub(crate) fn has_records(memory: &Memory) -> bool {
    match memory {
        Memory::Bytes | Memory::Object => false,
        Memory::Array { item, .. } => has_records(&item.memory),
        Memory::Record(_) => true,
    }
}

/// How many of the `size` bytes belong to a part.
const fn covered(memory: &Memory, size: usize) -> usize {
    match memory {
        Memory::Bytes | Memory::Object => size,
        Memory::Array { len, item } => *len * covered(&item.memory, item.size),
        Memory::Record(fields) => {
            let (mut sum, mut i) = (0, 0);
            while i < fields.len() {
                let info = &fields[i].info;
                sum += covered(&info.memory, info.size);
                i += 1;
            }
            sum
        }
    }
}

/// Whether some of the `size` bytes belong to no part.
pub(crate) const fn has_padding(memory: &Memory, size: usize) -> bool {
    covered(memory, size) < size
}

/// Calls `visit` with the offset of every pointer to an object.
#[inline]
pub(crate) fn for_each_object(memory: &Memory, offset: usize, visit: &mut dyn FnMut(usize)) {
    match memory {
        Memory::Bytes => {}
        Memory::Object => visit(offset),
        Memory::Array { len, item } => {
            (0..*len).for_each(|i| for_each_object(&item.memory, offset + i * item.size, visit));
        }
        Memory::Record(fields) => {
            for field in *fields {
                for_each_object(&field.info.memory, offset + field.offset, visit);
            }
        }
    }
}

/// Copies the bytes that belong to a part, and no others.
///
/// # Safety
///
/// `from` points to a value with these parts, of `size` bytes, and `to` to as many writeable bytes; the two
/// do not overlap.
#[inline]
pub(crate) unsafe fn copy_parts(memory: &Memory, from: *const u8, to: *mut u8, size: usize) {
    let at = |offset: usize| (from.wrapping_add(offset), to.wrapping_add(offset));
    match memory {
        Memory::Record(fields) if has_padding(memory, size) => {
            for FieldInfo { offset, info, .. } in *fields {
                let (from, to) = at(*offset);
                // SAFETY: a part of the value, and its place.
                unsafe { copy_parts(&info.memory, from, to, info.size) };
            }
        }
        Memory::Array { len, item } if has_padding(memory, size) => {
            for i in 0..*len {
                let (from, to) = at(i * item.size);
                // SAFETY: an item of the value, and its place.
                unsafe { copy_parts(&item.memory, from, to, item.size) };
            }
        }
        // SAFETY: the caller's promise.
        _ => unsafe { to.copy_from_nonoverlapping(from, size) },
    }
}

/// The bytes, of `size`, that belong to no part, in ascending order.
pub(crate) fn padding(memory: &Memory, size: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    collect_parts(memory, 0, size, &mut parts);
    parts.sort_unstable_by_key(|part| part.start);
    let mut gaps = Vec::new();
    let mut end = 0;
    for part in parts {
        if part.start > end {
            gaps.push(end..part.start);
        }
        end = part.end;
    }
    if size > end {
        gaps.push(end..size);
    }
    gaps
}

fn collect_parts(memory: &Memory, offset: usize, size: usize, parts: &mut Vec<Range<usize>>) {
    if !has_padding(memory, size) {
        parts.push(offset..offset + size);
        return;
    }
    match memory {
        Memory::Bytes | Memory::Object => {}
        Memory::Array { len, item } => {
            for i in 0..*len {
                collect_parts(&item.memory, offset + i * item.size, item.size, parts);
            }
        }
        Memory::Record(fields) => {
            for field in *fields {
                let info = &field.info;
                collect_parts(&info.memory, offset + field.offset, info.size, parts);
            }
        }
    }
}
