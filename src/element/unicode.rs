//! Fixed-width Unicode strings, `U{N}`.

use std::fmt;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi::Py_UCS4;
use pyo3::prelude::*;

use crate::dtype::cache::BY_TYPE;
use crate::dtype::descr::PyArrayDescr;
use crate::element::num::copied;
use crate::element::trait_::Element;

/// A string of at most `N` Unicode code points, padded with NUL: an element of a NumPy array of
/// dtype `U{N}`.
///
/// The code points are 32-bit numbers rather than `char`s because Python's strings may hold lone
/// surrogates.
///
/// ```
/// use npyo::{PyArray1, PyFixedUnicode, prelude::*};
/// use pyo3::{Python, types::PyAnyMethods};
///
/// Python::attach(|py| {
///     let word = PyFixedUnicode(['f' as u32, 'o' as u32, 'o' as u32]);
///     let array = PyArray1::from_vec(py, vec![word]);
///     assert!(array.dtype().to_string().contains("U3"));
///     assert_eq!(array.get_item(0).unwrap().to_string(), "foo");
/// });
/// ```
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PyFixedUnicode<const N: usize>(pub [Py_UCS4; N]);

impl<const N: usize> PyFixedUnicode<N> {
    /// The code points up to the trailing NULs, which NumPy does not count to the string.
    ///
    /// ```
    /// use npyo::PyFixedUnicode;
    ///
    /// assert_eq!(PyFixedUnicode([97, 98, 0, 0]).as_code_points(), [97, 98]);
    /// ```
    #[must_use]
    pub fn as_code_points(&self) -> &[u32] {
        let len = self.0.iter().rposition(|&point| point != 0);
        &self.0[..len.map_or(0, |last| last + 1)]
    }
}

impl<const N: usize> From<[Py_UCS4; N]> for PyFixedUnicode<N> {
    fn from(val: [Py_UCS4; N]) -> Self {
        Self(val)
    }
}

/// Shows the string; code points that are no `char`s appear as replacement characters.
impl<const N: usize> fmt::Display for PyFixedUnicode<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = self.as_code_points().iter();
        let text: String = chars
            .map(|&point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        f.pad(&text)
    }
}

// SAFETY: an element of `U{N}` in native byte order is N numbers of 32 bits; every bit pattern
// is a value and a bitwise copy a clone.
unsafe impl<const N: usize> Element for PyFixedUnicode<N> {
    copied!();

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        Self::try_get_dtype(py).unwrap_or_else(|err| panic!("{err}"))
    }

    fn try_get_dtype(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
        if N == 0 {
            return Err(PyTypeError::new_err(
                "NumPy has no arrays of strings without characters; use PyFixedUnicode<1>",
            ));
        }
        let make = || PyArrayDescr::new(py, format!("U{N}"));
        Ok(BY_TYPE.get_or_try_init::<Self>(py, make)?.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::PyFixedUnicode;

    #[test]
    fn display_never_panics() {
        assert_eq!(PyFixedUnicode([0x1f980, 0]).to_string(), "🦀");
        assert_eq!(PyFixedUnicode([0xd800, 97]).to_string(), "\u{fffd}a");
        assert_eq!(PyFixedUnicode([u32::MAX]).to_string(), "\u{fffd}");
    }
}
