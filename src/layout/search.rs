//! Whether a set of bytes, given as a block repeated along axes, contains one particular byte.
//!
//! In general this is a knapsack problem, which can take unreasonably long to solve, so the search
//! has a limit. Strides of real arrays are tame, though. What the inner axes of an array reach fits
//! within the stride of the next one out, so the outer and the inner axes of two slices of it can
//! be solved separately, and each of those parts has at most one axis from either slice.

use super::axes::Axis;

/// Work after which a search gives up, some tenths of a millisecond in the worst case.
///
/// The unit is a few divisions. Two slices of one array need less than a hundredth of this.
const WORK: usize = 20_000;

/// A search, or several that share one limit on their work.
pub(super) struct Search {
    /// The work that may still be done.
    work_left: usize,
}

impl Search {
    /// A search that has all its work before it.
    pub(super) fn new() -> Self {
        Self { work_left: WORK }
    }

    /// Whether `target` is the sum of one offset of each axis and a number below `width`, or the
    /// search gave up.
    ///
    /// The axes are sorted by stride, no stride is 0, and the sum of all that the axes reach and
    /// `width` fits in a `usize`.
    pub(super) fn contains(&mut self, axes: &[Axis], width: usize, target: usize) -> bool {
        let work = match axes {
            [] | [_] => 1,
            // Euclid's algorithm takes the more steps the longer the numbers are.
            [finest, ..] => axes.len() + finest.stride.ilog2() as usize,
        };
        let Some(work_left) = self.work_left.checked_sub(work) else {
            return true;
        };
        self.work_left = work_left;
        match *axes {
            [] => target < width,
            [axis] => target - axis.stride * most_steps(axis, target) < width,
            [fine, coarse] => pair_contains(fine, coarse, width, target),
            [.., coarsest] => self.many_contain(axes, coarsest, width, target),
        }
    }

    /// [`contains`](Self::contains) for three axes and more.
    fn many_contain(&mut self, axes: &[Axis], coarsest: Axis, width: usize, target: usize) -> bool {
        let reach = axes
            .iter()
            .fold(width - 1, |reach, axis| reach + axis.reach());
        if target > reach {
            return false;
        }
        // Look for the first place, from the coarsest axis down, to divide the axes in two.
        let (mut fine_reach, mut gcd) = (reach, 0);
        for cut in (1..axes.len()).rev() {
            fine_reach -= axes[cut].reach();
            gcd = greatest_common_divisor(axes[cut].stride, gcd);
            if fine_reach / gcd < 2 {
                return self.parts_contain(axes.split_at(cut), gcd, fine_reach, width, target);
            }
        }
        // There is none. Try all steps along the coarsest axis that bring the target within reach
        // of the other axes, but only if the target is near a number that strides can add up to.
        gcd = greatest_common_divisor(axes[0].stride, gcd);
        let other_reach = reach - coarsest.reach();
        let fewest_steps = target.saturating_sub(other_reach).div_ceil(coarsest.stride);
        let others = &axes[..axes.len() - 1];
        target % gcd < width
            && (fewest_steps..=most_steps(coarsest, target))
                .any(|steps| self.contains(others, width, target - steps * coarsest.stride))
    }

    /// Whether the target is a multiple of `gcd` that the coarse axes add up to and a rest, at most
    /// `fine_reach`, that the fine axes contain.
    ///
    /// As there are few such multiples, this is fast. Trying the steps of one coarse axis after the
    /// other would look at the fine axes again for every way to add up to the same multiple.
    fn parts_contain(
        &mut self,
        (fine, coarse): (&[Axis], &[Axis]),
        gcd: usize,
        fine_reach: usize,
        width: usize,
        target: usize,
    ) -> bool {
        let fewest = target.saturating_sub(fine_reach).div_ceil(gcd);
        (fewest..=target / gcd)
            .map(|times| times * gcd)
            .any(|part| self.contains(coarse, 1, part) && self.contains(fine, width, target - part))
    }
}

/// The most steps along `axis` that do not go beyond `target`.
fn most_steps(axis: Axis, target: usize) -> usize {
    (target / axis.stride).min(axis.len - 1)
}

/// Whether `target` is the sum of an offset of `fine`, one of `coarse` and a number below `width`.
fn pair_contains(fine: Axis, coarse: Axis, width: usize, target: usize) -> bool {
    // The steps along the coarse axis that bring the target within reach of the fine one.
    let most = most_steps(coarse, target);
    let fewest = target
        .saturating_sub(fine.reach() + width - 1)
        .div_ceil(coarse.stride);
    if fewest > most {
        return false;
    }
    // Of these steps, take back as few as possible until the rest exceeds a multiple of the fine
    // stride by less than `width`.
    let excess = (target - coarse.stride * most) % fine.stride;
    if excess < width {
        return true;
    }
    let (low, high) = (fine.stride - excess, fine.stride - excess + width - 1);
    first_multiple_within(coarse.stride % fine.stride, fine.stride, low, high)
        .is_some_and(|(steps, _)| steps <= most - fewest)
}

/// The smallest `times` such that `times * step` modulo `modulus` lies in `low..=high`, and how
/// often the product wraps around the modulus.
///
/// Requires `step < modulus` and `0 < low <= high < modulus`. Like Euclid's algorithm, this makes
/// the step the modulus of a smaller problem of the same kind.
fn first_multiple_within(
    step: usize,
    modulus: usize,
    low: usize,
    high: usize,
) -> Option<(usize, usize)> {
    if step == 0 {
        return None;
    }
    let times = low.div_ceil(step);
    let multiple = times * step;
    if multiple <= high {
        return Some((times, 0));
    }
    // The first multiple that is not below the range is above it. So look for the fewest wraps that
    // make the two meet: `wraps * modulus`, modulo `step`, must be what the multiple is ahead of
    // some number in the range.
    let (wraps, inner_wraps) =
        first_multiple_within(modulus % step, step, multiple - high, multiple - low)?;
    Some((times + wraps * (modulus / step) + inner_wraps, wraps))
}

/// The greatest number that divides both; 0 counts as divisible by everything.
pub(super) fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
