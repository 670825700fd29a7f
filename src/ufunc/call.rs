//! What NumPy calls a loop with, and how the call may fail.

use pyo3::prelude::*;

/// What NumPy calls a loop with.
///
/// # Safety
///
/// Whoever makes one promises that `dims[0]`, the number of elements, is not negative; that `data` and
/// `steps` have a pointer and a step for each operand, first the arguments; that each operand has that many
/// elements of its dtype, the steps apart, the results writeable; and that of a loop with a signature `dims`
/// and `steps` go on with the sizes of the core dimensions and the core strides of the operands.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    data: *const *mut u8,
    dims: *const isize,
    steps: *const isize,
}

impl Call {
    /// # Safety
    ///
    /// See [above][Self].
    pub(crate) unsafe fn new(
        data: *const *mut u8,
        dims: *const isize,
        steps: *const isize,
    ) -> Self {
        Self { data, dims, steps }
    }

    /// How many elements.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        // SAFETY: there is a first one, which is not negative.
        unsafe { *self.dims as usize }
    }

    /// Where the first element of operand `n` is.
    ///
    /// # Safety
    ///
    /// There is such an operand.
    #[inline(always)]
    pub(crate) unsafe fn data(&self, n: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { *self.data.wrapping_add(n) }
    }

    /// The step of operand `n`, or, behind those of all operands, a core stride.
    ///
    /// # Safety
    ///
    /// There is such a step.
    #[inline(always)]
    pub(crate) unsafe fn step(&self, n: usize) -> isize {
        // SAFETY: the caller's promise.
        unsafe { *self.steps.wrapping_add(n) }
    }

    /// The size of core dimension `n`.
    ///
    /// # Safety
    ///
    /// There is such a core dimension.
    pub(crate) unsafe fn core_dim(&self, n: usize) -> usize {
        // SAFETY: the caller's promise; sizes are not negative.
        unsafe { *self.dims.wrapping_add(n + 1) as usize }
    }
}

/// An error of a function of a ufunc, and how many elements of the loop had been computed before.
#[derive(Debug)]
pub struct Failure {
    pub(crate) done: usize,
    pub(crate) err: PyErr,
}

/// A function of a ufunc, whatever its types.
pub(crate) trait Kernel: Send + Sync {
    /// Whether it runs on an attached thread only.
    fn needs_token(&self) -> bool;

    /// Whether the function may return an error.
    fn is_fallible(&self) -> bool;

    /// How many elements are looked at in a call.
    ///
    /// # Safety
    ///
    /// The call is one for this function.
    unsafe fn work(&self, call: &Call) -> usize;

    /// Computes all elements, or those before the first error.
    ///
    /// # Safety
    ///
    /// The call is for operands of this function's types. The thread is attached if the function needs a
    /// token.
    unsafe fn run(&self, call: &Call) -> Result<(), Failure>;

    /// How many operands and core dimensions there are.
    #[cfg(feature = "rayon")]
    fn counts(&self) -> (usize, usize);

    /// Where the elements of the operands are.
    ///
    /// # Safety
    ///
    /// The call is one for this function.
    #[cfg(feature = "rayon")]
    unsafe fn extents(&self, call: &Call) -> Vec<Extent>;

    /// Computes some of the elements.
    ///
    /// # Safety
    ///
    /// As [`run`][Self::run], and the call has these elements.
    #[cfg(feature = "rayon")]
    unsafe fn run_part(&self, call: &Call, part: std::ops::Range<usize>) -> Result<(), Failure> {
        let (operands, core_dims) = self.counts();
        let place = |n| {
            // SAFETY: one of the operands.
            let step = unsafe { call.step(n) };
            // SAFETY: one of the operands.
            unsafe { call.data(n) }.wrapping_offset(step.wrapping_mul(part.start as isize))
        };
        let data: Vec<_> = (0..operands).map(place).collect();
        // SAFETY: the call has these core dimensions; sizes are not negative.
        let core_dims = (0..core_dims).map(|dim| unsafe { call.core_dim(dim) } as isize);
        let dims: Vec<_> = std::iter::once(part.len() as isize)
            .chain(core_dims)
            .collect();
        // SAFETY: the elements of the part, with the steps and core strides of all.
        let call = unsafe { Call::new(data.as_ptr(), dims.as_ptr(), call.steps) };
        // SAFETY: the caller's promise.
        unsafe { self.run(&call) }
    }
}

/// The bytes of the elements of an operand: `width` from `start` on, and again at each step.
#[cfg(feature = "rayon")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) start: usize,
    pub(crate) width: usize,
    pub(crate) step: isize,
    pub(crate) is_output: bool,
}

#[cfg(feature = "rayon")]
impl Extent {
    /// Whether no two elements share a byte.
    pub(crate) fn is_apart(&self) -> bool {
        self.step.unsigned_abs() >= self.width
    }

    /// Whether each element has the very bytes of the same element of the other.
    pub(crate) fn is_in_place_of(&self, other: &Self) -> bool {
        (self.start, self.width, self.step) == (other.start, other.width, other.step)
            && !other.is_output
    }

    /// Whether no element shares a byte with one of the other, of which there are as many.
    pub(crate) fn misses(&self, other: &Self, len: usize) -> bool {
        let ((start, end), (other, other_end)) = (self.range(len), other.range(len));
        end <= other || other_end <= start
    }

    fn range(&self, len: usize) -> (usize, usize) {
        let reach = self
            .step
            .unsigned_abs()
            .saturating_mul(len.saturating_sub(1));
        let (below, above) = if self.step < 0 {
            (reach, 0)
        } else {
            (0, reach)
        };
        let end = self.start.saturating_add(self.width);
        (self.start.saturating_sub(below), end.saturating_add(above))
    }
}
