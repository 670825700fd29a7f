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
    // In the order of memory it is fast to see that all is well; which element is the first that
    // is not only the order of indices tells.
    let (start, lens, steps) = in_order_of_memory(&shape, strides);
    let all_valid = for_each_run(&lens, &steps, |run| {
        let first = data.wrapping_offset(start.wrapping_add(run.offset));
        // SAFETY: a run lies within the array.
        match unsafe { T::first_invalid(py, first, run.len, run.stride) } {
            None => Ok(()),
            Some(_) => Err(()),
        }
    });
    if all_valid.is_ok() {
        return Ok(());
    }
    let mut before = 0;
    for_each_run(&shape, strides, |run| {
        let first = data.wrapping_offset(run.offset);
        // SAFETY: a run lies within the array.
        match unsafe { T::first_invalid(py, first, run.len, run.stride) } {
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

/// The same elements by axes of positive strides, the longest first: the offset of the one that
/// comes first in memory, the lengths, and the strides.
fn in_order_of_memory(shape: &[usize], strides: &[isize]) -> (isize, Vec<usize>, Vec<isize>) {
    let mut start = 0_isize;
    let mut axes = Vec::with_capacity(shape.len());
    for (&len, &stride) in shape.iter().zip(strides) {
        if stride < 0 {
            let steps = len.saturating_sub(1) as isize;
            start = start.wrapping_add(stride.wrapping_mul(steps));
        }
        axes.push((stride.wrapping_abs(), len));
    }
    axes.sort_unstable_by(|one, other| other.cmp(one));
    let (steps, lens) = axes.into_iter().unzip();
    (start, lens, steps)
}
