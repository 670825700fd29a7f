//! There is one guard to write at a time.
use npyo::{PyReadwriteArray1, prelude::*, pyarray};
use pyo3::Python;

fn two<'py>(guard: PyReadwriteArray1<'py, f64>) -> [PyReadwriteArray1<'py, f64>; 1] {
    [guard]
}

fn main() {
    Python::attach(|py| {
        let guard = pyarray![py, 1.5].into_readwrite();
        assert_eq!(two(guard)[0].len(), 1);
    });
}
