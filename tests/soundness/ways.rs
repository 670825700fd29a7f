//! All ways to an array's elements at once, so that no test forgets one.

use std::fmt::Debug;

use npyo::ndarray::{Array1, Dimension, Ix1};
use npyo::{
    ArrayBorrowError, BorrowError, Element, PyArray1, PyArrayDyn, PyArrayLike1, PyReadonlyArray,
    PyReadonlyArray1, PyReadonlyArrayDyn, PyReadwriteArray, PyReadwriteArray1, PyReadwriteArrayDyn,
    prelude::*,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::common::{array as made, exec, panic_text, refused, text_of};

/// The variable that `code` leaves under a name.
#[track_caller]
pub(crate) fn variable<'py>(py: Python<'py>, code: &str, name: &str) -> Bound<'py, PyAny> {
    exec(py, code).get_item(name).unwrap().unwrap()
}

/// The variables `a` and `b` that `code` leaves.
#[track_caller]
pub(crate) fn pair<'py>(py: Python<'py>, code: &str) -> (Bound<'py, PyAny>, Bound<'py, PyAny>) {
    let names = exec(py, code);
    let get = |name| names.get_item(name).unwrap().unwrap();
    (get("a"), get("b"))
}

// --- Views that are refused -----------------------------------------------------------------

/// Checks that no way leads to a reference to an element, whether to read or to write, and that
/// each refusal is a `ValueError` that contains `problem`. The array must be writeable.
#[track_caller]
pub(crate) fn is_never_referred_to<T: Element>(array: &Bound<'_, PyArray1<T>>, problem: &str) {
    let py = array.py();
    let is_told = |text: String| assert!(text.contains(problem), "{text}");
    let not_contiguous = "array is not contiguous or is misaligned";
    let is_told_of_slice = |text: String| {
        assert!(
            text.contains(problem) || text.starts_with(not_contiguous),
            "{text}"
        );
    };

    // As an argument.
    let any = array.as_any();
    is_told(refused::<PyValueError>(
        py,
        any.extract::<PyReadonlyArray1<'_, T>>(),
    ));
    is_told(refused::<PyValueError>(
        py,
        any.extract::<PyReadwriteArray1<'_, T>>(),
    ));
    is_told(refused::<PyValueError>(
        py,
        any.extract::<PyReadonlyArrayDyn<'_, T>>(),
    ));

    // From a handle.
    let guard = array.try_readonly().unwrap();
    is_told(refused::<PyValueError>(py, guard.try_as_array()));
    is_told_of_slice(refused::<PyValueError>(py, guard.as_slice()));
    is_told(panic_text(|| guard.as_array().len()));
    is_told(panic_text(|| guard.get(0).is_some()));
    drop(guard);
    let mut guard = array.try_readwrite().unwrap();
    is_told(refused::<PyValueError>(py, guard.try_as_array_mut()));
    is_told_of_slice(refused::<PyValueError>(py, guard.as_slice_mut()));
    is_told(panic_text(|| guard.as_array_mut().len()));
    is_told(panic_text(|| guard.get_mut(0).is_some()));
    drop(guard);

    // Nothing is left borrowed by a refusal.
    drop(array.readwrite());
}

/// As [`is_never_referred_to`], for an array whose memory is laid out in a way that Rust has no
/// references for, and checks that each way to copies of the elements leads to `wanted`.
#[track_caller]
pub(crate) fn is_copied_only<T>(array: &Bound<'_, PyArray1<T>>, wanted: &[T], problem: &str)
where
    T: Element + Clone + PartialEq + Debug,
{
    let py = array.py();
    is_never_referred_to(array, problem);
    let err = array.readonly().try_as_array().unwrap_err();
    assert!(err.is_layout(), "{err}");
    refused::<PyValueError>(py, array.extract::<PyArrayLike1<'_, T>>());
    // The methods that need no guard look at the layout as well.
    let text = panic_text(|| array.as_raw_array().len());
    assert!(text.contains(problem), "{text}");
    let text = panic_text(|| array.as_raw_array_mut().len());
    assert!(text.contains(problem), "{text}");
    // SAFETY: no reference comes of it.
    let text = panic_text(|| unsafe { PyArrayMethods::as_array(array) }.len());
    assert!(text.contains(problem), "{text}");

    is_copied(array, wanted);
}

/// Checks that each way to copies of the elements leads to `wanted`.
#[track_caller]
pub(crate) fn is_copied<T>(array: &Bound<'_, PyArray1<T>>, wanted: &[T])
where
    T: Element + Clone + PartialEq + Debug,
{
    let py = array.py();
    let owned = Array1::from_vec(wanted.to_vec());
    assert_eq!(array.to_owned_array(), owned);
    assert_eq!(array.to_vec().unwrap(), wanted);
    let guard = array.try_readonly().unwrap();
    assert_eq!(guard.to_owned_array(), owned);
    assert_eq!(guard.try_to_owned_array().unwrap(), owned);
    assert_eq!(guard.to_vec().unwrap(), wanted);
    for (index, element) in wanted.iter().enumerate() {
        assert_eq!(array.get_owned(index).as_ref(), Some(element));
        assert_eq!(guard.get_owned(index).as_ref(), Some(element));
        let copy = guard.try_get_owned(index).unwrap();
        assert_eq!(copy.as_ref(), Some(element));
    }
    assert_eq!(guard.try_get_owned(wanted.len()).unwrap(), None);
    for copied_from_guard in [false, true] {
        let copy = PyArray1::<T>::zeros(py, wanted.len(), false);
        if copied_from_guard {
            guard.copy_to(&copy).unwrap();
        } else {
            array.copy_to(&copy).unwrap();
        }
        assert_eq!(copy.to_vec().unwrap(), wanted);
    }
    let cast = array.cast_array::<T>(false).unwrap();
    assert_eq!(cast.to_vec().unwrap(), wanted);
}

/// Checks that each way to references to the elements leads to `wanted`.
#[track_caller]
pub(crate) fn is_viewed<T>(array: &Bound<'_, PyAny>, wanted: &[T])
where
    T: Element + PartialEq + Debug,
{
    let guard = array.extract::<PyReadonlyArray1<'_, T>>().unwrap();
    assert!(guard.as_array().iter().eq(wanted));
    let array = array.cast::<PyArray1<T>>().unwrap();
    let second = array.try_readonly().unwrap();
    assert!(second.try_as_array().unwrap().iter().eq(wanted));
    for (index, element) in wanted.iter().enumerate() {
        assert_eq!(guard.get(index), Some(element));
    }
    assert_eq!(guard.get(wanted.len()), None);
    drop((guard, second));
    let mut guard = array.extract::<PyReadwriteArray1<'_, T>>().unwrap();
    assert!(guard.as_array_mut().iter().eq(wanted));
    drop(guard);
    let mut guard = array.try_readwrite().unwrap();
    assert!(guard.try_as_array_mut().unwrap().iter().eq(wanted));
}

/// The array that `code` makes, which overlaps itself; checks that a view of it to write through
/// is refused, and one to read granted, with the elements `wanted`.
#[track_caller]
pub(crate) fn is_only_read<T, D>(py: Python<'_>, code: &str, wanted: &[T])
where
    T: Element + Clone + PartialEq + Debug,
    D: Dimension,
{
    let problem = "array overlaps itself";
    let array = made::<T, D>(py, code);
    let any = array.as_any();
    let text = refused::<PyValueError>(py, any.extract::<PyReadwriteArray<'_, T, D>>());
    assert!(text.starts_with(problem), "{text}");
    let mut guard = array.try_readwrite().unwrap();
    assert!(guard.try_as_array_mut().unwrap_err().is_layout());
    let text = refused::<PyValueError>(py, guard.try_as_array_mut());
    assert!(text.starts_with(problem), "{text}");
    assert_eq!(panic_text(|| guard.as_array_mut().len()), text);
    refused::<PyValueError>(py, guard.as_slice_mut());
    drop(guard);
    assert_eq!(panic_text(|| array.as_raw_array_mut().len()), text);
    // SAFETY: no reference comes of it.
    let unsafe_text = panic_text(|| unsafe { PyArrayMethods::as_array_mut(&array) }.len());
    assert_eq!(unsafe_text, text);

    let guard = any.extract::<PyReadonlyArray<'_, T, D>>().unwrap();
    assert!(guard.as_array().iter().eq(wanted), "{code}");
    assert!(guard.to_owned_array().iter().eq(wanted));
    drop(guard);
    let guard = array.try_readonly().unwrap();
    assert!(guard.try_as_array().unwrap().iter().eq(wanted));
    assert!(array.to_owned_array().iter().eq(wanted));
}

// --- Arrays that share memory ---------------------------------------------------------------

/// Checks that two arrays exclude each other: while one is written, the other is neither read nor
/// written; while one is read, the other is read, but not written.
#[track_caller]
pub(crate) fn exclude_each_other<A: Element, B: Element>(
    a: &Bound<'_, PyAny>,
    b: &Bound<'_, PyAny>,
) {
    excludes::<A, B>(a, b);
    excludes::<B, A>(b, a);
    // Nothing is left borrowed.
    drop(a.extract::<PyReadonlyArrayDyn<'_, A>>().unwrap());
    drop(b.extract::<PyReadonlyArrayDyn<'_, B>>().unwrap());
}

#[track_caller]
fn excludes<A: Element, B: Element>(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) {
    let a_handle = a.cast::<PyArrayDyn<A>>().unwrap();
    let b_handle = b.cast::<PyArrayDyn<B>>().unwrap();
    let is_writeable = |array: &Bound<'_, PyAny>| {
        let flags = array.getattr("flags").unwrap();
        let writeable = flags.getattr("writeable").unwrap();
        writeable.is_truthy().unwrap()
    };
    let cannot_be_written = |py| {
        if is_writeable(b) {
            let argument = b.extract::<PyReadwriteArrayDyn<'_, B>>();
            refused::<ArrayBorrowError>(py, argument);
            let err = b_handle.try_readwrite().unwrap_err();
            assert_eq!(err, BorrowError::AlreadyBorrowed);
        } else {
            let err = b_handle.try_readwrite().unwrap_err();
            assert_eq!(err, BorrowError::NotWriteable);
        }
    };
    let cannot_be_read = |py| {
        let argument = b.extract::<PyReadonlyArrayDyn<'_, B>>();
        refused::<ArrayBorrowError>(py, argument);
        let err = b_handle.try_readonly().unwrap_err();
        assert_eq!(err, BorrowError::AlreadyBorrowed);
        refused::<ArrayBorrowError>(py, b_handle.to_vec());
        let text = panic_text(|| b_handle.to_owned_array());
        assert!(text.contains("AlreadyBorrowed"), "{text}");
    };
    let py = a.py();
    if is_writeable(a) {
        let writer = a.extract::<PyReadwriteArrayDyn<'_, A>>().unwrap();
        cannot_be_written(py);
        cannot_be_read(py);
        drop(writer);
        let writer = a_handle.try_readwrite().unwrap();
        cannot_be_written(py);
        cannot_be_read(py);
        drop(writer);
    }
    let reader = a.extract::<PyReadonlyArrayDyn<'_, A>>().unwrap();
    cannot_be_written(py);
    drop(b.extract::<PyReadonlyArrayDyn<'_, B>>().unwrap());
    drop(reader);
    let reader = a_handle.try_readonly().unwrap();
    cannot_be_written(py);
    drop(b_handle.try_readonly().unwrap());
    drop(reader);
}

/// Checks that two arrays are written at the same time.
#[track_caller]
pub(crate) fn are_apart<A: Element, B: Element>(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) {
    let first = a.extract::<PyReadwriteArrayDyn<'_, A>>().unwrap();
    let second = b.extract::<PyReadwriteArrayDyn<'_, B>>().unwrap();
    drop((first, second));
    let first = a.cast::<PyArrayDyn<A>>().unwrap().try_readwrite().unwrap();
    let second = b.cast::<PyArrayDyn<B>>().unwrap().try_readwrite().unwrap();
    drop((first, second));
}

/// The text of a panic that stands for a refused borrow.
#[track_caller]
pub(crate) fn borrow_panic<R>(work: impl FnOnce() -> R) {
    let text = panic_text(work);
    assert_eq!(text, "AlreadyBorrowed: The given array is already borrowed");
}

/// Checks that a result is the error of a conflicting borrow.
#[track_caller]
pub(crate) fn is_borrowed<R>(py: Python<'_>, result: Result<R, impl Into<PyErr>>) {
    match result {
        Ok(_) => panic!("this was not refused"),
        Err(err) => {
            let text = text_of::<ArrayBorrowError>(py, err);
            assert!(text.starts_with("array is already borrowed"), "{text}");
        }
    }
}

/// A handle to a one-dimensional array.
#[track_caller]
pub(crate) fn handle<'a, 'py, T: Element>(
    array: &'a Bound<'py, PyAny>,
) -> &'a Bound<'py, PyArray1<T>> {
    array.cast::<npyo::PyArray<T, Ix1>>().unwrap()
}
