//! Enumerations: integers of which only some are values.

use std::fmt::{self, Write};

use crate::element::invalid::InvalidElement;

/// An integer that tells the variants of an enumeration apart.
pub trait Discriminant: Copy + Ord + fmt::Display {
    /// How far this is above `least`.
    fn above(self, least: Self) -> u64;
}

macro_rules! impl_discriminant {
    ($($ty:ty)*) => {$(
        impl Discriminant for $ty {
            fn above(self, least: Self) -> u64 {
                // As both are extended in the same way, the difference of the wider numbers is that of
                // these.
                (self as u64).wrapping_sub(least as u64)
            }
        }
    )*};
}

impl_discriminant!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

/// So many integers are looked at with no branch, which the compiler turns into vector code.
const BLOCK: usize = 512;

/// The first of `len` integers, `stride` bytes apart, that is none of the variants.
///
/// # Safety
///
/// The integers are readable; they need not be aligned.
pub unsafe fn first_invalid<I: Discriminant>(
    name: &str,
    variants: &[(I, &str)],
    data: *const u8,
    len: usize,
    stride: isize,
) -> Option<InvalidElement> {
    let least = variants.iter().map(|variant| variant.0).min()?;
    let greatest = variants.iter().map(|variant| variant.0).max()?;
    // Whether no number is left out between the two, so that comparing with them is enough.
    let is_dense = greatest.above(least) == variants.len() as u64 - 1;
    let mut block = [least; BLOCK];
    let mut start = 0;
    while start < len {
        let block = &mut block[..BLOCK.min(len - start)];
        let first = data.wrapping_offset(stride.wrapping_mul(start as isize));
        // SAFETY: these of the integers are readable.
        unsafe { read_block(block, first, stride) };
        let is_valid = if is_dense {
            let is_wrong = |value: I| (value < least) | (value > greatest);
            !block
                .iter()
                .fold(false, |wrong, &value| wrong | is_wrong(value))
        } else {
            are_variants(block, variants)
        };
        if !is_valid {
            let is_none = |value: &I| variants.iter().all(|variant| variant.0 != *value);
            let position = block.iter().position(is_none)?;
            let problem = problem(name, variants, block[position]);
            return Some(InvalidElement::new(start + position, problem));
        }
        start += block.len();
    }
    None
}

/// Copies integers that lie `stride` bytes apart.
///
/// # Safety
///
/// There are as many as `block` has room for, readable, aligned or not.
#[inline]
unsafe fn read_block<I: Copy>(block: &mut [I], data: *const u8, stride: isize) {
    if stride == size_of::<I>() as isize {
        let bytes = size_of_val(block);
        // SAFETY: the integers are next to each other, and do not overlap a private copy.
        unsafe { data.copy_to_nonoverlapping(block.as_mut_ptr().cast(), bytes) };
        return;
    }
    for (i, value) in block.iter_mut().enumerate() {
        let place = data.wrapping_offset(stride.wrapping_mul(i as isize));
        // SAFETY: one of the integers.
        *value = unsafe { place.cast::<I>().read_unaligned() };
    }
}

/// Whether each number of the block is a variant.
fn are_variants<I: Discriminant>(block: &[I], variants: &[(I, &str)]) -> bool {
    let mut found = [false; BLOCK];
    for &(variant, _) in variants {
        for (found, &value) in found.iter_mut().zip(block) {
            *found |= value == variant;
        }
    }
    found[..block.len()]
        .iter()
        .fold(true, |all, &found| all & found)
}

#[cold]
fn problem<I: Discriminant>(name: &str, variants: &[(I, &str)], found: I) -> String {
    let mut text = format!("{found} is no variant of {name}, which has ");
    for (i, (value, variant)) in variants.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        // Writing to a String does not fail.
        let _ = write!(text, "{comma}{value} ({variant})");
    }
    text
}
