//! Records of a few shapes, each with a submodule as every other element type has, and what only
//! records can do.

use npyo::{
    AllowTypeChange, Complex32, Complex64, Element, PyArray1, PyArrayLike1, PyFixedString,
    PyFixedUnicode, PyReadwriteArray1, PyUntypedArray, Scalar, ToPyArray,
    datetime::{Datetime, units::Nanoseconds},
    prelude::*,
};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::{add, argument, elements::element};

type Args<'a, 'py> = &'a Bound<'py, pyo3::types::PyTuple>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

#[derive(Element, Clone, Copy)]
#[repr(i64)]
pub(crate) enum Sign {
    Minus = -1,
    Plus = 1,
}

#[derive(Element, Clone, Copy)]
#[repr(u8)]
pub(crate) enum Side {
    Buy = 1,
    Sell = 2,
}

/// Three bytes of padding after `flag`, four after `single`.
#[derive(Element)]
#[repr(C)]
pub(crate) struct Simple {
    flag: bool,
    count: u32,
    single: f32,
    double: f64,
}

#[derive(Element)]
#[repr(C, packed)]
pub(crate) struct Packed {
    flag: bool,
    count: u32,
    single: f32,
    double: f64,
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Nested {
    a: Simple,
    b: Packed,
}

/// One byte of padding.
#[derive(Element)]
#[repr(C)]
pub(crate) struct Ends {
    x: u8,
    z: u16,
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Point<T: Element> {
    x: T,
    y: T,
}

/// The names are the other way round than those of `Line`.
#[derive(Element)]
#[repr(C)]
pub(crate) struct Line {
    from: Point<f64>,
    to: [Point<f64>; 2],
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Strings {
    a: PyFixedString<3>,
    b: PyFixedUnicode<3>,
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Arrays {
    a: [PyFixedString<4>; 3],
    b: [i32; 2],
    c: [u8; 3],
    d: [[f32; 2]; 4],
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Enums {
    e1: Sign,
    e2: Side,
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Complexes {
    single: Complex32,
    double: Complex64,
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Timed {
    when: Datetime<Nanoseconds>,
    level: i16,
    ratio: f32,
    size: u64,
}

#[derive(Element)]
#[repr(C)]
pub(crate) struct Tagged {
    id: u8,
    tag: Py<PyAny>,
    name: Py<PyString>,
    pair: [Py<PyAny>; 2],
}

#[derive(Element)]
#[repr(C, packed)]
pub(crate) struct PackedTag {
    id: u8,
    tag: Py<PyAny>,
}

macro_rules! records {
    ($parent:ident: $($name:literal $ty:ty,)+) => {
        $(record::<$ty>($parent, $name)?;)+
    };
}

pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = PyModule::new(parent.py(), "records")?;
    let records = &module;
    records! { records:
        "Side" Side,
        "Simple" Simple,
        "Packed" Packed,
        "Nested" Nested,
        "Ends" Ends,
        "PointF64" Point<f64>,
        "PointI16" Point<i16>,
        "Line" Line,
        "Strings" Strings,
        "Arrays" Arrays,
        "Enums" Enums,
        "Complexes" Complexes,
        "Timed" Timed,
        "Tagged" Tagged,
        "PackedTag" PackedTag,
    }
    records.add_function(wrap_pyfunction!(sum_of_field, records)?)?;
    records.add_function(wrap_pyfunction!(set_field, records)?)?;
    parent.add_submodule(records)
}

fn record<T: Element + 'static>(parent: &Bound<'_, PyModule>, name: &str) -> PyResult<()> {
    let module = element::<T>(parent, name)?;
    add(&module, "scalar", scalar::<T>)?;
    add(&module, "like_cast_1d", like_cast_1d::<T>)?;
    add(&module, "set_owned", set_owned::<T>)?;
    add(&module, "items", items::<T>)
}

fn scalar<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    argument::<Scalar<T>>(args, 0)?.into_pyobject(args.py())
}

fn like_cast_1d<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array: PyArrayLike1<'py, T, AllowTypeChange> = argument(args, 0)?;
    Ok(array.to_vec()?.try_to_pyarray(args.py())?.into_any())
}

/// `a[i] = x`, in arrays of any layout, where a guard is asked for by a method.
fn set_owned<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array = args.get_item(0)?.cast_into::<PyArray1<T>>()?;
    let mut guard = array.try_readwrite()?;
    let Scalar(value) = argument(args, 2)?;
    guard.set(argument::<usize>(args, 1)?, value)?;
    Ok(args.py().None().into_bound(args.py()))
}

/// The elements one by one, from arrays of any layout.
fn items<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let array = args.get_item(0)?.cast_into::<PyArray1<T>>()?;
    let guard = array.try_readonly()?;
    let items: Vec<T> = guard.iter()?.collect();
    Ok(PyArray1::try_from_iter(args.py(), items)?.into_any())
}

#[pyfunction]
fn sum_of_field(array: &Bound<'_, PyUntypedArray>, name: &str) -> PyResult<f64> {
    let field = PyArray1::<f64>::from_field(array, name)?;
    Ok(field.to_vec()?.iter().sum())
}

#[pyfunction]
fn set_field(array: &Bound<'_, PyUntypedArray>, name: &str, value: f64) -> PyResult<()> {
    let field = PyArray1::<f64>::from_field(array, name)?;
    let mut guard: PyReadwriteArray1<'_, f64> = field.try_readwrite()?;
    (0..guard.len()).try_for_each(|i| guard.set(i, value))
}
