//! Element types: each from Python to Rust and back, and bytes that are no values.

use std::fmt::Debug;

use npyo::datetime::{Datetime, Timedelta, Unit, units};
use npyo::ndarray::{Ix1, Ix2};
use npyo::{
    Complex32, Complex64, Element, InvalidElement, PyArray, PyArray1, PyArray2, PyArrayDescr,
    PyFixedString, PyFixedUnicode, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArrayDyn,
    PyReadwriteArray1, dtype, prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::common::{array as made, eval, eval_on, panic_text, refused, untyped};

/// Takes a one-dimensional array from Python to Rust and back, each way there is.
#[track_caller]
fn round_trip<T: Element + PartialEq + Debug>(py: Python<'_>, code: &str, wanted: &[T]) {
    let array = untyped(py, code);
    let numpy = py.import("numpy").unwrap();
    let same = |back: &Bound<'_, PyAny>| {
        let dtypes = back.getattr("dtype").unwrap().eq(array.dtype()).unwrap();
        let bytes = |array: &Bound<'_, PyAny>| -> Vec<u8> {
            array.call_method0("tobytes").unwrap().extract().unwrap()
        };
        let equal = if array.dtype().has_object() {
            numpy
                .call_method1("array_equal", (&array, back))
                .unwrap()
                .is_truthy()
                .unwrap()
        } else {
            bytes(&array) == bytes(back)
        };
        assert!(dtypes && equal, "{back} is not {array}");
    };
    let guard = array.extract::<PyReadonlyArray1<'_, T>>().unwrap();
    assert_eq!(guard.as_slice().unwrap(), wanted);
    assert!(guard.as_array().iter().eq(wanted));
    assert_eq!(guard.to_vec().unwrap(), wanted);
    assert!(guard.to_owned_array().iter().eq(wanted));
    for (i, element) in wanted.iter().enumerate() {
        assert_eq!(guard.get(i), Some(element));
        assert_eq!(guard.get_owned(i).as_ref(), Some(element));
    }
    same(PyArray::from_slice(py, wanted).as_any());
    same(guard.as_array().to_pyarray(py).as_any());
    same(guard.as_slice().unwrap().to_pyarray(py).as_any());
    same(guard.to_vec().unwrap().into_pyarray(py).as_any());
    same(
        guard
            .to_vec()
            .unwrap()
            .into_boxed_slice()
            .into_pyarray(py)
            .as_any(),
    );
    same(guard.to_owned_array().into_pyarray(py).as_any());
    same(PyArray::from_iter(py, guard.to_vec().unwrap()).as_any());
    same(
        PyArray::from_vec2(py, &[guard.to_vec().unwrap()])
            .unwrap()
            .reshape([wanted.len()])
            .unwrap()
            .as_any(),
    );
    drop(guard);

    // Through a strided view, in both directions.
    let strided = eval_on(&array, "np.repeat(a, 2)[::2]");
    let guard = strided.extract::<PyReadonlyArray1<'_, T>>().unwrap();
    assert!(guard.as_array().iter().eq(wanted));
    assert_eq!(guard.to_vec().unwrap(), wanted);
    same(guard.as_array().to_pyarray(py).as_any());
    // Beyond the length from which NumPy copies.
    let long = eval_on(&array, "np.repeat(a, 1000)[::500]")
        .cast_into::<PyArray1<T>>()
        .unwrap();
    let back = long.to_vec().unwrap();
    assert!(
        back.iter()
            .eq(wanted.iter().flat_map(|element| [element, element]))
    );
    let matrix = eval_on(&array, "np.tile(a, (300, 2)).T")
        .cast_into::<PyArray2<T>>()
        .unwrap();
    let owned = matrix.to_owned_array();
    assert!(owned.column(299).iter().eq(wanted.iter().chain(wanted)));
    let back = owned
        .slice(npyo::ndarray::s![..wanted.len(), ..;300])
        .to_pyarray(py);
    same(back.reshape([wanted.len()]).unwrap().as_any());
    // Written to in place.
    let zeros = PyArray1::<T>::zeros(py, wanted.len(), false);
    PyArray::from_slice(py, wanted).copy_to(&zeros).unwrap();
    same(zeros.as_any());
    let mut guard = zeros.extract::<PyReadwriteArray1<'_, T>>().unwrap();
    guard.as_array_mut().as_slice_mut().unwrap().reverse();
    guard.as_slice_mut().unwrap().reverse();
    drop(guard);
    same(zeros.as_any());
}

#[test]
fn integers_make_the_round_trip() {
    Python::attach(|py| {
        macro_rules! check {
            ($($ty:ident $name:literal),*) => {$(
                let code = format!("np.array([{}, {}, 0, 1], np.{})", $ty::MIN, $ty::MAX, $name);
                round_trip::<$ty>(py, &code, &[$ty::MIN, $ty::MAX, 0, 1]);
            )*};
        }
        check!(i8 "int8", i16 "int16", i32 "int32", i64 "int64", isize "intp");
        check!(u8 "uint8", u16 "uint16", u32 "uint32", u64 "uint64", usize "uintp");
        check!(i64 "longlong", u64 "ulonglong");
    });
}

#[test]
fn floating_point_numbers_make_the_round_trip() {
    Python::attach(|py| {
        let code = "np.array([1.5, -0.0, np.inf, -1e-310])";
        round_trip::<f64>(py, code, &[1.5, -0.0, f64::INFINITY, -1e-310]);
        let code = "np.array([1.5, -0.0, -np.inf, 1e-40], 'f4')";
        round_trip::<f32>(py, code, &[1.5, -0.0, f32::NEG_INFINITY, 1e-40]);
        let code = "np.array([1.5 - 2j, 1j])";
        round_trip(
            py,
            code,
            &[Complex64::new(1.5, -2.0), Complex64::new(0.0, 1.0)],
        );
        let code = "np.array([1.5 - 2j, 1j], 'c8')";
        round_trip(
            py,
            code,
            &[Complex32::new(1.5, -2.0), Complex32::new(0.0, 1.0)],
        );
        // All bits of a NaN.
        let array = made::<f64, Ix1>(py, "np.array([0x7ff8dead00000001], 'u8').view('f8')");
        assert_eq!(array.get_owned(0).unwrap().to_bits(), 0x7ff8_dead_0000_0001);
        let back = array.to_vec().unwrap().into_pyarray(py);
        assert_eq!(
            eval_on(&back, "a.view('u8')[0]").extract::<u64>().unwrap(),
            0x7ff8_dead_0000_0001
        );
    });
}

#[cfg(feature = "half")]
#[test]
fn half_precision_numbers_make_the_round_trip() {
    use half::f16;
    Python::attach(|py| {
        let wanted = [f16::from_f32(1.5), f16::NEG_INFINITY, f16::from_bits(1)];
        round_trip(py, "np.array([1.5, -np.inf, 6e-8], 'f2')", &wanted);
    });
}

#[cfg(feature = "half")]
#[test]
fn bfloat16_needs_the_package_that_defines_it() {
    use half::bf16;
    Python::attach(|py| {
        if py.import("ml_dtypes").is_ok() {
            let wanted = [bf16::from_f32(1.5), bf16::from_f32(-3.0)];
            round_trip(
                py,
                "np.array([1.5, -3], __import__('ml_dtypes').bfloat16)",
                &wanted,
            );
        } else {
            let text = refused::<PyTypeError>(py, PyArrayDescr::try_of::<bf16>(py));
            assert!(text.contains("the package ml_dtypes"), "{text}");
            let array = untyped(py, "np.zeros(2, 'f2')");
            refused::<PyTypeError>(py, array.extract::<PyReadonlyArray1<'_, bf16>>());
            assert!(array.cast::<PyArray1<bf16>>().is_err());
            assert!(panic_text(|| dtype::<bf16>(py)).contains("ml_dtypes"));
        }
    });
}

#[test]
fn truth_values_make_the_round_trip() {
    Python::attach(|py| round_trip(py, "np.array([True, False, True])", &[true, false, true]));
}

#[test]
fn fixed_width_strings_make_the_round_trip() {
    Python::attach(|py| {
        let wanted: [PyFixedString<3>; 3] =
            [(*b"abc").into(), (*b"d\0\0").into(), (*b"\0e\xff").into()];
        round_trip(py, "np.array([b'abc', b'd', b'\\0e\\xff'])", &wanted);
        round_trip(py, "np.array([b'x'])", &[PyFixedString([b'x'])]);
        let wanted: [PyFixedUnicode<2>; 3] = [[97, 0].into(), [0x1f980, 98].into(), [0, 99].into()];
        round_trip(py, "np.array(['a', '\\U0001f980b', '\\0c'])", &wanted);
    });
}

#[test]
fn times_of_every_unit_make_the_round_trip() {
    fn check<U: Unit + Debug>(py: Python<'_>, code: &str) {
        for (i, kind) in ["M8", "m8"].into_iter().enumerate() {
            let array = format!("np.array([0, 1, -7, 2**62, -2**63], 'i8').view('{kind}[{code}]')");
            let numbers = [0, 1, -7, 1 << 62, i64::MIN];
            if i == 0 {
                round_trip(py, &array, &numbers.map(Datetime::<U>::from));
            } else {
                round_trip(py, &array, &numbers.map(Timedelta::<U>::from));
            }
        }
    }
    Python::attach(|py| {
        check::<units::Years>(py, "Y");
        check::<units::Months>(py, "M");
        check::<units::Weeks>(py, "W");
        check::<units::Days>(py, "D");
        check::<units::Hours>(py, "h");
        check::<units::Minutes>(py, "m");
        check::<units::Seconds>(py, "s");
        check::<units::Milliseconds>(py, "ms");
        check::<units::Microseconds>(py, "us");
        check::<units::Nanoseconds>(py, "ns");
        check::<units::Picoseconds>(py, "ps");
        check::<units::Femtoseconds>(py, "fs");
        check::<units::Attoseconds>(py, "as");
    });
}

#[test]
fn objects_make_the_round_trip() {
    /// An object that compares as Python does.
    struct Object<T>(Py<T>);
    impl<T> PartialEq for Object<T> {
        fn eq(&self, other: &Self) -> bool {
            self.0.is(&other.0)
        }
    }
    Python::attach(|py| {
        let array = untyped(
            py,
            "np.array([None, 'word', 1.5, [1, 2], np.float32(3)], dtype=object)",
        );
        let guard = array.extract::<PyReadonlyArray1<'_, Py<PyAny>>>().unwrap();
        let items = eval_on(&array, "list(a)");
        for (i, item) in items.try_iter().unwrap().enumerate() {
            let item = Object(item.unwrap().unbind());
            assert!(Object(guard.get_owned(i).unwrap()) == item);
            assert!(guard.get(i).unwrap().is(&item.0));
        }
        for back in [
            guard.to_vec().unwrap().into_pyarray(py),
            guard.to_owned_array().into_pyarray(py),
            guard.as_slice().unwrap().to_pyarray(py),
            guard.as_array().to_pyarray(py),
        ] {
            assert!(back.dtype().has_object());
            let both = PyDict::new(py);
            both.set_item("a", &array).unwrap();
            both.set_item("b", &back).unwrap();
            let same = py.eval(c"all(x is y for x, y in zip(a, b))", Some(&both), None);
            assert!(same.unwrap().is_truthy().unwrap());
        }
    });
}

#[test]
fn objects_of_one_class_make_the_round_trip() {
    Python::attach(|py| {
        let array = untyped(py, "np.array(['a', 'bc'], dtype=object)");
        let guard = array
            .extract::<PyReadonlyArray1<'_, Py<PyString>>>()
            .unwrap();
        let words: Vec<_> = guard
            .as_array()
            .iter()
            .map(|word| word.bind(py).to_string())
            .collect();
        assert_eq!(words, ["a", "bc"]);
        let back = guard.to_vec().unwrap().into_pyarray(py);
        assert_eq!(back.to_string(), "['a' 'bc']");
        assert!(back.extract::<PyReadonlyArray1<'_, Py<PyAny>>>().is_ok());
        let back = PyArray::from_slice(py, guard.as_slice().unwrap());
        assert_eq!(back.to_string(), "['a' 'bc']");
    });
}

// --- Truth values -----------------------------------------------------------------------------

#[test]
fn a_byte_that_is_no_truth_value_is_never_seen_as_one() {
    Python::attach(|py| {
        let array = made::<bool, Ix1>(py, "np.array([1, 0, 24, 2], 'u1').view(bool)");
        let text = "array element [2] is invalid: byte 24 is neither 0 (False) nor 1 (True); pass \
                    `a != 0`, or view the array as uint8";
        assert_eq!(
            refused::<PyValueError>(py, array.extract::<PyReadonlyArray1<'_, bool>>()),
            text
        );
        assert_eq!(
            refused::<PyValueError>(py, array.extract::<PyReadwriteArray1<'_, bool>>()),
            text
        );
        let like = array.extract::<npyo::PyArrayLike1<'_, bool>>();
        assert_eq!(refused::<PyValueError>(py, like), text);
        let mut guard = array.readwrite();
        let err = guard.try_as_array().unwrap_err();
        assert!(!err.is_layout());
        assert_eq!(err.to_string(), text);
        assert_eq!(guard.as_slice().unwrap_err().to_string(), text);
        assert_eq!(refused::<PyValueError>(py, guard.as_slice()), text);
        assert_eq!(panic_text(|| guard.as_array().len()), text);
        assert_eq!(panic_text(|| guard.get(0).is_some()), text);
        assert_eq!(guard.try_as_array_mut().unwrap_err().to_string(), text);
        assert_eq!(guard.as_slice_mut().unwrap_err().to_string(), text);
        assert_eq!(panic_text(|| guard.get_mut(0).is_some()), text);
        // Copies read every byte but 0 as true, as NumPy does.
        assert_eq!(guard.to_vec().unwrap(), [true, false, true, true]);
        assert_eq!(guard.get_owned(2), Some(true));
        assert_eq!(guard.to_owned_array().to_vec(), [true, false, true, true]);
        assert_eq!(
            guard
                .cast_array::<u8>(false)
                .unwrap()
                .to_vec()
                .unwrap()
                .len(),
            4
        );
        drop(guard);
        // Mended, it is accepted.
        crate::common::exec_on(&array, "a[:] = a.view('u1') != 0");
        assert_eq!(
            array.readonly().as_slice().unwrap(),
            [true, false, true, true]
        );
    });
}

#[test]
fn an_invalid_element_is_named_by_its_index_in_any_layout() {
    Python::attach(|py| {
        let base =
            "(lambda x: (x.__setitem__((2, 1), 7), x)[1])(np.zeros((3, 4), 'u1')).view(bool)";
        for (tail, index) in [
            ("", "[2, 1]"),
            (".T", "[1, 2]"),
            ("[::-1]", "[0, 1]"),
            ("[::2, ::-1]", "[1, 2]"),
            (".reshape(-1)", "[9]"),
            ("[:, 1]", "[2]"),
            ("[2, 1, ...]", "[]"),
            ("[np.newaxis, ::2, np.newaxis, 1:]", "[0, 1, 0, 0]"),
        ] {
            let array = eval(py, &format!("({base}){tail}"));
            let text = refused::<PyValueError>(py, array.extract::<PyReadonlyArrayDyn<'_, bool>>());
            assert!(
                text.starts_with(&format!("array element {index} is invalid: byte 7")),
                "{tail}: {text}"
            );
        }
        // Only elements of the array itself count.
        for tail in ["[:2]", "[:, 2:]", "[2, ::-2]"] {
            let array = eval(py, &format!("({base}){tail}"));
            array
                .extract::<PyReadonlyArrayDyn<'_, bool>>()
                .map(drop)
                .unwrap_or_else(|err| {
                    assert!(
                        tail == "[2, ::-2]" && err.to_string().contains("[1]"),
                        "{tail}: {err}"
                    );
                });
        }
    });
}

#[test]
fn the_order_of_a_copy_does_not_depend_on_the_values() {
    Python::attach(|py| {
        let valid = made::<bool, Ix2>(
            py,
            "np.asfortranarray([[1, 1, 0], [0, 0, 0]], 'u1').view(bool)",
        );
        let invalid = made::<bool, Ix2>(
            py,
            "np.asfortranarray([[9, 1, 0], [0, 0, 0]], 'u1').view(bool)",
        );
        assert_eq!(valid.to_owned_array(), invalid.to_owned_array());
        assert_eq!(valid.to_vec().unwrap(), invalid.to_vec().unwrap());
    });
}

#[test]
fn validity_is_checked_when_a_view_is_made_of_a_guard_that_was_not_an_argument() {
    Python::attach(|py| {
        let array = made::<bool, Ix1>(py, "np.zeros(5000, bool)");
        let guard = array.readonly();
        crate::common::exec_on(&array, "a.view('u1')[4321] = 3");
        assert!(
            guard
                .try_as_array()
                .unwrap_err()
                .to_string()
                .contains("[4321]")
        );
        crate::common::exec_on(&array, "a[4321] = True");
        assert!(guard.try_as_array().unwrap()[4321]);
    });
}

/// A type of which not every bit pattern is a value, as another crate would write it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(u8)]
enum Suit {
    Clubs = 1,
    Hearts = 2,
}

// SAFETY: one byte, of which `first_invalid` finds those that are neither 1 nor 2.
unsafe impl Element for Suit {
    const IS_COPY: bool = true;
    const ALL_BITS_VALID: bool = false;

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        dtype::<u8>(py)
    }

    fn clone_ref(&self, _py: Python<'_>) -> Self {
        *self
    }

    unsafe fn first_invalid(
        _py: Python<'_>,
        data: *const u8,
        len: usize,
        stride: isize,
    ) -> Option<InvalidElement> {
        (0..len).find_map(|i| {
            let place = data.wrapping_offset(stride * i as isize);
            // SAFETY: one of the readable elements.
            let byte = unsafe { place.read() };
            (byte != 1 && byte != 2).then(|| InvalidElement::new(i, format!("{byte} is no suit")))
        })
    }
}

#[test]
fn an_element_type_of_another_crate_can_have_invalid_bytes() {
    Python::attach(|py| {
        let array = untyped(py, "np.array([[1, 2], [2, 2]], 'u1')");
        let guard = array.extract::<PyReadonlyArray2<'_, Suit>>().unwrap();
        assert_eq!(guard.as_slice().unwrap()[0], Suit::Clubs);
        assert_eq!(guard.to_owned_array()[[1, 1]], Suit::Hearts);
        drop(guard);
        let array = untyped(py, "np.array([[1, 2], [3, 2]], 'u1')");
        let text = "array element [1, 0] is invalid: 3 is no suit";
        assert_eq!(
            refused::<PyValueError>(py, array.extract::<PyReadonlyArray2<'_, Suit>>()),
            text
        );
        let array = array.cast_into::<PyArray2<Suit>>().unwrap();
        // There is no value to read instead, so copies are refused as well.
        assert_eq!(array.to_vec().unwrap_err().to_string(), text);
        assert_eq!(panic_text(|| array.to_owned_array()), text);
        let guard = array.readonly();
        assert_eq!(guard.try_to_owned_array().unwrap_err().to_string(), text);
        assert_eq!(guard.try_get_owned([1, 0]).unwrap_err().to_string(), text);
        assert_eq!(panic_text(|| guard.get_owned([1, 0])), text);
        assert_eq!(guard.get_owned([0, 1]), Some(Suit::Hearts));
        assert_eq!(guard.try_get_owned([5, 0]).unwrap(), None);
    });
}

// --- Times and strings ------------------------------------------------------------------------

#[test]
fn not_a_time_is_a_value() {
    Python::attach(|py| {
        let array =
            made::<Datetime<units::Days>, Ix1>(py, "np.array(['NaT', '1970-01-03'], 'M8[D]')");
        let days = array.to_vec().unwrap();
        assert!(days[0].is_nat() && !days[1].is_nat());
        assert_eq!((days[0], i64::from(days[1])), (Datetime::NAT, 2));
        assert_eq!(format!("{days:?}"), "[Datetime(NaT d), Datetime(2 d)]");
        let back = PyArray::from_slice(py, &[Timedelta::<units::Seconds>::NAT]);
        assert!(eval_on(&back, "np.isnat(a[0])").is_truthy().unwrap());
    });
}

#[test]
fn strings_show_what_they_hold_whatever_it_is() {
    Python::attach(|py| {
        let array =
            made::<PyFixedUnicode<3>, Ix1>(py, "np.array(['abc', 'd', '', 'e\\ud800f', '\\0g'])");
        let words: Vec<_> = array
            .to_vec()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(words, ["abc", "d", "", "e\u{fffd}f", "\0g"]);
        // A lone surrogate stays one on the way back.
        let back = array.to_vec().unwrap().into_pyarray(py);
        assert_eq!(
            eval_on(&back, "ord(a[3][1])").extract::<u32>().unwrap(),
            0xd800
        );
        assert_eq!(
            array.get_owned(3).unwrap().as_code_points(),
            [101, 0xd800, 102]
        );

        let array = made::<PyFixedString<3>, Ix1>(py, "np.array([b'ab', b'\\xff\\xfec', b''])");
        let words: Vec<_> = array
            .to_vec()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(words, ["ab", "\u{fffd}\u{fffd}c", ""]);
        assert_eq!(array.get_owned(1).unwrap().as_bytes(), b"\xff\xfec");
        assert_eq!(format!("{:>4}|{:<4}|", words[0], words[2]), "  ab|    |");
        assert_eq!(format!("{:>4}|", array.get_owned(0).unwrap()), "  ab|");
    });
}

// --- Object slots that are NULL ---------------------------------------------------------------

/// An array of objects whose slots are NULL, as other C code makes them.
fn of_nulls(py: Python<'_>, len: usize) -> Bound<'_, PyArray1<Py<PyAny>>> {
    // SAFETY: the tests do not look at an element but through the library.
    let array = unsafe { PyArray::<Py<PyAny>, _>::new(py, len, false) };
    // SAFETY: as many slots, of our own.
    let slots = unsafe { std::slice::from_raw_parts(array.data().cast::<usize>(), len) };
    assert!(
        slots.iter().all(|slot| *slot == 0),
        "NumPy fills them by now; use another way"
    );
    array
}

#[test]
fn a_null_object_is_read_as_none() {
    Python::attach(|py| {
        let array = of_nulls(py, 3);
        array.set_item(1, "word").unwrap();
        let none = py.None();
        assert!(array.get_owned(0).unwrap().is(&none));
        let objects = array.to_vec().unwrap();
        assert!(objects[0].is(&none) && objects[2].is(&none));
        assert_eq!(objects[1].bind(py).to_string(), "word");
        assert!(array.to_owned_array()[2].is(&none));
        let guard = array.readonly();
        assert!(guard.try_get_owned(2).unwrap().unwrap().is(&none));
        assert!(guard.try_to_owned_array().unwrap()[0].is(&none));
        let to = PyArray1::<Py<PyAny>>::zeros(py, 3, false);
        guard.copy_to(&to).unwrap();
        assert!(to.get_owned(0).unwrap().is(&none));
        let cast = guard.cast_array::<Py<PyAny>>(false).unwrap();
        assert!(cast.to_vec().unwrap()[0].is(&none));
        // A strided view of them.
        let view = eval_on(&array, "a[::2]")
            .cast_into::<PyArray1<Py<PyAny>>>()
            .unwrap();
        assert!(view.to_vec().unwrap().iter().all(|object| object.is(&none)));
    });
}

#[test]
fn a_null_object_is_never_seen_in_place() {
    Python::attach(|py| {
        let array = of_nulls(py, 3);
        array.set_item(0, "word").unwrap();
        let text = "array element [1] is invalid: the object pointer is NULL; fill the array, for \
                    example with None";
        let mut guard = array.readwrite();
        assert_eq!(guard.try_as_array().unwrap_err().to_string(), text);
        assert_eq!(guard.as_slice().unwrap_err().to_string(), text);
        assert_eq!(refused::<PyValueError>(py, guard.as_slice()), text);
        assert_eq!(panic_text(|| guard.get(0).is_some()), text);
        assert_eq!(guard.as_slice_mut().unwrap_err().to_string(), text);
        assert_eq!(guard.try_as_array_mut().unwrap_err().to_string(), text);
        drop(guard);
        assert_eq!(
            refused::<PyValueError>(py, array.extract::<PyReadonlyArray1<'_, Py<PyAny>>>()),
            text
        );
        array.call_method1("fill", (py.None(),)).unwrap();
        assert_eq!(array.readonly().as_slice().unwrap().len(), 3);
    });
}

#[test]
fn a_null_object_is_of_no_other_class_than_none() {
    Python::attach(|py| {
        let array = of_nulls(py, 2);
        array.set_item(0, "word").unwrap();
        let words = array.as_any().cast::<PyArray1<Py<PyString>>>().unwrap();
        let text = "array element [1] has the wrong type: it is of type 'NoneType', not 'str'";
        assert_eq!(refused::<PyTypeError>(py, words.to_vec()), text);
        assert_eq!(
            words.readonly().try_get_owned(1).unwrap_err().to_string(),
            text
        );
        assert_eq!(words.get_owned(0).unwrap().to_string(), "word");
        assert!(
            words
                .readonly()
                .try_as_array()
                .unwrap_err()
                .to_string()
                .contains("NULL")
        );
    });
}

#[test]
fn objects_of_another_class_are_a_type_error() {
    Python::attach(|py| {
        let array = untyped(py, "np.array([['a', 'b'], ['c', 4]], dtype=object)");
        let text = "array element [1, 1] has the wrong type: it is of type 'int', not 'str'";
        let err = array.extract::<PyReadonlyArray2<'_, Py<PyString>>>();
        assert_eq!(refused::<PyTypeError>(py, err), text);
        let words = array.cast_into::<PyArray2<Py<PyString>>>().unwrap();
        assert_eq!(
            refused::<PyTypeError>(py, words.readonly().try_as_array()),
            text
        );
        assert!(!words.readonly().try_as_array().unwrap_err().is_layout());
        assert_eq!(refused::<PyTypeError>(py, words.to_vec()), text);
        assert_eq!(
            refused::<PyTypeError>(py, words.readonly().as_slice()),
            text
        );
        assert_eq!(panic_text(|| words.to_owned_array()), text);
        assert_eq!(words.get_owned([1, 0]).unwrap().to_string(), "c");
        // Subclasses are instances.
        let array = untyped(py, "np.array([type('S', (str,), {})('x')], dtype=object)");
        assert!(
            array
                .extract::<PyReadonlyArray1<'_, Py<PyString>>>()
                .is_ok()
        );
    });
}
