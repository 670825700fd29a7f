//! The import, in processes of their own where it matters that there has been none.

use std::{
    env,
    process::{Command, Output},
    ptr,
};

use pyo3::{
    exceptions::{PyImportError, PyModuleNotFoundError},
    prelude::*,
};

use super::{eval, none};
use crate::npyffi::{import::running_numpy, *};

#[test]
fn the_runtime_version_is_that_of_the_running_numpy() {
    Python::attach(|py| {
        let (major, minor) = numpy_version(py);
        let expected = match (major, minor) {
            (1, 21) => NPY_1_21_API_VERSION,
            (1, 22) => NPY_1_22_API_VERSION,
            (1, 23 | 24) => NPY_1_23_API_VERSION,
            (1, 25 | 26) => NPY_1_25_API_VERSION,
            (2, 0) => NPY_2_0_API_VERSION,
            (2, 1 | 2) => NPY_2_1_API_VERSION,
            (2, 3) => NPY_2_3_API_VERSION,
            (2, 4) => NPY_2_4_API_VERSION,
            _ => runtime_version(py).max(NPY_2_5_API_VERSION),
        };
        assert_eq!(runtime_version(py), expected);
        assert_eq!(is_numpy_2(py), major >= 2);
        assert!(import(py).is_ok());
        let module = multiarray_module_name(py).expect("NumPy is there");
        assert!(py.import(module).is_ok(), "{module}");
    });
}

/// The running NumPy's version as (major, minor).
fn numpy_version(py: Python<'_>) -> (u32, u32) {
    let version = running_numpy(py);
    let mut parts = version
        .split('.')
        .map(|part| part.parse().expect("a number"));
    (
        parts.next().expect("a major version"),
        parts.next().expect("a minor version"),
    )
}

/// Set in the processes that run the body of a test by itself.
const CHILD: &str = "NPYO_TEST_CHILD";

/// Whether this process is there for the body of one test; elsewhere that has nothing to do.
fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// Runs a test of this file in a process of its own.
fn child(test: &str) -> Output {
    Command::new(env::current_exe().expect("this is a test"))
        .args([
            "--exact",
            &format!("npyffi::tests::import::{test}"),
            "--nocapture",
        ])
        .env(CHILD, "1")
        .output()
        .expect("the test can run itself")
}

fn assert_passes(test: &str) {
    let output = child(test);
    assert!(output.status.success(), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{output:?}"
    );
}

/// Takes every directory with a NumPy from Python's search path.
fn hide_numpy(py: Python<'_>) {
    py.run(
        c"import os, sys\n\
          sys.path[:] = [p for p in sys.path if not os.path.isdir(os.path.join(p, 'numpy'))]",
        None,
        None,
    )
    .expect("the path can be changed");
}

#[test]
fn without_numpy_the_import_error_names_the_version() {
    assert_passes("child_without_numpy");
}

#[test]
fn child_without_numpy() {
    if !is_child() {
        return;
    }
    Python::attach(|py| {
        hide_numpy(py);
        let text =
            "npyo needs NumPy 1.21 or newer, but NumPy is not installed: No module named 'numpy'";
        let error = import(py).expect_err("there is no NumPy");
        assert!(error.is_instance_of::<PyImportError>(py));
        assert_eq!(error.value(py).to_string(), text);
        let cause = error.cause(py).expect("the cause is told");
        assert!(cause.is_instance_of::<PyModuleNotFoundError>(py));

        // SAFETY: the function fails before it uses the arguments.
        let error = unsafe { PY_ARRAY_API.PyArray_GetDefaultDescr(py, ptr::null_mut()) };
        assert_eq!(error.expect_err("as above").value(py).to_string(), text);

        // SAFETY: the function panics before it uses the arguments.
        let panic = std::panic::catch_unwind(|| unsafe { PyArray_Check(py, none(py)) });
        let panic = panic.expect_err("there is no NumPy");
        let panic = panic.downcast_ref::<String>().expect("a text");
        assert_eq!(*panic, format!("ImportError: {text}"));
    });
}

#[test]
fn a_broken_numpy_is_told_from_a_missing_one() {
    assert_passes("child_with_a_broken_numpy");
}

#[test]
fn child_with_a_broken_numpy() {
    if !is_child() {
        return;
    }
    Python::attach(|py| {
        hide_numpy(py);
        py.run(
            c"import sys, types\n\
              sys.modules['numpy'] = types.ModuleType('numpy')",
            None,
            None,
        )
        .expect("a module can be faked");
        let error = import(py).expect_err("this is no NumPy");
        assert!(error.is_instance_of::<PyImportError>(py));
        let text = error.value(py).to_string();
        assert!(
            text.starts_with("npyo needs NumPy 1.21 or newer, but importing it failed: "),
            "{text}"
        );
        assert!(error.cause(py).is_some());

        // A later import can succeed.
        py.run(c"import sys; del sys.modules['numpy']", None, None)
            .expect("it was there");
        let paths = env::var_os("PYTHONPATH").unwrap_or_default();
        let sys_path = py
            .import("sys")
            .and_then(|sys| sys.getattr("path"))
            .expect("a path");
        for path in env::split_paths(&paths) {
            sys_path
                .call_method1("append", (path.to_str(),))
                .expect("a list");
        }
        import(py).expect("NumPy is back");
    });
}

#[test]
fn many_threads_can_import_at_once() {
    assert_passes("child_that_imports_on_many_threads");
}

#[test]
fn child_that_imports_on_many_threads() {
    if !is_child() {
        return;
    }
    // Python is initialised before the threads race for NumPy.
    Python::attach(|_| ());
    let barrier = std::sync::Barrier::new(8);
    std::thread::scope(|scope| {
        for i in 0..8 {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                Python::attach(|py| {
                    if i % 2 == 0 {
                        // As another module might, at the same time.
                        assert!(py.import("numpy").is_ok());
                    }
                    assert!(runtime_version(py) >= NPY_1_21_API_VERSION);
                    let object = eval(py, "np.zeros(3)");
                    // SAFETY: a live object.
                    assert_eq!(unsafe { PyArray_CheckExact(py, object.as_ptr()) }, 1);
                });
            });
        }
    });
}
