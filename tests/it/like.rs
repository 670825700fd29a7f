//! Arguments that accept array-likes: what is converted, and what is refused.

use std::fmt::Debug;

use npyo::datetime::{Datetime, Timedelta, units};
use npyo::ndarray::{Dimension, Ix0, Ix1, IxDyn, array};
use npyo::{
    AllowTypeChange, Complex64, Element, PyArray1, PyArrayLike, PyArrayLike0, PyArrayLike1,
    PyArrayLike2, PyArrayLikeDyn, PyFixedString, PyFixedUnicode, PyReadonlyArray1, TypeMustMatch,
    prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{eval, eval_on, numpy_version, refused, untyped};

/// What an array-like of this type holds, if it is accepted, in both of its forms.
fn like<T, D>(py: Python<'_>, code: &str) -> PyResult<Vec<T>>
where
    T: Element + PartialEq + Debug,
    D: Dimension,
{
    let ob = eval(py, code);
    let vec = ob
        .extract::<PyArrayLike<'_, T, D, TypeMustMatch>>()?
        .to_vec()?;
    let changed = ob
        .extract::<PyArrayLike<'_, T, D, AllowTypeChange>>()
        .unwrap();
    assert_eq!(
        changed.to_vec().unwrap(),
        vec,
        "what is accepted unchanged is not changed"
    );
    Ok(vec)
}

fn like1<T: Element + PartialEq + Debug>(py: Python<'_>, code: &str) -> PyResult<Vec<T>> {
    like::<T, Ix1>(py, code)
}

/// What an array-like that allows changes holds.
#[track_caller]
fn changed<T: Element>(py: Python<'_>, code: &str) -> Vec<T> {
    let ob = eval(py, code);
    let like = ob.extract::<PyArrayLike1<'_, T, AllowTypeChange>>();
    like.unwrap_or_else(|err| panic!("{code}: {err}"))
        .to_vec()
        .unwrap()
}

// --- Arrays of the right type -------------------------------------------------------------------

#[test]
fn an_array_of_the_right_type_is_borrowed_with_no_copy() {
    Python::attach(|py| {
        let array = untyped(py, "np.arange(6.0)[::2]")
            .cast_into::<PyArray1<f64>>()
            .unwrap();
        let like = array.extract::<PyArrayLike1<'_, f64>>().unwrap();
        assert_eq!(like.data(), array.data());
        assert!(like.as_bound().is(&array));
        assert!(array.try_readwrite().is_err());
        let other = array
            .extract::<PyArrayLike1<'_, f64, AllowTypeChange>>()
            .unwrap();
        assert_eq!(other.data(), array.data());
        drop((like, other));
        drop(array.readwrite());
        let any = array.extract::<PyArrayLikeDyn<'_, f64>>().unwrap();
        assert_eq!(
            any.as_array().into_dimensionality::<Ix1>().unwrap(),
            array![0.0, 2.0, 4.0]
        );
        let matrix = eval(py, "np.matrix([[1.0, 2.0]])");
        assert_eq!(
            matrix
                .extract::<PyArrayLike2<'_, f64>>()
                .unwrap()
                .as_array(),
            array![[1.0, 2.0]]
        );
        let twin = eval(py, "np.arange(3, dtype=np.longlong)");
        assert_eq!(
            twin.extract::<PyArrayLike1<'_, i64>>()
                .unwrap()
                .as_slice()
                .unwrap(),
            [0, 1, 2]
        );
        let text = format!("{:?}", array.extract::<PyArrayLike1<'_, f64>>().unwrap());
        assert!(
            text.starts_with("PyArrayLike(PyReadonlyArray<f64, "),
            "{text}"
        );
    });
}

#[test]
fn an_array_of_another_type_is_refused_unless_types_may_change() {
    Python::attach(|py| {
        for (code, from) in [
            ("np.zeros(3, 'f4')", "float32"),
            ("np.zeros(3, 'i8')", "int64"),
            ("np.zeros(3, '>f8')", ">f8"),
            ("np.zeros(3, bool)", "bool"),
            ("np.zeros(3, 'O')", "object"),
        ] {
            if cfg!(target_endian = "big") && code.contains('>') {
                continue;
            }
            let array = untyped(py, code);
            let text = refused::<PyTypeError>(py, array.extract::<PyArrayLike1<'_, f64>>());
            assert!(
                text.starts_with(&format!("type mismatch:\n from={from}, to=float64")),
                "{text}"
            );
            assert_eq!(text.contains("byte-swapped"), from == ">f8", "{text}");
            assert_eq!(changed::<f64>(py, code), [0.0; 3]);
        }
        let array = untyped(py, "np.zeros((2, 2))");
        let text = "dimensionality mismatch:\n from=2, to=1";
        assert_eq!(
            refused::<PyTypeError>(py, array.extract::<PyArrayLike1<'_, f64>>()),
            text
        );
        let other = array.extract::<PyArrayLike1<'_, f32, AllowTypeChange>>();
        assert_eq!(refused::<PyTypeError>(py, other), text);
        let same = array.extract::<PyArrayLike1<'_, f64, AllowTypeChange>>();
        assert_eq!(refused::<PyTypeError>(py, same), text);
    });
}

#[test]
fn an_array_that_cannot_be_viewed_is_refused_as_other_arguments_are() {
    Python::attach(|py| {
        for code in [
            "np.zeros(3, 'i4, f8')['f1']",
            "np.frombuffer(bytes(25), 'u1')[1:].view('f8')",
        ] {
            let array = untyped(py, code);
            let text = refused::<PyValueError>(py, array.extract::<PyArrayLike1<'_, f64>>());
            assert!(text.contains("misaligned"), "{text}");
            let like = array.extract::<PyArrayLike1<'_, f64, AllowTypeChange>>();
            refused::<PyValueError>(py, like);
            // A conversion makes an aligned copy.
            let like = array
                .extract::<PyArrayLike1<'_, f32, AllowTypeChange>>()
                .unwrap();
            assert_eq!(like.as_slice().unwrap(), [0.0; 3]);
        }
    });
}

// --- What is no array ---------------------------------------------------------------------------

#[test]
fn sequences_of_numbers_are_converted() {
    Python::attach(|py| {
        for code in [
            "[1, 2]",
            "(1, 2)",
            "[1.0, 2.0]",
            "[1, 2.0]",
            "range(1, 3)",
            "[np.int8(1), np.float32(2)]",
            "[np.array(1), np.array(2.0)]",
            "[True, 2]",
            "type('L', (list,), {})([1, 2])",
        ] {
            assert_eq!(like1::<f64>(py, code).unwrap(), [1.0, 2.0], "{code}");
            assert_eq!(like1::<f32>(py, code).unwrap(), [1.0, 2.0], "{code}");
            assert_eq!(like1::<i64>(py, code).unwrap(), [1, 2], "{code}");
            assert_eq!(like1::<u8>(py, code).unwrap(), [1, 2], "{code}");
            let wanted = [Complex64::new(1.0, 0.0), Complex64::new(2.0, 0.0)];
            assert_eq!(like1::<Complex64>(py, code).unwrap(), wanted, "{code}");
        }
        assert_eq!(like1::<bool>(py, "[True, False]").unwrap(), [true, false]);
        assert_eq!(like1::<bool>(py, "[1, 0]").unwrap(), [true, false]);
        assert_eq!(
            like1::<Complex64>(py, "[1j]").unwrap(),
            [Complex64::new(0.0, 1.0)]
        );
        assert_eq!(like1::<u64>(py, "[2**64 - 1]").unwrap(), [u64::MAX]);
        assert_eq!(
            like1::<i64>(py, "[-2**63, 2**63 - 1]").unwrap(),
            [i64::MIN, i64::MAX]
        );
        assert_eq!(
            like1::<f64>(py, "[__import__('fractions').Fraction(1, 2)]").unwrap(),
            [0.5]
        );
    });
}

#[test]
fn numbers_are_arrays_without_dimensions() {
    Python::attach(|py| {
        for code in ["1.5", "np.float64(1.5)", "np.float32(1.5)", "np.array(1.5)"] {
            assert_eq!(like::<f64, Ix0>(py, code).unwrap(), [1.5], "{code}");
            assert_eq!(like::<f64, IxDyn>(py, code).unwrap(), [1.5], "{code}");
            refused::<PyTypeError>(py, like1::<f64>(py, code));
        }
        assert_eq!(like::<i32, Ix0>(py, "7").unwrap(), [7]);
        assert_eq!(like::<i32, Ix0>(py, "7.0").unwrap(), [7]);
        refused::<PyValueError>(py, like::<i32, Ix0>(py, "7.5"));
        assert_eq!(
            eval(py, "7")
                .extract::<PyArrayLike0<'_, u8>>()
                .unwrap()
                .item(),
            7
        );
    });
}

#[test]
fn nested_sequences_have_as_many_dimensions_as_levels() {
    Python::attach(|py| {
        for code in [
            "[[1, 2], [3, 4]]",
            "((1, 2), (3, 4))",
            "[(1, 2), [3, 4.0]]",
            "[np.array([1, 2]), [3, 4]]",
        ] {
            let ob = eval(py, code);
            let like = ob.extract::<PyArrayLike2<'_, f64>>().unwrap();
            assert_eq!(like.as_array(), array![[1.0, 2.0], [3.0, 4.0]]);
            let like = ob.extract::<PyArrayLikeDyn<'_, i32>>().unwrap();
            assert_eq!(like.shape(), [2, 2]);
            let text = "dimensionality mismatch:\n from=2, to=1";
            assert_eq!(
                refused::<PyTypeError>(py, ob.extract::<PyArrayLike1<'_, f64>>()),
                text
            );
            let like = ob.extract::<PyArrayLike1<'_, f64, AllowTypeChange>>();
            assert_eq!(refused::<PyTypeError>(py, like), text);
        }
        // Axes of length one are kept.
        for (code, shape) in [
            ("[[1]]", [1, 1]),
            ("[[1], [2], [3]]", [3, 1]),
            ("[[]]", [1, 0]),
        ] {
            let ob = eval(py, code);
            assert_eq!(
                ob.extract::<PyArrayLike2<'_, f64>>().unwrap().shape(),
                shape
            );
            assert_eq!(
                ob.extract::<PyArrayLikeDyn<'_, f64>>().unwrap().shape(),
                shape
            );
            assert_eq!(
                ob.extract::<PyArrayLikeDyn<'_, i8, AllowTypeChange>>()
                    .unwrap()
                    .shape(),
                shape
            );
        }
    });
}

#[test]
fn an_empty_sequence_is_an_empty_array_of_any_type() {
    Python::attach(|py| {
        assert_eq!(like1::<f64>(py, "[]").unwrap(), [0.0; 0]);
        assert_eq!(like1::<i8>(py, "()").unwrap(), [0; 0]);
        assert_eq!(like1::<bool>(py, "[]").unwrap(), [false; 0]);
        assert_eq!(like1::<PyFixedUnicode<3>>(py, "[]").unwrap().len(), 0);
        assert_eq!(like1::<Datetime<units::Days>>(py, "[]").unwrap().len(), 0);
        assert_eq!(
            eval(py, "[]")
                .extract::<PyArrayLike1<'_, Py<PyAny>>>()
                .unwrap()
                .len(),
            0
        );
    });
}

#[test]
fn a_ragged_sequence_is_refused() {
    Python::attach(|py| {
        for code in ["[[1, 2], [3]]", "[[1], 2]"] {
            let ob = eval(py, code);
            let one = ob.extract::<PyArrayLike1<'_, f64>>().unwrap_err();
            let two = ob.extract::<PyArrayLike2<'_, f64>>().unwrap_err();
            let changed = ob.extract::<PyArrayLike2<'_, f64, AllowTypeChange>>();
            for err in [one, two, changed.unwrap_err()] {
                // Old versions of NumPy make an array of lists, which is no matrix.
                let is_old = numpy_version(py) < (1, 24);
                assert!(
                    err.is_instance_of::<PyValueError>(py)
                        || (is_old && err.is_instance_of::<PyTypeError>(py)),
                    "{code}: {err}"
                );
            }
        }
    });
}

#[test]
fn buffers_and_array_protocols_are_arrays() {
    Python::attach(|py| {
        assert_eq!(like1::<u8>(py, "bytearray(b'abc')").unwrap(), *b"abc");
        assert_eq!(
            like1::<u8>(py, "memoryview(b'abc')[::-1]").unwrap(),
            *b"cba"
        );
        assert_eq!(
            like1::<f64>(py, "__import__('array').array('d', [1, 2])").unwrap(),
            [1.0, 2.0]
        );
        let protocol = "type('A', (), {'__array__': lambda s, dtype=None, copy=None: np.array([1.5, 2], 'f4')})()";
        assert_eq!(like1::<f64>(py, protocol).unwrap(), [1.5, 2.0]);
        refused::<PyValueError>(py, like1::<i32>(py, protocol));
    });
}

#[test]
fn what_numpy_takes_for_one_object_is_refused() {
    Python::attach(|py| {
        for code in [
            "'abc'",
            "b'abc'",
            "{1, 2}",
            "{1: 2}",
            "iter([1, 2])",
            "object()",
            "None",
        ] {
            for result in [
                like1::<f64>(py, code).map(drop),
                like1::<u8>(py, code).map(drop),
            ] {
                let text = refused::<PyTypeError>(py, result);
                assert_eq!(text, "dimensionality mismatch:\n from=0, to=1", "{code}");
            }
        }
    });
}

// --- Values that would change ---------------------------------------------------------------------

#[test]
fn values_that_do_not_fit_are_refused_unless_types_may_change() {
    Python::attach(|py| {
        let text = refused::<PyValueError>(py, like1::<i32>(py, "[1.5, 2.0]"));
        assert_eq!(
            text,
            "cannot convert from float64 to int32 without changing values; pass values that int32 \
             can hold, or convert them with `numpy.asarray(x).astype('int32')`"
        );
        for code in ["[300]", "[-1]", "[0.5]", "[2**40]", "[float('inf')]"] {
            refused::<PyValueError>(py, like1::<u8>(py, code));
        }
        refused::<PyValueError>(py, like1::<i64>(py, "[2**63]"));
        refused::<PyValueError>(py, like1::<u64>(py, "[-1]"));
        refused::<PyValueError>(py, like1::<bool>(py, "[0, 2]"));
        refused::<PyValueError>(py, like1::<PyFixedUnicode<2>>(py, "['abc']"));
        refused::<PyValueError>(py, like1::<PyFixedString<2>>(py, "[b'abc']"));
        assert!(like1::<i64>(py, "[2**70]").is_err());
        assert!(like1::<i64>(py, "[float('nan')]").is_err());
        assert!(PyErr::take(py).is_none());

        assert_eq!(changed::<i32>(py, "[1.5, -2.5]"), [1, -2]);
        assert_eq!(changed::<i32>(py, "np.array([1.5, -2.5])"), [1, -2]);
        assert_eq!(changed::<u8>(py, "np.array([300, -1])"), [44, 255]);
        assert_eq!(changed::<bool>(py, "[0, 2]"), [false, true]);
        assert_eq!(
            changed::<PyFixedString<2>>(py, "[b'abc']"),
            [PyFixedString(*b"ab")]
        );
        assert_eq!(changed::<f64>(py, "['1.5', '2']"), [1.5, 2.0]);
    });
}

/// Checks an array-like that allows changes against what NumPy makes of the same object.
#[track_caller]
fn check_against_asarray<T: Element + PartialEq + Debug>(py: Python<'_>, code: &str, dtype: &str) {
    let ours = eval(py, code).extract::<PyArrayLike1<'_, T, AllowTypeChange>>();
    let asarray = eval(py, &format!("lambda: np.asarray({code}, '{dtype}')")).call0();
    match (ours, asarray) {
        (Ok(ours), Ok(theirs)) => {
            let theirs: PyReadonlyArray1<'_, T> = theirs.extract().unwrap();
            assert_eq!(ours.to_vec().unwrap(), theirs.to_vec().unwrap(), "{code}");
        }
        (Err(ours), Err(theirs)) => assert_eq!(ours.to_string(), theirs.to_string(), "{code}"),
        (ours, theirs) => panic!("{code}: {ours:?}, but NumPy: {theirs:?}"),
    }
}

#[test]
fn where_types_may_change_lists_become_what_numpy_makes_of_them() {
    Python::attach(|py| {
        for code in [
            "[300, -1]",
            "(300, -1)",
            "[2**40 + 7]",
            "[1.5, -2.5]",
            "[np.nan]",
            "[1e300]",
        ] {
            check_against_asarray::<u8>(py, code, "u1");
            check_against_asarray::<i32>(py, code, "i4");
            check_against_asarray::<u64>(py, code, "u8");
        }
        check_against_asarray::<u64>(py, "[2**53 + 1, 1.0]", "u8");
        check_against_asarray::<i64>(py, "[2**63]", "i8");
        // The same numbers as an array are cast.
        assert_eq!(changed::<u8>(py, "np.array([300, -1])"), [44, 255]);
    });
}

#[test]
fn lists_of_rows_become_matrices() {
    Python::attach(|py| {
        for code in [
            "[[1, 2.5], [3, 4]]",
            "((1, 2.5), [3, 4])",
            "[np.array([1, 2.5]), [3, 4]]",
        ] {
            let like = eval(py, code).extract::<PyArrayLike2<'_, f64>>().unwrap();
            assert_eq!(like.as_array(), array![[1.0, 2.5], [3.0, 4.0]], "{code}");
        }
        let like = eval(py, "[[], []]")
            .extract::<PyArrayLike2<'_, f64>>()
            .unwrap();
        assert_eq!(like.shape(), [2, 0]);
        for code in [
            "[]",
            "[1, 2]",
            "[[1, 2], [3]]",
            "[[1, 2], 3]",
            "[[[1], [2]]]",
        ] {
            assert!(
                eval(py, code).extract::<PyArrayLike2<'_, f64>>().is_err(),
                "{code}"
            );
        }
        let text = refused::<PyValueError>(
            py,
            eval(py, "[[1], [2.5]]").extract::<PyArrayLike2<'_, i32>>(),
        );
        assert!(text.contains("without changing values"), "{text}");
    });
}

#[test]
fn other_sorts_of_values_are_a_type_error() {
    Python::attach(|py| {
        let text = refused::<PyTypeError>(py, like1::<f64>(py, "['1.5', '2']"));
        assert!(
            text.starts_with("type mismatch:\n from=<U3, to=float64"),
            "{text}"
        );
        refused::<PyTypeError>(py, like1::<i32>(py, "['1']"));
        refused::<PyTypeError>(py, like1::<f64>(py, "[1j]"));
        refused::<PyTypeError>(py, like1::<f64>(py, "[b'1']"));
        refused::<PyTypeError>(py, like1::<f64>(py, "[np.datetime64(1, 's')]"));
        refused::<PyTypeError>(py, like1::<PyFixedUnicode<3>>(py, "[1, 2]"));
        refused::<PyTypeError>(py, like1::<PyFixedString<3>>(py, "['a']"));
        refused::<PyTypeError>(py, like1::<Datetime<units::Days>>(py, "['2020-01-01']"));
        refused::<PyTypeError>(py, like1::<Datetime<units::Days>>(py, "[1]"));
    });
}

#[test]
fn a_sort_of_values_is_not_changed_even_where_numpy_calls_it_safe() {
    Python::attach(|py| {
        // `numpy.can_cast` is true of each of these.
        assert!(like1::<PyFixedUnicode<40>>(py, "[1, 2]").is_err());
        assert!(like1::<PyFixedUnicode<40>>(py, "[1.5]").is_err());
        assert!(like1::<PyFixedString<40>>(py, "[True]").is_err());
        assert!(like1::<PyFixedUnicode<40>>(py, "[b'a']").is_err());
        assert!(like1::<Timedelta<units::Seconds>>(py, "[1, 2]").is_err());
    });
}

#[test]
fn objects_that_are_no_numbers_are_refused_as_numbers() {
    Python::attach(|py| {
        // NumPy reads None as NaN and parses strings once they are objects.
        for code in [
            "[None]",
            "[1.5, None]",
            "['1.5', None]",
            "[1.5, {}]",
            "[object()]",
        ] {
            let err = like1::<f64>(py, code);
            assert!(err.is_err(), "{code} became {:?}", err.unwrap());
        }
        assert!(like::<f64, Ix0>(py, "None").is_err());
    });
}

#[test]
fn rounding_is_no_change() {
    Python::attach(|py| {
        let ob = eval(py, "[0.1, float('nan')]");
        let like = ob.extract::<PyArrayLike1<'_, f32>>().unwrap();
        assert_eq!(like.as_array()[0], 0.1_f32);
        assert!(like.as_array()[1].is_nan());
        let nested = eval(py, "[[0.1, 0.2]]");
        assert_eq!(
            nested
                .extract::<PyArrayLike2<'_, f32>>()
                .unwrap()
                .as_array(),
            array![[0.1, 0.2]]
        );
    });
}

#[cfg(feature = "half")]
#[test]
fn sequences_become_half_precision_numbers() {
    Python::attach(|py| {
        let wanted = [half::f16::from_f32(0.1), half::f16::from_f32(3.0)];
        assert_eq!(like1::<half::f16>(py, "[0.1, 3]").unwrap(), wanted);
    });
}

#[test]
fn strings_and_times_that_fit_are_converted() {
    Python::attach(|py| {
        let words = like1::<PyFixedUnicode<3>>(py, "['ab', 'c']").unwrap();
        assert_eq!(words[0].to_string(), "ab");
        assert_eq!(
            like1::<PyFixedString<3>>(py, "[b'ab', b'c']").unwrap()[1].as_bytes(),
            b"c"
        );
        let days = like1::<Datetime<units::Days>>(py, "[np.datetime64('1970-01-03')]").unwrap();
        assert_eq!(i64::from(days[0]), 2);
        let seconds =
            like1::<Datetime<units::Seconds>>(py, "[np.datetime64('1970-01-03')]").unwrap();
        assert_eq!(i64::from(seconds[0]), 2 * 86_400);
        let days =
            like1::<Datetime<units::Days>>(py, "[np.datetime64('1970-01-03T00:00:00')]").unwrap();
        assert_eq!(i64::from(days[0]), 2);
        refused::<PyValueError>(
            py,
            like1::<Datetime<units::Days>>(py, "[np.datetime64('1970-01-03T01:00:00')]"),
        );
        // A list of nothing but a missing time: no value changes.
        let days = like1::<Datetime<units::Days>>(
            py,
            "[np.datetime64('NaT', 's'), np.datetime64('1970-01-03T00:00:00')]",
        );
        assert!(days.unwrap()[0].is_nat());
    });
}

#[test]
fn sequences_become_arrays_of_objects() {
    Python::attach(|py| {
        let ob = eval(py, "[1, 'a', None]");
        let like = ob.extract::<PyArrayLike1<'_, Py<PyAny>>>().unwrap();
        assert_eq!(like.as_array()[1].bind(py).to_string(), "a");
        let words = eval(py, "['a', 'b']");
        let like = words
            .extract::<PyArrayLike1<'_, Py<pyo3::types::PyString>>>()
            .unwrap();
        assert_eq!(like.as_array()[1].bind(py).to_string(), "b");
        refused::<PyTypeError>(
            py,
            ob.extract::<PyArrayLike1<'_, Py<pyo3::types::PyString>>>(),
        );
        let numbers = untyped(py, "np.arange(3)");
        refused::<PyTypeError>(py, numbers.extract::<PyArrayLike1<'_, Py<PyAny>>>());
        let like = numbers
            .extract::<PyArrayLike1<'_, Py<PyAny>, AllowTypeChange>>()
            .unwrap();
        assert_eq!(like.as_array()[2].bind(py).extract::<i32>().unwrap(), 2);
    });
}

#[test]
fn an_array_like_argument_of_a_function_is_converted_for_the_call() {
    #[pyfunction]
    fn sum(numbers: PyArrayLikeDyn<'_, f64>) -> f64 {
        numbers.as_array().sum()
    }
    Python::attach(|py| {
        let sum = wrap_pyfunction!(sum)(py).unwrap();
        let call = |code: &str| {
            sum.call1((eval(py, code),))
                .and_then(|sum| sum.extract::<f64>())
        };
        assert_eq!(call("[[1, 2], [3, 4]]").unwrap(), 10.0);
        assert_eq!(call("np.ones((2, 3)).T").unwrap(), 6.0);
        assert_eq!(call("5").unwrap(), 5.0);
        let text = refused::<PyTypeError>(py, call("['1']"));
        assert!(text.contains("type mismatch"), "{text}");
        assert_eq!(
            eval_on(&eval(py, "np.ones(3)"), "a.sum()")
                .extract::<f64>()
                .unwrap(),
            3.0
        );
    });
}

#[test]
fn times_that_do_not_fit_a_finer_unit_are_refused() {
    use npyo::datetime::{Datetime, units::Nanoseconds};

    Python::attach(|py| {
        type Times<'py> = PyArrayLike1<'py, Datetime<Nanoseconds>>;
        let fits = eval(py, "[np.datetime64('2020-01-01'), np.datetime64('NaT')]");
        assert_eq!(fits.extract::<Times<'_>>().unwrap().len(), 2);
        let beyond = eval(
            py,
            "[np.datetime64('2020-01-01'), np.datetime64('300000-01-01')]",
        );
        assert!(beyond.extract::<Times<'_>>().is_err());
    });
}
