//! Structured descriptors compared, and their fields found by name.

use pyo3::Borrowed;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::mismatch::DtypeMismatch;
use crate::dtype::record::{RecordField, record_descr, subarray_descr_of, unfolded};
use crate::error::BorrowError;
use crate::npyffi::{PyDataType_FIELDS, PyDataType_NAMES};

/// Whether elements of both descriptors consist of the same bytes: fields of the same names and types
/// at the same offsets, and items of the same size. Titles, metadata and the flag `aligned` make no
/// difference.
pub(crate) fn has_same_layout<'py>(
    found: Borrowed<'_, 'py, PyArrayDescr>,
    wanted: Borrowed<'_, 'py, PyArrayDescr>,
) -> bool {
    if found.as_ptr() == wanted.as_ptr() {
        return true;
    }
    if !found.has_fields() || !wanted.has_fields() {
        let is_array = wanted.has_subarray();
        if found.has_fields() || wanted.has_fields() || found.has_subarray() != is_array {
            return false;
        }
        if !is_array {
            return wanted.is_equiv_to(&found);
        }
        let (found, wanted) = (unfolded(&found), unfolded(&wanted));
        return found.1 == wanted.1
            && has_same_layout(found.0.as_borrowed(), wanted.0.as_borrowed());
    }
    found.itemsize() == wanted.itemsize()
        && (shares_fields(found, wanted) || has_same_fields(found, wanted))
}

/// Whether one descriptor is a copy of the other, as far as fields go. Python code that renames the
/// fields of one gives it a new tuple of names.
fn shares_fields<'py>(
    one: Borrowed<'_, 'py, PyArrayDescr>,
    other: Borrowed<'_, 'py, PyArrayDescr>,
) -> bool {
    let parts = |descr: Borrowed<'_, 'py, PyArrayDescr>| {
        // SAFETY: a live descriptor.
        let names = unsafe { PyDataType_NAMES(descr.py(), descr.as_dtype_ptr()) };
        // SAFETY: a live descriptor.
        let fields = unsafe { PyDataType_FIELDS(descr.py(), descr.as_dtype_ptr()) };
        (names, fields)
    };
    parts(one) == parts(other)
}

fn has_same_fields<'py>(
    found: Borrowed<'_, 'py, PyArrayDescr>,
    wanted: Borrowed<'_, 'py, PyArrayDescr>,
) -> bool {
    let (Some(found_names), Some(names)) = (found.names(), wanted.names()) else {
        return false;
    };
    found_names == names
        && names.iter().all(|name| {
            let (Ok(found), Ok(wanted)) = (found.get_field(name), wanted.get_field(name)) else {
                return false;
            };
            found.1 == wanted.1 && has_same_layout(found.0.as_borrowed(), wanted.0.as_borrowed())
        })
}

/// The types and offsets of the fields of a structured descriptor, in no order; those with a title twice.
///
/// No Python code runs, whatever the names and titles are.
pub(crate) fn field_list<'py>(
    descr: Borrowed<'_, 'py, PyArrayDescr>,
) -> Option<Vec<(Bound<'py, PyArrayDescr>, usize)>> {
    if !descr.has_fields() {
        return None;
    }
    // SAFETY: a live descriptor.
    let fields = unsafe { PyDataType_FIELDS(descr.py(), descr.as_dtype_ptr()) };
    // SAFETY: a descriptor with names holds a reference to the mapping of its fields.
    let fields = unsafe { Borrowed::from_ptr(descr.py(), fields) };
    let entry = |(_, field): (_, Bound<'py, PyAny>)| {
        let field = field.cast_into::<PyTuple>().ok()?;
        let descr = field.get_item(0).ok()?.cast_into::<PyArrayDescr>().ok()?;
        Some((descr, field.get_item(1).ok()?.extract().ok()?))
    };
    fields.cast::<PyDict>().ok()?.iter().map(entry).collect()
}

/// The same descriptor for what lies where `found` says, but with the fields that `wanted` has, in its
/// order, at any depth, so that a conversion by position is one by name.
///
/// # Errors
///
/// If a field is missing, or is no record, or no array of the shape, where `wanted` asks for one; and,
/// unless `any_type`, if a field has another type, but for the byte order.
pub(crate) fn by_name<'py>(
    found: &Bound<'py, PyArrayDescr>,
    wanted: &Bound<'py, PyArrayDescr>,
    any_type: bool,
) -> PyResult<Bound<'py, PyArrayDescr>> {
    if wanted.has_subarray() {
        let ((base, shape), (wanted_base, wanted_shape)) = (unfolded(found), unfolded(wanted));
        if shape != wanted_shape {
            return Err(DtypeMismatch::new(found.clone(), wanted.clone()).into());
        }
        let ordered = by_name(&base, &wanted_base, any_type)?;
        if ordered.is(&base) {
            return Ok(found.clone());
        }
        return subarray_descr_of(ordered, shape);
    }
    let Some(names) = wanted.names() else {
        let is_same = || {
            if wanted.is_equiv_to(found) {
                return Ok(true);
            }
            let native = found.call_method1("newbyteorder", ("=",))?;
            PyResult::Ok(wanted.is_equiv_to(native.cast::<PyArrayDescr>()?))
        };
        let is_plain = !found.has_fields() && !found.has_subarray();
        if is_plain && (any_type || is_same()?) {
            return Ok(found.clone());
        }
        return Err(DtypeMismatch::new(found.clone(), wanted.clone()).into());
    };
    let Some(found_names) = found.names() else {
        return Err(DtypeMismatch::new(found.clone(), wanted.clone()).into());
    };
    let mut fields = Vec::with_capacity(names.len());
    let mut is_in_order = found_names == names;
    for name in &names {
        if !found_names.contains(name) {
            return Err(PyTypeError::new_err(format!(
                "the array has no field '{name}', only {}; pass an array with the fields {}",
                listed(&found_names),
                listed(&names)
            )));
        }
        // Looking a field up may run Python code, where titles are odd objects, and that can rename them.
        let (found, offset) = found.get_field(name).map_err(|_| BorrowError::Changed)?;
        let (wanted, _) = wanted.get_field(name)?;
        let descr =
            by_name(&found, &wanted, any_type).map_err(|err| in_field(found.py(), err, name))?;
        is_in_order &= descr.is(&found);
        fields.push(RecordField {
            name: name.as_str().into(),
            descr,
            offset,
        });
    }
    if is_in_order {
        return Ok(found.clone());
    }
    record_descr(found.py(), &fields, found.itemsize(), false)
}

/// The error with the name of the field in front, if it is one of those that say what is wrong with a
/// value.
pub(crate) fn in_field(py: Python<'_>, err: PyErr, name: &str) -> PyErr {
    let text = || format!("field '{name}': {}", err.value(py));
    let class = err.get_type(py);
    let outer = if class.is(py.get_type::<PyTypeError>()) {
        PyTypeError::new_err(text())
    } else if class.is(py.get_type::<PyValueError>()) {
        PyValueError::new_err(text())
    } else {
        return err;
    };
    outer.set_cause(py, Some(err));
    outer
}

/// The names as Python shows them in a list.
pub(crate) fn listed(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    names.join(", ")
}
