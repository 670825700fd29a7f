//! Half-precision floating-point numbers.

use std::ffi::c_int;

use half::{bf16, f16};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::dtype::cache::Slot;
use crate::dtype::descr::PyArrayDescr;
use crate::element::num::{built_in, copied};
use crate::element::trait_::Element;
use crate::npyffi::NPY_TYPES;

// SAFETY: both are IEEE 754 binary16; every bit pattern is a value and a bitwise copy a clone.
unsafe impl Element for f16 {
    built_in!(&[NPY_TYPES::NPY_HALF as c_int]);
    copied!();
}

// SAFETY: `ml_dtypes.bfloat16` is the upper half of a binary32, as is `bf16`; every bit pattern
// is a value and a bitwise copy a clone.
unsafe impl Element for bf16 {
    copied!();

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        Self::try_get_dtype(py).unwrap_or_else(|err| panic!("{err}"))
    }

    fn try_get_dtype(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
        static SLOT: Slot = Slot::new();
        let make = || {
            let scalar = py.import("ml_dtypes")?.getattr("bfloat16")?;
            PyArrayDescr::new(py, scalar)
        };
        let descr = SLOT.get_or_try_init(py, make).map_err(|cause| {
            let err = PyTypeError::new_err(
                "NumPy has no bfloat16 of its own, and the package ml_dtypes, which defines it, \
                 could not be imported",
            );
            err.set_cause(py, Some(cause));
            err
        })?;
        Ok(descr.to_owned())
    }
}
