//! Indices into arrays: bounds check, then byte offset.
#![forbid(unsafe_code)]

use ndarray::{Dimension, IntoDimension};

mod sealed {
    pub trait Sealed {}
    impl<D: ndarray::IntoDimension> Sealed for D {}
}

/// An index of one element of an array: a tuple, array or slice of one number per axis.
///
/// Like [`ndarray::NdIndex`], but for the strides of NumPy, which count bytes. Every type that
/// implements [`IntoDimension`] is an index.
///
/// ```
/// use npyo::{prelude::*, pyarray};
/// use pyo3::Python;
///
/// Python::attach(|py| {
///     let array = pyarray![py, [1, 2], [3, 4]];
///     let array = array.readonly();
///     assert_eq!(array.get([1, 0]), Some(&3));
///     assert_eq!(array.get((1, 1)), Some(&4));
///     assert_eq!(array.get([2, 0]), None);
/// });
/// ```
pub trait NpyIndex: IntoDimension + sealed::Sealed {
    /// The byte offset of the indexed element, or `None` if the index is out of bounds.
    #[doc(hidden)]
    fn byte_offset(self, shape: &[usize], strides: &[isize]) -> Option<isize>;

    /// The byte offset of the indexed element, with no bounds check.
    #[doc(hidden)]
    fn unchecked_byte_offset(self, strides: &[isize]) -> isize;
}

impl<I: IntoDimension> NpyIndex for I {
    #[inline]
    fn byte_offset(self, shape: &[usize], strides: &[isize]) -> Option<isize> {
        let index = self.into_dimension();
        let index = index.slice();
        if index.len() != shape.len() || index.iter().zip(shape).any(|(i, len)| i >= len) {
            return None;
        }
        Some(offset(index, strides))
    }

    #[inline]
    fn unchecked_byte_offset(self, strides: &[isize]) -> isize {
        offset(self.into_dimension().slice(), strides)
    }
}

#[inline]
fn offset(index: &[usize], strides: &[isize]) -> isize {
    index
        .iter()
        .zip(strides)
        .map(|(&i, &stride)| (i as isize).wrapping_mul(stride))
        .fold(0, isize::wrapping_add)
}

/// The index tuple of element number `position` in C order.
pub(crate) fn unravel(mut position: usize, shape: &[usize]) -> Vec<usize> {
    let mut index = vec![0; shape.len()];
    for (i, &len) in index.iter_mut().zip(shape).rev() {
        *i = position % len;
        position /= len;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_outside_of_the_shape_has_no_offset() {
        assert_eq!([1, 2].byte_offset(&[2, 3], &[24, 8]), Some(40));
        assert_eq!([2, 0].byte_offset(&[2, 3], &[24, 8]), None);
        assert_eq!([0].as_slice().byte_offset(&[2, 3], &[24, 8]), None);
        assert_eq!(().byte_offset(&[], &[]), Some(0));
    }

    #[test]
    fn unravel_counts_in_c_order() {
        assert_eq!(unravel(4, &[2, 3]), [1, 1]);
        assert_eq!(unravel(0, &[]), [0; 0]);
    }
}
