//! Bytes that recur at a fixed distance: a rougher picture of an array than its footprint.

use super::Footprint;
use super::search::greatest_common_divisor;

/// The bytes at the addresses `phase` to `phase + width - 1` and at all multiples of `period` from
/// there.
///
/// The columns of one matrix have combs of one period, and it takes a comparison of two numbers to
/// see that they do not touch, although the ranges that they lie in overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Comb {
    /// Distance in bytes between teeth.
    period: usize,
    /// Where a tooth begins, below the period.
    phase: usize,
    /// Length of a tooth in bytes, below the period.
    width: usize,
}

impl Comb {
    /// Distance in bytes between teeth.
    #[inline]
    #[must_use]
    pub(crate) fn period(&self) -> usize {
        self.period
    }

    /// A comb that has all bytes of a footprint, unless that has no gaps that recur.
    #[must_use]
    pub(crate) fn of(footprint: &Footprint<'_>) -> Option<Self> {
        let (mut period, mut width) = (0, footprint.width());
        for axis in footprint.axes().iter().rev() {
            if axis.stride <= width {
                width += axis.reach();
            } else {
                period = greatest_common_divisor(axis.stride, period);
            }
        }
        (width < period && period <= Self::MAX_PERIOD).then(|| Self {
            period,
            phase: footprint.span().start % period,
            width,
        })
    }

    /// Whether the two have no byte in common. It takes equal periods to tell.
    #[inline]
    #[must_use]
    pub(crate) fn misses(&self, other: &Self) -> bool {
        self.period == other.period
            && self.before(other) >= self.width
            && other.before(self) >= other.width
    }

    /// A comb that has the bytes of both, if they have one period.
    #[inline]
    #[must_use]
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        if self.period != other.period {
            return None;
        }
        // A tooth that has both begins where the one begins or where the other does.
        let from_self = self.width.max(self.before(other) + other.width);
        let from_other = other.width.max(other.before(self) + self.width);
        let (first, width) = if from_self <= from_other {
            (self, from_self)
        } else {
            (other, from_other)
        };
        (width < self.period).then_some(Self { width, ..*first })
    }

    /// The distance from a tooth to the next tooth of the other.
    #[inline]
    fn before(&self, other: &Self) -> usize {
        match other.phase.checked_sub(self.phase) {
            Some(distance) => distance,
            None => self.period - (self.phase - other.phase),
        }
    }

    /// Phase and width in one number.
    #[inline]
    #[must_use]
    pub(crate) fn tooth(&self) -> usize {
        self.phase << Self::HALF | self.width
    }

    /// The comb with this period and [`tooth`][Self::tooth], if they go together.
    #[inline]
    #[must_use]
    pub(crate) fn from_parts(period: usize, tooth: usize) -> Option<Self> {
        let (phase, width) = (tooth >> Self::HALF, tooth & Self::MAX_PERIOD);
        (phase < period && width < period).then_some(Self {
            period,
            phase,
            width,
        })
    }

    const HALF: u32 = usize::BITS / 2;

    /// Phase and width of a longer period are not certain to fit in one number.
    const MAX_PERIOD: usize = (1 << Self::HALF) - 1;
}
