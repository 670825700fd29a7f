//! The pictures that the filters take.

use std::borrow::Cow;

use npyo::ndarray::ArrayView3;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::memory::vec_with_room_for;

/// Red, green and blue.
pub(crate) const CHANNELS: usize = 3;

/// A picture of red, green and blue bytes, row by row.
pub(crate) struct Image<'a> {
    pub(crate) height: usize,
    pub(crate) width: usize,
    bytes: Cow<'a, [u8]>,
}

impl<'a> Image<'a> {
    /// The picture in an array of shape (height, width, 3).
    ///
    /// Fails with a `ValueError` if the last axis has another length.
    pub(crate) fn new(view: ArrayView3<'a, u8>) -> PyResult<Self> {
        let (height, width, channels) = view.dim();
        if channels != CHANNELS {
            return Err(PyValueError::new_err(format!(
                "image has shape ({height}, {width}, {channels}), but (height, width, 3) is \
                 wanted: red, green and blue"
            )));
        }
        Ok(Self {
            height,
            width,
            bytes: row_by_row(view)?,
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// All bytes, row after row.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes of row `y`, pixel after pixel.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let length = self.width * CHANNELS;
        &self.bytes[y * length..][..length]
    }
}

/// The elements of `view`, the last index varying fastest: borrowed where they lie in memory like
/// that, as in most arrays, and copied where not, as in a transposed one.
fn row_by_row(view: ArrayView3<'_, u8>) -> PyResult<Cow<'_, [u8]>> {
    if let Some(bytes) = view.to_slice() {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut bytes = vec_with_room_for(view.len())?;
    bytes.extend(view.iter());
    Ok(Cow::Owned(bytes))
}
