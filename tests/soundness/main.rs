//! What the numpy crate does wrong, one test for each hole, from Python data on: here it is
//! refused, or done right.
//!
//! The names begin with the hole's number in the list that the tests were written from: `a` for
//! what needs no odd Python code, `b` for Python code that changes an array while it is borrowed,
//! `c` for flaws of the interface, `s` for what was measured. Where the numpy crate aborts the
//! process, the test runs in one of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that unwraps an error has failed, and says where"
)]

#[path = "../it/common.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod common;
mod ways;

mod borrows;
mod changes;
mod errors;
mod frozen;
mod layouts;
mod linalg;
#[cfg(feature = "nalgebra")]
mod matrices;
mod values;

use pyo3::Python;

/// Runs a test's body in a process of its own, which must survive it. `path` is the test's name
/// with its module.
#[track_caller]
fn survives(path: &str, body: impl FnOnce(Python<'_>)) {
    common::in_child(path, "", |_| Python::attach(body));
}
