//! The elements of another crate are fields if a bitwise copy is a clone.
use npyo::{Element, PyArrayDescr};
use pyo3::prelude::*;

struct Counted(u64);

// SAFETY: the layout is that of a `u64`, of which every bit pattern is a value.
unsafe impl Element for Counted {
    const IS_COPY: bool = true;
    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        npyo::dtype::<u64>(py)
    }
    fn clone_ref(&self, _py: Python<'_>) -> Self {
        Self(self.0)
    }
}

#[derive(Element)]
#[repr(C)]
struct Record {
    count: Counted,
}

fn main() {
    let _ = Record { count: Counted(1) };
}
