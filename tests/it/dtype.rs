//! Type descriptors: their methods, the one of each element type, and element types that lie.

use std::sync::Barrier;

use npyo::datetime::{Datetime, Timedelta, Unit, units};
use npyo::ndarray::{Ix1, IxDyn};
use npyo::{
    Complex32, Complex64, Element, PyArray, PyArray1, PyArrayDescr, PyArrayLike1, PyFixedString,
    PyFixedUnicode, PyReadonlyArray1, PyReadwriteArray1, dtype, prelude::*,
};
use pyo3::exceptions::{PyIndexError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString};

use crate::common::{eval, in_child, panic_text, refused, untyped};

fn descr<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyArrayDescr> {
    eval(py, &format!("np.dtype({code})")).cast_into().unwrap()
}

fn text<T: Element>(py: Python<'_>) -> String {
    dtype::<T>(py).getattr("str").unwrap().to_string()
}

// --- Methods ------------------------------------------------------------------------------

/// What every method says of one dtype.
#[derive(Debug, PartialEq)]
struct Answers {
    char: u8,
    kind: u8,
    byteorder: u8,
    itemsize: usize,
    alignment: usize,
    ndim: usize,
    shape: Vec<usize>,
    has_object: bool,
    is_aligned_struct: bool,
    has_subarray: bool,
    has_fields: bool,
    is_native_byteorder: Option<bool>,
    names: Option<Vec<String>>,
}

fn answers(descr: &Bound<'_, PyArrayDescr>) -> Answers {
    Answers {
        char: descr.char(),
        kind: descr.kind(),
        byteorder: descr.byteorder(),
        itemsize: descr.itemsize(),
        alignment: descr.alignment(),
        ndim: descr.ndim(),
        shape: descr.shape(),
        has_object: descr.has_object(),
        is_aligned_struct: descr.is_aligned_struct(),
        has_subarray: descr.has_subarray(),
        has_fields: descr.has_fields(),
        is_native_byteorder: descr.is_native_byteorder(),
        names: descr.names(),
    }
}

/// What a plain dtype of this size and kind answers.
fn plain(char: u8, kind: u8, size: usize) -> Answers {
    Answers {
        char,
        kind,
        byteorder: if size == 1 { b'|' } else { b'=' },
        itemsize: size,
        alignment: size,
        ndim: 0,
        shape: Vec::new(),
        has_object: false,
        is_aligned_struct: false,
        has_subarray: false,
        has_fields: false,
        is_native_byteorder: (size != 1).then_some(true),
        names: None,
    }
}

#[test]
fn the_methods_describe_scalar_types() {
    Python::attach(|py| {
        assert_eq!(answers(&dtype::<f64>(py)), plain(b'd', b'f', 8));
        assert_eq!(answers(&dtype::<u8>(py)), plain(b'B', b'u', 1));
        assert_eq!(answers(&dtype::<bool>(py)), plain(b'?', b'b', 1));
        let complex = Answers {
            alignment: 8,
            ..plain(b'D', b'c', 16)
        };
        assert_eq!(answers(&dtype::<Complex64>(py)), complex);
        let object = Answers {
            byteorder: b'|',
            has_object: true,
            is_native_byteorder: None,
            ..plain(b'O', b'O', 8)
        };
        assert_eq!(answers(&PyArrayDescr::object(py)), object);
        let bytes = Answers {
            alignment: 1,
            byteorder: b'|',
            is_native_byteorder: None,
            ..plain(b'S', b'S', 5)
        };
        assert_eq!(answers(&dtype::<PyFixedString<5>>(py)), bytes);
        let unicode = Answers {
            alignment: 4,
            ..plain(b'U', b'U', 12)
        };
        assert_eq!(answers(&dtype::<PyFixedUnicode<3>>(py)), unicode);
        let days = plain(b'M', b'M', 8);
        assert_eq!(answers(&dtype::<Datetime<units::Days>>(py)), days);
    });
}

#[test]
fn the_methods_describe_byte_swapped_types() {
    Python::attach(|py| {
        let swapped = if cfg!(target_endian = "little") {
            b'>'
        } else {
            b'<'
        };
        let answers = answers(&descr(py, "np.dtype('f8').newbyteorder()"));
        assert_eq!(answers.byteorder, swapped);
        assert_eq!(answers.is_native_byteorder, Some(false));
        assert_eq!((answers.char, answers.itemsize), (b'd', 8));
        // A structured type has no byte order of its own.
        let record = descr(py, "[('x', '>f8')]");
        assert_eq!(record.is_native_byteorder(), None);
        let (field, _) = record.get_field("x").unwrap();
        assert_eq!(
            field.is_native_byteorder(),
            Some(cfg!(target_endian = "big"))
        );
    });
}

#[test]
fn the_methods_describe_sub_array_types() {
    Python::attach(|py| {
        let sub = descr(py, "('f4', (2, 3))");
        assert!(sub.has_subarray() && !sub.has_fields());
        assert_eq!((sub.ndim(), sub.shape()), (2, vec![2, 3]));
        assert_eq!((sub.itemsize(), sub.alignment()), (24, 4));
        assert_eq!(sub.kind(), b'V');
        assert!(sub.base().is_equiv_to(&dtype::<f32>(py)));
        assert!(!sub.has_object());
        let nested = descr(py, "(np.dtype(('f4', (2, 3))), 5)");
        assert_eq!(nested.shape()[0], 5);
        assert_eq!(nested.itemsize(), 120);
        // A type that is no sub-array is its own base.
        let double = dtype::<f64>(py);
        assert!(double.base().is(&double));
        assert!(descr(py, "('O', 2)").has_object());
    });
}

#[test]
fn the_methods_describe_structured_types() {
    Python::attach(|py| {
        let record = descr(py, "[('x', 'u1'), ('y', 'f8'), ('z', 'i2', 3)]");
        assert!(record.has_fields() && !record.has_subarray() && !record.is_aligned_struct());
        assert_eq!(record.names().unwrap(), ["x", "y", "z"]);
        assert_eq!((record.itemsize(), record.alignment()), (15, 1));
        assert_eq!((record.char(), record.kind()), (b'V', b'V'));
        let (y, offset) = record.get_field("y").unwrap();
        assert!(y.is_equiv_to(&dtype::<f64>(py)));
        assert_eq!(offset, 1);
        let (z, offset) = record.get_field("z").unwrap();
        assert_eq!((z.shape(), offset), (vec![3], 9));

        let aligned = descr(py, "[('x', 'u1'), ('y', 'f8')], align=True");
        assert!(aligned.is_aligned_struct());
        assert_eq!((aligned.itemsize(), aligned.alignment()), (16, 8));
        assert_eq!(aligned.get_field("y").unwrap().1, 8);

        let empty = descr(py, "[]");
        assert_eq!(empty.itemsize(), 0);
    });
}

#[test]
fn objects_are_found_at_any_depth() {
    Python::attach(|py| {
        assert!(descr(py, "[('a', 'i4'), ('b', [('c', 'O', 2)])]").has_object());
        assert!(!descr(py, "[('a', 'i4'), ('b', [('c', 'V8', 2)])]").has_object());
    });
}

#[test]
fn a_field_is_found_by_its_title_too() {
    Python::attach(|py| {
        let record = descr(py, "[(('title', 'x'), 'f4'), ('y', 'i2')]");
        assert_eq!(record.names().unwrap(), ["x", "y"]);
        for name in ["x", "title"] {
            let (field, offset) = record.get_field(name).unwrap();
            assert_eq!((field.char(), offset), (b'f', 0));
        }
    });
}

#[test]
fn a_missing_field_is_an_index_error_and_a_missing_record_a_value_error() {
    Python::attach(|py| {
        let record = descr(py, "[('x', 'f4')]");
        assert_eq!(refused::<PyIndexError>(py, record.get_field("y")), "y");
        for code in ["'f8'", "('f4', 3)"] {
            assert_eq!(
                refused::<PyValueError>(py, descr(py, code).get_field("x")),
                "cannot get field information: type descriptor has no fields"
            );
        }
    });
}

#[test]
fn numbers_scalar_classes_and_flags_are_those_of_numpy() {
    Python::attach(|py| {
        for code in [
            "'i8'",
            "'>i4'",
            "'c8'",
            "'O'",
            "'S3'",
            "[('x', 'O')]",
            "'M8[s]'",
        ] {
            let descr = descr(py, code);
            let attr = |name| descr.getattr(name).unwrap();
            assert_eq!(descr.num(), attr("num").extract::<i32>().unwrap(), "{code}");
            assert!(descr.typeobj().is(attr("type")), "{code}");
            // As of NumPy 2 there are flags that Python does not see.
            let flags: u64 = attr("flags").extract().unwrap();
            assert_eq!(descr.flags() & 0xff, flags & 0xff, "{code}");
            assert_eq!(
                descr.alignment(),
                attr("alignment").extract::<usize>().unwrap(),
                "{code}"
            );
        }
    });
}

#[test]
fn a_pointer_taken_out_of_a_descriptor_keeps_its_reference() {
    Python::attach(|py| {
        let made = descr(py, "[('x', 'f4')]");
        let before = crate::common::refcount(&made);
        let pointer = made.clone().into_dtype_ptr();
        assert_eq!(pointer, made.as_dtype_ptr());
        assert_eq!(crate::common::refcount(&made), before + 1);
        // SAFETY: the reference that `into_dtype_ptr` gave out.
        drop(unsafe { Bound::from_owned_ptr(py, pointer.cast()) });
        assert_eq!(crate::common::refcount(&made), before);
    });
}

#[test]
fn a_descriptor_is_made_of_what_numpy_takes_for_one() {
    Python::attach(|py| {
        for code in ["'<f4'", "np.float32", "np.dtype('f4')", "'single'"] {
            let ob = eval(py, code);
            let made = PyArrayDescr::new(py, ob).unwrap();
            assert!(made.is_equiv_to(&dtype::<f32>(py)), "{code}");
        }
        assert!(PyArrayDescr::new(py, "f8").unwrap().is(dtype::<f64>(py)));
        assert!(PyArrayDescr::of::<f64>(py).is(dtype::<f64>(py)));
        refused::<PyTypeError>(py, PyArrayDescr::new(py, "no such type"));
        refused::<PyTypeError>(py, PyArrayDescr::new(py, 7));
        refused::<PyTypeError>(py, PyArrayDescr::new(py, py.None()));
        assert!(eval(py, "1.5").cast::<PyArrayDescr>().is_err());
    });
}

// --- Equivalence --------------------------------------------------------------------------

#[test]
fn the_two_c_names_of_one_type_are_equal() {
    Python::attach(|py| {
        let name = if cfg!(windows) {
            "np.intc"
        } else {
            "np.longlong"
        };
        let unsigned = if cfg!(windows) {
            "np.uintc"
        } else {
            "np.ulonglong"
        };
        let (twin, utwin) = (descr(py, name), descr(py, unsigned));
        macro_rules! fits_one_of {
            ($($ty:ty)*) => {
                [$(twin.is_equiv_to(&dtype::<$ty>(py)) || utwin.is_equiv_to(&dtype::<$ty>(py))),*]
            };
        }
        let fits = fits_one_of!(i32 i64 u32 u64);
        assert_eq!(fits.iter().filter(|fit| **fit).count(), 2);

        let array = untyped(py, "np.arange(3, dtype=np.longlong)");
        assert!(array.cast::<PyArray1<i64>>().is_ok());
        assert!(array.extract::<PyReadonlyArray1<'_, i64>>().is_ok());
        let array = untyped(py, "np.arange(3, dtype=np.ulonglong)");
        assert!(array.cast::<PyArray1<u64>>().is_ok());
        let array = untyped(py, "np.arange(3, dtype='l')");
        assert_eq!(
            array.cast::<PyArray1<i64>>().is_ok(),
            size_of::<std::ffi::c_long>() == 8
        );
        let array = untyped(py, "np.arange(3, dtype=np.intp)");
        assert!(array.cast::<PyArray1<isize>>().is_ok());
        assert!(array.cast::<PyArray1<i64>>().is_ok());
        assert!(array.cast::<PyArray1<u64>>().is_err());
    });
}

#[test]
fn a_byte_swapped_type_is_another_type() {
    Python::attach(|py| {
        fn check<T: Element>(py: Python<'_>, code: &str) {
            let array = untyped(
                py,
                &format!("np.zeros(3, np.dtype('{code}').newbyteorder())"),
            );
            assert!(!array.dtype().is_equiv_to(&dtype::<T>(py)), "{code}");
            assert!(array.cast::<PyArray1<T>>().is_err(), "{code}");
            let text = refused::<PyTypeError>(py, array.extract::<PyReadonlyArray1<'_, T>>());
            assert!(text.contains("byte-swapped"), "{text}");
        }
        check::<i16>(py, "i2");
        check::<u64>(py, "u8");
        check::<f64>(py, "f8");
        check::<Complex32>(py, "c8");
        check::<PyFixedUnicode<3>>(py, "U3");
        check::<Datetime<units::Seconds>>(py, "M8[s]");
        check::<Timedelta<units::Days>>(py, "m8[D]");
    });
}

#[test]
fn the_explicit_native_byte_order_is_the_same_type() {
    Python::attach(|py| {
        for code in ["'<f8'", "'=f8'", "np.dtype('>f8').newbyteorder()"] {
            let array = untyped(py, &format!("np.zeros(3, {code})"));
            let fits = array.cast::<PyArray1<f64>>().is_ok();
            assert_eq!(
                fits,
                cfg!(target_endian = "little") || code.contains('='),
                "{code}"
            );
        }
    });
}

#[test]
fn a_dtype_with_metadata_is_the_same_type() {
    Python::attach(|py| {
        let array = untyped(py, "np.zeros(3, np.dtype('f8', metadata={'unit': 'm'}))");
        assert!(array.extract::<PyReadonlyArray1<'_, f64>>().is_ok());
        let array = untyped(py, "np.zeros(3, np.dtype('S4', metadata={'unit': 'm'}))");
        assert!(
            array
                .extract::<PyReadonlyArray1<'_, PyFixedString<4>>>()
                .is_ok()
        );
    });
}

#[test]
fn other_lengths_units_and_multiples_are_other_types() {
    Python::attach(|py| {
        let seconds = dtype::<Datetime<units::Seconds>>(py);
        for code in ["'M8[ms]'", "'M8[25s]'", "'M8'", "'m8[s]'", "'i8'"] {
            assert!(!descr(py, code).is_equiv_to(&seconds), "{code}");
        }
        let three = dtype::<PyFixedString<3>>(py);
        for code in ["'S4'", "'S'", "'U3'", "'V3'"] {
            assert!(!descr(py, code).is_equiv_to(&three), "{code}");
        }
        // Seven days are a week to NumPy as well.
        let weeks = dtype::<Datetime<units::Weeks>>(py);
        let seven_days = descr(py, "'M8[7D]'");
        let equal = seven_days.eq(&weeks).unwrap();
        assert_eq!(seven_days.is_equiv_to(&weeks), equal);
    });
}

// --- One descriptor a type ----------------------------------------------------------------

#[test]
fn two_lengths_of_a_string_have_their_own_dtypes_in_either_order() {
    Python::attach(|py| {
        assert_eq!(text::<PyFixedString<21>>(py), "|S21");
        assert_eq!(text::<PyFixedString<22>>(py), "|S22");
        assert_eq!(text::<PyFixedString<24>>(py), "|S24");
        assert_eq!(text::<PyFixedString<23>>(py), "|S23");
        assert_eq!(text::<PyFixedString<21>>(py), "|S21");

        let order = if cfg!(target_endian = "little") {
            '<'
        } else {
            '>'
        };
        assert_eq!(text::<PyFixedUnicode<21>>(py), format!("{order}U21"));
        assert_eq!(text::<PyFixedUnicode<22>>(py), format!("{order}U22"));
        assert_eq!(text::<PyFixedUnicode<24>>(py), format!("{order}U24"));
        assert_eq!(text::<PyFixedUnicode<23>>(py), format!("{order}U23"));
        assert_eq!(text::<PyFixedUnicode<21>>(py), format!("{order}U21"));
    });
}

#[test]
fn a_descriptor_is_the_same_object_every_time() {
    Python::attach(|py| {
        fn same<T: Element>(py: Python<'_>) -> bool {
            let arrays = PyArray1::<T>::zeros(py, 1, false).dtype();
            dtype::<T>(py).is(dtype::<T>(py)) && arrays.is_equiv_to(&dtype::<T>(py))
        }
        assert!(same::<f64>(py) && same::<bool>(py) && same::<Py<PyAny>>(py));
        assert!(same::<PyFixedString<17>>(py) && same::<PyFixedUnicode<17>>(py));
        assert!(same::<Datetime<units::Hours>>(py) && same::<Timedelta<units::Hours>>(py));
    });
}

#[test]
fn all_object_types_have_the_object_dtype() {
    Python::attach(|py| {
        let object = PyArrayDescr::object(py);
        assert!(dtype::<Py<PyString>>(py).is(&object));
        assert!(dtype::<Py<PyAny>>(py).is(&object));
        assert!(dtype::<Py<PyList>>(py).is(&object));
        assert_eq!(dtype::<Py<PyInt>>(py).itemsize(), size_of::<Py<PyInt>>());
    });
}

/// A unit made outside of the library, whose type is another one than `units::Seconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Ticks;

impl Unit for Ticks {
    const UNIT: npyo::npyffi::NPY_DATETIMEUNIT = npyo::npyffi::NPY_DATETIMEUNIT::NPY_FR_s;
    const ABBREV: &'static str = "ticks";
}

/// A unit that no Rust type can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Generic;

impl Unit for Generic {
    const UNIT: npyo::npyffi::NPY_DATETIMEUNIT = npyo::npyffi::NPY_DATETIMEUNIT::NPY_FR_GENERIC;
    const ABBREV: &'static str = "";
}

#[test]
fn a_unit_of_another_crate_has_the_dtype_of_its_number() {
    Python::attach(|py| {
        assert!(dtype::<Datetime<Ticks>>(py).is(dtype::<Datetime<units::Seconds>>(py)));
        assert_eq!(
            format!("{:?}", Datetime::<Ticks>::from(3)),
            "Datetime(3 ticks)"
        );
        let err = refused::<PyTypeError>(py, PyArrayDescr::try_of::<Timedelta<Generic>>(py));
        assert!(err.contains("is not a unit of datetime64"), "{err}");
        assert!(panic_text(|| dtype::<Datetime<Generic>>(py)).contains("is not a unit"));
    });
}

type TextOf = fn(Python<'_>) -> String;

/// For each of the generic element types, instantiations and how NumPy writes their dtypes.
fn instantiations() -> Vec<(TextOf, &'static str)> {
    vec![
        (text::<Datetime<units::Years>>, "M8[Y]"),
        (text::<Datetime<units::Months>>, "M8[M]"),
        (text::<Datetime<units::Weeks>>, "M8[W]"),
        (text::<Datetime<units::Days>>, "M8[D]"),
        (text::<Datetime<units::Hours>>, "M8[h]"),
        (text::<Datetime<units::Minutes>>, "M8[m]"),
        (text::<Datetime<units::Seconds>>, "M8[s]"),
        (text::<Datetime<units::Milliseconds>>, "M8[ms]"),
        (text::<Datetime<units::Microseconds>>, "M8[us]"),
        (text::<Datetime<units::Nanoseconds>>, "M8[ns]"),
        (text::<Datetime<units::Picoseconds>>, "M8[ps]"),
        (text::<Datetime<units::Femtoseconds>>, "M8[fs]"),
        (text::<Datetime<units::Attoseconds>>, "M8[as]"),
        (text::<Timedelta<units::Years>>, "m8[Y]"),
        (text::<Timedelta<units::Months>>, "m8[M]"),
        (text::<Timedelta<units::Weeks>>, "m8[W]"),
        (text::<Timedelta<units::Days>>, "m8[D]"),
        (text::<Timedelta<units::Hours>>, "m8[h]"),
        (text::<Timedelta<units::Minutes>>, "m8[m]"),
        (text::<Timedelta<units::Seconds>>, "m8[s]"),
        (text::<Timedelta<units::Milliseconds>>, "m8[ms]"),
        (text::<Timedelta<units::Microseconds>>, "m8[us]"),
        (text::<Timedelta<units::Nanoseconds>>, "m8[ns]"),
        (text::<Timedelta<units::Picoseconds>>, "m8[ps]"),
        (text::<Timedelta<units::Femtoseconds>>, "m8[fs]"),
        (text::<Timedelta<units::Attoseconds>>, "m8[as]"),
        (text::<PyFixedString<1>>, "|S1"),
        (text::<PyFixedString<2>>, "|S2"),
        (text::<PyFixedString<1000>>, "|S1000"),
        (text::<PyFixedUnicode<1>>, "U1"),
        (text::<PyFixedUnicode<2>>, "U2"),
        (text::<PyFixedUnicode<1000>>, "U1000"),
        (text::<Py<PyAny>>, "|O"),
        (text::<Py<PyString>>, "|O"),
        (text::<Py<PyDict>>, "|O"),
        (text::<Complex32>, "c8"),
        (text::<Complex64>, "c16"),
        (text::<f32>, "f4"),
        (text::<f64>, "f8"),
    ]
}

#[track_caller]
fn check_instantiation(py: Python<'_>, (text, wanted): &(TextOf, &str)) {
    let found = text(py);
    assert_eq!(found.trim_start_matches(['<', '>']), *wanted);
}

#[test]
fn instantiations_have_their_own_dtypes_whichever_is_first() {
    for variant in ["forwards", "backwards", "outwards"] {
        let path = "dtype::instantiations_have_their_own_dtypes_whichever_is_first";
        in_child(path, variant, |variant| {
            let mut all = instantiations();
            match variant {
                "forwards" => {}
                "backwards" => all.reverse(),
                _ => all.rotate_left(17),
            }
            Python::attach(|py| {
                for one in all.iter().chain(all.iter().rev()) {
                    check_instantiation(py, one);
                }
            });
        });
    }
}

#[test]
fn instantiations_have_their_own_dtypes_when_threads_race_for_them() {
    let path = "dtype::instantiations_have_their_own_dtypes_when_threads_race_for_them";
    in_child(path, "threads", |_| {
        Python::attach(|_| {});
        let barrier = Barrier::new(8);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let barrier = &barrier;
                scope.spawn(move || {
                    let mut all = instantiations();
                    let len = all.len();
                    all.rotate_left(thread * len / 8);
                    barrier.wait();
                    for one in &all {
                        // Attached anew each time, so that with a GIL threads take turns.
                        Python::attach(|py| check_instantiation(py, one));
                    }
                });
            }
        });
    });
}

// --- Element types that are not what they say ---------------------------------------------

macro_rules! element {
    ($name:ident($inner:ty), $dtype:literal) => {
        #[derive(Debug, Clone, Copy)]
        #[repr(transparent)]
        struct $name(#[allow(dead_code)] $inner);

        // SAFETY: none; the tests show that the library refuses what it can tell is wrong.
        unsafe impl Element for $name {
            const IS_COPY: bool = true;

            fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
                descr(py, $dtype)
            }

            fn clone_ref(&self, _py: Python<'_>) -> Self {
                *self
            }
        }
    };
}

element!(Pretender(usize), "'O'");
element!(HoldsObjects([usize; 2]), "[('a', 'O'), ('b', 'u8')]");
element!(HidesObjects(usize), "('O', 1)");
element!(TooSmall(u32), "'f8'");
element!(TooLarge(u64), "'f4'");
element!(Nothing(()), "'V0'");
element!(Sound(f64), "'f8'");
element!(Point([f32; 2]), "[('x', 'f4'), ('y', 'f4')]");

/// Checks that every way to use a type for the first time is a `TypeError` with this text.
#[track_caller]
fn refused_at_first_use<T: Element + Copy>(py: Python<'_>, dtype: &str, value: T, wanted: &str) {
    let check = |way: &str, text: String| assert!(text.contains(wanted), "{way}: {text}");

    check(
        "try_of",
        refused::<PyTypeError>(py, PyArrayDescr::try_of::<T>(py)),
    );

    let array = untyped(py, &format!("np.zeros(2, np.dtype({dtype}))"));
    let read = array.extract::<PyReadonlyArray1<'_, T>>();
    check("readonly", refused::<PyTypeError>(py, read));
    let write = array.extract::<PyReadwriteArray1<'_, T>>();
    check("readwrite", refused::<PyTypeError>(py, write));
    let like = array.extract::<PyArrayLike1<'_, T>>();
    check("array-like", refused::<PyTypeError>(py, like));
    let changed = array.extract::<PyArrayLike1<'_, T, npyo::AllowTypeChange>>();
    check(
        "array-like with change",
        refused::<PyTypeError>(py, changed),
    );
    let list = eval(py, "[1, 2]");
    let like = list.extract::<PyArrayLike1<'_, T>>();
    check("list", refused::<PyTypeError>(py, like));
    assert!(array.cast::<PyArray1<T>>().is_err());
    assert!(array.extract::<Bound<'_, PyArray1<T>>>().is_err());

    check(
        "zeros",
        refused::<PyTypeError>(py, PyArray1::<T>::try_zeros(py, 1, false)),
    );
    // SAFETY: nothing is created.
    let new = unsafe { PyArray::<T, Ix1>::try_new(py, 1, false) };
    check("new", refused::<PyTypeError>(py, new));
    check(
        "slice",
        refused::<PyTypeError>(py, PyArray::try_from_slice(py, &[value])),
    );
    check(
        "vec",
        refused::<PyTypeError>(py, PyArray::try_from_vec(py, vec![value])),
    );
    check(
        "iter",
        refused::<PyTypeError>(py, PyArray::try_from_iter(py, [value])),
    );
    check(
        "vec2",
        refused::<PyTypeError>(py, PyArray::try_from_vec2(py, &[vec![value]])),
    );
    check(
        "vec3",
        refused::<PyTypeError>(py, PyArray::try_from_vec3(py, &[vec![vec![value]]])),
    );
    let owned = npyo::ndarray::arr1(&[value]);
    check(
        "array",
        refused::<PyTypeError>(py, PyArray::try_from_array(py, &owned)),
    );
    // SAFETY: nothing is created.
    let over = unsafe { PyArray::try_borrow_from_array(&owned, py.None().into_bound(py)) };
    check("borrowed array", refused::<PyTypeError>(py, over));
    check(
        "owned array",
        refused::<PyTypeError>(py, PyArray::try_from_owned_array(py, owned)),
    );
    check(
        "vec trait",
        refused::<PyTypeError>(py, vec![value].try_into_pyarray(py)),
    );
    check(
        "slice trait",
        refused::<PyTypeError>(py, [value].try_to_pyarray(py)),
    );
    check("zeros", panic_text(|| PyArray1::<T>::zeros(py, 1, false)));
    check("vec", panic_text(|| vec![value].into_pyarray(py)));

    let numbers = PyArray1::<f64>::zeros(py, 1, false);
    check(
        "cast",
        refused::<PyTypeError>(py, numbers.cast_array::<T>(false)),
    );
}

#[test]
fn an_element_type_of_another_crate_must_not_hold_objects() {
    Python::attach(|py| {
        let text = "holds Python objects, which only npyo's own element types may do";
        refused_at_first_use(py, "'O'", Pretender(1), text);
        refused_at_first_use(py, "[('a', 'O'), ('b', 'u8')]", HoldsObjects([1; 2]), text);
        // An array of a sub-array type is one of its base with more dimensions, so there is
        // none to extract.
        refused::<PyTypeError>(py, PyArrayDescr::try_of::<HidesObjects>(py));
        refused::<PyTypeError>(py, PyArray::try_from_vec(py, vec![HidesObjects(1)]));
    });
}

#[test]
fn an_element_type_must_have_the_item_size_of_its_dtype() {
    Python::attach(|py| {
        refused_at_first_use(
            py,
            "'f8'",
            TooSmall(1),
            "has 4 bytes, but its dtype float64 has \
             elements of 8 bytes",
        );
        refused_at_first_use(
            py,
            "'f4'",
            TooLarge(1),
            "has 8 bytes, but its dtype float32 has \
             elements of 4 bytes",
        );
        refused::<PyTypeError>(py, PyArrayDescr::try_of::<Nothing>(py));
        refused::<PyTypeError>(py, PyArray::try_from_vec(py, vec![Nothing(())]));
    });
}

#[test]
fn an_element_type_that_says_the_truth_is_accepted() {
    Python::attach(|py| {
        let array = PyArray::from_slice(py, &[Sound(1.5), Sound(2.5)]);
        assert_eq!(array.to_string(), "[1.5 2.5]");
        assert_eq!(array.get_owned(1).unwrap().0, 2.5);
        let array = PyArray::from_vec(py, vec![Point([1.0, 2.0])]);
        assert_eq!(
            array
                .get_item(0)
                .unwrap()
                .get_item("y")
                .unwrap()
                .extract::<f32>()
                .unwrap(),
            2.0
        );
        assert!(array.extract::<PyReadonlyArray1<'_, Point>>().is_ok());
        let other = untyped(py, "np.zeros(2, [('y', 'f4'), ('x', 'f4')])");
        assert!(other.extract::<PyReadonlyArray1<'_, Point>>().is_err());
    });
}

#[test]
fn a_string_without_characters_has_no_dtype() {
    Python::attach(|py| {
        let text = "NumPy has no arrays of strings without characters; use PyFixedString<1>";
        let err = refused::<PyTypeError>(py, PyArrayDescr::try_of::<PyFixedString<0>>(py));
        assert_eq!(err, text);
        assert!(panic_text(|| dtype::<PyFixedUnicode<0>>(py)).contains("PyFixedUnicode<1>"));
        let empty = PyArray::<PyFixedString<0>, IxDyn>::try_zeros(py, IxDyn(&[2]), false);
        refused::<PyTypeError>(py, empty);
        let array = untyped(py, "np.zeros(2, 'S')");
        refused::<PyTypeError>(
            py,
            array.extract::<PyReadonlyArray1<'_, PyFixedString<0>>>(),
        );
    });
}
