//! Enumerations: integers of which only some are values.

use std::fmt::{self, Write};

use crate::element::invalid::InvalidElement;

/// An integer that tells the variants of an enumeration apart.
pub trait Discriminant: Copy + Ord + fmt::Display {
    /// How far this is above `least`; beyond any span that is looked for if it is below.
    fn above(self, least: Self) -> u64;
}

macro_rules! impl_discriminant {
    ($($ty:ty)*) => {$(
        impl Discriminant for $ty {
            #[inline(always)]
            fn above(self, least: Self) -> u64 {
                // As both are extended in the same way, the difference of the wider numbers is
                // that of these, modulo 2⁶⁴.
                (self as u64).wrapping_sub(least as u64)
            }
        }
    )*};
}

impl_discriminant!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

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
    /// So many integers are looked at with no branch, which the compiler turns into vector code.
    const BLOCK: usize = 1024;

    let read = |i: usize| {
        let place = data.wrapping_offset(stride.wrapping_mul(i as isize));
        // SAFETY: `i` is below `len`, and those integers are readable.
        unsafe { place.cast::<I>().read_unaligned() }
    };
    let least = variants.iter().map(|variant| variant.0).min()?;
    let greatest = variants.iter().map(|variant| variant.0).max()?;
    let span = greatest.above(least);
    let is_variant = |value| variants.iter().any(|variant| variant.0 == value);
    // Where no number is left out, a comparison is enough.
    let is_dense = span == variants.len() as u64 - 1;
    let all = |start: usize, end: usize| {
        if is_dense {
            !(start..end).fold(false, |wrong, i| wrong | (read(i).above(least) > span))
        } else {
            !(start..end).fold(false, |wrong, i| wrong | !is_variant(read(i)))
        }
    };
    let mut start = 0;
    while start < len {
        let end = len.min(start + BLOCK);
        if !all(start, end) {
            let position = (start..end).find(|&i| !is_variant(read(i)))?;
            return Some(InvalidElement::new(
                position,
                problem(name, variants, read(position)),
            ));
        }
        start = end;
    }
    None
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
