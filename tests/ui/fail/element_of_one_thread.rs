//! Elements are referred to by several threads at once, as arrays are.
use std::cell::Cell;

use npyo::{Element, PyArrayDescr};
use pyo3::prelude::*;

#[repr(transparent)]
struct Counter(Cell<u64>);

// SAFETY: the layout is that of a `u64`, of which every bit pattern is a value and every bitwise
// copy a clone.
unsafe impl Element for Counter {
    const IS_COPY: bool = true;
    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        npyo::dtype::<u64>(py)
    }
    fn clone_ref(&self, _py: Python<'_>) -> Self {
        Self(self.0.clone())
    }
}

fn main() {
    assert_eq!(size_of::<Counter>(), 8);
}
