//! Calling a function for elements where they are.

use std::ops::Range;

use crate::broadcast::plan::{Axis, MOST};
use crate::ufunc::call::{Call, Failure, Kernel};

/// The elements of all operands of a function, which have its types.
#[derive(Debug)]
pub(crate) struct Walk {
    /// The first of each.
    data: [*mut u8; MOST],
    operands: usize,
    axes: Vec<Axis>,
    len: usize,
}

// SAFETY: of the pointers only `run` makes use, which says who may call it.
unsafe impl Send for Walk {}

// SAFETY: as above.
unsafe impl Sync for Walk {}

impl Walk {
    pub(crate) fn new(data: [*mut u8; MOST], operands: usize, axes: Vec<Axis>) -> Self {
        Self {
            data,
            operands,
            len: axes.iter().map(|axis| axis.len).product(),
            axes,
        }
    }

    /// How many elements.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Calls the function for some of the elements.
    ///
    /// # Safety
    ///
    /// The operands have the types of the kernel, and as many elements along these axes, which are borrowed, the
    /// results to write. No two elements of a result share memory, nor do a result and an argument, unless each
    /// element is in the very place of the one with the same indices. No other thread computes any of these
    /// elements. The thread is attached if the kernel needs a token.
    pub(crate) unsafe fn run(
        &self,
        kernel: &dyn Kernel,
        part: Range<usize>,
    ) -> Result<(), Failure> {
        let (inner, outer) = match self.axes.split_first() {
            Some((inner, outer)) => (*inner, outer),
            None => (Axis::ONE, [].as_slice()),
        };
        let (mut start, end) = (part.start, part.end);
        if start >= end {
            return Ok(());
        }
        let mut data = self.data;
        let data = &mut data[..self.operands];
        let mut rest = start;
        let mut index = Vec::with_capacity(outer.len());
        let first = rest % inner.len;
        rest /= inner.len;
        go(data, &inner, first as isize);
        for axis in outer {
            go(data, axis, (rest % axis.len) as isize);
            index.push(rest % axis.len);
            rest /= axis.len;
        }
        let mut len = (inner.len - first).min(end - start);
        let mut back = first as isize;
        loop {
            let size = len as isize;
            // SAFETY: pointers and steps of as many elements of each operand, of which there are no more than
            // there is room for.
            let call = unsafe { Call::new(data.as_ptr(), &raw const size, inner.steps.as_ptr()) };
            // SAFETY: the caller's promise.
            let done = unsafe { kernel.run(&call) };
            done.map_err(|failure| Failure {
                done: start + failure.done,
                ..failure
            })?;
            start += len;
            if start == end {
                return Ok(());
            }
            go(data, &inner, -back);
            back = 0;
            for (axis, index) in outer.iter().zip(&mut index) {
                *index += 1;
                go(data, axis, 1);
                if *index < axis.len {
                    break;
                }
                go(data, axis, -(axis.len as isize));
                *index = 0;
            }
            len = inner.len.min(end - start);
        }
    }
}

/// Moves all places along an axis.
fn go(data: &mut [*mut u8], axis: &Axis, by: isize) {
    for (place, step) in data.iter_mut().zip(axis.steps) {
        *place = place.wrapping_offset(step.wrapping_mul(by));
    }
}
