//! Arrays of subclasses as arguments, and `Exact`, which refuses them.

use std::ops::{Deref, DerefMut};

use npyo::ndarray::array;
use npyo::{
    Exact, PyArray1, PyArrayLike1, PyFrozenArray1, PyReadonlyArray1, PyReadonlyArray2,
    PyReadonlyArrayDyn, PyReadwriteArray1, PyReadwriteArrayDyn, prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{eval, exec, refused};

/// Arrays of subclasses that hold the numbers 1 and 2, by the names of their classes.
const SUBCLASSES: [(&str, &str); 4] = [
    ("matrix", "a = np.array([[1.0, 2.0]]).view(np.matrix)"),
    ("recarray", "a = np.array([1.0, 2.0]).view(np.recarray)"),
    (
        "memmap",
        "import tempfile\n\
         a = np.memmap(tempfile.TemporaryFile(), 'f8', 'w+', shape=2)\n\
         a[:] = [1.0, 2.0]",
    ),
    (
        "Celsius",
        "class Celsius(np.ndarray): pass\n\
         a = np.array([1.0, 2.0]).view(Celsius)",
    ),
];

fn subclasses(py: Python<'_>) -> impl Iterator<Item = (&'static str, Bound<'_, PyAny>)> {
    SUBCLASSES.into_iter().map(move |(name, code)| {
        let array = exec(py, code).get_item("a").unwrap().unwrap();
        assert_eq!(array.get_type().name().unwrap(), name);
        (name, array)
    })
}

#[test]
fn guards_accept_arrays_of_subclasses() {
    Python::attach(|py| {
        for (name, array) in subclasses(py) {
            let guard = array.extract::<PyReadonlyArrayDyn<'_, f64>>().unwrap();
            assert_eq!(guard.as_slice().unwrap(), [1.0, 2.0], "{name}");
            assert!(guard.as_bound().is(&array));
            assert!(array.extract::<PyReadwriteArrayDyn<'_, f64>>().is_err());
            drop(guard);
            let mut guard = array.extract::<PyReadwriteArrayDyn<'_, f64>>().unwrap();
            guard.as_slice_mut().unwrap()[0] = 3.0;
            assert_eq!(guard.to_vec().unwrap(), [3.0, 2.0]);
            drop(guard);
            let first: f64 = array.call_method1("item", (0,)).unwrap().extract().unwrap();
            assert_eq!(first, 3.0, "{name}");
        }
    });
}

#[test]
fn an_exact_argument_is_no_array_of_a_subclass() {
    Python::attach(|py| {
        for (name, array) in subclasses(py) {
            let text = format!(
                "expected a numpy.ndarray itself, got its subclass '{name}', whose own rules would \
                 be lost; pass `numpy.asarray(a)`"
            );
            let got = array.extract::<Exact<PyReadonlyArrayDyn<'_, f64>>>();
            assert_eq!(refused::<PyTypeError>(py, got), text);
            let got = array.extract::<Exact<PyReadwriteArrayDyn<'_, f64>>>();
            assert_eq!(refused::<PyTypeError>(py, got), text);
            let got = array.extract::<Exact<PyFrozenArray1<'_, f64>>>();
            assert_eq!(refused::<PyTypeError>(py, got), text);
            let got = array.extract::<Exact<PyArrayLike1<'_, f64>>>();
            assert_eq!(refused::<PyTypeError>(py, got), text);
            let got = array.extract::<Exact<Bound<'_, PyArray1<f64>>>>();
            assert_eq!(refused::<PyTypeError>(py, got), text);
            // What the text says to pass.
            let numpy = py.import("numpy").unwrap();
            let plain = numpy.call_method1("asarray", (&array,)).unwrap();
            let guard = plain
                .extract::<Exact<PyReadonlyArrayDyn<'_, f64>>>()
                .unwrap();
            assert_eq!(guard.as_slice().unwrap(), [1.0, 2.0]);
        }
        // The class comes before dtype and dimensions.
        let masked = eval(py, "np.ma.masked_array(['x'])");
        let text = refused::<PyTypeError>(py, masked.extract::<Exact<PyReadonlyArray2<'_, f64>>>());
        assert!(text.contains("its subclass 'MaskedArray'"), "{text}");
    });
}

#[test]
fn an_exact_argument_is_a_plain_array() {
    Python::attach(|py| {
        let array = eval(py, "np.arange(6.0)[1::2]");
        let Exact(guard) = array.extract::<Exact<PyReadonlyArray1<'_, f64>>>().unwrap();
        assert_eq!(guard.as_array(), array![1.0, 3.0, 5.0]);
        assert!(guard.as_bound().is(&array));
        assert!(
            array
                .extract::<Exact<PyReadwriteArray1<'_, f64>>>()
                .is_err()
        );
        drop(guard);
        let handle = array.extract::<Exact<Bound<'_, PyArray1<f64>>>>().unwrap();
        assert!(handle.is(&array));
        drop(handle.readwrite());
        let frozen = array.extract::<Exact<PyFrozenArray1<'_, f64>>>().unwrap();
        assert!(array.set_item(0, 9.0).is_err());
        assert_eq!(frozen.as_array(), array![1.0, 3.0, 5.0]);
    });
}

#[test]
fn an_exact_argument_has_the_errors_of_the_type_that_it_wraps() {
    Python::attach(|py| {
        let same = |code: &str| {
            let any = eval(py, code);
            let wrapped = any.extract::<Exact<PyReadonlyArray1<'_, f64>>>();
            let plain = any.extract::<PyReadonlyArray1<'_, f64>>();
            let text = refused::<PyTypeError>(py, wrapped);
            assert_eq!(text, refused::<PyTypeError>(py, plain));
            text
        };
        assert!(same("np.zeros((2, 3))").starts_with("dimensionality mismatch"));
        assert!(same("np.zeros(3, 'i4')").starts_with("type mismatch"));
        assert!(same("[1.0, 2.0]").contains("'list'"));
        let array = eval(py, "np.zeros(9, 'u1')[1:].view('f8')");
        let text = refused::<PyValueError>(py, array.extract::<Exact<PyReadonlyArray1<'_, f64>>>());
        assert!(text.contains("misaligned"), "{text}");
    });
}

#[test]
fn an_exact_argument_may_be_a_list_if_the_type_that_it_wraps_accepts_lists() {
    Python::attach(|py| {
        for code in ["[1.0, 2.0]", "(1.0, 2.0)", "np.array([1.0, 2.0])"] {
            let any = eval(py, code);
            let like = any.extract::<Exact<PyArrayLike1<'_, f64>>>().unwrap();
            assert_eq!(like.as_slice().unwrap(), [1.0, 2.0], "{code}");
        }
        let any = eval(py, "[1.5]");
        refused::<PyValueError>(py, any.extract::<Exact<PyArrayLike1<'_, i32>>>());
        let number = eval(py, "4").extract::<Exact<i32>>().unwrap();
        assert_eq!(*number, 4);
    });
}

#[test]
fn an_exact_argument_leads_to_what_it_wraps() {
    Python::attach(|py| {
        let array = eval(py, "np.arange(3.0)");
        let mut guard = array
            .extract::<Exact<PyReadwriteArray1<'_, f64>>>()
            .unwrap();
        guard.as_slice_mut().unwrap()[0] = 7.0;
        DerefMut::deref_mut(&mut guard).as_array_mut()[1] = 8.0;
        let inner: &PyReadwriteArray1<'_, f64> = Deref::deref(&guard);
        assert_eq!(inner.as_slice().unwrap(), [7.0, 8.0, 2.0]);
        guard.0.as_array_mut()[2] = 9.0;
        assert!(format!("{guard:?}").starts_with("Exact(PyReadwriteArray<f64, "));
        drop(guard);
        let Exact(guard) = array.extract::<Exact<PyReadonlyArray1<'_, f64>>>().unwrap();
        assert_eq!(guard.as_slice().unwrap(), [7.0, 8.0, 9.0]);
    });
}

/// As users write it.
#[pyfunction]
fn halve(mut a: Exact<PyReadwriteArray1<'_, f64>>) {
    a.as_array_mut().mapv_inplace(|x| x / 2.0);
}

#[test]
fn a_function_has_an_exact_argument() {
    Python::attach(|py| {
        let halve = wrap_pyfunction!(halve)(py).unwrap();
        let array = eval(py, "np.array([2.0, 4.0])");
        halve.call1((&array,)).unwrap();
        let halved: Vec<f64> = array.call_method0("tolist").unwrap().extract().unwrap();
        assert_eq!(halved, [1.0, 2.0]);
        let view = eval(py, "np.array([2.0, 4.0]).view(np.recarray)");
        let text = refused::<PyTypeError>(py, halve.call1((view,)));
        assert!(text.contains("its subclass 'recarray'"), "{text}");
    });
}
