//! Writing one element, in arrays of any layout.

use std::mem::MaybeUninit;

use ndarray::Dimension;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;

use crate::array::untyped::PyUntypedArrayMethods;
use crate::borrow::guard::PyReadwriteArray;
use crate::element::copy::release_objects;
use crate::element::padding::clear_padding;
use crate::element::trait_::Element;
use crate::index::NpyIndex;

impl<T: Element, D: Dimension> PyReadwriteArray<'_, T, D> {
    /// Writes the element at an index.
    ///
    /// Works for every layout.
    ///
    /// # Errors
    ///
    /// An `IndexError` if the index is out of bounds.
    ///
    /// ```
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::prelude::*;
    ///
    /// # fn main() -> PyResult<()> {
    /// Python::attach(|py| {
    ///     // Records without padding, whose second field is misaligned.
    ///     let code = c"__import__('numpy').zeros(3, [('id', 'i4'), ('x', 'f8')])['x']";
    ///     let array = py.eval(code, None, None)?.cast_into::<PyArray1<f64>>()?;
    ///     let mut guard = array.readwrite();
    ///     guard.set(1, 0.5)?;
    ///     assert!(guard.set(3, 0.5).is_err());
    ///     assert_eq!(guard.to_vec()?, [0.0, 0.5, 0.0]);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    pub fn set<I>(&mut self, index: I, value: T) -> PyResult<()>
    where
        I: NpyIndex<Dim = D>,
    {
        let index = index.into_dimension();
        let offset = index.clone().byte_offset(self.shape(), self.strides());
        let Some(offset) = offset else {
            return Err(PyIndexError::new_err(format!(
                "index {:?} is out of bounds for an array of shape {:?}",
                index.slice(),
                self.shape()
            )));
        };
        let place = self.snapshot().data().wrapping_offset(offset);
        let element = place.cast::<MaybeUninit<T>>();
        // SAFETY: the index is within bounds, so this is one of the elements, which nobody else refers
        // to while `self` is mutably borrowed. Whatever its bits are, they can be moved.
        let before = unsafe { element.read_unaligned() };
        // SAFETY: as above.
        unsafe { element.write_unaligned(MaybeUninit::new(value)) };
        // SAFETY: as above.
        unsafe { clear_padding::<T>(place, &[], &[]) };
        if T::INTERNALS.has_objects() {
            let mut before = before;
            // SAFETY: what was there owned its objects, and is no longer there.
            unsafe { release_objects(self.py(), before.as_mut_ptr(), 1) };
        }
        Ok(())
    }
}
