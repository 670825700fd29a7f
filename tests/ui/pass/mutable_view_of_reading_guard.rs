//! A guard to read has no view to write through.
use npyo::{PyReadwriteArray1 as Guard, prelude::*};
use pyo3::Python;

fn write(mut guard: Guard<'_, f64>) {
    let guard = &mut guard;
    guard.as_array_mut()[0] = 1.0;
}

fn main() {
    Python::attach(|py| write(npyo::pyarray![py, 1.5].into_readwrite().into()));
}
