//! Functions of single elements called for whole arrays, to be compared with NumPy's ufuncs.

use std::sync::atomic::{AtomicUsize, Ordering};

use npyo::broadcast::{Broadcast, Casting, scalar_or_array};
use npyo::{Complex64, Order, PyArrayDyn};
use pyo3::exceptions::{PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;

type Arrays<'py, A, B> = (Bound<'py, PyArrayDyn<A>>, Bound<'py, PyArrayDyn<B>>);

/// By the names that NumPy has for them, and `threads` for several threads.
fn broadcast(casting: &str, order: &str, threads: usize) -> PyResult<Broadcast> {
    let broadcast = Broadcast::new().casting(match casting {
        "no" => Casting::No,
        "equiv" => Casting::Equivalent,
        "safe" => Casting::Safe,
        "same_kind" => Casting::SameKind,
        "unsafe" => Casting::Unsafe,
        _ => return Err(PyValueError::new_err(casting.to_owned())),
    });
    let broadcast = match order {
        "K" => broadcast,
        "C" => broadcast.order(Order::C),
        "F" => broadcast.order(Order::Fortran),
        _ => return Err(PyValueError::new_err(order.to_owned())),
    };
    Ok(if threads > 1 {
        broadcast.parallel()
    } else {
        broadcast
    })
}

/// A function of two arguments that returns new arrays, and one that writes to given ones.
macro_rules! of_two {
    ($name:ident, $into:ident: |$a:ident, $b:ident| $ty:ty => $result:ty, $body:expr) => {
        #[pyfunction]
        #[pyo3(signature = (a, b, casting="safe", order="K", threads=1))]
        fn $name<'py>(
            a: &Bound<'py, PyAny>,
            b: &Bound<'py, PyAny>,
            casting: &str,
            order: &str,
            threads: usize,
        ) -> PyResult<Bound<'py, PyArrayDyn<$result>>> {
            broadcast(casting, order, threads)?.call([a, b], |$a: $ty, $b: $ty| $body)
        }

        #[pyfunction]
        #[pyo3(signature = (a, b, out, casting="safe", threads=1))]
        fn $into(
            a: &Bound<'_, PyAny>,
            b: &Bound<'_, PyAny>,
            out: &Bound<'_, PyAny>,
            casting: &str,
            threads: usize,
        ) -> PyResult<()> {
            broadcast(casting, "K", threads)?.call_into([a, b], [out], |$a: $ty, $b: $ty| $body)
        }
    };
}

of_two!(add_i4, add_i4_into: |a, b| i32 => i32, a.wrapping_add(b));
of_two!(add_i8, add_i8_into: |a, b| i64 => i64, a.wrapping_add(b));
of_two!(add_u1, add_u1_into: |a, b| u8 => u8, a.wrapping_add(b));
of_two!(add_f4, add_f4_into: |a, b| f32 => f32, a + b);
of_two!(add_f8, add_f8_into: |a, b| f64 => f64, a + b);
of_two!(add_c16, add_c16_into: |a, b| Complex64 => Complex64, a + b);
of_two!(less_f8, less_f8_into: |a, b| f64 => bool, a < b);

/// As `np.hypot`.
#[pyfunction]
fn hypot<'py>(x: &Bound<'py, PyAny>, y: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    scalar_or_array(Broadcast::new().call([x, y], |x: f64, y: f64| x.hypot(y))?)
}

/// As `np.hypot`, on several threads.
#[pyfunction]
fn parallel_hypot<'py>(
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    scalar_or_array(
        Broadcast::new()
            .parallel()
            .call([x, y], |x: f64, y: f64| x.hypot(y))?,
    )
}

/// The quotient and the remainder, which is not negative.
#[pyfunction]
#[pyo3(signature = (a, b, threads=1))]
fn div_rem<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    threads: usize,
) -> PyResult<Arrays<'py, i64, i64>> {
    broadcast("safe", "K", threads)?.call([a, b], |a: i64, b: i64| {
        match (a.checked_div_euclid(b), a.checked_rem_euclid(b)) {
            (Some(quotient), Some(remainder)) => Ok((quotient, remainder)),
            _ => Err(PyZeroDivisionError::new_err(format!("{a} by {b}"))),
        }
    })
}

/// How many elements are equal.
#[pyfunction]
#[pyo3(signature = (a, b, threads=1))]
fn count_equal(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>, threads: usize) -> PyResult<usize> {
    let count = AtomicUsize::new(0);
    broadcast("unsafe", "K", threads)?.call([a, b], |a: f64, b: f64| {
        count.fetch_add((a == b).into(), Ordering::Relaxed);
    })?;
    Ok(count.into_inner())
}

/// The results of calling each object.
#[pyfunction]
fn call_each<'py>(
    function: &Bound<'py, PyAny>,
    argument: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArrayDyn<Py<PyAny>>>> {
    let call = |py: Python<'_>, function: Py<PyAny>, x: Py<PyAny>| function.call1(py, (x,));
    Broadcast::new().call([function, argument], call)
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions!(
        module: add_i4, add_i4_into, add_i8, add_i8_into, add_u1, add_u1_into, add_f4, add_f4_into,
        add_f8, add_f8_into, add_c16, add_c16_into, less_f8, less_f8_into, hypot, parallel_hypot,
        div_rem, count_equal, call_each,
    );
    Ok(())
}
