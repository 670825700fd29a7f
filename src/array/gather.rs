//! Copying elements of any layout to C order.

use std::mem::{ManuallyDrop, MaybeUninit};

use pyo3::prelude::*;

use crate::element::copy::{is_owned, take_over};
use crate::element::padding::clear_padding;
use crate::element::trait_::Element;
use crate::error::{ViewError, ViewProblem};
use crate::index::unravel;
use crate::runs::merged_axes;

/// So many columns are copied together where those are the denser ones in memory.
const COLUMNS: usize = 16;

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
/// # Safety
///
/// The elements of `source` are of the dtype of `T` and readable, aligned or not. There is room
/// for all of them at `place`, which does not overlap them.
pub(crate) unsafe fn gather<T>(source: Source<'_>, place: *mut T) {
    if source.len() == 0 {
        return;
    }
    let axes = merged_axes(source.shape, source.strides);
    // SAFETY: the caller's promise; merging the axes does not change the elements.
    unsafe { gather_along(&axes, source.data, place) };
}

/// Copies the bits of the elements along `axes`, outermost first; returns the place behind them.
///
/// # Safety
///
/// As [`gather`], where the first element is at `from`.
unsafe fn gather_along<T>(
    axes: &[(usize, isize)],
    mut from: *const u8,
    mut place: *mut T,
) -> *mut T {
    match *axes {
        // SAFETY: one element, and there is room for it.
        [] => unsafe { copy_run(from, 1, 0, place) },
        // SAFETY: `len` elements, and there is room for them.
        [(len, stride)] => unsafe { copy_run(from, len, stride, place) },
        [rows, columns] if rows.1.unsigned_abs() < columns.1.unsigned_abs() => {
            // SAFETY: rows times columns elements, and there is room for them.
            unsafe { copy_transposed(from, rows, columns, place) }
        }
        [(len, stride), ref inner @ ..] => {
            for _ in 0..len {
                // SAFETY: the elements with one index of the outermost axis.
                place = unsafe { gather_along(inner, from, place) };
                from = from.wrapping_offset(stride);
            }
            place
        }
    }
}

/// Copies `len` elements, `stride` bytes from each to the next; returns the place behind them.
///
/// # Safety
///
/// As [`gather`], for these elements.
#[inline]
unsafe fn copy_run<T>(mut from: *const u8, len: usize, stride: isize, place: *mut T) -> *mut T {
    if stride == size_of::<T>() as isize {
        // SAFETY: the elements are so many readable bytes, and there is room for them.
        unsafe { from.copy_to_nonoverlapping(place.cast(), len * size_of::<T>()) };
        return place.wrapping_add(len);
    }
    let mut to = place.cast::<MaybeUninit<T>>();
    let copy_one = |to: *mut MaybeUninit<T>, from: *const u8| {
        // SAFETY: the bits of one of the elements, whatever they are; `MaybeUninit` asks for no
        // more than that they can be read.
        let bits = unsafe { from.cast::<MaybeUninit<T>>().read_unaligned() };
        // SAFETY: there is room for all of them.
        unsafe { to.write_unaligned(bits) };
    };
    // Four at a time, as compilers do not do of themselves where the stride is not known to them.
    for _ in 0..len / 4 {
        for i in 0..4 {
            copy_one(
                to.wrapping_add(i),
                from.wrapping_offset(stride.wrapping_mul(i as isize)),
            );
        }
        to = to.wrapping_add(4);
        from = from.wrapping_offset(stride.wrapping_mul(4));
    }
    for i in 0..len % 4 {
        copy_one(
            to.wrapping_add(i),
            from.wrapping_offset(stride.wrapping_mul(i as isize)),
        );
    }
    place.wrapping_add(len)
}

/// Copies a matrix whose columns are the denser ones in memory, a few of them at a time, so that
/// the neighbours in a column, which share cache lines, are read soon after each other.
///
/// # Safety
///
/// As [`gather`], for the elements of rows times columns.
unsafe fn copy_transposed<T>(
    from: *const u8,
    (rows, row_stride): (usize, isize),
    (columns, column_stride): (usize, isize),
    place: *mut T,
) -> *mut T {
    for first in (0..columns).step_by(COLUMNS) {
        let len = COLUMNS.min(columns - first);
        let mut from = from.wrapping_offset(column_stride.wrapping_mul(first as isize));
        for row in 0..rows {
            let place = place.wrapping_add(row * columns + first);
            // SAFETY: `len` elements of this row, and the room that is theirs.
            unsafe { copy_run(from, len, column_stride, place) };
            from = from.wrapping_offset(row_stride);
        }
    }
    place.wrapping_add(rows * columns)
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
    unsafe { gather(source, place) };
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
        unsafe {
            place
                .cast::<u8>()
                .copy_from_nonoverlapping(values.as_ptr().cast(), size_of_val(values))
        };
        // SAFETY: the elements that have just been written.
        unsafe { clear_gaps(place, values.len()) };
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
    place: *mut T,
) {
    let mut len = 0;
    for value in values {
        let clone = value.clone_ref(py);
        // SAFETY: there is room for every value of the iterator. NumPy aligns memory for the fields
        // of a record only.
        unsafe { place.wrapping_add(len).write_unaligned(clone) };
        len += 1;
    }
    // SAFETY: the elements that have just been written.
    unsafe { clear_gaps(place, len) };
}

/// Clears the bytes between the fields of records that are next to each other.
///
/// # Safety
///
/// The records are writeable, and nothing refers to them.
pub(crate) unsafe fn clear_gaps<T: Element>(place: *mut T, len: usize) {
    // SAFETY: the caller's promise.
    unsafe { clear_padding::<T>(place.cast(), &[len], &[size_of::<T>() as isize]) };
}
