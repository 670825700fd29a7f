//! The axes of a set of bytes, and how to reduce them to as few as possible.

use super::Layout;

/// Most axes a NumPy array can have.
pub(super) const MAX_AXES: usize = 64;

/// One axis of a set of bytes: the offsets 0, `stride`, 2 `stride`, … , `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Axis {
    /// Distance in bytes between neighbours.
    pub(crate) stride: usize,
    /// Number of offsets, at least 1.
    pub(crate) len: usize,
}

impl Axis {
    /// An axis that leads nowhere; fills unused room.
    pub(crate) const NONE: Self = Self { stride: 0, len: 1 };

    /// The largest offset.
    #[inline]
    pub(super) fn reach(self) -> usize {
        self.stride * (self.len - 1)
    }

    /// Adds the offsets of `coarser` to these if the sums are again evenly spaced, without gaps.
    fn absorb(&mut self, coarser: Self) -> bool {
        let ratio = coarser.stride / self.stride;
        let fits = ratio <= self.len && coarser.stride % self.stride == 0;
        if fits {
            self.len += ratio * (coarser.len - 1);
        }
        fits
    }
}

/// The axes of `layout` that lead somewhere (longer than 1), with their strides made positive,
/// written to the front of `room`. `None` if there are more than fit.
pub(super) fn collect<'a>(layout: &Layout<'_>, room: &'a mut [Axis]) -> Option<&'a mut [Axis]> {
    let mut count = 0;
    for (len, stride) in layout.axes().filter(|&(len, _)| len > 1) {
        *room.get_mut(count)? = Axis {
            stride: stride.unsigned_abs(),
            len,
        };
        count += 1;
    }
    Some(&mut room[..count])
}

/// Rewrites the set of bytes "a block of `width` bytes at every sum of offsets" with as few axes as
/// can be found by merging, without changing the set.
///
/// Returns the width of the new block and the remaining axes, sorted by stride, every stride larger
/// than the width.
pub(super) fn coalesce(mut width: usize, axes: &mut [Axis]) -> (usize, &mut [Axis]) {
    axes.sort_unstable_by_key(|axis| axis.stride);
    let mut kept = 0;
    for next in 0..axes.len() {
        let axis = axes[next];
        if axis.stride <= width {
            // Neighbouring blocks touch or overlap: together they are one longer block.
            width += axis.reach();
        } else if !axes[..kept].iter_mut().any(|finer| finer.absorb(axis)) {
            axes[kept] = axis;
            kept += 1;
        }
    }
    (width, &mut axes[..kept])
}
