//! Guards as arguments of functions.

use ndarray::Dimension;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

use crate::array::handle::{PyArray, not_an_array};
use crate::array::untyped::PyUntypedArray;
use crate::borrow::frozen::PyFrozenArray;
use crate::borrow::guard::{Checks, PyReadonlyArray, PyReadwriteArray};
use crate::borrow::registry::Registry;
use crate::borrow::snapshot::Snapshot;
use crate::borrow::table::Access;
use crate::borrow::untyped::refuse_masked;
use crate::element::trait_::Element;
use crate::npyffi;

/// An array and what it was like when it was looked at.
type Seen<'py, T, D> = (Bound<'py, PyArray<T, D>>, Snapshot<'py, D>);

/// Reads the fields of an object, if it is an array of the right type.
///
/// The reference to the array is taken before anything is read from it. Where threads share an
/// array without a GIL, its processor has then to wait for the object once and not twice.
#[inline(always)]
fn look_at<'py, T: Element, D: Dimension>(
    ob: Borrowed<'_, 'py, PyAny>,
) -> PyResult<Seen<'py, T, D>> {
    npyffi::import(ob.py())?;
    let ob = ob.to_owned();
    if !PyUntypedArray::is_type_of(&ob) {
        return Err(not_an_array(&ob));
    }
    refuse_masked(&ob)?;
    // SAFETY: an array; `Snapshot::of` checks that it is one of this type before anything else
    // is done with it.
    let array = unsafe { ob.cast_into_unchecked::<PyArray<T, D>>() };
    match Snapshot::of(&array) {
        Ok(snapshot) => Ok((array, snapshot)),
        // SAFETY: an array.
        Err(misfit) => Err(unsafe { misfit.into_error::<T, D>(&array) }),
    }
}

impl<'a, 'py, T, D> FromPyObject<'a, 'py> for PyReadonlyArray<'py, T, D>
where
    T: Element + 'a,
    D: Dimension + 'a,
{
    type Error = PyErr;

    #[inline]
    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let registry = Registry::get(ob.py());
        let (array, snapshot) = look_at::<T, D>(ob)?;
        if T::ALL_BITS_VALID && snapshot.is_packed::<T>() {
            let checks = Checks::LAYOUT;
            return Self::acquire_packed(registry, array, snapshot, checks, Access::Shared);
        }
        to_read(registry, array, snapshot)
    }
}

/// Borrows an array of any layout that can be viewed.
fn to_read<'py, T: Element, D: Dimension>(
    registry: &'static Registry,
    array: Bound<'py, PyArray<T, D>>,
    snapshot: Snapshot<'py, D>,
) -> PyResult<PyReadonlyArray<'py, T, D>> {
    let checks = Checks::NONE;
    let guard = PyReadonlyArray::acquire(registry, array, snapshot, checks, Access::Shared)?;
    guard.check_view()?;
    Ok(guard)
}

impl<'a, 'py, T, D> FromPyObject<'a, 'py> for PyFrozenArray<'py, T, D>
where
    T: Element + 'a,
    D: Dimension + 'a,
{
    type Error = PyErr;

    #[inline]
    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let registry = Registry::get(ob.py());
        let (array, snapshot) = look_at::<T, D>(ob)?;
        let checks = Checks::NONE;
        let guard = PyReadonlyArray::acquire(registry, array, snapshot, checks, Access::Shared)?;
        // Frozen before they are checked, so that the values stay.
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

    #[inline]
    fn extract(ob: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let registry = Registry::get(ob.py());
        let (array, snapshot) = look_at::<T, D>(ob)?;
        let is_plain = T::ALL_BITS_VALID && !T::INTERNALS.has_padding();
        if is_plain && snapshot.is_packed::<T>() && snapshot.is_writeable() {
            let checks = Checks::LAYOUT.and(Checks::APART);
            return Self::acquire_packed(registry, array, snapshot, checks);
        }
        to_write(registry, array, snapshot)
    }
}

/// Borrows an array of any layout that can be viewed and written to.
fn to_write<'py, T: Element, D: Dimension>(
    registry: &'static Registry,
    array: Bound<'py, PyArray<T, D>>,
    snapshot: Snapshot<'py, D>,
) -> PyResult<PyReadwriteArray<'py, T, D>> {
    let snapshot = PyReadwriteArray::writeable(&array, snapshot)?;
    let guard = PyReadwriteArray::acquire(registry, array, snapshot, Checks::NONE)?;
    guard.check_view()?;
    guard.check_apart()?;
    Ok(guard)
}
