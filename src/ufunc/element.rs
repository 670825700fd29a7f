//! The types that ufuncs compute with.

use num_complex::Complex;

use crate::element::trait_::Element;

mod sealed {
    pub trait Sealed {}
}

/// A type that ufuncs compute with: `bool`, integers, floating-point and complex numbers.
pub trait UfuncElement: Element + Copy + sealed::Sealed {
    /// The value of an element, which need not be aligned.
    ///
    /// # Safety
    ///
    /// `place` points to an element of this type's dtype.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn load(place: *const u8) -> Self {
        // SAFETY: the caller's promise, and every bit pattern of these types is a value; `bool` has
        // a function of its own.
        unsafe { place.cast::<Self>().read_unaligned() }
    }

    /// Writes an element, which need not be aligned.
    ///
    /// # Safety
    ///
    /// There is room for one at `place`.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn store(self, place: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { place.cast::<Self>().write_unaligned(self) }
    }
}

macro_rules! impl_element {
    ($($ty:ty)*) => {$(
        impl sealed::Sealed for $ty {}
        impl UfuncElement for $ty {}
    )*};
}

impl_element!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 Complex<f32> Complex<f64>);
#[cfg(feature = "half")]
impl_element!(half::f16);

impl sealed::Sealed for bool {}

impl UfuncElement for bool {
    unsafe fn load(place: *const u8) -> Self {
        // NumPy takes any byte but zero for true.
        // SAFETY: the caller's promise.
        unsafe { place.read() != 0 }
    }
}
