//! Where the elements of an array lie in memory: arithmetic over numbers.
//!
//! Everything here works on an address, a shape, byte strides and an item size, without Python and
//! without pointers, so it can be tested against brute force. Strides come from NumPy unchecked:
//! they may be zero, negative, meaningless on an axis of length 1, or (after `as_strided`) so large
//! that element addresses wrap around. Nothing here panics on such input; where an exact answer is
//! out of reach the answer errs on the side of "these may overlap".

#![forbid(unsafe_code)]

mod axes;
mod comb;
mod contiguity;
mod footprint;
mod overlap;
mod search;
#[cfg(test)]
mod tests;

pub(crate) use axes::Axis;
pub(crate) use comb::Comb;
pub(crate) use footprint::{FOOTPRINT_AXES, Footprint};

/// Where the elements of one array lie: numbers only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'a> {
    /// Address of the element whose indices are all zero.
    pub(crate) addr: usize,
    /// Length of each axis.
    pub(crate) shape: &'a [usize],
    /// Distance in bytes from one element to the next along each axis; as many as there are axes.
    pub(crate) strides: &'a [isize],
    /// Size of one element in bytes.
    pub(crate) itemsize: usize,
}

impl<'a> Layout<'a> {
    /// The number of elements (1 for an array without axes), or `usize::MAX` if it is larger.
    #[inline]
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().fold(1, |len, &n| len.saturating_mul(n))
    }

    /// Whether there are no elements: some axis has length 0.
    #[inline]
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// The smallest byte range that holds every element.
    ///
    /// An array that covers no bytes has the empty range at its address. An array whose element
    /// addresses leave the address space has [`Span::EVERYTHING`].
    #[inline(always)]
    #[must_use]
    pub(crate) fn span(&self) -> Span {
        let nothing = Span {
            start: self.addr,
            end: self.addr,
        };
        if self.itemsize == 0 {
            return nothing;
        }
        let (mut below, mut above) = (0_usize, self.itemsize);
        for (len, stride) in self.axes() {
            let Some(steps) = len.checked_sub(1) else {
                return nothing;
            };
            let reach = steps.saturating_mul(stride.unsigned_abs());
            if stride < 0 {
                below = below.saturating_add(reach);
            } else {
                above = above.saturating_add(reach);
            }
        }
        match (self.addr.checked_sub(below), self.addr.checked_add(above)) {
            (Some(start), Some(end)) => Span { start, end },
            _ => Span::EVERYTHING,
        }
    }

    /// The length and the stride of each axis.
    #[inline]
    fn axes(&self) -> impl DoubleEndedIterator<Item = (usize, isize)> + use<'a> {
        self.shape.iter().copied().zip(self.strides.iter().copied())
    }
}

/// A range of byte addresses, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Address of the first byte.
    pub(crate) start: usize,
    /// Address after the last byte.
    pub(crate) end: usize,
}

impl Span {
    /// The whole address space: stands for arrays whose element addresses wrap around.
    pub(crate) const EVERYTHING: Self = Self {
        start: 0,
        end: usize::MAX,
    };

    /// The number of bytes in the range.
    #[inline]
    #[must_use]
    pub(crate) fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the two ranges share a byte; an empty range shares none.
    #[inline]
    #[must_use]
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Whether some object in memory could be this long: allocations never exceed `isize::MAX`
    /// bytes.
    ///
    /// Below this bound sums of two such lengths fit in a `usize`, so the exact overlap tests need
    /// no wider numbers.
    #[inline]
    fn is_plausible(self) -> bool {
        self.len() <= isize::MAX.unsigned_abs()
    }
}
