//! The axes of a set of bytes, and how to reduce them to as few as possible.

use super::Layout;

/// Most axes a NumPy array can have.
pub(super) const MAX_AXES: usize = 64;

/// Number of axes stored without an allocation.
pub(super) const INLINE_AXES: usize = 4;

/// One axis of a set of bytes: the offsets 0, `stride`, 2 `stride`, … , `len` of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Distance in bytes between neighbours.
    pub(super) stride: usize,
    /// Number of offsets, at least 1.
    pub(super) len: usize,
}

impl Axis {
    /// An axis that leads nowhere; fills unused room.
    pub(super) const NONE: Self = Self { stride: 0, len: 1 };

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

/// Axes in owned form: a few in place, more in a box.
#[derive(Clone, Debug)]
pub(super) enum Axes {
    /// The first `usize` of the array count.
    Few(usize, [Axis; INLINE_AXES]),
    /// More than [`INLINE_AXES`].
    Many(Box<[Axis]>),
}

impl Axes {
    /// No axes.
    pub(super) const EMPTY: Self = Self::Few(0, [Axis::NONE; INLINE_AXES]);

    /// A copy of `axes`.
    pub(super) fn new(axes: &[Axis]) -> Self {
        let mut few = [Axis::NONE; INLINE_AXES];
        match few.get_mut(..axes.len()) {
            Some(room) => {
                room.copy_from_slice(axes);
                Self::Few(axes.len(), few)
            }
            None => Self::Many(axes.into()),
        }
    }

    /// The axes.
    #[inline]
    pub(super) fn as_slice(&self) -> &[Axis] {
        match self {
            Self::Few(len, few) => &few[..*len],
            Self::Many(many) => many,
        }
    }

    /// Whether there are none.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Few(0, _))
    }
}
