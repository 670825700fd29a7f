//! The set of bytes an array covers, in a form that makes overlap tests cheap.

use super::axes::{self, Axes, Axis, INLINE_AXES, MAX_AXES};
use super::search::Search;
use super::{Layout, Span};

/// The bytes an array covers: a block of `width` bytes repeated along some axes.
///
/// The form is canonical enough that every array without gaps, in whatever order its elements are
/// stored, is one block without axes, for which the span says everything.
#[derive(Clone, Debug)]
pub(crate) struct Footprint {
    /// The smallest range that holds all the bytes.
    span: Span,
    /// Length of the block in bytes; 0 only if there are no bytes at all.
    width: usize,
    /// The axes along which the block repeats, every stride larger than the block.
    pub(super) axes: Axes,
}

impl Footprint {
    /// The `nbytes` bytes from `addr` on.
    #[inline]
    #[must_use]
    pub(crate) fn block(addr: usize, nbytes: usize) -> Self {
        Self::filling(match addr.checked_add(nbytes) {
            Some(end) => Span { start: addr, end },
            None => Span::EVERYTHING,
        })
    }

    /// The bytes that `layout` covers.
    ///
    /// A layout that cannot exist in memory (its elements wrap around the address space, or lie
    /// further apart than any allocation is long) counts as covering all of its span. Allocates
    /// only if more than four axes remain.
    #[must_use]
    pub(crate) fn of(layout: &Layout<'_>) -> Self {
        let span = layout.span();
        // The numbers of a layout that is empty, covers no bytes or is implausibly long may
        // overflow below. The first counts as contiguous.
        if layout.is_c_contiguous() || layout.itemsize == 0 || !span.is_plausible() {
            return Self::filling(span);
        }
        let (mut few, mut many);
        let room: &mut [Axis] = if layout.shape.len() <= INLINE_AXES {
            few = [Axis::NONE; INLINE_AXES];
            &mut few
        } else {
            many = [Axis::NONE; MAX_AXES];
            &mut many
        };
        let Some(axes) = axes::collect(layout, room) else {
            return Self::filling(span);
        };
        let (width, axes) = axes::coalesce(layout.itemsize, axes);
        Self {
            span,
            width,
            axes: Axes::new(axes),
        }
    }

    /// Every byte of `span`.
    #[inline]
    fn filling(span: Span) -> Self {
        Self {
            span,
            width: span.len(),
            axes: Axes::EMPTY,
        }
    }

    /// The smallest range that holds all the bytes.
    #[inline]
    #[must_use]
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// Whether the two sets have a byte in common.
    ///
    /// The answer is exact for arrays without gaps and for slices, transposes and fields of one
    /// array. For other strides, finding the answer can take unreasonably long; the search then
    /// gives up and the answer is `true`.
    #[inline]
    #[must_use]
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.span.overlaps(other.span)
            && (self.axes.is_empty() && other.axes.is_empty() || self.meets(other))
    }

    /// Whether the sets have a byte in common, given that their spans do.
    ///
    /// A byte of `self` lies at `self.start + Σ sᵢxᵢ + i` and one of `other`, counted from its end,
    /// at `other.end - 1 - Σ tⱼyⱼ - j`. They are the same byte if
    /// `Σ sᵢxᵢ + Σ tⱼyⱼ + i + j = other.end - 1 - self.start`: that is, if the set that has the axes
    /// of both, and blocks of all the `width + width - 1` values of `i + j`, contains that number.
    fn meets(&self, other: &Self) -> bool {
        if self.span.len().checked_add(other.span.len()).is_none() {
            return true;
        }
        let mut axes = [self.axes.as_slice(), other.axes.as_slice()].concat();
        let (width, axes) = axes::coalesce(self.width + other.width - 1, &mut axes);
        Search::new().contains(axes, width, other.span.end - 1 - self.span.start)
    }
}
