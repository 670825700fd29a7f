//! The elements of a handle are referred to by unsafe code only; a guard makes it safe.
use npyo::{PyArray1, prelude::*};
use pyo3::prelude::*;

fn sum(array: &Bound<'_, PyArray1<f64>>) -> f64 {
    array.readonly().as_array().sum()
}

fn main() {
    Python::attach(|py| assert_eq!(sum(&npyo::pyarray![py, 1.5]), 1.5));
}
