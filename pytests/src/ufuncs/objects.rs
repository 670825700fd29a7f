//! Ufuncs of what is no number: objects, dates, texts, enumerations and records.

use npyo::datetime::{Datetime, Timedelta, units::Nanoseconds};
use npyo::ufunc::UfuncBuilder;
use npyo::{Element, PyFixedString};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

type Object = Py<PyAny>;
type Time = Datetime<Nanoseconds>;
type Span = Timedelta<Nanoseconds>;

#[derive(Element, Clone, Copy)]
#[repr(u8)]
enum Side {
    Buy = 1,
    Sell = 2,
}

/// Seven bytes of padding after `tag`, four at the end.
#[derive(Element, Clone, Copy)]
#[repr(C)]
struct Point {
    tag: i8,
    x: f64,
    y: f32,
}

#[derive(Element)]
#[repr(C)]
struct Labelled {
    label: Object,
    value: f64,
}

/// More than the stack of a thread has room for, if there were many.
#[derive(Element, Clone, Copy)]
#[repr(C)]
struct Large {
    values: [f64; 8192],
}

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    npyo::add_ufuncs!(
        module,
        call,
        call_with,
        object_add,
        swap,
        six,
        call_float,
        repeat,
        is_none,
        later,
        until,
        signed,
        ends_with_c,
        add_points,
        join,
        relabel,
        narrow,
        shrink,
        grow,
        fold
    )?;
    let large = |value: i32| Large {
        values: [f64::from(value); 8192],
    };
    UfuncBuilder::new("large").function(large).add_to(module)
}

/// `f(x)`
#[npyo::ufunc]
fn call(py: Python<'_>, f: Object, x: Object) -> PyResult<Object> {
    f.call1(py, (x,))
}

/// `f(a, b)`
#[npyo::ufunc]
fn call_with(py: Python<'_>, f: Object, a: Object, b: Object) -> PyResult<Object> {
    f.call1(py, (a, b))
}

/// `a + b`
#[npyo::ufunc(identity = zero)]
fn object_add(py: Python<'_>, a: Object, b: Object) -> PyResult<Object> {
    Ok(a.bind(py).add(b)?.unbind())
}

#[npyo::ufunc]
fn swap(_py: Python<'_>, a: Object, b: Object) -> (Object, Object) {
    (b, a)
}

/// `f(a, b, c, d, e)`, four results.
#[npyo::ufunc]
#[allow(clippy::too_many_arguments)]
fn six(
    py: Python<'_>,
    f: Object,
    a: Object,
    b: f64,
    c: Object,
    d: i16,
    e: Object,
) -> PyResult<(Object, f64, Object, i16)> {
    f.call1(py, (a, b, c, d, e))?.extract(py)
}

/// `f(x)` of numbers.
#[npyo::ufunc]
fn call_float(py: Python<'_>, f: Object, x: f64) -> PyResult<f64> {
    f.call1(py, (x,))?.extract(py)
}

#[npyo::ufunc]
fn repeat(py: Python<'_>, text: Py<PyString>, count: i64) -> PyResult<Object> {
    let text = text.to_str(py)?.repeat(usize::try_from(count)?);
    Ok(PyString::new(py, &text).into_any().unbind())
}

#[npyo::ufunc]
fn is_none(py: Python<'_>, a: Object) -> bool {
    a.is_none(py)
}

#[npyo::ufunc]
fn later(time: Time, span: Span) -> Time {
    Time::from(i64::from(time).wrapping_add(i64::from(span)))
}

#[npyo::ufunc]
fn until(a: Time, b: Time) -> Span {
    Span::from(i64::from(b).wrapping_sub(i64::from(a)))
}

#[npyo::ufunc]
fn signed(side: Side, price: f64) -> f64 {
    match side {
        Side::Buy => price,
        Side::Sell => -price,
    }
}

#[npyo::ufunc]
fn ends_with_c(text: PyFixedString<4>) -> bool {
    text.0[3] == b'C'
}

#[npyo::ufunc(identity = zero)]
fn add_points(a: Point, b: Point) -> Point {
    Point {
        tag: a.tag,
        x: a.x + b.x,
        y: a.y + b.y,
    }
}

/// The label of the first; a negative value is an error.
#[npyo::ufunc(identity = reorderable)]
fn join(_py: Python<'_>, a: Labelled, b: Labelled) -> PyResult<Labelled> {
    if a.value < 0.0 || b.value < 0.0 {
        return Err(PyValueError::new_err("negative"));
    }
    Ok(Labelled {
        label: a.label,
        value: a.value + b.value,
    })
}

/// `f(label)` as the label.
#[npyo::ufunc]
fn relabel(py: Python<'_>, f: Object, a: Labelled) -> PyResult<Labelled> {
    Ok(Labelled {
        label: f.call1(py, (a.label,))?,
        value: a.value,
    })
}

#[npyo::ufunc]
fn narrow(a: PyFixedString<8>, b: PyFixedString<8>) -> PyFixedString<4> {
    let mut joined = [a.0[0], b.0[0], a.0[7], b.0[7]];
    joined.reverse();
    joined.into()
}

#[npyo::ufunc]
fn shrink(a: f64, b: f64) -> i16 {
    (a - b) as i16
}

#[npyo::ufunc]
fn grow(a: i16, b: i16) -> f64 {
    f64::from(a) - f64::from(b)
}

#[npyo::ufunc]
fn fold(a: f64, b: i16) -> f64 {
    a - f64::from(b)
}
