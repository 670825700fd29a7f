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
    let stores = stores::<T>();
    let cleared: Result<(), ()> = for_each_run(shape, strides, |run| {
        let mut start = 0;
        while start < run.len {
            let end = run.len.min(start + BLOCK);
            for &(offset, store) in &stores {
                let offset = run.offset.wrapping_add(offset as isize);
                for i in start..end {
                    let step = run.stride.wrapping_mul(i as isize);
                    let place = data.wrapping_offset(offset.wrapping_add(step));
                    // SAFETY: bytes of one of the elements.
                    unsafe { store.zero(place) };
                }
            }
            start = end;
        }
        Ok(())
    });
    debug_assert!(cleared.is_ok());
}

/// So many elements are gone through with one store, and then with the next: few enough to stay in the
/// cache.
const BLOCK: usize = 512;

/// How many bytes are written at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    One,
    Two,
    Four,
    Eight,
}

impl Store {
    /// # Safety
    ///
    /// As many bytes are writeable at `place`.
    #[inline(always)]
    unsafe fn zero(self, place: *mut u8) {
        match self {
            // SAFETY: the caller's promise.
            Self::One => unsafe { place.write(0) },
            // SAFETY: the caller's promise.
            Self::Two => unsafe { place.cast::<u16>().write_unaligned(0) },
            // SAFETY: the caller's promise.
            Self::Four => unsafe { place.cast::<u32>().write_unaligned(0) },
            // SAFETY: the caller's promise.
            Self::Eight => unsafe { place.cast::<u64>().write_unaligned(0) },
        }
    }
}

/// Where to write zeros in a `T`, so that all bytes that belong to no field are covered, some of them
/// perhaps twice.
fn stores<T: Element>() -> Vec<(usize, Store)> {
    let mut stores = Vec::new();
    for gap in padding(&T::INTERNALS.memory(), size_of::<T>()) {
        let (store, width) = match gap.len() {
            1 => (Store::One, 1),
            2 | 3 => (Store::Two, 2),
            4..8 => (Store::Four, 4),
            _ => (Store::Eight, 8),
        };
        stores.extend(
            (gap.start..=gap.end - width)
                .step_by(width)
                .map(|at| (at, store)),
        );
        stores.push((gap.end - width, store));
    }
    stores.dedup();
    stores
}
