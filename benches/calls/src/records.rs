//! Arrays of records, which of the libraries in Rust only npyo has.

use std::hint::black_box;
use std::time::{Duration, Instant};

use npyo::{Element, PyArrayLike1, PyReadonlyArray1, PyReadwriteArray1, prelude::*};
use pyo3::prelude::*;

/// A million.
const LEN: usize = 1_000_000;

#[derive(Element, Clone, Copy)]
#[repr(C)]
struct Plain {
    id: i64,
    x: f64,
    y: f64,
}

/// Four and seven bytes of padding.
#[derive(Element, Clone, Copy)]
#[repr(C)]
struct Padded {
    id: i32,
    x: f64,
    grade: u8,
}

#[derive(Element, Clone, Copy)]
#[repr(u8)]
enum Side {
    Buy = 1,
    Sell = 2,
}

#[derive(Element, Clone, Copy)]
#[repr(C)]
struct Checked {
    x: f64,
    id: u32,
    grade: u16,
    side: Side,
    is_open: bool,
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(time_plain, module)?)?;
    module.add_function(wrap_pyfunction!(time_padded, module)?)?;
    module.add_function(wrap_pyfunction!(plain, module)?)?;
    module.add_function(wrap_pyfunction!(padded, module)?)?;
    module.add_function(wrap_pyfunction!(checked, module)?)?;
    module.add_function(wrap_pyfunction!(by_name, module)?)
}

#[pyfunction]
fn time_plain(py: Python<'_>, n: u32) -> f64 {
    let plain = Plain {
        id: 1,
        x: 2.0,
        y: 3.0,
    };
    time_handing_over(py, plain, n)
}

#[pyfunction]
fn time_padded(py: Python<'_>, n: u32) -> f64 {
    let padded = Padded {
        id: 1,
        x: 2.0,
        grade: 3,
    };
    time_handing_over(py, padded, n)
}

/// Nanoseconds that it takes to make an array of a vector, which is not counted.
fn time_handing_over<T: Element + Clone>(py: Python<'_>, element: T, n: u32) -> f64 {
    let mut spent = Duration::ZERO;
    for _ in 0..n {
        let vec = vec![element.clone(); LEN];
        let start = Instant::now();
        let array = black_box(vec.into_pyarray(py));
        spent += start.elapsed();
        drop(array);
    }
    spent.as_nanos() as f64 / f64::from(n)
}

#[pyfunction]
fn plain(array: PyReadonlyArray1<'_, Plain>) {
    black_box(&array);
}

#[pyfunction]
fn padded(array: PyReadwriteArray1<'_, Padded>) {
    black_box(&array);
}

#[pyfunction]
fn checked(array: PyReadonlyArray1<'_, Checked>) {
    black_box(&array);
}

#[pyfunction]
fn by_name(array: PyArrayLike1<'_, Padded>) {
    black_box(&*array);
}
