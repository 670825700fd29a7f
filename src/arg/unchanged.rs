//! Conversions that change no value.
#![forbid(unsafe_code)]

use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::array::coerce::{cast, is_safe_cast};
use crate::array::order::Order;
use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::dtype::mismatch::DtypeMismatch;

/// An array of the wanted dtype with the same values, or the error that names the dtype found.
pub(crate) fn cast_unchanged<'py>(
    array: Bound<'py, PyUntypedArray>,
    found: Bound<'py, PyArrayDescr>,
    wanted: Bound<'py, PyArrayDescr>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    if found.is_equiv_to(&wanted) {
        return Ok(array);
    }
    if !array.is_empty() && !may_be_same(&found, &wanted) {
        return Err(DtypeMismatch::new(found, wanted).into());
    }
    // NumPy calls a conversion of times to a finer unit safe, although not all of them fit.
    let is_time = matches!(wanted.kind(), b'M' | b'm');
    let is_safe = || !is_time && is_safe_cast(&found, &wanted);
    if array.is_empty() || only_rounds(&found, &wanted) || is_safe() {
        return cast(&array, wanted, Order::C);
    }
    match cast_and_compare(&array, &wanted) {
        Ok(Some(converted)) => Ok(converted),
        // An object that is no number at all; of numbers, the error can only be about the value.
        Err(err) if found.kind() == b'O' && !err.is_instance_of::<PyOverflowError>(array.py()) => {
            Err(err)
        }
        _ => Err(PyValueError::new_err(format!(
            "cannot convert from {found} to {wanted} without changing values; pass values that \
             {wanted} can hold, or convert them with `numpy.asarray(x).astype('{wanted}')`"
        ))),
    }
}

/// The array converted, unless a value is another one afterwards.
fn cast_and_compare<'py>(
    array: &Bound<'py, PyUntypedArray>,
    wanted: &Bound<'py, PyArrayDescr>,
) -> PyResult<Option<Bound<'py, PyUntypedArray>>> {
    let py = array.py();
    let numpy = py.import("numpy")?;
    let is_time = matches!(wanted.kind(), b'M' | b'm');
    // What does not fit is found by comparing, and needs no warning.
    let quiet = PyDict::new(py);
    quiet.set_item("all", "ignore")?;
    let quiet = numpy.call_method("errstate", (), Some(&quiet))?;
    quiet.call_method0("__enter__")?;
    let compare = || -> PyResult<_> {
        let converted = cast(array, wanted.clone(), Order::C)?;
        let original = if is_time && array.dtype().kind() == b'O' {
            // Python's dates and times, all of which are whole microseconds.
            let code = format!("{}8[us]", char::from(wanted.kind()));
            cast(array, PyArrayDescr::new(py, code)?, Order::C)?
        } else {
            array.clone()
        };
        // To compare times of two units, NumPy converts them to the finer one, and what does not fit
        // comes out the same. So they are compared where they came from.
        let compared = if is_time {
            cast(&converted, original.dtype(), Order::C)?
        } else {
            converted.clone()
        };
        // NaT, as NaN, is not equal to itself.
        let kwargs = PyDict::new(py);
        kwargs.set_item("equal_nan", is_time)?;
        let equal = numpy.call_method("array_equal", (original, compared), Some(&kwargs))?;
        Ok(equal.is_truthy()?.then_some(converted))
    };
    let result = compare();
    quiet.call_method1("__exit__", (py.None(), py.None(), py.None()))?;
    result
}

/// Whether numbers are rounded, at most, on the way from one dtype to the other.
fn only_rounds(from: &Bound<'_, PyArrayDescr>, to: &Bound<'_, PyArrayDescr>) -> bool {
    let to_floats = to.kind() == b'f' || is_user_number(to);
    (to_floats && matches!(from.kind(), b'b' | b'i' | b'u' | b'f'))
        || (to.kind() == b'c' && matches!(from.kind(), b'b' | b'i' | b'u' | b'f' | b'c'))
}

/// Whether values of one dtype may well be values of the other: all real numbers are of one sort,
/// and anything can be behind an object.
fn may_be_same(from: &Bound<'_, PyArrayDescr>, to: &Bound<'_, PyArrayDescr>) -> bool {
    let is_real = |descr: &Bound<'_, PyArrayDescr>| {
        matches!(descr.kind(), b'b' | b'i' | b'u' | b'f') || is_user_number(descr)
    };
    from.kind() == b'O'
        || from.kind() == to.kind()
        || (is_real(from) && (is_real(to) || to.kind() == b'c'))
}

/// Whether this is a type that another package registered with NumPy, such as bfloat16.
fn is_user_number(descr: &Bound<'_, PyArrayDescr>) -> bool {
    descr.num() >= 256 && !descr.has_fields()
}
