//! Whether an array overlaps itself: writing through one index may then change another element.

use super::Layout;
use super::axes::{self, Axis, MAX_AXES};
use super::search::Search;

impl Layout<'_> {
    /// Whether two different index tuples lead to elements that share a byte.
    ///
    /// False for an empty array and for a single element. Exact unless the strides are so
    /// intricate that the search gives up, or the layout cannot exist in memory; the answer is
    /// then `true`.
    #[must_use]
    pub(crate) fn overlaps_itself(&self) -> bool {
        if self.itemsize == 0 || self.len() <= 1 {
            return false;
        }
        if !self.span().is_plausible() {
            return true;
        }
        if self.is_c_contiguous() {
            return false;
        }
        match axes::collect(self, &mut [Axis::NONE; MAX_AXES]) {
            Some(axes) => elements_collide(axes, self.itemsize),
            None => true,
        }
    }

    /// Whether the axes nest: every stride steps over all elements that the axes of smaller
    /// strides reach, as in every slice or transpose of a contiguous array.
    ///
    /// Such an array does not overlap itself. One that does not overlap itself need not nest.
    #[must_use]
    pub(crate) fn is_nested(&self) -> bool {
        if self.itemsize == 0 || self.len() <= 1 || self.is_c_contiguous() {
            return true;
        }
        if !self.span().is_plausible() {
            return false;
        }
        let mut room = [Axis::NONE; MAX_AXES];
        let Some(axes) = axes::collect(self, &mut room) else {
            return false;
        };
        axes.sort_unstable_by_key(|axis| axis.stride);
        let mut extent = self.itemsize;
        for axis in axes {
            if axis.stride < extent {
                return false;
            }
            extent += axis.reach();
        }
        true
    }
}

/// Whether two of the blocks of `width` bytes that repeat along `axes` share a byte.
///
/// Take two blocks, and of the axes along which their indices differ the one of largest stride,
/// `top`; let the first block be the one with the larger index there. Their distance is then
/// `top.stride` times 1 to `top.len - 1` plus, for every axis of smaller stride, `stride` times
/// `1 - len` to `len - 1`, and they share a byte if that is between `1 - width` and `width - 1`.
/// Counting every term from its least value turns this into the question whether a set of bytes
/// contains a number.
fn elements_collide(axes: &mut [Axis], width: usize) -> bool {
    axes.sort_unstable_by_key(|axis| axis.stride);
    let mut search = Search::new();
    let mut distances = Vec::new();
    // Length of the span of one block repeated along the axes before `top`.
    let mut extent = width;
    for (index, &top) in axes.iter().enumerate() {
        // In most arrays every stride steps over all that the finer ones reach, so that there is
        // nothing to search.
        if let Some(target) = (extent - 1).checked_sub(top.stride) {
            let finer = axes[..index].iter();
            distances.clear();
            distances.extend(finer.map(|axis| Axis {
                len: 2 * axis.len - 1,
                ..*axis
            }));
            distances.push(Axis {
                len: top.len - 1,
                ..top
            });
            let (width, distances) = axes::coalesce(2 * width - 1, &mut distances);
            if search.contains(distances, width, target) {
                return true;
            }
        }
        extent += top.reach();
    }
    false
}
