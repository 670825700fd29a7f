//! Records out of Python values: tuples, dicts and NumPy's scalars.
#![forbid(unsafe_code)]

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::fields::listed;
use crate::dtype::record::subarray_descr_of;

/// What NumPy makes records of dtype `wanted` of: tuples, in lists for each axis.
///
/// NumPy itself takes a number for a record, all of whose fields it sets to that; it goes by position
/// where there are names; and it truncates what does not fit.
///
/// # Errors
///
/// If something is no record with these fields, if there are more than `ndim` lists within each other, and, unless `any_value`, if a value of one would
/// change.
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

/// The error with the name of the field in front.
fn in_field(py: Python<'_>, err: PyErr, name: &str) -> PyErr {
    let text = format!("field '{name}': {}", err.value(py));
    if err.is_instance_of::<PyTypeError>(py) {
        PyTypeError::new_err(text)
    } else {
        PyValueError::new_err(text)
    }
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
    if ob.is_instance(&void)? {
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
    let Some((_, inner)) = shape.split_first() else {
        if !any_value {
            check_value(ob, wanted)?;
        }
        return Ok(ob.clone());
    };
    let base = wanted.base();
    let item_descr = if inner.is_empty() {
        base
    } else {
        subarray_descr_of(base, inner.to_vec())?
    };
    let len = ob.len().map_err(|_| {
        let found = ob.get_type();
        PyTypeError::new_err(format!(
            "expected a sequence of shape {shape:?}, got '{}'",
            found
                .name()
                .map_or_else(|_| "?".to_owned(), |name| name.to_string())
        ))
    })?;
    if len != shape[0] {
        return Err(PyValueError::new_err(format!(
            "expected a sequence of shape {shape:?}, got one of length {len}"
        )));
    }
    let items: Vec<_> = ob
        .try_iter()?
        .map(|item| record(&item?, &item_descr, any_value))
        .collect::<PyResult<_>>()?;
    Ok(PyList::new(ob.py(), items)?.into_any())
}

/// Refuses what NumPy would cut off: fractions, digits and characters.
fn check_value(ob: &Bound<'_, PyAny>, wanted: &Bound<'_, PyArrayDescr>) -> PyResult<()> {
    let size = wanted.itemsize();
    let fits = match wanted.kind() {
        kind @ (b'i' | b'u') => {
            let float = ob.cast::<PyFloat>();
            let number = match float {
                Ok(float) if float.extract::<f64>()?.fract() != 0.0 => None,
                _ if ob.is_instance_of::<PyInt>() || float.is_ok() => {
                    ob.call_method0("__int__")?.extract::<i128>().ok()
                }
                _ => return Ok(()),
            };
            let bits = 8 * size as u32;
            let (least, most) = if kind == b'i' {
                (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
            } else {
                (0, (1_i128 << bits) - 1)
            };
            number.is_some_and(|number| (least..=most).contains(&number))
        }
        b'S' => match ob.cast::<PyBytes>() {
            Ok(bytes) => bytes.as_bytes().len() <= size,
            Err(_) => ob.cast::<PyString>().is_err() || ob.len()? <= size,
        },
        b'U' => ob.cast::<PyString>().is_err() || ob.len()? <= size / 4,
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(PyValueError::new_err(format!(
        "{} is no value of {wanted}; pass one that fits",
        ob.repr()?
    )))
}
