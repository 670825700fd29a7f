//! Walking an array of any layout in C order, one run of its last axis at a time.
#![forbid(unsafe_code)]

/// A stretch of elements at one constant distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Byte offset of the first element from that of the array.
    pub(crate) offset: isize,
    /// Number of elements, at least one.
    pub(crate) len: usize,
    /// Bytes from one element to the next.
    pub(crate) stride: isize,
}

/// Calls `visit` for the runs of an array in C order, until it breaks off with an error.
///
/// Axes that continue each other are merged first, so that a C-contiguous array is one run. An
/// empty array has none.
pub(crate) fn for_each_run<E>(
    shape: &[usize],
    strides: &[isize],
    mut visit: impl FnMut(Run) -> Result<(), E>,
) -> Result<(), E> {
    if shape.contains(&0) {
        return Ok(());
    }
    let mut axes = merged_axes(shape, strides);
    let (len, stride) = axes.pop().unwrap_or((1, 0));
    let mut index = vec![0_usize; axes.len()];
    let mut offset = 0_isize;
    loop {
        visit(Run {
            offset,
            len,
            stride,
        })?;
        let mut axis = axes.len();
        loop {
            if axis == 0 {
                return Ok(());
            }
            axis -= 1;
            let (len, stride) = axes[axis];
            index[axis] += 1;
            offset = offset.wrapping_add(stride);
            if index[axis] < len {
                break;
            }
            offset = offset.wrapping_sub((len as isize).wrapping_mul(stride));
            index[axis] = 0;
        }
    }
}

/// The byte offsets of the elements of an array, in C order.
#[derive(Clone, Debug)]
pub(crate) struct Offsets<'a> {
    shape: &'a [usize],
    strides: &'a [isize],
    /// Of the next element.
    index: Vec<usize>,
    offset: isize,
    left: usize,
}

impl<'a> Offsets<'a> {
    pub(crate) fn new(shape: &'a [usize], strides: &'a [isize]) -> Self {
        Self {
            shape,
            strides,
            index: vec![0; shape.len()],
            offset: 0,
            left: shape.iter().fold(1, |len, &axis| len.saturating_mul(axis)),
        }
    }
}

impl Iterator for Offsets<'_> {
    type Item = isize;

    #[inline]
    fn next(&mut self) -> Option<isize> {
        self.left = self.left.checked_sub(1)?;
        let offset = self.offset;
        for axis in (0..self.shape.len()).rev() {
            let (len, stride) = (self.shape[axis], self.strides[axis]);
            self.index[axis] += 1;
            self.offset = self.offset.wrapping_add(stride);
            if self.index[axis] < len {
                break;
            }
            self.offset = self.offset.wrapping_sub(stride.wrapping_mul(len as isize));
            self.index[axis] = 0;
        }
        Some(offset)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// The axes as (length, stride), outermost first, without those of length one and with
/// neighbours merged where the inner one, walked to its end, leads to the outer one's next step.
pub(crate) fn merged_axes(shape: &[usize], strides: &[isize]) -> Vec<(usize, isize)> {
    let mut axes: Vec<(usize, isize)> = Vec::with_capacity(shape.len());
    for (&len, &stride) in shape.iter().zip(strides) {
        if len == 1 {
            continue;
        }
        match axes.last_mut() {
            Some(outer) if outer.1 == stride.wrapping_mul(len as isize) => {
                *outer = (outer.0 * len, stride);
            }
            _ => axes.push((len, stride)),
        }
    }
    axes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(shape: &[usize], strides: &[isize]) -> Vec<(isize, usize, isize)> {
        let mut runs = Vec::new();
        for_each_run(shape, strides, |run| {
            runs.push((run.offset, run.len, run.stride));
            Ok::<(), ()>(())
        })
        .expect("no visit fails");
        runs
    }

    #[test]
    fn a_contiguous_array_is_one_run() {
        assert_eq!(runs(&[2, 3, 4], &[96, 32, 8]), [(0, 24, 8)]);
    }

    #[test]
    fn a_transposed_array_is_a_run_a_row() {
        assert_eq!(
            runs(&[3, 2], &[8, 24]),
            [(0, 2, 24), (8, 2, 24), (16, 2, 24)]
        );
    }

    #[test]
    fn a_reversed_array_is_one_run_backwards() {
        assert_eq!(runs(&[2, 3], &[-24, -8]), [(0, 6, -8)]);
    }

    #[test]
    fn offsets_are_in_c_order() {
        let offsets = |shape, strides| Offsets::new(shape, strides).collect::<Vec<_>>();
        assert_eq!(offsets(&[2, 3], &[8, -16]), [0, -16, -32, 8, -8, -24]);
        assert_eq!(offsets(&[], &[]), [0]);
        assert!(offsets(&[2, 0], &[8, 8]).is_empty());
    }

    #[test]
    fn a_scalar_is_one_run_and_an_empty_array_none() {
        assert_eq!(runs(&[], &[]), [(0, 1, 0)]);
        assert_eq!(runs(&[1, 1], &[7, 9]), [(0, 1, 0)]);
        assert_eq!(runs(&[2, 0], &[0, 0]), []);
    }
}
