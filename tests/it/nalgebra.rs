//! Arrays as matrices of nalgebra, and the way back.

use std::fmt::Debug;

use npyo::nalgebra::{
    Const, DMatrixView, Dim, Dyn, Matrix, Matrix2, Matrix2x3, Matrix3, MatrixView, MatrixViewMut,
    RowVector3, Scalar, U1, U2, U3, Vector3,
};
use npyo::ndarray::{Dimension, Ix0, Ix1, Ix2, Ix3, array};
use npyo::{
    Complex64, Element, PyArray1, PyArray2, PyFixedString, PyReadonlyArray, PyReadonlyArray1,
    PyReadonlyArray2, PyReadwriteArray2, prelude::*, pyarray,
};
use pyo3::prelude::*;

use crate::common::{array as made, eval_on, exec_on, panic_text};

/// A matrix that has any shape and any strides.
type Any<'a, T> = MatrixView<'a, T, Dyn, Dyn, Dyn, Dyn>;
type AnyMut<'a, T> = MatrixViewMut<'a, T, Dyn, Dyn, Dyn, Dyn>;

/// Whether an array can be seen as a matrix of this type.
fn fits<T, D, R, C, RStride, CStride>(array: &PyReadonlyArray<'_, T, D>) -> bool
where
    T: Element + Scalar,
    D: Dimension,
    R: Dim,
    C: Dim,
    RStride: Dim,
    CStride: Dim,
{
    array
        .try_as_matrix::<R, C, RStride, CStride>()
        .is_some_and(|matrix| matrix.len() == array.len())
}

/// Checks each way of reading a matrix against the elements as NumPy finds them.
#[track_caller]
fn check_matrix<T: Element + Scalar + Copy>(
    array: &Bound<'_, PyArray2<T>>,
    matrix: &Any<'_, T>,
    code: &str,
) {
    let wanted = array.to_owned_array();
    assert_eq!(matrix.shape(), wanted.dim(), "{code}");
    for (index, element) in wanted.indexed_iter() {
        assert_eq!(matrix[index], *element, "{code}");
        assert_eq!(matrix.row(index.0)[index.1], *element, "{code}");
        assert_eq!(matrix.column(index.1)[index.0], *element, "{code}");
    }
    let by_columns: Vec<T> = wanted.t().iter().copied().collect();
    assert!(matrix.iter().eq(&by_columns), "{code}");
    assert!(matrix.iter().rev().eq(by_columns.iter().rev()), "{code}");
    let by_column = matrix.column_iter().flat_map(|column| {
        let elements: Vec<T> = column.iter().copied().collect();
        elements
    });
    assert!(by_column.eq(by_columns.iter().copied()), "{code}");
    let by_row = matrix.row_iter().flat_map(|row| {
        let elements: Vec<T> = row.iter().copied().collect();
        elements
    });
    assert!(by_row.eq(wanted.iter().copied()), "{code}");
}

/// Checks that an array is a matrix, of an argument and of a guard taken by hand.
#[track_caller]
fn check<T: Element + Scalar + Copy>(py: Python<'_>, code: &str) {
    let array = made::<T, Ix2>(py, code);
    let guard = array.extract::<PyReadonlyArray2<'_, T>>().unwrap();
    check_matrix(&array, &guard.as_matrix(), code);
    check_matrix(&array, &guard.try_as_matrix().unwrap(), code);
    let guard = array.readonly();
    check_matrix(&array, &guard.try_as_matrix().unwrap(), code);
    check_matrix(&array, &guard.as_matrix(), code);
    // SAFETY: nothing writes to the array.
    check_matrix(&array, &unsafe { array.try_as_matrix() }.unwrap(), code);
    // And back.
    let back = guard.as_matrix().to_pyarray(py);
    assert_eq!(back.to_owned_array(), array.to_owned_array(), "{code}");
    assert!(back.is_fortran_contiguous(), "{code}");
}

/// The bytes of all the memory that an array is a view of.
fn memory(array: &Bound<'_, PyAny>) -> Vec<u8> {
    let mut root = array.clone();
    while let Some(base) = root.getattr("base").ok().filter(|base| !base.is_none()) {
        root = base;
    }
    eval_on(&root, "a.tobytes()").extract().unwrap()
}

/// Checks that every element of an array can be written, and nothing beside it, by doing the same
/// to its twin with NumPy.
#[track_caller]
fn check_mut(py: Python<'_>, code: &str) {
    let array = made::<f64, Ix2>(py, code);
    let twin = made::<f64, Ix2>(py, code);
    exec_on(&twin, "a += 1.5; a *= 10.0; a[...] -= a[:, :1].copy()");
    {
        let mut guard = array.extract::<PyReadwriteArray2<'_, f64>>().unwrap();
        let mut matrix: AnyMut<'_, f64> = guard.try_as_matrix_mut().unwrap();
        matrix.iter_mut().for_each(|x| *x += 1.5);
        let mut matrix = guard.as_matrix_mut();
        for mut column in matrix.column_iter_mut() {
            column *= 5.0;
        }
        for mut row in matrix.row_iter_mut() {
            row *= 2.0;
        }
    }
    {
        // SAFETY: nothing else refers to the array.
        let mut matrix: AnyMut<'_, f64> = unsafe { array.try_as_matrix_mut() }.unwrap();
        let (rows, cols) = matrix.shape();
        for (row, col) in (0..rows).flat_map(|row| (0..cols).rev().map(move |col| (row, col))) {
            let first = matrix[(row, 0)];
            matrix[(row, col)] -= first;
        }
    }
    assert_eq!(array.to_owned_array(), twin.to_owned_array(), "{code}");
    assert!(memory(&array) == memory(&twin), "{code}");
}

/// Checks that an array is no matrix of any type, and that `as_matrix` says why.
#[track_caller]
fn refused<T: Element + Scalar>(py: Python<'_>, code: &str, problem: &str) {
    let array = made::<T, Ix2>(py, code);
    let guard = array.readonly();
    assert!(!fits::<_, _, Dyn, Dyn, Dyn, Dyn>(&guard), "{code}");
    let text = panic_text(|| guard.as_matrix().len());
    assert!(text.contains(problem), "{text}\nin: {code}");
    assert!(
        text.contains("copy (`a.copy()`)") || text.contains("is invalid"),
        "{text}"
    );
    drop(guard);
    if let Ok(mut guard) = array.try_readwrite() {
        let matrix: Option<AnyMut<'_, T>> = guard.try_as_matrix_mut();
        assert!(matrix.is_none(), "{code}");
        panic_text(|| guard.as_matrix_mut().len());
    }
}

/// Checks that an array is a matrix to read, but not to write to.
#[track_caller]
fn only_read(py: Python<'_>, code: &str, problem: &str) {
    check::<f64>(py, code);
    let array = made::<f64, Ix2>(py, code);
    let mut guard = array.readwrite();
    let matrix: Option<AnyMut<'_, f64>> = guard.try_as_matrix_mut();
    assert!(matrix.is_none(), "{code}");
    let text = panic_text(|| guard.as_matrix_mut().len());
    assert!(text.contains(problem), "{text}");
    drop(guard);
    // SAFETY: nothing else refers to the array.
    let matrix: Option<AnyMut<'_, f64>> = unsafe { array.try_as_matrix_mut() };
    assert!(matrix.is_none(), "{code}");
}

// --- Layouts ------------------------------------------------------------------------------

#[test]
fn arrays_of_every_ordinary_layout_are_matrices() {
    Python::attach(|py| {
        for code in [
            "np.arange(6.0).reshape(2, 3)",
            "np.arange(6.0).reshape(2, 3).T",
            "np.asfortranarray(np.arange(6.0).reshape(2, 3))",
            "np.arange(24.0).reshape(4, 6)[::2, 1::2]",
            "np.arange(24.0).reshape(4, 6).T[::3, ::3]",
            "np.arange(24.0).reshape(4, 6)[1:3, 2:]",
            "np.arange(24.0).reshape(2, 3, 4)[:, :, 1]",
            "np.arange(24.0).reshape(2, 3, 4)[1]",
            "np.arange(24.0).reshape(2, 3, 4)[:, 1, ::-1][:, 2:3]",
            "np.arange(4.0).reshape(1, 4)",
            "np.arange(4.0).reshape(4, 1)",
            "np.arange(4.0)[::-1].reshape(4, 1)[:1]",
            "np.arange(4.0).reshape(4, 1)[::-1][2:3]",
            "np.array([[7.0]])",
            "np.zeros((3, 4), 'c16').real",
            "np.zeros((3, 4), 'c16').imag",
            "np.zeros((3, 4), [('x', 'f8'), ('y', 'f8')])['y']",
        ] {
            check::<f64>(py, code);
            check_mut(py, code);
        }
        check::<i32>(py, "np.arange(6, dtype='i4').reshape(2, 3)");
        check::<u8>(py, "np.arange(60, dtype='u1').reshape(5, 3, 4)[:, ::2, 1]");
        check::<bool>(py, "np.array([[True, False], [False, False]])");
        check::<Complex64>(py, "np.array([[1j, 2], [3, 4]]).T");
    });
}

#[test]
fn a_vector_is_a_column() {
    Python::attach(|py| {
        for code in [
            "np.arange(5.0)",
            "np.arange(10.0)[1::2]",
            "np.arange(5.0)[:1]",
            "np.zeros(0)",
        ] {
            let array = made::<f64, Ix1>(py, code);
            let guard = array.readonly();
            let matrix = guard.as_matrix();
            assert_eq!(matrix.shape(), (array.len(), 1));
            assert!(matrix.iter().copied().eq(array.to_owned_array()), "{code}");
            assert!(fits::<_, _, Dyn, U1, Dyn, Dyn>(&guard));
            drop(guard);
            let mut guard = array.readwrite();
            guard.as_matrix_mut().fill(7.0);
            assert_eq!(guard.to_vec().unwrap(), vec![7.0; array.len()]);
        }
        let array = pyarray![py, 1.0, 2.0, 3.0].into_readonly();
        let vector: MatrixView<'_, f64, U3, U1> = array.try_as_matrix().unwrap();
        assert_eq!(vector, Vector3::new(1.0, 2.0, 3.0));
        assert_eq!(vector.as_slice(), [1.0, 2.0, 3.0]);
        let array = made::<f64, Ix1>(py, "np.arange(6.0)[::2]").into_readonly();
        assert!(!fits::<_, _, U3, U1, U1, U3>(&array));
        assert!(fits::<_, _, U3, U1, U2, U3>(&array));
    });
}

#[test]
fn arrays_without_elements_are_matrices() {
    Python::attach(|py| {
        for code in [
            "np.zeros((0, 3))",
            "np.zeros((3, 0))",
            "np.zeros((0, 0))",
            "np.zeros((4, 3))[4:, ::-1]",
            "np.zeros((4, 3))[::-1, 3:]",
            "np.zeros((4, 3))[:, :0].T",
            "np.lib.stride_tricks.as_strided(np.zeros(1), (0, 9), (3, -5))",
            "np.zeros((4, 3), [('i', 'u1'), ('x', 'f8')])['x'][:0]",
            "np.broadcast_to(np.zeros((1, 0)), (3, 0)).copy()",
        ] {
            check::<f64>(py, code);
            check_mut(py, code);
        }
        let array = made::<f64, Ix2>(py, "np.zeros((0, 3))").into_readonly();
        let matrix: MatrixView<'_, f64, Const<0>, U3> = array.try_as_matrix().unwrap();
        assert!(matrix.as_slice().is_empty());
        assert!(fits::<_, _, Const<0>, U3, Const<5>, Const<0>>(&array));
        assert!(!fits::<_, _, U1, U3, U1, U1>(&array));
        assert!(!fits::<_, _, Const<0>, U2, U1, U1>(&array));
    });
}

#[test]
fn shape_and_strides_must_be_those_of_the_type() {
    Python::attach(|py| {
        let c = pyarray![py, [0, 1, 2], [3, 4, 5]].into_readonly();
        assert!(fits::<_, _, U2, U3, U3, U1>(&c));
        assert!(fits::<_, _, U2, U3, Dyn, Dyn>(&c));
        assert!(fits::<_, _, Dyn, Dyn, U3, U1>(&c));
        assert!(!fits::<_, _, U3, U3, U3, U1>(&c));
        assert!(!fits::<_, _, U2, U2, U3, U1>(&c));
        assert!(!fits::<_, _, U2, U3, U2, U1>(&c));
        assert!(!fits::<_, _, U2, U3, U3, U2>(&c));
        assert!(!fits::<_, _, U2, U3, U1, U2>(&c));
        let matrix: MatrixView<'_, i32, U2, U3, U3, U1> = c.try_as_matrix().unwrap();
        assert_eq!(matrix, Matrix2x3::new(0, 1, 2, 3, 4, 5));

        let f = made::<f64, Ix2>(py, "np.arange(6.0).reshape(3, 2).T").into_readonly();
        let matrix: MatrixView<'_, f64, U2, U3> = f.try_as_matrix().unwrap();
        assert_eq!(matrix, Matrix2x3::new(0.0, 2.0, 4.0, 1.0, 3.0, 5.0));
        assert_eq!(matrix.as_slice(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let matrix: DMatrixView<'_, f64> = f.try_as_matrix().unwrap();
        assert_eq!(matrix.sum(), 15.0);
        assert_eq!(matrix.row(0).dot(&RowVector3::new(1.0, 1.0, 1.0)), 6.0);
    });
}

#[test]
fn the_stride_of_an_axis_of_length_one_fits_every_matrix() {
    Python::attach(|py| {
        for code in [
            "np.arange(3.0).reshape(1, 3)",
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (1, 3), (7, 8))",
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (1, 3), (-24, 8))",
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (1, 3), (0, 8))",
        ] {
            check::<f64>(py, code);
            check_mut(py, code);
            let row = made::<f64, Ix2>(py, code).into_readonly();
            let matrix: MatrixView<'_, f64, U1, U3> = row.try_as_matrix().unwrap();
            assert_eq!(matrix, RowVector3::new(0.0, 1.0, 2.0));
            assert!(matrix.iter().copied().eq([0.0, 1.0, 2.0]), "{code}");
            assert_eq!(matrix.as_slice(), [0.0, 1.0, 2.0]);
            assert!(fits::<_, _, U1, U3, U3, U1>(&row));
            assert!(fits::<_, _, U1, Dyn, Dyn, U1>(&row));
            assert!(!fits::<_, _, U1, U3, U1, U2>(&row));
            // At row stride zero, nalgebra's iterators begin with the second column.
            assert!(!fits::<_, _, U1, U3, Const<0>, U1>(&row));
        }
        for code in [
            "np.arange(3.0).reshape(3, 1)",
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (3, 1), (8, 5))",
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (3, 1), (8, -8))",
        ] {
            check::<f64>(py, code);
            let column = made::<f64, Ix2>(py, code).into_readonly();
            let matrix: MatrixView<'_, f64, U3, U1> = column.try_as_matrix().unwrap();
            assert_eq!(matrix.as_slice(), [0.0, 1.0, 2.0]);
            assert!(fits::<_, _, U3, U1, U1, Const<0>>(&column));
            assert!(!fits::<_, _, U3, U1, U2, U3>(&column));
        }
    });
}

#[test]
fn other_numbers_of_dimensions_are_no_matrices() {
    Python::attach(|py| {
        let array = made::<f64, Ix0>(py, "np.array(1.0)").into_readonly();
        assert!(!fits::<_, _, U1, U1, U1, U1>(&array));
        let array = made::<f64, Ix3>(py, "np.zeros((2, 2, 1))").into_readonly();
        assert!(!fits::<_, _, Dyn, Dyn, Dyn, Dyn>(&array));
        let array = made::<f64, npyo::IxDyn>(py, "np.zeros((2, 2))");
        let mut guard = array.readwrite();
        assert!(fits::<_, _, Dyn, Dyn, Dyn, Dyn>(&guard));
        let matrix: Option<AnyMut<'_, f64>> = guard.try_as_matrix_mut();
        matrix.unwrap().fill(1.0);
        assert_eq!(guard.to_owned_array().sum(), 4.0);
    });
}

#[test]
fn arrays_with_negative_strides_are_no_matrices() {
    Python::attach(|py| {
        for code in [
            "np.zeros((3, 3))[::-1]",
            "np.zeros((3, 3))[:, ::-1]",
            "np.zeros((3, 3))[::-1, ::-1]",
            "np.zeros((1, 3))[:, ::-1]",
        ] {
            refused::<f64>(py, code, "negative strides");
        }
        let array = made::<f64, Ix1>(py, "np.zeros(3)[::-1]");
        let text = panic_text(|| array.readonly().as_matrix().len());
        assert!(
            text.starts_with("array has negative strides, [-8] in bytes"),
            "{text}"
        );
        panic_text(|| array.readwrite().as_matrix_mut().len());
        // SAFETY: nothing else refers to the array.
        let matrix: Option<Any<'_, f64>> = unsafe { array.try_as_matrix() };
        assert!(matrix.is_none());
    });
}

#[test]
fn rows_that_are_one_and_the_same_are_no_matrix() {
    Python::attach(|py| {
        // nalgebra would iterate over as many elements as there are, one after the other.
        for code in [
            "np.broadcast_to(np.arange(2.0), (3, 2))",
            "np.broadcast_to(np.arange(1.0), (3, 2))",
            "np.broadcast_to(np.arange(1.0), (3, 1))",
        ] {
            refused::<f64>(py, code, "its rows are one and the same");
        }
        let array = made::<f64, Ix1>(py, "np.broadcast_to(1.0, 3)").into_readonly();
        let text = panic_text(|| array.as_matrix().len());
        assert!(text.contains("its rows are one and the same"), "{text}");
        // Columns that are one and the same are read as often as there are columns.
        check::<f64>(py, "np.broadcast_to(np.arange(3.0)[:, None], (3, 2))");
        only_read(
            py,
            "np.lib.stride_tricks.as_strided(np.arange(3.0), (3, 2), (8, 0))",
            "overlaps itself",
        );
    });
}

#[test]
fn arrays_that_overlap_themselves_are_no_matrices_to_write_to() {
    Python::attach(|py| {
        only_read(
            py,
            "np.lib.stride_tricks.as_strided(np.arange(6.0), (4, 3), (8, 8))",
            "overlaps itself",
        );
        only_read(
            py,
            "np.lib.stride_tricks.as_strided(np.arange(12.0), (2, 4), (24, 16))",
            "interleave",
        );
    });
}

#[test]
fn misaligned_arrays_and_odd_strides_are_no_matrices() {
    Python::attach(|py| {
        refused::<f64>(
            py,
            "np.zeros(73, 'u1')[1:].view('f8').reshape(3, 3)",
            "misaligned",
        );
        refused::<f64>(
            py,
            "np.zeros((2, 3), [('x', 'f8'), ('i', 'i4')])['x']",
            "misaligned",
        );
        refused::<Complex64>(
            py,
            "np.zeros((2, 3), [('t', 'f8'), ('z', 'c16')])['z']",
            "not all of them multiples of its item size 16",
        );
        let array = made::<f64, Ix2>(py, "np.zeros(73, 'u1')[1:].view('f8').reshape(3, 3)");
        // SAFETY: nothing else refers to the array.
        let matrix: Option<Any<'_, f64>> = unsafe { array.try_as_matrix() };
        assert!(matrix.is_none());
        // SAFETY: nothing else refers to the array.
        let matrix: Option<AnyMut<'_, f64>> = unsafe { array.try_as_matrix_mut() };
        assert!(matrix.is_none());
    });
}

#[test]
fn bytes_that_are_no_truth_values_are_in_no_matrix() {
    Python::attach(|py| {
        let code = "np.array([[0, 1], [2, 0]], 'u1').view('?')";
        refused::<bool>(py, code, "array element [1, 0] is invalid");
        check::<bool>(py, "np.array([[0, 1], [1, 0]], 'u1').view('?')");
    });
}

// --- Guards -------------------------------------------------------------------------------

#[test]
fn a_matrix_shows_the_array_as_it_was_when_it_was_borrowed() {
    Python::attach(|py| {
        let array = made::<f64, Ix2>(py, "np.arange(6.0).reshape(2, 3)");
        let mut guard = array.readwrite();
        exec_on(&array, "a.shape = (3, 2)");
        assert_eq!(guard.as_matrix().shape(), (2, 3));
        exec_on(&array, "a.shape = (6,)");
        exec_on(&array, "a.dtype = 'u1'");
        guard.as_matrix_mut().fill(1.0);
        assert_eq!(guard.as_matrix().sum(), 6.0);
        let matrix: MatrixView<'_, f64, U2, U3, U3, U1> = guard.try_as_matrix().unwrap();
        assert_eq!(matrix, Matrix2x3::repeat(1.0));
        drop(guard);
        // The handle's type is no longer true.
        // SAFETY: nothing else refers to the array.
        let matrix: Option<Any<'_, f64>> = unsafe { array.try_as_matrix() };
        assert!(matrix.is_none());
        // SAFETY: nothing else refers to the array.
        let matrix: Option<AnyMut<'_, f64>> = unsafe { array.try_as_matrix_mut() };
        assert!(matrix.is_none());
    });
}

#[test]
fn matrices_obey_the_rules_of_borrowing() {
    Python::attach(|py| {
        let array = pyarray![py, [1.0, 2.0], [3.0, 4.0]];
        let reader = array.readonly();
        let (one, other) = (reader.as_matrix(), reader.as_matrix());
        assert!(array.try_readwrite().is_err());
        assert_eq!(one, other);
        drop(reader);
        let mut writer = array.readwrite();
        let mut matrix = writer.as_matrix_mut();
        assert!(array.try_readonly().is_err());
        matrix.fill_with_identity();
        // To read, through the guard to write.
        assert_eq!(writer.as_matrix(), Matrix2::identity());
    });
}

#[test]
fn elements_of_any_type_that_nalgebra_takes() {
    Python::attach(|py| {
        let words = made::<PyFixedString<2>, Ix2>(py, "np.array([[b'ab', b'cd']])").into_readonly();
        let matrix: MatrixView<'_, PyFixedString<2>, U1, U2> = words.try_as_matrix().unwrap();
        assert_eq!(matrix[1].as_bytes(), b"cd");
        let back = matrix.to_pyarray(py);
        assert_eq!(back.get_owned([0, 1]).unwrap().as_bytes(), b"cd");
    });
}

// --- To arrays ----------------------------------------------------------------------------

/// Checks the array that a matrix becomes.
#[track_caller]
fn check_to<T, R, C, S>(py: Python<'_>, matrix: &Matrix<T, R, C, S>)
where
    T: Element + Scalar + Debug,
    R: Dim,
    C: Dim,
    S: npyo::nalgebra::Storage<T, R, C>,
{
    let array = matrix.to_pyarray(py);
    assert_eq!(array.dims().into_pattern(), matrix.shape());
    assert!(array.is_fortran_contiguous());
    assert!(
        eval_on(
            &array,
            "a.flags.owndata and a.flags.writeable and a.flags.aligned"
        )
        .is_truthy()
        .unwrap()
    );
    for (index, element) in array.to_owned_array().indexed_iter() {
        assert_eq!(matrix[index], *element);
    }
    assert_eq!(
        matrix.try_to_pyarray(py).unwrap().to_owned_array(),
        array.to_owned_array()
    );
}

#[test]
fn matrices_become_arrays_in_fortran_order() {
    Python::attach(|py| {
        let matrix = Matrix3::new(0, 1, 2, 3, 4, 5, 6, 7, 8);
        let array: Bound<'_, PyArray2<i32>> = matrix.to_pyarray(py);
        assert_eq!(
            array.to_owned_array(),
            array![[0, 1, 2], [3, 4, 5], [6, 7, 8]]
        );
        check_to(py, &matrix);
        check_to(py, &matrix.row(1));
        check_to(py, &matrix.column(1));
        check_to(py, &matrix.view((1, 1), (2, 2)));
        check_to(py, &matrix.view((0, 0), (0, 2)));
        check_to(py, &matrix.view((0, 0), (2, 0)));
        check_to(py, &matrix.rows_with_step(0, 2, 1));
        check_to(py, &matrix.columns_with_step(0, 2, 1));
        check_to(py, &matrix.transpose());
        check_to(py, &Vector3::new(1.5_f32, 2.5, 3.5));
        check_to(py, &RowVector3::new(true, false, true));
        let numbers: Vec<f64> = (0..6000).map(f64::from).collect();
        check_to(py, &DMatrixView::from_slice(&numbers, 60, 100));
        check_to(py, &DMatrixView::<f64>::from_slice(&[], 0, 0));
        check_to(py, &Matrix2::from_element(Complex64::new(1.0, -1.0)));
    });
}

#[test]
fn a_matrix_makes_the_round_trip_through_python() {
    #[pyfunction]
    fn swap<'py>(py: Python<'py>, a: PyReadonlyArray2<'py, f64>) -> PyResult<Bound<'py, PyAny>> {
        let matrix: Option<MatrixView<'_, f64, U2, U2, Dyn, Dyn>> = a.try_as_matrix();
        let matrix = matrix.ok_or_else(|| pyo3::exceptions::PyValueError::new_err("not 2 by 2"))?;
        Ok((Matrix2::new(0.0, 1.0, 1.0, 0.0) * matrix)
            .try_to_pyarray(py)?
            .into_any())
    }
    #[pyfunction]
    fn norm(v: PyReadonlyArray1<'_, f64>) -> f64 {
        v.as_matrix().dot(&v.as_matrix())
    }
    Python::attach(|py| {
        let a = made::<f64, Ix2>(py, "np.arange(16.0).reshape(4, 4)[1::2, ::3]");
        let swapped = wrap_pyfunction!(swap)(py).unwrap().call1((&a,)).unwrap();
        assert!(
            eval_on(&swapped, "a.tolist() == [[12.0, 15.0], [4.0, 7.0]]")
                .is_truthy()
                .unwrap()
        );
        let three = made::<f64, Ix2>(py, "np.zeros((3, 3))");
        assert!(wrap_pyfunction!(swap)(py).unwrap().call1((three,)).is_err());
        let v = PyArray1::from_vec(py, vec![3.0, 4.0]);
        let squared = wrap_pyfunction!(norm)(py).unwrap().call1((v,)).unwrap();
        assert_eq!(squared.extract::<f64>().unwrap(), 25.0);
    });
}
