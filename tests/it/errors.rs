//! Every error that an argument can meet: its class and its text.

use npyo::ndarray::{Ix1, Ix2};
use npyo::{
    ArrayBorrowError, BorrowError, Complex64, DtypeMismatch, PyArray, PyArray1, PyArrayDescr,
    PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArrayDyn, PyReadwriteArray1, PyReadwriteArrayDyn,
    dtype, prelude::*, pyarray,
};
use pyo3::PyTypeInfo;
use pyo3::exceptions::{PyIndexError, PyKeyError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::common::{array as made, eval, numpy_version, refused, text_of, untyped};

type Extract = fn(&Bound<'_, PyAny>) -> PyResult<()>;

fn read1<T: npyo::Element>(ob: &Bound<'_, PyAny>) -> PyResult<()> {
    ob.extract::<PyReadonlyArray1<'_, T>>().map(drop)
}

fn write1<T: npyo::Element>(ob: &Bound<'_, PyAny>) -> PyResult<()> {
    ob.extract::<PyReadwriteArray1<'_, T>>().map(drop)
}

fn read_any<T: npyo::Element>(ob: &Bound<'_, PyAny>) -> PyResult<()> {
    ob.extract::<PyReadonlyArrayDyn<'_, T>>().map(drop)
}

fn write_any<T: npyo::Element>(ob: &Bound<'_, PyAny>) -> PyResult<()> {
    ob.extract::<PyReadwriteArrayDyn<'_, T>>().map(drop)
}

#[test]
fn an_argument_of_the_wrong_sort_is_a_type_error_that_names_both() {
    let mask = "a masked array is not accepted because its mask would be lost; pass \
                `a.filled(value)` or `a.compressed()` instead";
    let swapped = "\n (the array is byte-swapped; pass `a.astype(a.dtype.newbyteorder('='))`)";
    let table: Vec<(&str, Extract, String)> = vec![
        (
            "[1.0]",
            read1::<f64>,
            "expected a numpy.ndarray, got 'list'; pass `numpy.asarray(…)` of it".into(),
        ),
        (
            "1.0",
            write1::<f64>,
            "expected a numpy.ndarray, got 'float'; pass `numpy.asarray(…)` of it".into(),
        ),
        (
            "None",
            read_any::<f64>,
            "expected a numpy.ndarray, got 'NoneType'; pass `numpy.asarray(…)` of it".into(),
        ),
        (
            "np.float64(1)",
            read_any::<f64>,
            "expected a numpy.ndarray, got 'float64'; pass `numpy.asarray(…)` of it".into(),
        ),
        (
            "np.zeros(3)",
            read1::<f32>,
            "type mismatch:\n from=float64, to=float32".into(),
        ),
        (
            "np.zeros(3)",
            write1::<i64>,
            "type mismatch:\n from=float64, to=int64".into(),
        ),
        (
            "np.zeros(3, 'u4')",
            read1::<i32>,
            "type mismatch:\n from=uint32, to=int32".into(),
        ),
        (
            "np.zeros(3, 'i4, f8')",
            read1::<f64>,
            "type mismatch:\n from=[('f0', '<i4'), ('f1', '<f8')], to=float64".into(),
        ),
        (
            "np.zeros(3, 'U2')",
            read1::<npyo::PyFixedUnicode<3>>,
            "type mismatch:\n from=<U2, to=<U3".into(),
        ),
        (
            "np.zeros(3, 'M8[25s]')",
            read1::<npyo::datetime::Datetime<npyo::datetime::units::Seconds>>,
            "type mismatch:\n from=datetime64[25s], to=datetime64[s]".into(),
        ),
        (
            "np.zeros(3, 'O')",
            read1::<f64>,
            "type mismatch:\n from=object, to=float64".into(),
        ),
        (
            "np.zeros(3)",
            read1::<Py<PyAny>>,
            "type mismatch:\n from=float64, to=object".into(),
        ),
        (
            "np.zeros(3, '>f8')",
            read1::<f64>,
            format!("type mismatch:\n from=>f8, to=float64{swapped}"),
        ),
        (
            "np.zeros(3, '>f8')",
            read1::<f32>,
            format!("type mismatch:\n from=>f8, to=float32{swapped}"),
        ),
        (
            "np.zeros(3, '>f8')",
            read1::<i64>,
            "type mismatch:\n from=>f8, to=int64".into(),
        ),
        (
            "np.zeros(3, '>U2')",
            read1::<npyo::PyFixedUnicode<2>>,
            format!("type mismatch:\n from=>U2, to=<U2{swapped}"),
        ),
        (
            "np.zeros((3, 3))",
            read1::<f64>,
            "dimensionality mismatch:\n from=2, to=1".into(),
        ),
        (
            "np.zeros(())",
            write1::<f64>,
            "dimensionality mismatch:\n from=0, to=1".into(),
        ),
        // The number of dimensions comes first.
        (
            "np.zeros((3, 3))",
            read1::<f32>,
            "dimensionality mismatch:\n from=2, to=1".into(),
        ),
        ("np.ma.zeros(3)", read1::<f64>, mask.into()),
        ("np.ma.zeros(3)", write1::<f64>, mask.into()),
        (
            "np.array(['a', 4], 'O')",
            read1::<Py<PyString>>,
            "array element [1] has the wrong type: it is of type 'int', not 'str'".into(),
        ),
        (
            "np.array([None], 'O')",
            read1::<Py<PyString>>,
            "array element [0] has the wrong type: it is of type 'NoneType', not 'str'".into(),
        ),
    ];
    Python::attach(|py| {
        for (code, extract, wanted) in table {
            if cfg!(target_endian = "big") && wanted.contains(['<', '>']) {
                continue;
            }
            let text = refused::<PyTypeError>(py, extract(&eval(py, code)));
            assert_eq!(text, wanted, "{code}");
        }
    });
}

#[test]
fn an_argument_with_the_wrong_memory_is_a_value_error_that_says_what_to_do() {
    let read_only = "assignment destination is read-only: this function writes to the array; pass a \
                     writeable one or a copy (`a.copy()`)";
    let table: Vec<(&str, Extract, &str)> = vec![
        ("np.frombuffer(bytes(24))", write1::<f64>, read_only),
        (
            "np.broadcast_to(np.zeros(1), (3,))",
            write1::<f64>,
            read_only,
        ),
        (
            "np.zeros(3, [('t', 'f8'), ('z', 'c16')])['z']",
            read1::<Complex64>,
            "array has strides [24] in bytes, not all of them multiples of its item size 16, as a \
             field of a structured array can have; pass a copy (`a.copy()`)",
        ),
        (
            "np.zeros((2, 3), [('t', 'f8'), ('z', 'c16')])['z'].T[::-1]",
            read_any::<Complex64>,
            "array has strides [-24, 72] in bytes, not all of them multiples of its item size 16, as \
             a field of a structured array can have; pass a copy (`a.copy()`)",
        ),
        (
            "np.lib.stride_tricks.as_strided(np.zeros(3), (2, 3), (0, 8))",
            write_any::<f64>,
            "array overlaps itself: with shape [2, 3] and strides [0, 8] two of its elements share \
             memory, so it cannot be written to; pass a copy (`a.copy()`)",
        ),
        (
            "np.array([[1, 0], [1, 24]], 'u1').view(bool)",
            read_any::<bool>,
            "array element [1, 1] is invalid: byte 24 is neither 0 (False) nor 1 (True); pass `a != \
             0`, or view the array as uint8",
        ),
    ];
    Python::attach(|py| {
        for (code, extract, wanted) in table {
            let text = refused::<PyValueError>(py, extract(&eval(py, code)));
            assert_eq!(text, wanted, "{code}");
        }
        let array = made::<f64, Ix1>(
            py,
            "np.frombuffer(bytearray(25), 'u1')[1:].view('f8')[::-1]",
        );
        let wanted = format!(
            "array is misaligned: its elements need addresses that are multiples of 8 bytes, but its \
             data starts at {:#x} with strides [-8]; pass an aligned copy (`a.copy()`)",
            array.data() as usize
        );
        assert_eq!(refused::<PyValueError>(py, read1::<f64>(&array)), wanted);
        assert_eq!(refused::<PyValueError>(py, write1::<f64>(&array)), wanted);
        assert_eq!(
            array.readonly().try_as_array().unwrap_err().to_string(),
            wanted
        );
    });
}

#[test]
fn a_refused_argument_is_not_left_borrowed() {
    Python::attach(|py| {
        for (code, extract) in [
            ("np.zeros(3, 'i4, f8')['f1']", read1::<f64> as Extract),
            ("np.zeros(3, 'i4, f8')['f1']", write1::<f64>),
            (
                "np.lib.stride_tricks.as_strided(np.zeros(1), (3,), (0,))",
                write1::<f64>,
            ),
        ] {
            let array = made::<f64, Ix1>(py, code);
            refused::<PyValueError>(py, extract(&array));
            drop(array.readwrite());
        }
    });
}

#[test]
fn a_conflicting_borrow_is_a_runtime_error_of_its_own_class() {
    let wanted = "array is already borrowed: Rust code holds a guard to some of its memory, and one \
                  of the two uses writes; release the other use first, or pass a copy (`a.copy()`)";
    Python::attach(|py| {
        let array = pyarray![py, 1.0, 2.0];
        let guard = array.readwrite();
        assert_eq!(
            refused::<ArrayBorrowError>(py, read1::<f64>(&array)),
            wanted
        );
        assert_eq!(
            refused::<ArrayBorrowError>(py, write1::<f64>(&array)),
            wanted
        );
        assert_eq!(
            refused::<ArrayBorrowError>(py, array.try_readonly()),
            wanted
        );
        drop(guard);
        let class = py.get_type::<ArrayBorrowError>();
        assert!(class.is_subclass_of::<PyRuntimeError>().unwrap());
        assert_eq!(class.name().unwrap(), "ArrayBorrowError");
        assert!(
            class
                .getattr("__doc__")
                .unwrap()
                .to_string()
                .starts_with("An array is borrowed")
        );
    });
}

#[test]
fn the_texts_that_the_numpy_crate_has_are_the_same() {
    Python::attach(|py| {
        assert_eq!(
            BorrowError::AlreadyBorrowed.to_string(),
            "The given array is already borrowed"
        );
        assert_eq!(
            BorrowError::NotWriteable.to_string(),
            "The given array is not writeable"
        );
        assert_eq!(
            format!("{:?}", BorrowError::AlreadyBorrowed),
            "AlreadyBorrowed"
        );
        let ragged = PyArray::from_vec2(py, &[vec![1, 2], vec![3]]).unwrap_err();
        assert_eq!(ragged.to_string(), "invalid length: 1, but expected 2");
        let strided = made::<f64, Ix1>(py, "np.zeros(4)[::2]").readonly();
        let text = "The given array is not contiguous or is misaligned.";
        assert_eq!(strided.as_slice().unwrap_err().to_string(), text);
        #[allow(deprecated)]
        fn same(err: npyo::AsSliceError) -> npyo::NonContiguousError {
            err
        }
        assert_eq!(same(strided.as_slice().unwrap_err()).to_string(), text);
    });
}

#[test]
fn each_error_becomes_its_exception() {
    fn class<E: PyTypeInfo>(py: Python<'_>, err: impl Into<PyErr>, wanted: &str) {
        assert_eq!(text_of::<E>(py, err), wanted);
    }
    Python::attach(|py| {
        let read_only = "assignment destination is read-only: this function writes to the array; \
                         pass a writeable one or a copy (`a.copy()`)";
        class::<PyValueError>(py, BorrowError::NotWriteable, read_only);
        let changed = "the dtype or the number of dimensions of the array was changed after it was \
                       checked; pass the array again";
        class::<PyTypeError>(py, BorrowError::Changed, changed);
        let ragged = PyArray::from_vec2(py, &[vec![1, 2], vec![3]]).unwrap_err();
        class::<PyValueError>(py, ragged, "invalid length: 1, but expected 2");
        let strided = made::<f64, Ix1>(py, "np.zeros(4)[::2]").readonly();
        let contiguous =
            "array is not contiguous or is misaligned; pass `numpy.ascontiguousarray(a)`";
        class::<PyValueError>(py, strided.as_slice().unwrap_err(), contiguous);
    });
}

#[test]
fn a_dtype_mismatch_is_told_with_no_token_in_hand() {
    let err = Python::attach(|py| {
        let array = untyped(py, "np.zeros(3, 'f4')");
        read1::<f64>(&array).unwrap_err()
    });
    // Formatted after the fact, as a traceback is.
    assert_eq!(
        err.to_string(),
        "TypeError: type mismatch:\n from=float32, to=float64"
    );
    fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
    is_error::<DtypeMismatch>();
    is_error::<npyo::BorrowError>();
    is_error::<npyo::AsSliceError>();
    is_error::<npyo::ViewError>();
    is_error::<npyo::FromVecError>();
    is_error::<npyo::DimensionalityError>();
}

#[test]
fn errors_reach_python_from_functions() {
    #[pyfunction]
    fn total(array: PyReadonlyArray2<'_, f64>) -> f64 {
        array.as_array().sum()
    }
    #[pyfunction]
    fn flat(array: PyReadonlyArray2<'_, f64>) -> PyResult<usize> {
        Ok(array.as_slice()?.len())
    }
    #[pyfunction]
    fn typed(array: &Bound<'_, PyArray1<f64>>) -> usize {
        array.len()
    }
    Python::attach(|py| {
        let total = wrap_pyfunction!(total)(py).unwrap();
        let text = refused::<PyTypeError>(py, total.call1((eval(py, "np.zeros(3)"),)));
        assert!(
            text.contains("dimensionality mismatch:\n from=1, to=2"),
            "{text}"
        );
        let flat = wrap_pyfunction!(flat)(py).unwrap();
        let text = refused::<PyValueError>(py, flat.call1((eval(py, "np.zeros((4, 4))[::2]"),)));
        assert!(text.contains("ascontiguousarray"), "{text}");
        // Here PyO3 words the error; the class is all that is promised.
        let typed = wrap_pyfunction!(typed)(py).unwrap();
        refused::<PyTypeError>(py, typed.call1((eval(py, "np.zeros(3, 'f4')"),)));
        refused::<PyTypeError>(py, typed.call1((eval(py, "[1.0]"),)));
    });
}

#[test]
fn an_index_error_names_the_missing_field() {
    Python::attach(|py| {
        let record = PyArrayDescr::new(py, eval(py, "[('x', 'f4')]")).unwrap();
        assert_eq!(refused::<PyIndexError>(py, record.get_field("z")), "z");
        let text = "cannot get field information: type descriptor has no fields";
        assert_eq!(
            refused::<PyValueError>(py, dtype::<f64>(py).get_field("z")),
            text
        );
        let none = refused::<PyTypeError>(py, PyArrayDescr::new(py, py.None()));
        assert_eq!(none, "None is not a data type; name one, such as 'float64'");
    });
}

#[test]
fn errors_of_numpy_pass_through() {
    Python::attach(|py| {
        let array = made::<f64, Ix2>(py, "np.zeros((2, 3))");
        let text = refused::<PyValueError>(py, array.reshape([4]));
        let size = if numpy_version(py) >= (1, 21) {
            "cannot reshape array of size 6"
        } else {
            ""
        };
        assert!(text.starts_with(size), "{text}");
        let text = refused::<PyValueError>(py, PyArray1::<f64>::try_zeros(py, usize::MAX, false));
        assert!(text.contains("negative dimensions"), "{text}");
        assert!(npyo::init(py).is_ok());
    });
}

#[test]
fn errors_are_arguments_of_any_exception() {
    Python::attach(|py| {
        let array = pyarray![py, [1, 2], [3, 4]];
        let _guard = array.readwrite();
        let err = PyKeyError::new_err(array.try_readonly().unwrap_err());
        assert_eq!(
            err.to_string(),
            "KeyError: 'The given array is already borrowed'"
        );
        let err = PyArray::from_vec2(py, &[vec![1], vec![2, 3]]).unwrap_err();
        let text = err.to_string();
        assert_eq!(text_of::<PyTypeError>(py, PyTypeError::new_err(err)), text);
    });
}
