//! Records: structs whose fields are the fields of a structured dtype. What `#[derive(Element)]`
//! expands to.

use std::mem::ManuallyDrop;

use pyo3::prelude::*;

use crate::dtype::cache::BY_TYPE;
use crate::dtype::descr::PyArrayDescr;
use crate::dtype::record::{RecordField, copy_of, deep_copy_of, record_descr};
use crate::element::field::Field;
use crate::element::invalid::InvalidElement;
use crate::element::memory::{FieldInfo, has_records};
use crate::element::trait_::Element;

/// A struct whose fields are those of a structured dtype.
///
/// # Safety
///
/// `FIELDS` are the fields of the struct, with their types and offsets; only bytes of padding
/// belong to none of them.
pub unsafe trait Record: Element + 'static {
    /// The fields, in the order of their declaration.
    const FIELDS: &'static [FieldInfo];

    /// Whether the fields are aligned, as C aligns them.
    const IS_ALIGNED: bool;
}

/// A clone of a field, which need not be aligned.
///
/// # Safety
///
/// `field` points to a value, readable and aligned or not.
#[inline]
pub unsafe fn clone_field<F: Field>(py: Python<'_>, field: *const F) -> F {
    // SAFETY: the caller's promise; the value still belongs to the record, and is not dropped.
    let value = ManuallyDrop::new(unsafe { field.read_unaligned() });
    value.clone_field(py)
}

/// Whether a bitwise copy of the record is a clone of it.
#[must_use]
pub const fn is_copy(fields: &[FieldInfo]) -> bool {
    let mut i = 0;
    while i < fields.len() {
        if !fields[i].info.is_copy {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether every bit pattern is a record.
#[must_use]
pub const fn all_bits_valid(fields: &[FieldInfo]) -> bool {
    let mut i = 0;
    while i < fields.len() {
        if !fields[i].info.all_bits_valid {
            return false;
        }
        i += 1;
    }
    true
}

/// The descriptor of arrays of the record.
///
/// It is a copy each time: Python can rename the fields of a descriptor that it gets to see.
///
/// # Errors
///
/// What keeps the descriptor of a field from being made.
pub fn try_dtype<R: Record>(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
    let make = || {
        let mut fields = Vec::with_capacity(R::FIELDS.len());
        for field in R::FIELDS {
            fields.push(RecordField {
                name: field.name.into(),
                descr: (field.info.dtype)(py)?,
                offset: field.offset,
            });
        }
        record_descr(py, &fields, size_of::<R>(), R::IS_ALIGNED)
    };
    let kept = BY_TYPE.get_or_try_init::<R>(py, make)?;
    if R::FIELDS
        .iter()
        .any(|field| has_records(&field.info.memory))
    {
        deep_copy_of(kept)
    } else {
        copy_of(kept)
    }
}

/// The first of some records with a field that is no value of its type.
///
/// # Safety
///
/// As [`Element::first_invalid`].
pub unsafe fn first_invalid<R: Record>(
    py: Python<'_>,
    data: *const u8,
    len: usize,
    stride: isize,
) -> Option<InvalidElement> {
    /// So many records are looked at with all of their fields before the next ones are: few enough to
    /// stay in the cache.
    const BLOCK: usize = 512;

    let mut start = 0;
    while start < len {
        let mut first: Option<InvalidElement> = None;
        let records = data.wrapping_offset(stride.wrapping_mul(start as isize));
        for field in R::FIELDS {
            if field.info.all_bits_valid {
                continue;
            }
            // Behind one that was found, there is nothing to look for.
            let block = BLOCK.min(len - start);
            let block = first.as_ref().map_or(block, InvalidElement::position);
            let place = records.wrapping_add(field.offset);
            // SAFETY: the field of some of the records, which the caller promises.
            if let Some(invalid) = unsafe { (field.info.first_invalid)(py, place, block, stride) } {
                let position = invalid.position();
                first = Some(invalid.within(position, format_args!("field '{}'", field.name)));
            }
        }
        if let Some(invalid) = first {
            return Some(invalid.after(start));
        }
        start += BLOCK;
    }
    None
}

/// Rewrites the fields of some records that NumPy reads in another way than Rust.
///
/// # Safety
///
/// As [`Element::canonicalize`].
pub unsafe fn canonicalize<R: Record>(py: Python<'_>, data: *mut u8, len: usize) {
    for field in R::FIELDS {
        if field.info.all_bits_valid {
            continue;
        }
        for i in 0..len {
            let place = data.wrapping_add(i * size_of::<R>() + field.offset);
            // SAFETY: the field of one of the records, which the caller promises.
            unsafe { (field.info.canonicalize)(py, place, 1) };
        }
    }
}

/// Whether a record stays valid whatever Python code stores in its fields.
#[must_use]
pub fn stays_valid<R: Record>(py: Python<'_>) -> bool {
    R::FIELDS.iter().all(|field| (field.info.stays_valid)(py))
}
