//! Broadcasting, and in which order the elements are taken: arithmetic over shapes and strides.
#![forbid(unsafe_code)]

/// Most operands of a function: twelve arguments and eight results.
pub(crate) const MOST: usize = 20;

/// So many elements are not worth a call of a loop: one by one along another axis they are computed sooner.
const SHORT: usize = 8;

/// The order of the elements in memory, of results, and in which the function is called for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axes {
    /// As close to that of the operands as can be.
    Keep,
    C,
    Fortran,
}

/// The shape and the byte strides of an operand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent<'a> {
    pub(crate) shape: &'a [usize],
    pub(crate) strides: &'a [isize],
}

impl Extent<'_> {
    /// The length of axis `axis`, counted from the last.
    fn len(&self, axis: usize) -> usize {
        self.shape.iter().rev().nth(axis).copied().unwrap_or(1)
    }

    /// The bytes from one element to the next, none where all are one.
    fn step(&self, axis: usize) -> isize {
        match self.len(axis) {
            0 | 1 => 0,
            _ => self.strides.iter().rev().nth(axis).copied().unwrap_or(0),
        }
    }
}

/// The lengths that several shapes have together; `None` if they do not fit, or if there are more elements than
/// memory can have.
pub(crate) fn broadcast<'a>(
    shapes: impl Iterator<Item = &'a [usize]> + Clone,
) -> Option<Vec<usize>> {
    let ndim = shapes.clone().map(<[usize]>::len).max()?;
    let mut all = vec![1; ndim];
    for shape in shapes {
        for (all, &len) in all.iter_mut().rev().zip(shape.iter().rev()) {
            if *all == 1 {
                *all = len;
            } else if len != 1 && len != *all {
                return None;
            }
        }
    }
    let count = |sum: usize, &len: &usize| {
        sum.checked_mul(len)
            .filter(|&sum| sum < isize::MAX as usize)
    };
    // Of those with an axis of length 0 too, as NumPy has it.
    all.iter().filter(|&&len| len > 0).try_fold(1, count)?;
    Some(all)
}

/// One axis of all operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    pub(crate) len: usize,
    pub(crate) steps: [isize; MOST],
    /// Its number in the shape, counted from the last.
    number: usize,
}

impl Axis {
    /// That of operands without any.
    pub(crate) const ONE: Self = Self {
        len: 1,
        steps: [0; MOST],
        number: 0,
    };
}

/// The axes, those along which elements are nearest in memory first.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    axes: Vec<Axis>,
}

impl Plan {
    /// The axes of operands of a common shape.
    pub(crate) fn new(shape: &[usize], operands: &[Extent<'_>], order: Axes) -> Self {
        let axis = |number: usize| {
            let mut steps = [0; MOST];
            for (step, operand) in steps.iter_mut().zip(operands) {
                *step = operand.step(number);
            }
            Axis {
                len: shape[shape.len() - 1 - number],
                steps,
                number,
            }
        };
        let mut axes: Vec<_> = (0..shape.len()).map(axis).collect();
        match order {
            Axes::Keep => sort(&mut axes, operands.len()),
            Axes::C => {}
            Axes::Fortran => axes.reverse(),
        }
        Self { axes }
    }

    /// The strides of a new array without gaps, whose elements are in this order, in that of the shape.
    pub(crate) fn strides(&self, itemsize: usize) -> Vec<isize> {
        let mut strides = vec![0; self.axes.len()];
        let mut stride = itemsize as isize;
        for axis in &self.axes {
            strides[self.axes.len() - 1 - axis.number] = stride;
            stride = stride.wrapping_mul(axis.len as isize);
        }
        strides
    }

    /// Adds a further operand, of the very shape, with these strides.
    pub(crate) fn add(&mut self, operand: usize, strides: &[isize]) {
        let ndim = self.axes.len();
        for axis in &mut self.axes {
            if axis.len > 1 {
                axis.steps[operand] = strides[ndim - 1 - axis.number];
            }
        }
    }

    /// The axes, those merged that continue each other. If the order is free, a long one comes first, as it is
    /// gone along by one call of a loop.
    pub(crate) fn into_axes(self, order: Axes) -> Vec<Axis> {
        let mut axes = self.axes;
        axes.retain(|axis| axis.len != 1);
        axes.dedup_by(|outer, inner| {
            let len = inner.len as isize;
            let is_one = outer
                .steps
                .iter()
                .zip(&inner.steps)
                .all(|(&outer, &inner)| inner.checked_mul(len) == Some(outer));
            if is_one {
                inner.len = inner.len.saturating_mul(outer.len);
            }
            is_one
        });
        let longest = (0..axes.len()).max_by_key(|&n| axes[n].len);
        if let (Axes::Keep, Some(longest)) = (order, longest) {
            if axes[0].len <= SHORT && axes[longest].len >= 4 * axes[0].len {
                axes[..=longest].rotate_right(1);
            }
        }
        axes
    }
}

/// Sorts axes, the last of the shape first, by how near their elements are, as NumPy does it: where operands
/// disagree, they stay in the order that they have.
fn sort(axes: &mut [Axis], operands: usize) {
    for from in 1..axes.len() {
        let mut to = from;
        for other in (0..from).rev() {
            match is_nearer(&axes[from], &axes[other], operands) {
                Some(true) => to = other,
                Some(false) => break,
                None => {}
            }
        }
        axes[to..=from].rotate_right(1);
    }
}

/// Whether elements are nearer along one axis than along the other, for all operands that have both.
fn is_nearer(one: &Axis, other: &Axis, operands: usize) -> Option<bool> {
    let steps = one.steps.iter().zip(&other.steps).take(operands);
    steps
        .filter(|(one, other)| **one != 0 && **other != 0)
        .map(|(one, other)| one.unsigned_abs() < other.unsigned_abs())
        .reduce(|all, is_nearer| all && is_nearer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_broadcast() {
        let all = |shapes: &[&[usize]]| broadcast(shapes.iter().copied());
        assert_eq!(all(&[&[]]), Some(vec![]));
        assert_eq!(all(&[&[3], &[2, 1]]), Some(vec![2, 3]));
        assert_eq!(all(&[&[1], &[0]]), Some(vec![0]));
        assert_eq!(all(&[&[0], &[1, 1], &[5, 1]]), Some(vec![5, 0]));
        assert_eq!(all(&[&[2], &[3]]), None);
        assert_eq!(all(&[&[0], &[3]]), None);
        assert_eq!(all(&[&[1 << 40, 1], &[1 << 40]]), None);
    }

    fn lens_and_steps(plan: Plan, operands: usize) -> Vec<(usize, Vec<isize>)> {
        let axes = plan.into_axes(Axes::C);
        axes.into_iter()
            .map(|axis| (axis.len, axis.steps[..operands].to_vec()))
            .collect()
    }

    #[test]
    fn axes_are_ordered_and_merged() {
        let c = Extent {
            shape: &[2, 3],
            strides: &[24, 8],
        };
        let f = Extent {
            shape: &[2, 3],
            strides: &[8, 16],
        };
        let row = Extent {
            shape: &[3],
            strides: &[8],
        };
        let plan = Plan::new(&[2, 3], &[c, c], Axes::Keep);
        assert_eq!(plan.strides(4), [12, 4]);
        assert_eq!(lens_and_steps(plan, 2), [(6, vec![8, 8])]);

        let plan = Plan::new(&[2, 3], &[f], Axes::Keep);
        assert_eq!(plan.strides(8), [8, 16]);
        assert_eq!(lens_and_steps(plan, 1), [(6, vec![8])]);
        let plan = Plan::new(&[2, 3], &[f], Axes::C);
        assert_eq!(plan.strides(8), [24, 8]);
        assert_eq!(lens_and_steps(plan, 1), [(3, vec![16]), (2, vec![8])]);
        let plan = Plan::new(&[2, 3], &[c], Axes::Fortran);
        assert_eq!(plan.strides(8), [8, 16]);

        // Where they disagree, C order is kept.
        let plan = Plan::new(&[2, 3], &[c, f], Axes::Keep);
        assert_eq!(
            lens_and_steps(plan, 2),
            [(3, vec![8, 16]), (2, vec![24, 8])]
        );
        let mut plan = Plan::new(&[2, 3], &[f, row], Axes::Keep);
        let strides = plan.strides(8);
        assert_eq!(strides, [8, 16]);
        plan.add(2, &strides);
        assert_eq!(
            lens_and_steps(plan, 3),
            [(2, vec![8, 0, 8]), (3, vec![16, 8, 16])]
        );
        let tall = Extent {
            shape: &[100, 2],
            strides: &[32, 8],
        };
        let first = |order| Plan::new(&[100, 2], &[tall], Axes::Keep).into_axes(order)[0].len;
        assert_eq!((first(Axes::C), first(Axes::Keep)), (2, 100));
    }
}
