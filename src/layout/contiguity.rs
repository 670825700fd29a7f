//! Contiguity and alignment: what a slice or a typed reference needs of a layout.

use super::Layout;

impl Layout<'_> {
    /// Whether every element is aligned to `align`, a power of two.
    ///
    /// Strides of axes of length 1 lead nowhere and do not count; an empty array has no element
    /// that could be misaligned.
    #[inline]
    #[must_use]
    pub(crate) fn is_aligned_to(&self, align: usize) -> bool {
        // A power of two divides all of these exactly when it divides their bitwise union.
        let mut bits = self.addr;
        for (len, stride) in self.axes() {
            match len {
                0 => return true,
                1 => {}
                _ => bits |= stride.unsigned_abs(),
            }
        }
        bits & align.wrapping_sub(1) == 0
    }

    /// Whether the stride of every axis longer than 1 is a multiple of `size`, so that strides can
    /// be counted in elements instead of bytes. True for an empty array.
    #[inline]
    #[must_use]
    pub(crate) fn strides_divide_by(&self, size: usize) -> bool {
        let divides = |stride: isize| stride.unsigned_abs().checked_rem(size) == Some(0);
        self.is_empty() || self.axes().all(|(len, stride)| len == 1 || divides(stride))
    }

    /// Whether the elements follow each other in row-major order without gaps.
    ///
    /// This is NumPy's rule: strides of axes of length 1 do not count, and an empty array is
    /// contiguous whatever its strides.
    #[inline(always)]
    #[must_use]
    pub(crate) fn is_c_contiguous(&self) -> bool {
        packed(self.axes().rev(), self.itemsize)
    }

    /// Whether the elements follow each other in column-major order without gaps, by the same rule
    /// as [`is_c_contiguous`](Self::is_c_contiguous).
    #[inline]
    #[must_use]
    pub(crate) fn is_f_contiguous(&self) -> bool {
        packed(self.axes(), self.itemsize)
    }
}

/// Whether each axis, fastest first, steps exactly over the elements of the axes before it.
#[inline(always)]
fn packed(axes: impl Iterator<Item = (usize, isize)>, itemsize: usize) -> bool {
    let mut packed = true;
    // Saturates above every possible stride, so an overflow can never pass for a match.
    let mut expected = itemsize;
    for (len, stride) in axes {
        match len {
            // An axis of length 0 makes the array contiguous whatever the other axes say.
            0 => return true,
            1 => {}
            _ => {
                packed &= usize::try_from(stride) == Ok(expected);
                expected = expected.saturating_mul(len);
            }
        }
    }
    packed
}
