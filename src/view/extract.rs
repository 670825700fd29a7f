//! Guards as arguments of functions.

use ndarray::Dimension;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

use crate::array::handle::{PyArray, not_an_array};
use crate::array::untyped::PyUntypedArray;
use crate::borrow::frozen::PyFrozenArray;
use crate::borrow::guard::{PyReadonlyArray, PyReadwriteArray};
use crate::borrow::registry::Registry;
use crate::borrow::snapshot::Snapshot;
use crate::borrow::table::Access;
use crate::borrow::untyped::refuse_masked;
use crate::element::trait_::Element;
use crate::npyffi;

/// An array and what it was like when it was looked at.
type Seen<'a, 'py, T, D> = (&'a Bound<'py, PyArray<T, D>>, Snapshot<'py, D>);

/// Reads the fields of an object, if it is an array of the right type.
#[inline]
fn look_at<'a, 'py, T: Element, D: Dimension>(
    ob: &'a Bound<'py, PyAny>,
) -> PyResult<Seen<'a, 'py, T, D>> {
    npyffi::import(ob.py())?;
    if !PyUntypedArray::is_type_of(ob) {
        return Err(not_an_array(ob));
    }
    refuse_masked(ob)?;
    // SAFETY: an array; `Snapshot::of` checks that it is one of this type before anything else
    // is done with it.
    let array = unsafe { ob.cast_unchecked::<PyArray<T, D>>() };
    match Snapshot::of(array) {
        Ok(snapshot) => Ok((array, snapshot)),
        // SAFETY: an array.
        Err(misfit) => Err(unsafe { misfit.into_error::<T, D>(ob) }),
    }
}

impl<'a, 'py, T, D> FromPyObject<'a, 'py> for PyReadonlyArray<'py, T, D>
where
    T: Element + 'a,
    D: Dimension + 'a,
{
    type Error = PyErr;

    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let registry = Registry::get(ob.py());
        let (array, snapshot) = look_at::<T, D>(&ob)?;
        let guard = Self::acquire(registry, array.clone(), snapshot, Access::Shared)?;
        guard.check_view()?;
        Ok(guard)
    }
}

impl<'a, 'py, T, D> FromPyObject<'a, 'py> for PyFrozenArray<'py, T, D>
where
    T: Element + 'a,
    D: Dimension + 'a,
{
    type Error = PyErr;

    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        // Frozen first, so that the values that are checked are those that stay.
        let registry = Registry::get(ob.py());
        let (array, snapshot) = look_at::<T, D>(&ob)?;
        let guard = PyReadonlyArray::acquire(registry, array.clone(), snapshot, Access::Shared)?;
        let frozen = guard.freeze();
        frozen.check_view()?;
        Ok(frozen)
    }
}

impl<'a, 'py, T, D> FromPyObject<'a, 'py> for PyReadwriteArray<'py, T, D>
where
    T: Element + 'a,
    D: Dimension + 'a,
{
    type Error = PyErr;

    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let registry = Registry::get(ob.py());
        let (array, snapshot) = look_at::<T, D>(&ob)?;
        let guard = Self::acquire(registry, array.clone(), snapshot)?;
        guard.check_view()?;
        guard.check_apart()?;
        Ok(guard)
    }
}
