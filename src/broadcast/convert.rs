//! Array-likes as arrays.
#![forbid(unsafe_code)]

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyList, PyTuple};

use crate::array::coerce::from_any;
use crate::array::untyped::PyUntypedArray;
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};

/// What `numpy.asarray` makes of an object; a number of Python's as an array of the wanted dtype, if that is
/// of a kind that holds it. And whether the array has just been made, with memory of its own.
///
/// # Errors
///
/// NumPy's, and an `OverflowError` if the wanted integers do not hold a number.
pub(crate) fn as_array<'py>(
    ob: &Bound<'py, PyAny>,
    wanted: &Bound<'py, PyArrayDescr>,
) -> PyResult<(Bound<'py, PyUntypedArray>, bool)> {
    if let Ok(array) = ob.cast::<PyUntypedArray>() {
        return Ok((array.clone(), false));
    }
    let kinds: Option<&[u8]> = if ob.is_exact_instance_of::<PyFloat>() {
        Some(b"fc")
    } else if ob.is_exact_instance_of::<PyInt>() {
        Some(b"iufc")
    } else if ob.is_exact_instance_of::<PyBool>() {
        Some(b"biufc")
    } else if ob.is_exact_instance_of::<PyComplex>() {
        Some(b"c")
    } else {
        None
    };
    let is_number = kinds.is_some();
    let wanted = wanted.clone();
    let wanted = kinds
        .is_some_and(|kinds| kinds.contains(&wanted.kind()))
        .then_some(wanted);
    if let Some(wanted) = &wanted {
        check_range(ob, wanted)?;
    }
    // Of other objects NumPy may make an array over their memory.
    let is_list = ob.is_exact_instance_of::<PyList>() || ob.is_exact_instance_of::<PyTuple>();
    Ok((from_any(ob, wanted)?, is_number || is_list))
}

/// Refuses a number that integers of a dtype do not hold, which old versions of NumPy wrap around.
fn check_range(ob: &Bound<'_, PyAny>, wanted: &Bound<'_, PyArrayDescr>) -> PyResult<()> {
    let bits = 8 * wanted.itemsize() as u32;
    let range = match wanted.kind() {
        b'i' => -(1_i128 << (bits - 1))..1_i128 << (bits - 1),
        b'u' => 0..1_i128 << bits,
        _ => return Ok(()),
    };
    match ob.extract::<i128>() {
        Ok(number) if range.contains(&number) => Ok(()),
        _ => Err(PyOverflowError::new_err(format!(
            "Python integer {ob} out of bounds for {wanted}"
        ))),
    }
}
