//! What an array was like when it was borrowed.

use std::ffi::c_int;

use ndarray::Dimension;
#[cfg(Py_GIL_DISABLED)]
use pyo3::Borrowed;
use pyo3::prelude::*;

use crate::array::handle::{Misfit, PyArray, fits};
use crate::array::raw;
use crate::array::untyped::PyUntypedArray;
use crate::borrow::memory::Memory;
use crate::borrow::registry::{Borrow, Registry};
use crate::borrow::table::Access;
use crate::dtype::descr::PyArrayDescr;
use crate::element::trait_::Element;
use crate::error::BorrowError;
use crate::layout::Layout;
use crate::npyffi::{NPY_ARRAY_WARN_ON_WRITE, NPY_ARRAY_WRITEABLE};

/// Address, shape, strides, flags and dtype of an array, read in one go.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot<'py, D> {
    data: *mut u8,
    shape: D,
    /// In bytes; the bits are those of `isize`.
    strides: D,
    itemsize: usize,
    flags: c_int,
    /// `None` for the descriptor that is kept for the element type anyway.
    descr: Option<Bound<'py, PyArrayDescr>>,
}

impl<'py, D: Dimension> Snapshot<'py, D> {
    /// Reads the fields of an array, provided that it has the dtype and the dimensions that its
    /// type claims.
    ///
    /// The claim was checked when the handle was made, but Python code may have set `a.dtype` or
    /// `a.shape` since.
    #[inline(always)]
    pub(crate) fn of<T: Element>(array: &Bound<'py, PyArray<T, D>>) -> Result<Self, Misfit> {
        let array = array.as_any();
        // SAFETY: an array, as `array` is a handle to one.
        unsafe { fits::<T, D>(array) }?;
        // SAFETY: as above; no Python code runs from the look at the dtype on until the fields
        // are no longer in use.
        let parts = unsafe { raw::parts(array) };
        let mut shape = D::zeros(parts.shape.len());
        shape.slice_mut().copy_from_slice(parts.shape);
        let mut strides = D::zeros(parts.strides.len());
        for (ours, stride) in strides.slice_mut().iter_mut().zip(parts.strides) {
            *ours = *stride as usize;
        }
        let kept = T::INTERNALS.descr(array.py());
        let snapshot = Self {
            data: parts.data,
            shape,
            strides,
            itemsize: size_of::<T>(),
            flags: parts.flags,
            descr: match kept {
                Some(kept) if kept.as_ptr() == parts.descr.as_ptr() => None,
                _ => Some(parts.descr.to_owned()),
            },
        };
        #[cfg(Py_GIL_DISABLED)]
        // SAFETY: as above.
        if !unsafe { snapshot.still_holds(array, parts.descr) } {
            return Err(Misfit::Changed);
        }
        Ok(snapshot)
    }

    #[inline]
    pub(crate) fn data(&self) -> *mut u8 {
        self.data
    }

    #[inline]
    pub(crate) fn dims(&self) -> &D {
        &self.shape
    }

    #[inline]
    pub(crate) fn shape(&self) -> &[usize] {
        self.shape.slice()
    }

    /// In bytes.
    #[inline]
    pub(crate) fn strides(&self) -> &[isize] {
        let strides = self.strides.slice();
        // SAFETY: `usize` and `isize` have the same layout and no invalid values.
        unsafe { std::slice::from_raw_parts(strides.as_ptr().cast(), strides.len()) }
    }

    #[inline(always)]
    pub(crate) fn layout(&self) -> Layout<'_> {
        Layout {
            addr: self.data.addr(),
            shape: self.shape(),
            strides: self.strides(),
            itemsize: self.itemsize,
        }
    }

    /// Whether the elements are aligned and follow each other in C or Fortran order, so that nothing
    /// about their layout needs a look.
    #[inline(always)]
    pub(crate) fn is_packed<T>(&self) -> bool {
        let layout = self.layout();
        self.data.addr() % align_of::<T>() == 0
            && (layout.is_c_contiguous() || layout.is_f_contiguous())
    }

    /// Borrows the elements. `array` is what the snapshot was taken of.
    pub(crate) fn borrow<T: Element>(
        &self,
        registry: &'static Registry,
        array: &Bound<'py, PyArray<T, D>>,
        access: Access,
    ) -> Result<Borrow, BorrowError> {
        let memory = Memory {
            array: array.as_any(),
            data: self.data,
            layout: self.layout(),
            descr: &|| self.descr::<T>(array.py()),
        };
        registry.borrow(&memory, access)
    }

    /// Whether the array's fields are still what they were. Without a GIL, another thread may change
    /// some of them while they are read.
    ///
    /// # Safety
    ///
    /// `array` is a `numpy.ndarray`.
    #[cfg(Py_GIL_DISABLED)]
    #[inline(always)]
    unsafe fn still_holds(
        &self,
        array: &Bound<'py, PyAny>,
        descr: Borrowed<'_, 'py, PyArrayDescr>,
    ) -> bool {
        // SAFETY: an array; what is read here is compared and not kept.
        let parts = unsafe { raw::parts(array) };
        parts.data == self.data
            && parts.flags == self.flags
            && parts.shape.iter().eq(self.shape())
            && parts.strides.iter().eq(self.strides())
            && parts.descr.as_ptr() == descr.as_ptr()
    }

    /// Whether Python lets the array be written to, with no warning.
    #[inline(always)]
    pub(crate) fn is_writeable(&self) -> bool {
        self.flags & (NPY_ARRAY_WRITEABLE | NPY_ARRAY_WARN_ON_WRITE) == NPY_ARRAY_WRITEABLE
    }

    #[inline]
    pub(crate) fn flags(&self) -> c_int {
        self.flags
    }

    pub(crate) fn descr<T: Element>(&self, py: Python<'py>) -> Bound<'py, PyArrayDescr> {
        match &self.descr {
            Some(descr) => descr.clone(),
            None => T::get_dtype(py),
        }
    }

    /// An array object of our own for the same memory, whose fields no Python code can change.
    ///
    /// # Safety
    ///
    /// It must not be used after the memory is gone, nor be written to without an exclusive
    /// borrow.
    pub(crate) unsafe fn private_array<T: Element>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyUntypedArray>> {
        // SAFETY: the caller's promise.
        let array = unsafe {
            raw::from_parts(
                self.descr::<T>(py),
                self.shape(),
                self.strides().as_ptr(),
                self.data.cast(),
                self.flags & NPY_ARRAY_WRITEABLE,
            )
        }?;
        // SAFETY: it is an array.
        Ok(unsafe { array.cast_into_unchecked() })
    }
}
