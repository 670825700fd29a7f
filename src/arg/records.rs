//! Records out of Python values: tuples, dicts and NumPy's scalars.
#![forbid(unsafe_code)]

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyComplex, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::arg::unchanged::cast_unchanged;
use crate::array::coerce::from_any;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::fields::{in_field, listed};
use crate::dtype::record::subarray_descr_of;

/// What NumPy makes records of dtype `wanted` of: tuples, in lists for each axis.
///
/// NumPy itself takes a number for a record, all of whose fields it sets to that; it goes by position
/// where there are names; and it truncates what does not fit.
///
/// # Errors
///
/// If something is no record with these fields; if there are more than `ndim` lists within each other;
/// and, unless `any_value`, if the value of a field would change.
pub(crate) fn records<'py>(
    ob: &Bound<'py, PyAny>,
    wanted: &Bound<'py, PyArrayDescr>,
    any_value: bool,
    ndim: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let Ok(list) = ob.cast::<PyList>() else {
        return record(ob, wanted, any_value);
    };
    let Some(inner) = ndim.checked_sub(1) else {
        return Err(PyValueError::new_err(
            "the lists are nested deeper than the array has dimensions; pass tuples for records",
        ));
    };
    let items: Vec<_> = list
        .iter()
        .map(|item| records(&item, wanted, any_value, inner))
        .collect::<PyResult<_>>()?;
    Ok(PyList::new(ob.py(), items)?.into_any())
}

/// One record as a tuple.
fn record<'py>(
    ob: &Bound<'py, PyAny>,
    wanted: &Bound<'py, PyArrayDescr>,
    any_value: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = ob.py();
    let Some(names) = wanted.names() else {
        return field(ob, wanted, any_value);
    };
    let values = if let Ok(tuple) = ob.cast::<PyTuple>() {
        if tuple.len() != names.len() {
            return Err(PyValueError::new_err(format!(
                "a record has the {} fields {}, but the tuple has {} items",
                names.len(),
                listed(&names),
                tuple.len()
            )));
        }
        tuple.iter().collect()
    } else {
        by_name(ob, &names)?
    };
    let mut fields = Vec::with_capacity(names.len());
    for (name, value) in names.iter().zip(values) {
        let (descr, _) = wanted.get_field(name)?;
        let value = record(&value, &descr, any_value).map_err(|err| in_field(py, err, name))?;
        fields.push(value);
    }
    Ok(PyTuple::new(py, fields)?.into_any())
}

/// The values of a dict or a `numpy.void` that stand under the names.
fn by_name<'py>(ob: &Bound<'py, PyAny>, names: &[String]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let missing = |name: &String, found: &[String]| {
        PyValueError::new_err(format!(
            "the record has no field '{name}', only {}",
            listed(found)
        ))
    };
    if let Ok(dict) = ob.cast::<PyDict>() {
        let found: Vec<String> = dict.keys().extract()?;
        if let Some(unknown) = found.iter().find(|name| !names.contains(name)) {
            return Err(PyValueError::new_err(format!(
                "a record has the fields {}, but the dict has a key '{unknown}'",
                listed(names)
            )));
        }
        let value = |name| dict.get_item(name)?.ok_or_else(|| missing(name, &found));
        return names.iter().map(value).collect();
    }
    let void = ob.py().import("numpy")?.getattr("void")?;
    let is_scalar = |array: &Bound<'_, PyUntypedArray>| array.ndim() == 0;
    if ob.is_instance(&void)? || ob.cast::<PyUntypedArray>().is_ok_and(is_scalar) {
        let descr = ob.getattr("dtype")?.cast_into::<PyArrayDescr>()?;
        if let Some(found) = descr.names() {
            let value = |name: &String| {
                if found.contains(name) {
                    ob.get_item(name)
                } else {
                    Err(missing(name, &found))
                }
            };
            return names.iter().map(value).collect();
        }
    }
    let found = ob.get_type();
    Err(PyTypeError::new_err(format!(
        "expected a record with the fields {} (a tuple, a dict or a numpy.void), got '{}'",
        listed(names),
        found.name()?
    )))
}

/// The value of a field that is no record.
fn field<'py>(
    ob: &Bound<'py, PyAny>,
    wanted: &Bound<'py, PyArrayDescr>,
    any_value: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let shape = wanted.shape();
    let Some((&len, inner)) = shape.split_first() else {
        return if any_value || fits(ob, wanted)? {
            Ok(ob.clone())
        } else {
            // ASCII is bytes as well as text, to NumPy too.
            let is_text = ob.is_exact_instance_of::<PyString>();
            let array = if wanted.kind() == b'S' && is_text && is_ascii(ob)? {
                from_any(&ob.call_method0("encode")?, None)?
            } else {
                from_any(ob, None)?
            };
            if array.ndim() > 0 {
                return Err(PyTypeError::new_err(format!(
                    "expected one value of {wanted}, got '{}'",
                    ob.get_type().name()?
                )));
            }
            let found = array.dtype();
            Ok(cast_unchanged(array, found, wanted.clone())?.into_any())
        };
    };
    let item_descr = if inner.is_empty() {
        wanted.base()
    } else {
        subarray_descr_of(wanted.base(), inner.to_vec())?
    };
    // Other objects may be in no order, or have no end.
    let is_sequence = ob.is_instance_of::<PyList>()
        || ob.is_instance_of::<PyTuple>()
        || ob.is_instance_of::<PyUntypedArray>();
    if !is_sequence {
        return Err(PyTypeError::new_err(format!(
            "expected a list, a tuple or an array of shape {shape:?}, got '{}'",
            ob.get_type().name()?
        )));
    }
    let items: Vec<_> = ob.try_iter()?.take(len + 1).collect::<PyResult<_>>()?;
    if items.len() != len {
        let more = if items.len() > len { "more" } else { "fewer" };
        return Err(PyValueError::new_err(format!(
            "expected a sequence of shape {shape:?}, got {more} than {len} items"
        )));
    }
    let items = items
        .iter()
        .map(|item| record(item, &item_descr, any_value));
    let items: Vec<_> = items.collect::<PyResult<_>>()?;
    Ok(PyList::new(ob.py(), items)?.into_any())
}

fn is_ascii(text: &Bound<'_, PyAny>) -> PyResult<bool> {
    text.call_method0("isascii")?.is_truthy()
}

/// Whether a value of one of Python's own classes is a value of the dtype; if not, or of any other
/// object, NumPy has to be asked.
fn fits(ob: &Bound<'_, PyAny>, wanted: &Bound<'_, PyArrayDescr>) -> PyResult<bool> {
    let size = wanted.itemsize();
    let is_number = || ob.is_exact_instance_of::<PyFloat>() || ob.is_exact_instance_of::<PyInt>();
    Ok(match wanted.kind() {
        b'b' => ob.is_exact_instance_of::<PyBool>(),
        kind @ (b'i' | b'u') if ob.is_exact_instance_of::<PyInt>() => {
            let bits = 8 * size as u32;
            let (least, most) = if kind == b'i' {
                (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
            } else {
                (0, (1_i128 << bits) - 1)
            };
            // Python's integers can be longer than any of ours.
            let number = ob.extract::<i128>().ok();
            number.is_some_and(|number| (least..=most).contains(&number))
        }
        b'f' => is_number(),
        b'c' => is_number() || ob.is_exact_instance_of::<PyComplex>(),
        b'S' if ob.is_exact_instance_of::<PyBytes>() => ob.len()? <= size,
        b'S' if ob.is_exact_instance_of::<PyString>() => is_ascii(ob)? && ob.len()? <= size,
        b'U' if ob.is_exact_instance_of::<PyString>() => ob.len()? <= size / 4,
        b'O' => true,
        _ => false,
    })
}
