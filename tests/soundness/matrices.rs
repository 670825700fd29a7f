//! Views of nalgebra, which has rules of its own for strides.

use npyo::nalgebra::{DMatrixViewMut, Dyn, MatrixView, MatrixViewMut};
use npyo::ndarray::Ix2;
use npyo::{
    Complex64, PyArray1, PyReadonlyArray1, PyReadwriteArray1, PyReadwriteArray2, prelude::*,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::common::{array as made, panic_text, refused};
use crate::survives;
use crate::ways::{handle, variable};

type AnyMatrix<'a, T> = MatrixView<'a, T, Dyn, Dyn, Dyn, Dyn>;
type AnyMatrixMut<'a, T> = MatrixViewMut<'a, T, Dyn, Dyn, Dyn, Dyn>;

/// A method by `&self` would be no such function. That two matrices cannot be had at once is for
/// the compiler to show: `tests/ui/fail/two_mutable_matrices.rs`.
type AsMatrixMut<'py> =
    for<'a> fn(&'a mut PyReadwriteArray2<'py, f64>) -> DMatrixViewMut<'a, f64, Dyn, Dyn>;
type TryAsMatrixMut<'py> =
    for<'a> fn(&'a mut PyReadwriteArray2<'py, f64>) -> Option<AnyMatrixMut<'a, f64>>;

#[test]
fn a4_a_matrix_to_write_through_borrows_its_guard_exclusively() {
    Python::attach(|py| {
        let as_matrix_mut: AsMatrixMut<'_> = PyReadwriteArray2::as_matrix_mut;
        let try_as_matrix_mut: TryAsMatrixMut<'_> = PyReadwriteArray2::try_as_matrix_mut;
        let array = made::<f64, Ix2>(py, "np.arange(6.0).reshape(2, 3).copy()");
        let any = array.as_any();
        let mut guard = any.extract::<PyReadwriteArray2<'_, f64>>().unwrap();
        as_matrix_mut(&mut guard)[(1, 2)] = 7.0;
        try_as_matrix_mut(&mut guard).unwrap()[(0, 1)] = 8.0;
        drop(guard);
        let guard = array.try_readonly().unwrap();
        assert_eq!(guard.as_slice().unwrap(), [0.0, 8.0, 2.0, 3.0, 4.0, 7.0]);
        assert_eq!(guard.as_matrix()[(1, 2)], 7.0);
        assert!(array.try_readwrite().is_err());
    });
}

/// Checks that there is no matrix of the array, whether to read or to write.
#[track_caller]
fn is_no_matrix<T>(array: &Bound<'_, PyArray1<T>>, problem: &str)
where
    T: npyo::Element + npyo::nalgebra::Scalar,
{
    let py = array.py();
    let any = array.as_any();
    refused::<PyValueError>(py, any.extract::<PyReadonlyArray1<'_, T>>());
    refused::<PyValueError>(py, any.extract::<PyReadwriteArray1<'_, T>>());
    let guard = array.try_readonly().unwrap();
    let matrix: Option<AnyMatrix<'_, T>> = guard.try_as_matrix();
    assert!(matrix.is_none());
    let text = panic_text(|| guard.as_matrix().len());
    assert!(text.contains(problem), "{text}");
    drop(guard);
    let mut guard = array.try_readwrite().unwrap();
    let matrix: Option<AnyMatrixMut<'_, T>> = guard.try_as_matrix_mut();
    assert!(matrix.is_none());
    let text = panic_text(|| guard.as_matrix_mut().len());
    assert!(text.contains(problem), "{text}");
}

#[test]
fn a1_no_matrix_has_strides_that_are_no_multiple_of_the_item_size() {
    Python::attach(|py| {
        let code = "a = np.zeros(3, [('t', 'f8'), ('z', 'c16')])['z']";
        let array = variable(py, code, "a");
        is_no_matrix(handle::<Complex64>(&array), "strides [24] in bytes");
    });
}

#[test]
fn a3_no_matrix_is_misaligned() {
    let path = "matrices::a3_no_matrix_is_misaligned";
    survives(path, |py| {
        let code = "a = np.zeros(25, 'u1')[1:].view('f8')";
        let array = variable(py, code, "a");
        is_no_matrix(handle::<f64>(&array), "misaligned");
    });
}

#[test]
fn a8_no_matrix_to_write_through_overlaps_itself() {
    Python::attach(|py| {
        for code in [
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (2, 3), (0, 8))",
            "np.lib.stride_tricks.sliding_window_view(np.arange(4.0), 3, writeable=True)",
        ] {
            let array = made::<f64, Ix2>(py, code);
            let argument = array.as_any().extract::<PyReadwriteArray2<'_, f64>>();
            refused::<PyValueError>(py, argument);
            let mut guard = array.try_readwrite().unwrap();
            let matrix: Option<AnyMatrixMut<'_, f64>> = guard.try_as_matrix_mut();
            assert!(matrix.is_none(), "{code}");
            let text = panic_text(|| guard.as_matrix_mut().len());
            assert!(text.starts_with("array overlaps itself"), "{text}");
        }
    });
}
