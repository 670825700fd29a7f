//! Where the elements of the operands of a loop are.

use std::ptr;

/// Where the elements of one operand are.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    data: *mut u8,
    step: isize,
}

impl Operand {
    #[inline(always)]
    pub(crate) fn new(data: *mut u8, step: isize) -> Self {
        Self { data, step }
    }

    pub(crate) fn step(self) -> isize {
        self.step
    }

    #[inline(always)]
    pub(crate) fn place(self, i: usize) -> *mut u8 {
        self.data
            .wrapping_offset(self.step.wrapping_mul(i as isize))
    }

    /// The same where the step is known to be the size of a `T`, so that the compiler knows it too.
    #[inline(always)]
    pub(crate) fn packed<T>(self) -> Self {
        Self {
            step: size_of::<T>() as isize,
            ..self
        }
    }

    #[inline(always)]
    pub(crate) fn is_packed<T>(self) -> bool {
        self.step == size_of::<T>() as isize
    }

    /// Whether all elements are one.
    #[inline(always)]
    pub(crate) fn is_same(self) -> bool {
        self.step == 0
    }

    /// The bytes of `len` elements, one behind the other, as addresses.
    fn range(self, len: usize) -> (usize, usize) {
        let start = self.data.addr();
        (start, start + self.step.unsigned_abs() * len)
    }
}

/// The same operands where their steps are known to be the sizes of their elements.
#[inline(always)]
pub(crate) fn pack<const N: usize>(operands: &mut [Operand; N], sizes: &[usize; N]) {
    for (operand, &size) in operands.iter_mut().zip(sizes) {
        operand.step = size as isize;
    }
}

/// Whether results of a loop over packed operands go to the place of an argument, each to that of the same
/// element, and none to any other place of an argument.
pub(crate) fn is_in_place(inputs: &[Operand], outputs: &[Operand], len: usize) -> bool {
    let mut is_any = false;
    for output in outputs {
        for input in inputs {
            if output.data == input.data && output.step == input.step {
                is_any = true;
                continue;
            }
            let ((start, end), (other, other_end)) = (output.range(len), input.range(len));
            if start < other_end && other < end {
                return false;
            }
        }
    }
    is_any
}

/// A copy of one element, which the compiler knows that no result goes to.
#[repr(align(16))]
pub(crate) struct Slot([u8; SLOT_SIZE]);

/// Most bytes of an element that fits into a [`Slot`].
pub(crate) const SLOT_SIZE: usize = 16;

impl Slot {
    /// # Safety
    ///
    /// The operand has an element, of `size` bytes, which are no more than fit.
    #[inline(always)]
    pub(crate) unsafe fn of(operand: Operand, size: usize) -> Self {
        let mut slot = Self([0; SLOT_SIZE]);
        // SAFETY: the caller's promise, and a slot of our own.
        unsafe { ptr::copy_nonoverlapping(operand.data, slot.0.as_mut_ptr(), size.min(SLOT_SIZE)) };
        slot
    }

    /// The operand whose elements are all this one.
    #[inline(always)]
    pub(crate) fn operand(&mut self) -> Operand {
        Operand::new(self.0.as_mut_ptr(), 0)
    }

    /// # Safety
    ///
    /// As [`of`][Self::of], of an operand that may be written to.
    #[inline(always)]
    pub(crate) unsafe fn write_to(&self, operand: Operand, size: usize) {
        // SAFETY: the caller's promise.
        unsafe { ptr::copy_nonoverlapping(self.0.as_ptr(), operand.data, size.min(SLOT_SIZE)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_place_is_element_by_element() {
        let mut memory = [0.0_f64; 32];
        let operand = |at: usize| Operand::new((&raw const memory[at]).cast_mut().cast(), 8);
        let (a, b) = (operand(0), operand(16));
        assert!(is_in_place(&[a, b], &[a], 16));
        assert!(is_in_place(&[a, b], &[b, a], 16));
        assert!(!is_in_place(&[a], &[b], 16));
        // As `accumulate` has it: each result is the argument for the next.
        assert!(!is_in_place(&[a, b], &[operand(1)], 15));
        assert!(!is_in_place(&[a, operand(1)], &[a], 16));
        let narrow = Operand::new(memory.as_mut_ptr().cast(), 4);
        assert!(!is_in_place(&[a], &[narrow], 16));
    }

    #[test]
    fn a_slot_holds_one_element() {
        let mut value = 1.5_f64;
        let place = Operand::new((&raw mut value).cast(), 0);
        // SAFETY: a number of eight bytes.
        let mut slot = unsafe { Slot::of(place, 8) };
        let inner = slot.operand();
        // SAFETY: the slot's own bytes.
        unsafe { inner.place(7).cast::<f64>().write(2.5) };
        assert_eq!(value, 1.5);
        // SAFETY: as above.
        unsafe { slot.write_to(place, 8) };
        assert_eq!(value, 2.5);
    }
}
