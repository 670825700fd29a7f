//! Whether all elements of an array are values of their Rust type.

use pyo3::Python;

use crate::element::trait_::Element;
use crate::error::ViewError;
use crate::index::unravel;
use crate::runs::for_each_run;

/// Checks that every element of an array is a value of `T`.
///
/// # Safety
///
/// The elements at `data`, with this shape and these byte strides, are readable, and what
/// [`Element::first_invalid`] asks for holds.
pub(crate) unsafe fn check_values<T: Element>(
    py: Python<'_>,
    data: *const u8,
    shape: &[usize],
    strides: &[isize],
) -> Result<(), ViewError> {
    if T::ALL_BITS_VALID {
        return Ok(());
    }
    // The elements along an axis of stride zero are one and the same.
    let once = |(&len, &stride): (&usize, &isize)| if stride == 0 { len.min(1) } else { len };
    let shape: Vec<usize> = shape.iter().zip(strides).map(once).collect();
    let mut before = 0;
    for_each_run(&shape, strides, |run| {
        let start = data.wrapping_offset(run.offset);
        // SAFETY: a run lies within the array.
        match unsafe { T::first_invalid(py, start, run.len, run.stride) } {
            None => {
                before += run.len;
                Ok(())
            }
            Some(invalid) => {
                let index = unravel(before + invalid.position(), &shape);
                Err(invalid.at(index))
            }
        }
    })
}
