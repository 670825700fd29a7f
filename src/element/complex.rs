//! Complex numbers.

use std::ffi::c_int;

pub use num_complex::{Complex32, Complex64};

use crate::element::num::{built_in, copied};
use crate::element::trait_::Element;
use crate::npyffi::NPY_TYPES;

// SAFETY: both are a real and an imaginary `float`, in that order; every bit pattern is a value
// and a bitwise copy a clone.
unsafe impl Element for Complex32 {
    built_in!(&[NPY_TYPES::NPY_CFLOAT as c_int]);
    copied!();
}

// SAFETY: both are a real and an imaginary `double`, in that order; every bit pattern is a value
// and a bitwise copy a clone.
unsafe impl Element for Complex64 {
    built_in!(&[NPY_TYPES::NPY_CDOUBLE as c_int]);
    copied!();
}
