//! Copying elements of any layout to C order.

use std::ffi::c_void;
use std::mem::{ManuallyDrop, MaybeUninit};

use pyo3::prelude::*;

use crate::array::coerce::copy_into;
use crate::array::raw;
use crate::dtype::descr::PyArrayDescrMethods;
use crate::element::copy::{is_owned, take_over};
use crate::element::trait_::Element;
use crate::error::{ViewError, ViewProblem};
use crate::index::unravel;
use crate::npyffi::NPY_ARRAY_WRITEABLE;
use crate::runs::{for_each_run, merged_axes};

/// From so many elements on, NumPy's own copying pays for the arrays that it has to be handed.
const BY_NUMPY: usize = 512;

/// Where elements are, in memory of any kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) data: *const u8,
    pub(crate) shape: &'a [usize],
    pub(crate) strides: &'a [isize],
}

impl Source<'_> {
    fn len(&self) -> usize {
        self.shape
            .iter()
            .fold(1, |len, &axis| len.saturating_mul(axis))
    }
}

/// Copies the bits of all elements to contiguous memory, in C order.
///
/// Large copies of plain elements are left to NumPy, which chooses the order of the loops by the
/// strides of both sides.
///
/// # Safety
///
/// The elements of `source` are of the dtype of `T` and readable, aligned or not. There is room
/// for all of them at `place`, which does not overlap them.
pub(crate) unsafe fn gather<T: Element>(py: Python<'_>, source: Source<'_>, place: *mut T) {
    let axes = merged_axes(source.shape, source.strides);
    let size = size_of::<T>();
    let len = source.len();
    if len == 0 {
        return;
    }
    if axes.is_empty() || matches!(*axes, [(_, stride)] if stride == size as isize) {
        // SAFETY: the elements are `len * size` readable bytes, and there is room for them.
        unsafe { source.data.copy_to_nonoverlapping(place.cast(), len * size) };
        return;
    }
    if T::IS_COPY && len >= BY_NUMPY {
        // SAFETY: the caller's promise; merging the axes does not change the elements.
        if unsafe { gather_by_numpy::<T>(py, source.data, &axes, place) } {
            return;
        }
    }
    let mut place = place;
    let copied: Result<(), ()> = for_each_run(source.shape, source.strides, |run| {
        let mut from = source.data.wrapping_offset(run.offset);
        for _ in 0..run.len {
            // SAFETY: the bits of one of the elements, whatever they are; `MaybeUninit` asks
            // for no more than that they can be read.
            let bits = unsafe { from.cast::<MaybeUninit<T>>().read_unaligned() };
            // SAFETY: the runs visit `len` elements, and there is room for as many.
            unsafe { place.cast::<MaybeUninit<T>>().write(bits) };
            from = from.wrapping_offset(run.stride);
            place = place.wrapping_add(1);
        }
        Ok(())
    });
    debug_assert!(copied.is_ok());
}

/// Lets NumPy copy the elements; `false` if it could not, in which case nothing useful happened.
///
/// # Safety
///
/// As [`gather`].
unsafe fn gather_by_numpy<T: Element>(
    py: Python<'_>,
    data: *const u8,
    axes: &[(usize, isize)],
    place: *mut T,
) -> bool {
    let Ok(descr) = T::try_get_dtype(py) else {
        return false;
    };
    // NumPy copies the fields of a record and leaves out what is between them, which may well be
    // part of a `T`.
    if descr.has_fields() {
        return false;
    }
    let shape: Vec<usize> = axes.iter().map(|axis| axis.0).collect();
    let strides: Vec<isize> = axes.iter().map(|axis| axis.1).collect();
    let copy = || -> PyResult<()> {
        // SAFETY: the elements are readable, and the array, which nobody else sees, is gone
        // before this function returns. It is not writeable.
        let from = unsafe {
            let data = data.cast_mut().cast::<c_void>();
            raw::from_parts(descr.clone(), &shape, strides.as_ptr(), data, 0)
        }?;
        // SAFETY: there is room for the elements in C order, which is what NULL strides mean,
        // and the array is gone as the other one.
        let to = unsafe {
            let data = place.cast::<c_void>();
            raw::from_parts(descr, &shape, std::ptr::null(), data, NPY_ARRAY_WRITEABLE)
        }?;
        // SAFETY: it is an array.
        let from = unsafe { from.cast_into_unchecked() };
        // SAFETY: it is an array.
        let to = unsafe { to.cast_into_unchecked() };
        copy_into(&from, &to)
    };
    copy().is_ok()
}

/// Clones of all elements, in C order.
///
/// # Errors
///
/// The first element, in C order, whose bytes are no value of `T`, not even one written in
/// another way than Rust's; and if there is no memory for as many elements.
///
/// # Safety
///
/// The elements of `source` are of the dtype of `T` and readable, aligned or not.
pub(crate) unsafe fn read_all<T: Element>(
    py: Python<'_>,
    source: Source<'_>,
) -> Result<Vec<T>, ViewError> {
    let len = source.len();
    let mut bits = Vec::<MaybeUninit<T>>::new();
    // A broadcast array can have more elements than memory has room for.
    if bits.try_reserve_exact(len).is_err() {
        return Err(ViewProblem::Memory { len }.into());
    }
    let place = bits.as_mut_ptr().cast::<T>();
    // SAFETY: the caller's promise, and there is room for `len` elements.
    unsafe { gather(py, source, place) };
    // SAFETY: `MaybeUninit` needs no initialisation.
    unsafe { bits.set_len(len) };
    // SAFETY: `place` is a private copy of `len` elements.
    if let Err(invalid) = unsafe { take_over::<T>(py, place, len) } {
        let index = unravel(invalid.position(), source.shape);
        return Err(invalid.at(index));
    }
    if is_owned::<T>() {
        let bits = ManuallyDrop::new(bits);
        // SAFETY: `bits` gives up the allocation, and the elements are values of their own.
        return Ok(unsafe { Vec::from_raw_parts(place, len, bits.capacity()) });
    }
    // SAFETY: `len` values, which belong to the array. They are cloned and, as `bits` holds them
    // as `MaybeUninit`, not dropped.
    let borrowed = unsafe { std::slice::from_raw_parts(place, len) };
    Ok(T::vec_from_slice(py, borrowed))
}

/// Clones values to the memory of a new array.
///
/// If a clone panics, the elements written so far belong to the array.
///
/// # Safety
///
/// There is room for `values` at `place`, in an array of the dtype of `T` whose elements hold no
/// objects yet.
pub(crate) unsafe fn write_slice<T: Element>(py: Python<'_>, values: &[T], place: *mut T) {
    if T::IS_COPY {
        // SAFETY: the memory is new, so it does not overlap `values`, and a bitwise copy is a
        // clone.
        unsafe { place.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
    } else {
        // SAFETY: the caller's promise.
        unsafe { write_iter(py, values.iter(), place) };
    }
}

/// Like [`write_slice`], for any iterator.
///
/// # Safety
///
/// As [`write_slice`], for as many values as the iterator yields.
pub(crate) unsafe fn write_iter<'a, T: Element + 'a>(
    py: Python<'_>,
    values: impl Iterator<Item = &'a T>,
    mut place: *mut T,
) {
    for value in values {
        let clone = value.clone_ref(py);
        // SAFETY: there is room for every value of the iterator.
        unsafe { place.write(clone) };
        place = place.wrapping_add(1);
    }
}
