//! Truth values: one byte that Rust wants to be 0 or 1 and NumPy reads as zero or not.

use std::ffi::c_int;

use pyo3::prelude::*;

use crate::element::invalid::InvalidElement;
use crate::element::num::{built_in, copied, extracted};
use crate::element::trait_::Element;
use crate::npyffi::NPY_TYPES;

// SAFETY: both are one byte; 0 and 1 are the values, `first_invalid` finds all other bytes, and
// a bitwise copy is a clone.
unsafe impl Element for bool {
    const ALL_BITS_VALID: bool = false;

    built_in!(&[NPY_TYPES::NPY_BOOL as c_int]);
    copied!();
    extracted!();

    unsafe fn first_invalid(
        _py: Python<'_>,
        data: *const u8,
        len: usize,
        stride: isize,
    ) -> Option<InvalidElement> {
        // SAFETY: the caller's promise is that of this function.
        let (position, byte) = unsafe { first_other_byte(data, len, stride) }?;
        Some(InvalidElement::new(
            position,
            format!(
                "byte {byte} is neither 0 (False) nor 1 (True); pass `a != 0`, or view the array \
                 as uint8"
            ),
        ))
    }

    unsafe fn canonicalize(_py: Python<'_>, data: *mut u8, len: usize) {
        // SAFETY: `len` bytes of a private copy, by the caller's promise.
        let bytes = unsafe { std::slice::from_raw_parts_mut(data, len) };
        for byte in bytes {
            *byte = u8::from(*byte != 0);
        }
    }
}

/// The first of `len` bytes, `stride` apart, that is neither 0 nor 1.
///
/// # Safety
///
/// The bytes are readable.
unsafe fn first_other_byte(data: *const u8, len: usize, stride: isize) -> Option<(usize, u8)> {
    /// So many bytes are folded with no branch, which the compiler turns into vector code.
    const BLOCK: usize = 1024;

    let byte = |i: usize| {
        let place = data.wrapping_offset(stride.wrapping_mul(i as isize));
        // SAFETY: `i` is below `len`, and those bytes are readable. Python might write to them
        // at the same time, which is a race that this library trusts callers not to run.
        unsafe { place.read() }
    };
    let mut start = 0;
    while start < len {
        let end = len.min(start + BLOCK);
        let folded = if stride == 1 {
            // SAFETY: `start..end` is within the readable bytes.
            let block =
                unsafe { std::slice::from_raw_parts(data.wrapping_add(start), end - start) };
            block.iter().fold(0, |folded, byte| folded | byte)
        } else {
            (start..end).fold(0, |folded, i| folded | byte(i))
        };
        if folded > 1 {
            let position = (start..end).find(|&i| byte(i) > 1)?;
            return Some((position, byte(position)));
        }
        start = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::first_other_byte;

    #[test]
    fn the_first_byte_above_one_is_found_at_any_stride() {
        let mut bytes = vec![1_u8; 5000];
        bytes[3000] = 24;
        bytes[4002] = 2;
        let first = |start: usize, len, stride| {
            let data = bytes[start..].as_ptr();
            // SAFETY: the calls below stay within `bytes`.
            unsafe { first_other_byte(data, len, stride) }
        };
        assert_eq!(first(0, 5000, 1), Some((3000, 24)));
        assert_eq!(first(0, 2500, 2), Some((1500, 24)));
        assert_eq!(first(0, 3000, 1), None);
        assert_eq!(first(4999, 5000, -1), Some((4999 - 4002, 2)));
        assert_eq!(first(3000, 7, 0), Some((0, 24)));
    }
}
