//! A guard stays on its thread; a view of it may go to another.
use npyo::{PyReadonlyArray1, prelude::*};
use pyo3::Python;

/// `Send`, without the compiler's list of reasons why a type is not.
trait Sent: Send {}

#[diagnostic::do_not_recommend]
impl<T: Send> Sent for T {}

fn send<T: Sent>(value: T, work: fn(T) -> f64) -> f64 {
    std::thread::scope(|scope| scope.spawn(|| work(value)).join().unwrap())
}

fn sum(guard: PyReadonlyArray1<'_, f64>) -> f64 {
    send(guard, |guard| guard.as_array().sum())
}

fn main() {
    Python::attach(|py| assert_eq!(sum(npyo::pyarray![py, 1.5].readonly()), 1.5));
}
