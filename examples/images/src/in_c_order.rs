//! Arrays of any layout as one slice.

use std::borrow::Cow;

use npyo::ndarray::{ArrayView, Dimension};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;

/// The elements of `view` with the last index varying fastest.
///
/// They are borrowed where they lie in memory like that, as they do in most arrays, and copied
/// where not, as in a transposed array. Fails with a `MemoryError` if there is no room for the
/// copy: a broadcast array can have far more elements than bytes.
pub(crate) fn in_c_order<'a, T: Copy, D: Dimension>(
    view: ArrayView<'a, T, D>,
) -> PyResult<Cow<'a, [T]>> {
    if let Some(elements) = view.to_slice() {
        return Ok(Cow::Borrowed(elements));
    }
    let mut elements = Vec::new();
    elements.try_reserve_exact(view.len()).map_err(|_| {
        PyMemoryError::new_err(format!("no room for a copy of {} elements", view.len()))
    })?;
    elements.extend(view.iter().copied());
    Ok(Cow::Owned(elements))
}
