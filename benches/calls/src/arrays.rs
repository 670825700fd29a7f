//! Functions that a user would write, on whichever library the module above names.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Instant;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::library::datetime::{Datetime, units::Nanoseconds};
use super::library::ndarray::{Array1, Array2, Axis, Ix1, Zip};
#[allow(
    unused_imports,
    reason = "npyo's guards have some of the methods themselves"
)]
use super::library::prelude::*;
use super::library::{
    AllowTypeChange, Element, PyArray, PyArray1, PyArray2, PyArray3, PyArrayDyn, PyArrayLike1,
    PyArrayLike2, PyFixedString, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray6,
    PyReadonlyArrayDyn, PyReadwriteArray1, PyUntypedArray, dtype,
};

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(untyped, module)?)?;
    module.add_function(wrap_pyfunction!(three, module)?)?;
    module.add_function(wrap_pyfunction!(dates, module)?)?;
    module.add_function(wrap_pyfunction!(strings, module)?)?;
    module.add_function(wrap_pyfunction!(like1, module)?)?;
    module.add_function(wrap_pyfunction!(like2, module)?)?;
    module.add_function(wrap_pyfunction!(from_vec, module)?)?;
    module.add_function(wrap_pyfunction!(from_slice, module)?)?;
    module.add_function(wrap_pyfunction!(from_array, module)?)?;
    module.add_function(wrap_pyfunction!(from_iter, module)?)?;
    module.add_function(wrap_pyfunction!(from_vec2, module)?)?;
    module.add_function(wrap_pyfunction!(from_vec3, module)?)?;
    module.add_function(wrap_pyfunction!(copy, module)?)?;
    module.add_function(wrap_pyfunction!(copy_out, module)?)?;
    module.add_function(wrap_pyfunction!(copy_dates, module)?)?;
    module.add_function(wrap_pyfunction!(copy_strings, module)?)?;
    module.add_function(wrap_pyfunction!(clone_objects, module)?)?;
    module.add_function(wrap_pyfunction!(build_objects, module)?)?;
    module.add_function(wrap_pyfunction!(time_view1, module)?)?;
    module.add_function(wrap_pyfunction!(time_view6, module)?)?;
    module.add_function(wrap_pyfunction!(time_view_dyn, module)?)?;
    module.add_function(wrap_pyfunction!(time_dtype, module)?)?;
    module.add_function(wrap_pyfunction!(dispatch, module)?)?;
    module.add_function(wrap_pyfunction!(hypot, module)?)?;
    module.add_function(wrap_pyfunction!(hypot_rows, module)?)?;
    module.add_function(wrap_pyfunction!(axpy, module)?)
}

// --- Arguments ----------------------------------------------------------------------------

#[pyfunction]
fn untyped(array: &Bound<'_, PyUntypedArray>) {
    black_box(array);
}

#[pyfunction]
fn three(a: PyReadonlyArray2<'_, f64>, b: PyReadonlyArray2<'_, f64>, c: PyReadonlyArray2<'_, f64>) {
    black_box((&a, &b, &c));
}

#[pyfunction]
fn dates(array: PyReadonlyArray1<'_, Datetime<Nanoseconds>>) {
    black_box(&array);
}

#[pyfunction]
fn strings(array: PyReadonlyArray1<'_, PyFixedString<8>>) {
    black_box(&array);
}

#[pyfunction]
fn like1(array: PyArrayLike1<'_, f64, AllowTypeChange>) -> usize {
    array.as_array().len()
}

#[pyfunction]
fn like2(array: PyArrayLike2<'_, f64, AllowTypeChange>) -> usize {
    array.as_array().len()
}

// --- Results ------------------------------------------------------------------------------

#[pyfunction]
fn from_vec(py: Python<'_>, n: usize) -> Bound<'_, PyArray1<f64>> {
    vec![1.0; n].into_pyarray(py)
}

#[pyfunction]
fn from_slice(py: Python<'_>, n: usize) -> Bound<'_, PyArray1<f64>> {
    static ONES: [f64; 1_000_000] = [1.0; 1_000_000];
    PyArray::from_slice(py, &ONES[..n])
}

#[pyfunction]
fn from_array(py: Python<'_>, n: usize) -> Bound<'_, PyArray2<f64>> {
    Array2::ones((2, n / 2)).into_pyarray(py)
}

#[pyfunction]
fn from_iter(py: Python<'_>, n: usize) -> Bound<'_, PyArray1<f64>> {
    PyArray::from_iter(py, (0..n).map(|i| i as f64))
}

/// A thousand points of three coordinates.
#[pyfunction]
fn from_vec2(py: Python<'_>) -> Bound<'_, PyArray2<f64>> {
    static POINTS: OnceLock<Vec<Vec<f64>>> = OnceLock::new();
    let points = POINTS.get_or_init(|| vec![vec![1.0; 3]; 1000]);
    PyArray::from_vec2(py, points).expect("no row is longer than another")
}

/// A hundred times ten of them.
#[pyfunction]
fn from_vec3(py: Python<'_>) -> Bound<'_, PyArray3<f64>> {
    static POINTS: OnceLock<Vec<Vec<Vec<f64>>>> = OnceLock::new();
    let points = POINTS.get_or_init(|| vec![vec![vec![1.0; 3]; 10]; 100]);
    PyArray::from_vec3(py, points).expect("no row is longer than another")
}

// --- Copies -------------------------------------------------------------------------------

/// A new array for Python, of a view.
#[pyfunction]
fn copy<'py>(py: Python<'py>, array: PyReadonlyArrayDyn<'py, f64>) -> Bound<'py, PyArrayDyn<f64>> {
    array.as_array().to_pyarray(py)
}

/// An array that Rust owns.
#[pyfunction]
fn copy_out(array: PyReadonlyArrayDyn<'_, f64>) {
    black_box(array.to_owned_array());
}

#[pyfunction]
fn copy_dates<'py>(
    py: Python<'py>,
    array: PyReadonlyArray1<'py, Datetime<Nanoseconds>>,
) -> Bound<'py, PyArray1<Datetime<Nanoseconds>>> {
    array.as_array().to_pyarray(py)
}

#[pyfunction]
fn copy_strings<'py>(
    py: Python<'py>,
    array: PyReadonlyArray1<'py, PyFixedString<8>>,
) -> Bound<'py, PyArray1<PyFixedString<8>>> {
    array.as_array().to_pyarray(py)
}

#[pyfunction]
fn clone_objects(array: PyReadonlyArray1<'_, Py<PyAny>>) {
    black_box(array.to_owned_array());
}

/// An array of so many references to one object.
#[pyfunction]
fn build_objects<'py>(ob: &Bound<'py, PyAny>, n: usize) -> Bound<'py, PyArray1<Py<PyAny>>> {
    let objects: Array1<_> = (0..n).map(|_| ob.clone().unbind()).collect();
    PyArray::from_owned_object_array(ob.py(), objects)
}

// --- In Rust ------------------------------------------------------------------------------

/// Nanoseconds for each of `n` calls.
fn time<R>(n: u32, mut call: impl FnMut() -> R) -> f64 {
    let start = Instant::now();
    for _ in 0..n {
        black_box(call());
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(n)
}

#[pyfunction]
fn time_view1(array: PyReadonlyArray1<'_, f64>, n: u32) -> f64 {
    time(n, || black_box(&array).as_array())
}

#[pyfunction]
fn time_view6(array: PyReadonlyArray6<'_, f64>, n: u32) -> f64 {
    time(n, || black_box(&array).as_array())
}

#[pyfunction]
fn time_view_dyn(array: PyReadonlyArrayDyn<'_, f64>, n: u32) -> f64 {
    time(n, || black_box(&array).as_array())
}

#[pyfunction]
fn time_dtype(py: Python<'_>, n: u32) -> f64 {
    time(n, || dtype::<Datetime<Nanoseconds>>(py))
}

/// Which of ten dtypes an array has.
#[pyfunction]
fn dispatch(array: &Bound<'_, PyAny>) -> PyResult<usize> {
    fn is<T: Element>(array: &Bound<'_, PyAny>) -> bool {
        array.cast::<PyArray<T, Ix1>>().is_ok()
    }
    let is_one = [
        is::<bool>, is::<i8>, is::<i16>, is::<i32>, is::<i64>, is::<u8>, is::<u16>, is::<u32>,
        is::<f32>, is::<f64>,
    ];
    let found = is_one.iter().position(|is| is(array));
    found.ok_or_else(|| PyTypeError::new_err("none of the dtypes"))
}

// --- Arithmetic ---------------------------------------------------------------------------

#[pyfunction]
fn hypot<'py>(
    py: Python<'py>,
    a: PyReadonlyArray1<'py, f64>,
    b: PyReadonlyArray1<'py, f64>,
) -> Bound<'py, PyArray1<f64>> {
    let hypot = |&a: &f64, &b: &f64| f64::hypot(a, b);
    Zip::from(a.as_array())
        .and(b.as_array())
        .map_collect(hypot)
        .into_pyarray(py)
}

/// Of each row of `a` with `b`.
#[pyfunction]
fn hypot_rows<'py>(
    py: Python<'py>,
    a: PyReadonlyArray2<'py, f64>,
    b: PyReadonlyArray1<'py, f64>,
) -> Bound<'py, PyArray2<f64>> {
    let hypot = |&a: &f64, &b: &f64| f64::hypot(a, b);
    let rows = b.as_array().insert_axis(Axis(0));
    let zip = Zip::from(a.as_array()).and_broadcast(rows);
    zip.map_collect(hypot).into_pyarray(py)
}

#[pyfunction]
fn axpy(
    py: Python<'_>,
    alpha: f64,
    x: PyReadonlyArray1<'_, f64>,
    mut y: PyReadwriteArray1<'_, f64>,
) {
    let (x, mut y) = (x.as_array(), y.as_array_mut());
    py.detach(|| y.scaled_add(alpha, &x));
}
