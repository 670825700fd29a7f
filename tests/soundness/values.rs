//! Bits that are no value of their Rust type, and values that a conversion would change.

use npyo::ndarray::{Ix1, IxDyn};
use npyo::{
    AllowTypeChange, Element, PyArray, PyArray1, PyArrayDescr, PyArrayLike1, PyFixedString,
    PyFixedUnicode, PyReadonlyArray1, PyReadonlyArrayDyn, PyReadwriteArray1, dtype, prelude::*,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{array as made, eval, eval_on, exec_on, panic_text, refused};
use crate::survives;
use crate::ways::{handle, is_copied, is_never_referred_to, is_viewed, variable};

// --- Truth values ---------------------------------------------------------------------------

#[test]
fn a11_bytes_that_are_no_truth_values() {
    Python::attach(|py| {
        let any = eval(py, "np.uint8([24, 15, 32, 1, 0]).view(bool)");
        let array = handle::<bool>(&any);
        is_never_referred_to(
            array,
            "array element [0] is invalid: byte 24 is neither 0 (False) nor 1 (True)",
        );
        // A copy has the values that NumPy sees.
        is_copied(array, &[true, true, true, true, false]);
        let text = refused::<PyValueError>(py, any.extract::<PyArrayLike1<'_, bool>>());
        assert!(text.contains("byte 24"), "{text}");
        // Made truth values by NumPy, they are seen in place.
        exec_on(&any, "a[:] = a != 0");
        is_viewed(&any, &[true, true, true, true, false]);
    });
}

#[test]
fn s6_a_slice_of_truth_values_over_other_bytes() {
    Python::attach(|py| {
        let any = eval(py, "np.uint8([24, 1, 0]).view(bool)");
        let array = handle::<bool>(&any);
        is_never_referred_to(array, "byte 24 is neither 0 (False) nor 1 (True)");
        let text = refused::<PyValueError>(py, array.readonly().as_slice());
        assert!(text.starts_with("array element [0] is invalid"), "{text}");
        is_copied(array, &[true, true, false]);
        let rest = eval_on(&any, "a[1:]");
        is_viewed(&rest, &[true, false]);
        let reversed = eval_on(&any, "a[::-1]");
        is_never_referred_to(handle::<bool>(&reversed), "array element [2] is invalid");
        is_copied(handle(&reversed), &[false, true, true]);
    });
}

// --- Elements without a size ----------------------------------------------------------------

#[test]
fn a12_strings_without_characters() {
    let path = "values::a12_strings_without_characters";
    survives(path, |py| {
        let text = "NumPy has no arrays of strings without characters; use PyFixedString<1>";
        let descr = PyArrayDescr::try_of::<PyFixedString<0>>(py);
        assert_eq!(refused::<PyTypeError>(py, descr), text);
        assert!(panic_text(|| dtype::<PyFixedString<0>>(py)).contains(text));
        for code in [
            "np.zeros(3, 'S0')",
            "np.array([b'', b''])",
            "np.zeros(3, 'S1')",
        ] {
            let any = eval(py, code);
            let argument = any.extract::<PyReadonlyArray1<'_, PyFixedString<0>>>();
            refused::<PyTypeError>(py, argument);
            let argument = any.extract::<PyReadwriteArray1<'_, PyFixedString<0>>>();
            refused::<PyTypeError>(py, argument);
            assert!(any.cast::<PyArray1<PyFixedString<0>>>().is_err());
        }
        refused::<PyTypeError>(py, PyArray1::<PyFixedString<0>>::try_zeros(py, 3, false));
        let made = PyArray::try_from_slice(py, &[PyFixedString::<0>([]); 3]);
        assert_eq!(refused::<PyTypeError>(py, made), text);
        let made = vec![PyFixedString::<0>([]); 3].try_into_pyarray(py);
        assert_eq!(refused::<PyTypeError>(py, made), text);
        let descr = PyArrayDescr::try_of::<PyFixedUnicode<0>>(py);
        assert!(refused::<PyTypeError>(py, descr).contains("PyFixedUnicode<1>"));
        let made = [PyFixedUnicode::<0>([]); 3].try_to_pyarray(py);
        refused::<PyTypeError>(py, made);
    });
}

/// An element without a size, as NumPy's dtype `V0` has them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Nothing;

// SAFETY: no bytes, as in the dtype, so there is nothing to be invalid.
unsafe impl Element for Nothing {
    const IS_COPY: bool = true;

    fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
        eval(py, "np.dtype([])").cast_into().unwrap()
    }

    fn clone_ref(&self, _py: Python<'_>) -> Self {
        *self
    }
}

#[test]
fn a12_elements_without_a_size() {
    let path = "values::a12_elements_without_a_size";
    survives(path, |py| {
        let any = eval(py, "np.zeros(3, [])");
        assert!(eval_on(&any, "a.itemsize == 0").is_truthy().unwrap());
        let argument = any.extract::<PyReadonlyArray1<'_, Nothing>>();
        let text = refused::<PyTypeError>(py, argument);
        assert!(text.contains("Nothing has 0 bytes"), "{text}");
        let argument = any.extract::<PyReadwriteArray1<'_, Nothing>>();
        assert_eq!(refused::<PyTypeError>(py, argument), text);
        assert!(any.cast::<PyArray1<Nothing>>().is_err());
        refused::<PyTypeError>(py, PyArray1::<Nothing>::try_zeros(py, 3, false));
        refused::<PyTypeError>(py, vec![Nothing; 3].try_into_pyarray(py));
        refused::<PyTypeError>(py, [Nothing; 3].try_to_pyarray(py));
        assert!(panic_text(|| vec![Nothing; 3].into_pyarray(py)).contains(&text));
    });
}

// --- Objects that are NULL ------------------------------------------------------------------

#[test]
fn a15_objects_that_are_null() {
    let path = "values::a15_objects_that_are_null";
    survives(path, |py| {
        // As other C code leaves them.
        let code = "import ctypes\n\
                    a = np.array(['word', None, None], 'O')\n\
                    ctypes.memset(a.ctypes.data + a.itemsize, 0, a.itemsize)";
        let any = variable(py, code, "a");
        let array = handle::<Py<PyAny>>(&any);
        let problem = "array element [1] is invalid: the object pointer is NULL";
        is_never_referred_to(array, problem);
        let text = refused::<PyValueError>(py, array.readonly().as_slice());
        assert!(text.starts_with(problem), "{text}");
        let argument = any.extract::<PyArrayLike1<'_, Py<PyAny>>>();
        refused::<PyValueError>(py, argument);
        let argument = any.extract::<PyReadonlyArrayDyn<'_, Py<PyAny>>>();
        refused::<PyValueError>(py, argument);
        // A copy has the None that NumPy sees.
        let none = py.None();
        let guard = array.readonly();
        let copies = [
            array.get_owned(1).unwrap(),
            guard.try_get_owned(1).unwrap().unwrap(),
            array.to_vec().unwrap().swap_remove(1),
            guard.to_vec().unwrap().swap_remove(1),
            array.to_owned_array()[1].clone_ref(py),
            guard.try_to_owned_array().unwrap()[1].clone_ref(py),
        ];
        assert!(copies.iter().all(|copy| copy.is(&none)));
        assert_eq!(array.get_owned(0).unwrap().to_string(), "word");
        drop(guard);
        exec_on(&any, "a[1] = None");
        let guard = any.extract::<PyReadonlyArray1<'_, Py<PyAny>>>().unwrap();
        assert!(guard.as_array()[1].is(&none));
    });
}

// --- Conversions ----------------------------------------------------------------------------

#[test]
fn c_numbers_that_do_not_fit_the_type_that_must_match() {
    Python::attach(|py| {
        let list = eval(py, "[1.5, 2.5]");
        let text = refused::<PyValueError>(py, list.extract::<PyArrayLike1<'_, i32>>());
        assert!(
            text.starts_with("cannot convert from float64 to int32 without changing values"),
            "{text}"
        );
        let whole = eval(py, "[1.0, 2.0]");
        let like = whole.extract::<PyArrayLike1<'_, i32>>().unwrap();
        assert_eq!(like.as_slice().unwrap(), [1, 2]);
        // Bytes are one string, no sequence of numbers.
        let bytes = eval(py, "b'abc'");
        let text = refused::<PyTypeError>(py, bytes.extract::<PyArrayLike1<'_, u8>>());
        assert_eq!(text, "dimensionality mismatch:\n from=0, to=1");
        let bytes = eval(py, "bytearray(b'abc')");
        let like = bytes.extract::<PyArrayLike1<'_, u8>>().unwrap();
        assert_eq!(like.as_slice().unwrap(), b"abc");
    });
}

#[test]
fn c_numbers_that_do_not_fit_a_type_that_may_change_become_what_numpy_makes_of_them() {
    Python::attach(|py| {
        let floats = eval(py, "np.array([300.0, -1.0, 2.5])");
        let text = refused::<PyTypeError>(py, floats.extract::<PyArrayLike1<'_, u8>>());
        assert_eq!(text, "type mismatch:\n from=float64, to=uint8");
        let like = floats
            .extract::<PyArrayLike1<'_, u8, AllowTypeChange>>()
            .unwrap();
        let wanted = eval_on(&floats, "a.astype('u1')");
        assert_eq!(
            like.to_vec().unwrap(),
            handle::<u8>(&wanted).to_vec().unwrap()
        );
        assert_eq!(like.to_vec().unwrap()[2], 2);
        // A list that need not change its type may not change its values.
        let list = eval(py, "[300.0, -1.0]");
        refused::<PyValueError>(py, list.extract::<PyArrayLike1<'_, u8>>());
        // Of integers, what becomes of them is the same on every machine.
        let integers = eval(py, "np.array([300, -1])");
        refused::<PyTypeError>(py, integers.extract::<PyArrayLike1<'_, u8>>());
        let like = integers
            .extract::<PyArrayLike1<'_, u8, AllowTypeChange>>()
            .unwrap();
        assert_eq!(like.to_vec().unwrap(), [44, 255]);
    });
}

#[test]
fn c_a_range_of_integers_that_no_double_holds() {
    Python::attach(|py| {
        let start = (1_i64 << 53) + 1;
        let wanted = [start, start + 1, start + 2];
        let array = PyArray::arange(py, start, start + 3, 1);
        assert_eq!(array.readonly().as_slice().unwrap(), wanted);
        let array = PyArray::try_arange(py, start, start + 3, 1).unwrap();
        assert_eq!(array.to_vec().unwrap(), wanted);
        let numpy = eval(py, "np.arange(2**53 + 1, 2**53 + 4)");
        is_viewed(&numpy, &wanted);
        let start = u64::MAX - 2;
        let array = PyArray::arange(py, start, u64::MAX, 1);
        assert_eq!(array.to_vec().unwrap(), [u64::MAX - 2, u64::MAX - 1]);
    });
}

// --- Strings that are no text ---------------------------------------------------------------

#[test]
fn c_bytes_that_are_no_utf_8_are_displayed() {
    Python::attach(|py| {
        let array = made::<PyFixedString<3>, Ix1>(py, "np.array([b'ab', b'\\xff\\xfec'])");
        let words = array.to_vec().unwrap();
        assert_eq!(words[0].to_string(), "ab");
        assert_eq!(words[1].to_string(), "\u{fffd}\u{fffd}c");
        assert!(format!("{words:?}").contains("255, 254"));
    });
}

#[test]
fn c_surrogates_are_displayed() {
    Python::attach(|py| {
        let array = made::<PyFixedUnicode<3>, Ix1>(py, "np.array(['ab', 'e\\ud800f'])");
        let guard = array.readonly();
        assert_eq!(guard.as_array()[0].to_string(), "ab");
        assert_eq!(guard.as_array()[1].to_string(), "e\u{fffd}f");
        // Bits that are no code point at all.
        let code = "np.array([0xffff_ffff, 0x110000, 97], 'u4').view('U3')";
        let array = made::<PyFixedUnicode<3>, IxDyn>(py, code);
        assert_eq!(array.to_vec().unwrap()[0].to_string(), "\u{fffd}\u{fffd}a");
    });
}
