//! Which conversions an array-like argument allows.

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::TypeMustMatch {}
    impl Sealed for super::AllowTypeChange {}
}

/// The conversions that a [`PyArrayLike`][crate::PyArrayLike] allows.
pub trait Coerce: sealed::Sealed {
    #[doc(hidden)]
    const ALLOW_TYPE_CHANGE: bool;
}

/// Arrays must have the right dtype; what is no array is converted if no value changes by it.
#[derive(Debug)]
pub struct TypeMustMatch;

impl Coerce for TypeMustMatch {
    const ALLOW_TYPE_CHANGE: bool = false;
}

/// Everything is converted. Arrays as `array.astype(dtype)` does it: values that do not fit are
/// truncated or wrapped. Lists, tuples and numbers as `numpy.asarray(x, dtype)` does it: floating-point
/// numbers are truncated, and what is out of range is an error (from NumPy 2 on).
#[derive(Debug)]
pub struct AllowTypeChange;

impl Coerce for AllowTypeChange {
    const ALLOW_TYPE_CHANGE: bool = true;
}
