//! Which descriptors a call of a ufunc has on NumPy 2.

use pyo3::prelude::*;

use crate::dtype::descr::PyArrayDescrMethods;
use crate::element::memory::TypeInfo;
use crate::npyffi::{NPY_CASTING, PY_ARRAY_API, PyArray_Descr};
use crate::ufunc::run::raising;

/// Picks the descriptors of a call: those of the Rust types, whatever is given. Arguments are to be converted
/// safely, as dates of another unit are not if they would lose something.
///
/// # Safety
///
/// `given` has a live descriptor or, for a result, NULL for each of the types, and `picked` has room for as
/// many.
pub(crate) unsafe fn resolve_descriptors(
    types: &[TypeInfo],
    inputs: usize,
    given: *const *mut PyArray_Descr,
    picked: *mut *mut PyArray_Descr,
) -> NPY_CASTING {
    let pick = |py: Python<'_>| {
        let descrs = types.iter().map(|info| (info.dtype)(py));
        let descrs = descrs.collect::<PyResult<Vec<_>>>()?;
        let mut casting = NPY_CASTING::NPY_NO_CASTING;
        for (n, descr) in descrs.iter().enumerate() {
            // SAFETY: one of the descriptors, or NULL.
            let given = unsafe { *given.wrapping_add(n) };
            let own = descr.as_dtype_ptr();
            casting = casting.max(if given.is_null() {
                NPY_CASTING::NPY_NO_CASTING
            } else if n < inputs {
                // SAFETY: live descriptors.
                unsafe { level(py, given, own, &LEVELS[..3]) }
            } else {
                // SAFETY: live descriptors.
                unsafe { level(py, own, given, &LEVELS) }
            });
        }
        for (n, descr) in descrs.into_iter().enumerate() {
            // SAFETY: room for one.
            unsafe { picked.wrapping_add(n).write(descr.into_dtype_ptr()) };
        }
        Ok(casting)
    };
    // SAFETY: NumPy is attached when it picks descriptors.
    unsafe { raising(pick) }.unwrap_or(NPY_CASTING::_NPY_ERROR_OCCURRED_IN_CAST)
}

/// The levels of casting, but for the one that allows everything.
const LEVELS: [NPY_CASTING; 4] = [
    NPY_CASTING::NPY_NO_CASTING,
    NPY_CASTING::NPY_EQUIV_CASTING,
    NPY_CASTING::NPY_SAFE_CASTING,
    NPY_CASTING::NPY_SAME_KIND_CASTING,
];

/// The first of the levels at which one descriptor can be cast to the other.
///
/// # Safety
///
/// The descriptors are live.
unsafe fn level(
    py: Python<'_>,
    from: *mut PyArray_Descr,
    to: *mut PyArray_Descr,
    levels: &[NPY_CASTING],
) -> NPY_CASTING {
    let is_enough = |level: &&NPY_CASTING| {
        // SAFETY: the caller's promise.
        unsafe { PY_ARRAY_API.PyArray_CanCastTypeTo(py, from, to, **level) != 0 }
    };
    levels
        .iter()
        .find(is_enough)
        .copied()
        .unwrap_or(NPY_CASTING::NPY_UNSAFE_CASTING)
}
