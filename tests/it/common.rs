//! What the tests share: running Python, counting references, taking errors apart.

use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use npyo::{Element, PyArray, PyUntypedArray};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3::{PyTypeInfo, ffi};

fn namespace(py: Python<'_>) -> Bound<'_, PyDict> {
    let namespace = PyDict::new(py);
    namespace
        .set_item("np", py.import("numpy").unwrap())
        .unwrap();
    namespace
}

/// Runs statements, which see NumPy as `np`, and returns the variables that they leave.
#[track_caller]
pub(crate) fn exec<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyDict> {
    let namespace = namespace(py);
    py.run(&CString::new(code).unwrap(), Some(&namespace), None)
        .unwrap_or_else(|err| panic!("{err}\nin:\n{code}"));
    namespace
}

/// Runs statements on an array, which they see as `a`.
#[track_caller]
pub(crate) fn exec_on(a: &Bound<'_, PyAny>, code: &str) {
    let namespace = namespace(a.py());
    namespace.set_item("a", a).unwrap();
    a.py()
        .run(&CString::new(code).unwrap(), Some(&namespace), None)
        .unwrap_or_else(|err| panic!("{err}\nin:\n{code}"));
}

/// The value of an expression, which sees NumPy as `np`.
#[track_caller]
pub(crate) fn eval<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyAny> {
    py.eval(&CString::new(code).unwrap(), Some(&namespace(py)), None)
        .unwrap_or_else(|err| panic!("{err}\nin: {code}"))
}

/// The value of an expression about an array, which it sees as `a`.
#[track_caller]
pub(crate) fn eval_on<'py>(a: &Bound<'py, PyAny>, code: &str) -> Bound<'py, PyAny> {
    let namespace = namespace(a.py());
    namespace.set_item("a", a).unwrap();
    a.py()
        .eval(&CString::new(code).unwrap(), Some(&namespace), None)
        .unwrap_or_else(|err| panic!("{err}\nin: {code}"))
}

/// The array that an expression makes, which must be of the type asked for.
#[track_caller]
pub(crate) fn array<'py, T: Element, D: ndarray::Dimension>(
    py: Python<'py>,
    code: &str,
) -> Bound<'py, PyArray<T, D>> {
    let array = eval(py, code);
    array
        .cast_into::<PyArray<T, D>>()
        .unwrap_or_else(|err| panic!("{err}\nin: {code}"))
}

/// The array that an expression makes, of whatever type.
#[track_caller]
pub(crate) fn untyped<'py>(py: Python<'py>, code: &str) -> Bound<'py, PyUntypedArray> {
    eval(py, code).cast_into::<PyUntypedArray>().unwrap()
}

/// NumPy's version, as in `(2, 4)`.
pub(crate) fn numpy_version(py: Python<'_>) -> (u32, u32) {
    eval(py, "tuple(int(n) for n in np.__version__.split('.')[:2])")
        .extract()
        .unwrap()
}

/// How many dimensions NumPy allows.
pub(crate) fn max_ndim(py: Python<'_>) -> usize {
    if numpy_version(py).0 >= 2 { 64 } else { 32 }
}

/// The number of references to an object.
pub(crate) fn refcount(ob: &Bound<'_, PyAny>) -> isize {
    // SAFETY: a live object.
    unsafe { ffi::Py_REFCNT(ob.as_ptr()) }
}

/// An object that nothing else refers to.
pub(crate) fn object(py: Python<'_>) -> Bound<'_, PyAny> {
    eval(py, "type('Thing', (), {})()")
}

/// Runs `work` and checks that it leaves the number of references to `ob` as it was.
#[track_caller]
pub(crate) fn keeps_refcount<R>(ob: &Bound<'_, PyAny>, work: impl FnOnce() -> R) -> R {
    let before = refcount(ob);
    let result = work();
    assert_eq!(refcount(ob), before, "references to the object");
    result
}

/// The text of the panic that `work` ends in.
#[track_caller]
pub(crate) fn panic_text<R>(work: impl FnOnce() -> R) -> String {
    let payload = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(_) => panic!("there was no panic"),
        Err(payload) => payload,
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast::<&str>().unwrap().to_string(),
    }
}

/// Checks that an error is exactly of the class `E`, and returns its text.
#[track_caller]
pub(crate) fn text_of<E: PyTypeInfo>(py: Python<'_>, err: impl Into<PyErr>) -> String {
    let err = err.into();
    let class = err.get_type(py);
    assert!(
        class.is(py.get_type::<E>()),
        "{err}, not an error of class {}",
        py.get_type::<E>()
    );
    err.value(py).to_string()
}

/// Like [`text_of`], of a result that must be an error.
#[track_caller]
pub(crate) fn refused<E: PyTypeInfo>(
    py: Python<'_>,
    result: Result<impl Sized, impl Into<PyErr>>,
) -> String {
    match result {
        Ok(_) => panic!("this was not refused"),
        Err(err) => text_of::<E>(py, err),
    }
}

/// Runs a test's body in a process of its own: for behaviour whose failure would be a crash, or
/// that depends on being the first in a process. `path` is the test's name with its modules.
#[track_caller]
pub(crate) fn in_child(path: &str, variant: &str, body: impl FnOnce(&str)) {
    const CHILD: &str = "NPYO_TEST_CHILD";
    if let Ok(variant) = std::env::var(CHILD) {
        return body(&variant);
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([path, "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, variant)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && stdout.contains("1 passed"),
        "{path} ({variant}) in a process of its own: {}\n{stdout}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs `code` with the ufunc as `f` and NumPy as `np`; an `assert` that fails is a panic.
#[track_caller]
pub(crate) fn check(ufunc: &Bound<'_, PyAny>, code: &str) {
    let names = PyDict::new(ufunc.py());
    names.set_item("f", ufunc).unwrap();
    names
        .set_item("np", ufunc.py().import("numpy").unwrap())
        .unwrap();
    let code = std::ffi::CString::new(code).unwrap();
    if let Err(err) = ufunc.py().run(&code, Some(&names), None) {
        err.display(ufunc.py());
        panic!("{err}");
    }
}
