//! Going through the elements by value, in arrays of any layout.

use std::iter::FusedIterator;

use ndarray::Dimension;

use crate::array::untyped::PyUntypedArrayMethods;
use crate::borrow::guard::PyReadonlyArray;
use crate::element::trait_::Element;
use crate::element::validity::check_values;
use crate::error::ViewError;
use crate::runs::Offsets;

/// Clones of the elements of an array, in C order.
struct Iter<'a, T>(Source<'a, T>);

enum Source<'a, T> {
    /// Elements whose bits have been found valid, and are clones of them.
    Lent {
        data: *const u8,
        offsets: Offsets<'a>,
    },
    /// Elements that Python code could replace while the iterator is in use.
    Cloned(std::vec::IntoIter<T>),
}

impl<T: Element, D: Dimension> PyReadonlyArray<'_, T, D> {
    /// Clones of the elements, one after the other in C order.
    ///
    /// Works for every layout.
    ///
    /// # Errors
    ///
    /// If an element is no value of `T`.
    ///
    /// ```
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     // Records without padding, whose second field is misaligned.
    ///     let code = c"__import__('numpy').ones(3, [('id', 'i4'), ('x', 'f8')])['x']";
    ///     let x = py.eval(code, None, None)?.cast_into::<PyArray1<f64>>()?;
    ///     assert!(x.readonly().as_slice().is_err());
    ///     assert_eq!(x.readonly().iter()?.sum::<f64>(), 3.0);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn iter(&self) -> Result<impl ExactSizeIterator<Item = T> + FusedIterator, ViewError> {
        let snapshot = self.snapshot();
        let (data, shape, strides) = (snapshot.data(), self.shape(), self.strides());
        // SAFETY: the snapshot describes an array of the dtype of `T`, which is borrowed.
        let are_values = || unsafe { check_values::<T>(self.py(), data, shape, strides) }.is_ok();
        // Booleans other than 0 and 1 are values to NumPy, which a copy sees to.
        Ok(Iter(if T::IS_COPY && are_values() {
            Source::Lent {
                data,
                offsets: Offsets::new(shape, strides),
            }
        } else {
            Source::Cloned(self.read_all()?.into_iter())
        }))
    }
}

impl<T: Element> Iterator for Iter<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        match &mut self.0 {
            Source::Lent { data, offsets } => {
                let place = data.wrapping_offset(offsets.next()?).cast::<T>();
                // SAFETY: one of the elements of an array that is borrowed for as long as this
                // iterator lives; its bits are those of a value, and a copy of them is a clone.
                Some(unsafe { place.read_unaligned() })
            }
            Source::Cloned(elements) => elements.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Source::Lent { offsets, .. } => offsets.size_hint(),
            Source::Cloned(elements) => elements.size_hint(),
        }
    }
}

impl<T: Element> ExactSizeIterator for Iter<'_, T> {}

impl<T: Element> FusedIterator for Iter<'_, T> {}
