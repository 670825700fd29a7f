//! Products: they read their arguments, so they are refused what a guard writes to.

use npyo::ndarray::{Ix1, Ix2};
use npyo::{
    BorrowError, PyArray0, PyArray1, PyArray2, PyReadonlyArray1, PyReadwriteArray1,
    PyReadwriteArrayDyn, dot, einsum, inner, prelude::*, pyarray,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{array as made, eval, exec_on, refused};
use crate::survives;
use crate::ways::{handle, is_borrowed, variable};

#[test]
fn a10_products_of_an_array_that_is_written() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let other = pyarray![py, 3.0, 4.0];
        let are_refused = || {
            for (a, b) in [(&array, &other), (&other, &array), (&array, &array)] {
                is_borrowed(py, dot::<f64, _, _, f64>(a, b));
                is_borrowed(py, inner::<f64, _, _, f64>(a, b));
                is_borrowed(py, einsum!("i,i", a, b) as PyResult<f64>);
                let both = [a.to_dyn().as_borrowed(), b.to_dyn().as_borrowed()];
                is_borrowed(py, einsum::<f64, f64>("i,i", &both));
            }
            is_borrowed(py, einsum!("i", array) as PyResult<f64>);
            is_borrowed(
                py,
                einsum!("i->i", array) as PyResult<Bound<'_, PyArray1<f64>>>,
            );
        };
        let any = array.as_any();
        let mut writer = any.extract::<PyReadwriteArray1<'_, f64>>().unwrap();
        let slice = writer.as_slice_mut().unwrap();
        are_refused();
        slice[0] = 5.0;
        drop(writer);
        let mut writer = array.try_readwrite().unwrap();
        let mut view = writer.as_array_mut();
        are_refused();
        view[1] = 6.0;
        drop(writer);
        // While it is read they are not.
        let reader = any.extract::<PyReadonlyArray1<'_, f64>>().unwrap();
        assert_eq!(dot::<f64, _, _, f64>(&array, &other).unwrap(), 39.0);
        assert_eq!(inner::<f64, _, _, f64>(&array, &array).unwrap(), 61.0);
        let product: f64 = einsum!("i,i", array, other).unwrap();
        assert_eq!(
            (product, reader.as_slice().unwrap()),
            (39.0, &[5.0, 6.0][..])
        );
        drop(reader);
        // Nothing is left borrowed.
        drop(array.readwrite());
        drop(other.readwrite());
    });
}

#[test]
fn a10_a_product_through_a_writing_guard_of_the_same_memory() {
    Python::attach(|py| {
        let array = made::<f64, Ix1>(py, "np.arange(3.0)");
        let tail = variable(py, "x = np.arange(3.0); a = x[1:]; b = x", "a");
        let base = tail.getattr("base").unwrap();
        let mut writer = handle::<f64>(&base).readwrite();
        let slice = writer.as_slice_mut().unwrap();
        let tail = handle::<f64>(&tail);
        is_borrowed(py, dot::<f64, _, _, f64>(tail, tail));
        slice[2] = 7.0;
        drop(writer);
        assert_eq!(dot::<f64, _, _, f64>(tail, tail).unwrap(), 50.0);
        // A guard to write leads to its handle, which is refused as well.
        let guard = array.readwrite();
        is_borrowed(py, dot::<f64, _, _, f64>(&guard, &guard));
    });
}

#[test]
fn a10_a_view_that_a_sum_returns_is_memory_of_its_argument() {
    Python::attach(|py| {
        let matrix = pyarray![py, [1.0, 2.0], [3.0, 4.0]];
        let diagonal: Bound<'_, PyArray1<f64>> = einsum!("ii->i", matrix).unwrap();
        assert_eq!(diagonal.to_vec().unwrap(), [1.0, 4.0]);
        let writer = matrix.readwrite();
        is_borrowed(py, diagonal.try_readonly());
        is_borrowed(
            py,
            diagonal.as_any().extract::<PyReadwriteArrayDyn<'_, f64>>(),
        );
        drop(writer);
        let reader = matrix.readonly();
        assert!(diagonal.try_readwrite().is_err());
        assert_eq!(diagonal.readonly().as_array()[1], 4.0);
        drop((reader, matrix));
        // It keeps the memory alive.
        assert_eq!(diagonal.to_vec().unwrap(), [1.0, 4.0]);

        // What is read-only stays so.
        let matrix = made::<f64, Ix2>(py, "np.arange(4.0).reshape(2, 2).copy()");
        exec_on(&matrix, "a.flags.writeable = False");
        let transposed: Bound<'_, PyArray2<f64>> = einsum!("ij->ji", matrix).unwrap();
        let err = transposed.try_readwrite().unwrap_err();
        assert_eq!(err, BorrowError::NotWriteable);
    });
}

#[test]
fn a3_products_of_misaligned_arrays() {
    let path = "linalg::a3_products_of_misaligned_arrays";
    survives(path, |py| {
        let code = "a = np.zeros(25, 'u1')[1:].view('f8'); a[:] = [1, 2, 3]";
        let array = variable(py, code, "a");
        let array = handle::<f64>(&array);
        assert_eq!(dot::<f64, _, _, f64>(array, array).unwrap(), 14.0);
        assert_eq!(inner::<f64, _, _, f64>(array, array).unwrap(), 14.0);
        assert_eq!(
            (einsum!("i,i", array, array) as PyResult<f64>).unwrap(),
            14.0
        );
        let code = "x = np.zeros(3, [('t', 'f8'), ('z', 'c16')]); a = x['z']; a[:] = [1, 2, 3j]";
        let array = variable(py, code, "a");
        let array = handle::<npyo::Complex64>(&array);
        let square: Bound<'_, PyArray0<npyo::Complex64>> = dot(array, array).unwrap();
        assert_eq!(square.item(), npyo::Complex64::new(-4.0, 0.0));
    });
}

#[test]
fn c_a_sum_over_no_arrays_is_an_error() {
    Python::attach(|py| {
        for subscripts in ["", "i", "ij->ji", "\0"] {
            refused::<PyValueError>(py, einsum::<f64, f64>(subscripts, &[]));
        }
    });
}

#[test]
fn c_a_nul_character_in_the_subscripts_is_an_error() {
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let array = array.to_dyn().as_borrowed();
        for subscripts in ["i\0,i", "\0i", "i\0\0"] {
            let text = refused::<PyValueError>(py, einsum::<f64, f64>(subscripts, &[array, array]));
            assert!(text.contains("NUL"), "{text}");
        }
        assert_eq!(einsum::<f64, f64>("i,i", &[array, array]).unwrap(), 5.0);
        assert_eq!(einsum::<f64, f64>("i,i\0", &[array, array]).unwrap(), 5.0);
        // Those that NumPy cannot read are its own error.
        refused::<PyValueError>(py, einsum::<f64, f64>("i,i", &[array]));
        refused::<PyValueError>(py, einsum::<f64, f64>("?", &[array]));
    });
}

#[test]
fn s11_a_product_of_masked_arrays_is_refused() {
    Python::attach(|py| {
        let any = eval(py, "np.ma.array([1., 2.], mask=[0, 1])");
        let masked = handle::<f64>(&any);
        let told = |text: String| assert!(text.contains("its mask would be lost"), "{text}");
        told(refused::<PyTypeError>(
            py,
            dot::<f64, _, _, f64>(masked, masked),
        ));
        told(refused::<PyTypeError>(
            py,
            inner::<f64, _, _, f64>(masked, masked),
        ));
        let sum: PyResult<Bound<'_, PyArray0<f64>>> = einsum!("i->", masked);
        told(refused::<PyTypeError>(py, sum));
    });
}
