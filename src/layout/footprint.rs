//! The set of bytes an array covers, in a form that makes overlap tests cheap.

use super::axes::{self, Axis, MAX_AXES};
use super::search::Search;
use super::{Layout, Span};

/// Most axes that a footprint has.
pub(crate) const FOOTPRINT_AXES: usize = 5;

/// The bytes an array covers: a block of `width` bytes repeated along some axes, the first of them
/// at `span.start`.
///
/// An array that is contiguous in C order is one block without axes, for which the span says
/// everything. Other arrays keep their axes as they are, since most footprints are never compared
/// beyond their spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Footprint<'a> {
    /// The smallest range that holds all the bytes.
    span: Span,
    /// Length of the block in bytes; 0 only if there are no bytes at all.
    width: usize,
    /// The axes along which the block repeats, none with a stride of 0.
    axes: &'a [Axis],
}

impl Layout<'_> {
    /// Shows the bytes that the array covers to `look`.
    ///
    /// A layout that cannot exist in memory (its elements wrap around the address space, or lie
    /// further apart than any allocation is long) counts as covering all of its span. So do the
    /// finest axes of an array that cannot be described by [`FOOTPRINT_AXES`] of them.
    #[inline(always)]
    pub(crate) fn footprint<R>(&self, look: impl FnOnce(&Footprint<'_>) -> R) -> R {
        if self.is_c_contiguous() {
            look(&Footprint::filling(self.span()))
        } else {
            self.strided_footprint(look)
        }
    }

    #[inline(never)]
    fn strided_footprint<R>(&self, look: impl FnOnce(&Footprint<'_>) -> R) -> R {
        let span = self.span();
        // The numbers of a layout that covers no bytes or is implausibly long may overflow below.
        if self.itemsize == 0 || !span.is_plausible() {
            return look(&Footprint::filling(span));
        }
        let (mut few, mut many);
        let room: &mut [Axis] = if self.shape.len() <= FOOTPRINT_AXES {
            few = [Axis::NONE; FOOTPRINT_AXES];
            &mut few
        } else {
            many = [Axis::NONE; MAX_AXES];
            &mut many
        };
        match axes::collect(self, room) {
            Some(axes) => look(&Footprint::new(span, self.itemsize, axes)),
            None => look(&Footprint::filling(span)),
        }
    }
}

impl<'a> Footprint<'a> {
    /// The `nbytes` bytes from `addr` on.
    #[cfg(test)]
    pub(crate) fn block(addr: usize, nbytes: usize) -> Self {
        Self::filling(match addr.checked_add(nbytes) {
            Some(end) => Span { start: addr, end },
            None => Span::EVERYTHING,
        })
    }

    /// The footprint with these numbers if they go together, else all of `span`.
    #[must_use]
    pub(crate) fn from_parts(span: Span, width: usize, axes: &'a mut [Axis]) -> Self {
        let reach = axes.iter().try_fold(width, |reach, axis| {
            let steps = axis.len.checked_sub(1)?;
            reach.checked_add(axis.stride.checked_mul(steps)?)
        });
        let len = span.end.checked_sub(span.start);
        if len.is_none() || reach != len || !span.is_plausible() || width == 0 {
            return Self::filling(span);
        }
        Self::new(span, width, axes)
    }

    /// The block of `width` bytes, repeated along `axes`, whose reach is the length of `span`.
    fn new(span: Span, width: usize, axes: &'a mut [Axis]) -> Self {
        let mut count = 0;
        for index in 0..axes.len() {
            if axes[index].stride != 0 {
                axes[count] = axes[index];
                count += 1;
            }
        }
        let axes = &mut axes[..count];
        if count > FOOTPRINT_AXES {
            return Self::merged(span, width, axes);
        }
        Self { span, width, axes }
    }

    /// Merges axes until they are few enough.
    #[cold]
    fn merged(span: Span, width: usize, axes: &'a mut [Axis]) -> Self {
        let (width, axes) = axes::coalesce(width, axes);
        let (finest, coarsest) = axes.split_at(axes.len().saturating_sub(FOOTPRINT_AXES));
        Self {
            span,
            width: width + finest.iter().map(|axis| axis.reach()).sum::<usize>(),
            axes: coarsest,
        }
    }

    /// Every byte of `span`.
    #[inline]
    #[must_use]
    pub(crate) fn filling(span: Span) -> Self {
        Self {
            span,
            width: span.end.saturating_sub(span.start),
            axes: &[],
        }
    }

    /// The smallest range that holds all the bytes.
    #[inline]
    #[must_use]
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// Whether there are no bytes.
    #[inline]
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.width == 0
    }

    /// Length in bytes of the block that repeats along the axes.
    #[inline]
    #[must_use]
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The axes along which the block repeats.
    #[inline]
    #[must_use]
    pub(crate) fn axes(&self) -> &'a [Axis] {
        self.axes
    }

    /// Whether the two sets have a byte in common.
    ///
    /// The answer is exact for arrays without gaps and for slices, transposes and fields of one
    /// array, as long as no axes had to be merged. For other strides, finding the answer can take
    /// unreasonably long; the search then gives up and the answer is `true`.
    #[inline]
    #[must_use]
    pub(crate) fn overlaps(&self, other: &Footprint<'_>) -> bool {
        self.span.overlaps(other.span)
            && (self.axes.is_empty() && other.axes.is_empty() || self.meets(other))
    }

    /// Whether the sets have a byte in common, given that their spans do.
    ///
    /// A byte of `self` lies at `self.start + Σ sᵢxᵢ + i` and one of `other`, counted from its end,
    /// at `other.end - 1 - Σ tⱼyⱼ - j`. They are the same byte if
    /// `Σ sᵢxᵢ + Σ tⱼyⱼ + i + j = other.end - 1 - self.start`: that is, if the set that has the axes
    /// of both, and blocks of all the `width + width - 1` values of `i + j`, contains that number.
    fn meets(&self, other: &Footprint<'_>) -> bool {
        if self.span.len().checked_add(other.span.len()).is_none() {
            return true;
        }
        let mut room = [Axis::NONE; 2 * FOOTPRINT_AXES];
        let (ours, rest) = room.split_at_mut(self.axes.len());
        ours.copy_from_slice(self.axes);
        rest[..other.axes.len()].copy_from_slice(other.axes);
        let both = &mut room[..self.axes.len() + other.axes.len()];
        let (width, axes) = axes::coalesce(self.width + other.width - 1, both);
        Search::new().contains(axes, width, other.span.end - 1 - self.span.start)
    }
}
