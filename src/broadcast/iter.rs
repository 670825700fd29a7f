//! NumPy's iterator, which converts the elements of operands piece by piece.

use std::ffi::c_int;
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::ptr::{self, NonNull};

use pyo3::exceptions::PySystemError;
use pyo3::prelude::*;

use crate::array::untyped::{PyUntypedArray, PyUntypedArrayMethods};
use crate::dtype::descr::{PyArrayDescr, PyArrayDescrMethods};
use crate::npyffi::{
    NPY_CASTING, NPY_ITER_ALLOCATE, NPY_ITER_BUFFERED, NPY_ITER_DELAY_BUFALLOC,
    NPY_ITER_EXTERNAL_LOOP, NPY_ITER_GROWINNER, NPY_ITER_NO_BROADCAST, NPY_ITER_NO_SUBTYPE,
    NPY_ITER_RANGED, NPY_ITER_READONLY, NPY_ITER_REFS_OK, NPY_ITER_WRITEONLY, NPY_ITER_ZEROSIZE_OK,
    NPY_ORDER, NpyIter, PY_ARRAY_API, npy_intp,
};
use crate::ufunc::call::{Call, Failure, Kernel};

/// An iterator over the elements of operands, converted to the dtypes asked for.
///
/// It refers to the memory of the operands, and has no elements until [`start`][Self::start].
pub(crate) struct Iter<'py> {
    iter: NonNull<NpyIter>,
    py: Python<'py>,
}

/// What an iterator is over.
pub(crate) struct Setup<'a, 'py> {
    /// The arguments, and behind them the results, `None` for an array to be made.
    pub(crate) arrays: Vec<Option<Bound<'py, PyUntypedArray>>>,
    /// What their elements are converted to, or from.
    pub(crate) descrs: &'a [Bound<'py, PyArrayDescr>],
    pub(crate) inputs: usize,
    pub(crate) casting: NPY_CASTING,
    pub(crate) order: NPY_ORDER,
}

impl<'py> Iter<'py> {
    /// # Errors
    ///
    /// NumPy's: a `TypeError` if the rule does not allow a conversion, a `ValueError` if the shapes do not fit,
    /// or if there are too many elements.
    ///
    /// # Safety
    ///
    /// Nobody else refers to the arrays. As long as the iterator or a [copy][Self::copy] of it lives, so does
    /// their memory, and nobody else writes to it, nor reads that of the results. No two elements of a result
    /// share memory, nor do a result and an argument, unless it is the very same array.
    pub(crate) unsafe fn new(py: Python<'py>, setup: Setup<'_, 'py>) -> PyResult<Self> {
        let pointer = |array: &Option<Bound<'py, PyUntypedArray>>| match array {
            Some(array) => array.as_array_ptr(),
            None => ptr::null_mut(),
        };
        let mut arrays: Vec<_> = setup.arrays.iter().map(pointer).collect();
        let mut descrs: Vec<_> = setup
            .descrs
            .iter()
            .map(|descr| descr.as_dtype_ptr())
            .collect();
        let flags = |n: usize| match arrays[n].is_null() {
            _ if n < setup.inputs => NPY_ITER_READONLY,
            true => NPY_ITER_WRITEONLY | NPY_ITER_ALLOCATE | NPY_ITER_NO_SUBTYPE,
            false => NPY_ITER_WRITEONLY | NPY_ITER_NO_BROADCAST,
        };
        let mut flags: Vec<_> = (0..arrays.len()).map(flags).collect();
        // SAFETY: an array or NULL, flags and a descriptor for each operand, all of them live; NumPy takes its
        // own references. NULL is for arrays to be made only.
        let iter = unsafe {
            PY_ARRAY_API.NpyIter_MultiNew(
                py,
                arrays.len() as c_int,
                arrays.as_mut_ptr(),
                NPY_ITER_EXTERNAL_LOOP
                    | NPY_ITER_BUFFERED
                    | NPY_ITER_GROWINNER
                    | NPY_ITER_RANGED
                    | NPY_ITER_DELAY_BUFALLOC
                    | NPY_ITER_REFS_OK
                    | NPY_ITER_ZEROSIZE_OK,
                setup.order,
                setup.casting,
                flags.as_mut_ptr(),
                descrs.as_mut_ptr(),
            )
        };
        Self::take(py, iter)
    }

    fn take(py: Python<'py>, iter: *mut NpyIter) -> PyResult<Self> {
        match NonNull::new(iter) {
            Some(iter) => Ok(Self { iter, py }),
            None => Err(PyErr::fetch(py)),
        }
    }

    /// Another one over the same elements.
    pub(crate) fn copy(&self) -> PyResult<Self> {
        // SAFETY: a live iterator.
        let iter = unsafe { PY_ARRAY_API.NpyIter_Copy(self.py, self.iter.as_ptr()) };
        Self::take(self.py, iter)
    }

    /// How many elements.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: a live iterator.
        let len = unsafe { PY_ARRAY_API.NpyIter_GetIterSize(self.py, self.iter.as_ptr()) };
        len.max(0) as usize
    }

    /// Whether NumPy needs an attached thread for the conversions.
    pub(crate) fn needs_python(&self) -> bool {
        // SAFETY: a live iterator.
        let needs = unsafe { PY_ARRAY_API.NpyIter_IterationNeedsAPI(self.py, self.iter.as_ptr()) };
        needs != 0
    }

    /// The array of operand `n`.
    ///
    /// # Safety
    ///
    /// There is such an operand.
    pub(crate) unsafe fn array(&self, n: usize) -> Bound<'py, PyUntypedArray> {
        // SAFETY: a live iterator.
        let arrays = unsafe { PY_ARRAY_API.NpyIter_GetOperandArray(self.py, self.iter.as_ptr()) };
        // SAFETY: there is such an operand.
        let array = unsafe { *arrays.wrapping_add(n) };
        // SAFETY: a live array, to which the iterator has a reference.
        let array = unsafe { Bound::from_borrowed_ptr(self.py, array.cast()) };
        // SAFETY: an array.
        unsafe { array.cast_into_unchecked() }
    }

    /// Prepares some of the elements, of which there is at least one.
    ///
    /// # Errors
    ///
    /// NumPy's, of the conversion of the first ones.
    pub(crate) fn start(&self, part: Range<usize>) -> PyResult<Pieces> {
        let (py, iter) = (self.py, self.iter.as_ptr());
        let (start, end) = (part.start as npy_intp, part.end as npy_intp);
        // SAFETY: a live iterator with ranges, and NULL for "set an exception".
        let done = unsafe {
            PY_ARRAY_API.NpyIter_ResetToIterIndexRange(py, iter, start, end, ptr::null_mut())
        };
        if done == 0 {
            return Err(PyErr::fetch(py));
        }
        // SAFETY: a live iterator, and NULL for "set an exception".
        let next = unsafe { PY_ARRAY_API.NpyIter_GetIterNext(py, iter, ptr::null_mut()) };
        let Some(next) = next else {
            return Err(PyErr::fetch(py));
        };
        Ok(Pieces {
            iter,
            next,
            // SAFETY: a live iterator.
            data: unsafe { PY_ARRAY_API.NpyIter_GetDataPtrArray(py, iter) }.cast(),
            // SAFETY: a live iterator with an external loop.
            len: unsafe { PY_ARRAY_API.NpyIter_GetInnerLoopSizePtr(py, iter) },
            // SAFETY: a live iterator.
            steps: unsafe { PY_ARRAY_API.NpyIter_GetInnerStrideArray(py, iter) },
        })
    }

    /// Gives it up.
    ///
    /// # Errors
    ///
    /// NumPy's, of conversions that are left over.
    pub(crate) fn close(self) -> PyResult<()> {
        // SAFETY: it is not dropped as well.
        unsafe { ManuallyDrop::new(self).deallocate() }
    }

    /// # Safety
    ///
    /// It is not used any more.
    unsafe fn deallocate(&self) -> PyResult<()> {
        // SAFETY: a live iterator, which is not used any more.
        let done = unsafe { PY_ARRAY_API.NpyIter_Deallocate(self.py, self.iter.as_ptr()) };
        if done != 0 {
            return Ok(());
        }
        Err(PyErr::take(self.py).unwrap_or_else(|| {
            PySystemError::new_err("NumPy could not give up an iterator, and does not say why")
        }))
    }
}

impl Drop for Iter<'_> {
    fn drop(&mut self) {
        // Another error is on its way.
        // SAFETY: it is not used any more.
        drop(unsafe { self.deallocate() });
    }
}

/// Some of the elements of an iterator, which are converted piece by piece.
pub(crate) struct Pieces {
    iter: *mut NpyIter,
    next: unsafe extern "C" fn(*mut NpyIter) -> c_int,
    data: *const *mut u8,
    len: *const npy_intp,
    steps: *const npy_intp,
}

// SAFETY: of the pointers only `run` makes use, which says who may call it.
unsafe impl Send for Pieces {}

// SAFETY: as above.
unsafe impl Sync for Pieces {}

impl Pieces {
    /// Calls the function for the elements. If NumPy cannot convert some, an exception is set.
    ///
    /// # Safety
    ///
    /// The iterator lives, these are its last pieces, and this is called once. Its dtypes are those of the
    /// kernel. The thread is attached if the kernel or the iterator needs it to be.
    pub(crate) unsafe fn run(&self, kernel: &dyn Kernel) -> Result<(), Failure> {
        loop {
            // SAFETY: NumPy has pointers and steps there for each operand, of as many elements of the dtypes asked
            // for. What they are in memory is what the caller of `Iter::new` promises of the operands, or buffers.
            let call = unsafe { Call::new(self.data, self.len, self.steps) };
            // SAFETY: the caller's promise.
            unsafe { kernel.run(&call) }?;
            // SAFETY: the caller's promise.
            if unsafe { (self.next)(self.iter) } == 0 {
                return Ok(());
            }
        }
    }
}
