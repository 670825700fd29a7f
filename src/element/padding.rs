//! Bytes of records that belong to no field, and must not show Python what was in them before.

use crate::element::memory::padding;
use crate::element::trait_::Element;
use crate::runs::for_each_run;

/// Sets the bytes of some elements that belong to no field to zero.
///
/// # Safety
///
/// The elements at `data`, with this shape and these byte strides, are writeable, and nothing refers
/// to them. They need not be aligned.
#[inline]
pub(crate) unsafe fn clear_padding<T: Element>(data: *mut u8, shape: &[usize], strides: &[isize]) {
    if T::INTERNALS.has_padding() {
        // SAFETY: the caller's promise.
        unsafe { clear::<T>(data, shape, strides) };
    }
}

/// # Safety
///
/// As [`clear_padding`].
#[inline(never)]
unsafe fn clear<T: Element>(data: *mut u8, shape: &[usize], strides: &[isize]) {
    let gaps = padding(&T::INTERNALS.memory(), size_of::<T>());
    let cleared: Result<(), ()> = for_each_run(shape, strides, |run| {
        let mut element = data.wrapping_offset(run.offset);
        for _ in 0..run.len {
            for gap in &gaps {
                // SAFETY: bytes of one of the elements.
                unsafe { element.wrapping_add(gap.start).write_bytes(0, gap.len()) };
            }
            element = element.wrapping_offset(run.stride);
        }
        Ok(())
    });
    debug_assert!(cleared.is_ok());
}
