//! A guard that others refer to has no view to write through.
use npyo::{PyReadwriteArray1, prelude::*};
use pyo3::Python;

fn write(guard: &PyReadwriteArray1<'_, f64>) {
    guard.as_slice_mut().unwrap()[0] = 1.0;
}

fn main() {
    Python::attach(|py| write(&mut npyo::pyarray![py, 1.5].into_readwrite()));
}
