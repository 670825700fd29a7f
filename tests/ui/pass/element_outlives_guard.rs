//! A reference to an element lives no longer than the guard that it was taken from.
use npyo::{PyReadonlyArray1, prelude::*};
use pyo3::Python;

fn first<'a>(guard: &'a PyReadonlyArray1<'_, f64>) -> Option<&'a f64> {
    guard.get(0)
}

fn main() {
    Python::attach(|py| {
        let guard = npyo::pyarray![py, 1.5].readonly();
        assert_eq!(first(&guard), Some(&1.5));
    });
}
