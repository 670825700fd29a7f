//! Fixed-width byte strings, `S{N}`.

use std::fmt;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi::Py_UCS1;
use pyo3::prelude::*;

use crate::dtype::cache::BY_TYPE;
use crate::dtype::descr::PyArrayDescr;
use crate::element::num::copied;
use crate::element::trait_::Element;

/// A byte string of at most `N` bytes, padded with NUL: an element of a NumPy array of dtype
/// `S{N}`.
///
/// ```
/// use npyo::{PyArray1, PyFixedString, dtype, prelude::*};
/// use pyo3::{Python, types::PyAnyMethods};
///
/// Python::attach(|py| {
///     let array = PyArray1::<PyFixedString<3>>::from_vec(py, vec![[b'f', b'o', b'o'].into()]);
///     assert!(array.dtype().to_string().contains("S3"));
///     assert_eq!(array.readonly().as_slice().unwrap()[0].to_string(), "foo");
/// });
/// ```
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PyFixedString<const N: usize>(pub [Py_UCS1; N]);

impl<const N: usize> PyFixedString<N> {
    /// The bytes up to the trailing NULs, which NumPy does not count to the string.
    ///
    /// ```
    /// use npyo::PyFixedString;
    ///
    /// assert_eq!(PyFixedString(*b"ab\0\0").as_bytes(), b"ab");
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        let len = self.0.iter().rposition(|&byte| byte != 0);
        &self.0[..len.map_or(0, |last| last + 1)]
    }
}

impl<const N: usize> From<[Py_UCS1; N]> for PyFixedString<N> {
    fn from(val: [Py_UCS1; N]) -> Self {
        Self(val)
    }
}

/// Shows the string; bytes that are no UTF-8 appear as replacement characters.
impl<const N: usize> fmt::Display for PyFixedString<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(self.as_bytes()))
    }
}

// SAFETY: an element of `S{N}` is N bytes; every bit pattern is a value and a bitwise copy a
// clone.
unsafe impl<const N: usize> Element for PyFixedString<N> {
    copied!();

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        Self::try_get_dtype(py).unwrap_or_else(|err| panic!("{err}"))
    }

    fn try_get_dtype(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
        if N == 0 {
            return Err(PyTypeError::new_err(
                "NumPy has no arrays of strings without characters; use PyFixedString<1>",
            ));
        }
        let make = || PyArrayDescr::new(py, format!("S{N}"));
        Ok(BY_TYPE.get_or_try_init::<Self>(py, make)?.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::PyFixedString;

    #[test]
    fn display_never_panics() {
        assert_eq!(PyFixedString([b'a', 0, 0]).to_string(), "a");
        assert_eq!(PyFixedString([0xff, b'b']).to_string(), "\u{fffd}b");
        assert_eq!(PyFixedString([]).to_string(), "");
    }
}
