//! A guard is not used while detached from the interpreter; a view of it is.
use npyo::{PyReadonlyArray1, prelude::*};
use pyo3::Python;

/// `Ungil`, without the compiler's list of reasons why a type is not.
trait Detached: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> Detached for T {}

fn detach<T: Detached>(py: Python<'_>, value: T, work: fn(T) -> f64) -> f64 {
    py.detach(|| work(value))
}

fn sum(guard: PyReadonlyArray1<'_, f64>) -> f64 {
    detach(guard.py(), guard.as_array(), |view| view.sum())
}

fn main() {
    Python::attach(|py| assert_eq!(sum(npyo::pyarray![py, 1.5].readonly()), 1.5));
}
