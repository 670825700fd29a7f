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
}
