//! Many record types, put together out of a few generic structs, each with a description from which
//! Python computes the layout by itself.

use half::f16;
use npyo::datetime::{Datetime, Timedelta, units};
use npyo::{
    Complex32, Complex64, Element, PyArray1, PyArrayDescr, PyArrayLike1, PyFixedString,
    PyFixedUnicode, PyReadonlyArray1, PyReadwriteArray1, Scalar, ToPyArray, prelude::*,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::{Function, add, argument};

type Args<'a, 'py> = &'a Bound<'py, PyTuple>;
type Result<'py> = PyResult<Bound<'py, PyAny>>;

/// The description of a type, as a Python expression: a string for what NumPy has a type for,
/// `("enum", type, values)`, `("array", len, item)`, or
/// `("struct", [fields], pack, align)` with 0 where a struct is not packed, or not aligned.
trait Describe {
    fn describe() -> String;
}

macro_rules! leaf {
    ($($ty:ty: $code:literal,)+) => {$(
        impl Describe for $ty {
            fn describe() -> String {
                format!("'{}'", $code)
            }
        }
    )+};
}

leaf! {
    bool: "?",
    i8: "i1", i16: "i2", i32: "i4", i64: "i8",
    u8: "u1", u16: "u2", u32: "u4", u64: "u8",
    f16: "f2", f32: "f4", f64: "f8",
    Complex32: "c8", Complex64: "c16",
    PyFixedString<5>: "S5", PyFixedUnicode<3>: "U3",
    Datetime<units::Nanoseconds>: "M8[ns]", Timedelta<units::Seconds>: "m8[s]",
    Py<PyAny>: "O",
}

impl<T: Describe, const N: usize> Describe for [T; N] {
    fn describe() -> String {
        format!("('array', {N}, {})", T::describe())
    }
}

fn describe_struct(fields: &[String], pack: usize, align: usize) -> String {
    format!("('struct', [{}], {pack}, {align})", fields.join(", "))
}

#[derive(Element)]
#[repr(u8)]
enum Small {
    One = 1,
    Two = 2,
    Last = 255,
}

#[derive(Element)]
#[repr(i32)]
enum Signed {
    Least = i32::MIN,
    MinusOne = -1,
    Zero = 0,
    Many = 70_000,
}

impl Describe for Small {
    fn describe() -> String {
        "('enum', 'u1', [1, 2, 255])".to_owned()
    }
}

impl Describe for Signed {
    fn describe() -> String {
        "('enum', 'i4', [-2147483648, -1, 0, 70000])".to_owned()
    }
}

/// A number of its own.
#[derive(Element)]
#[repr(transparent)]
struct New<T: Element>(T);

impl<T: Element + Describe> Describe for New<T> {
    fn describe() -> String {
        T::describe()
    }
}

macro_rules! structs {
    ($($name:ident<$($param:ident),+> { $($field:ident: $ty:ty,)+ } $repr:meta, $pack:literal, $align:literal;)+) => {$(
        #[derive(Element)]
        #[$repr]
        struct $name<$($param: Element),+> {
            $($field: $ty,)+
        }

        impl<$($param: Element + Describe),+> Describe for $name<$($param),+> {
            fn describe() -> String {
                describe_struct(&[$(<$ty>::describe()),+], $pack, $align)
            }
        }
    )+};
}

// The fields are called `a`, `b` and `c`.
structs! {
    C1<A> { a: A, } repr(C), 0, 0;
    C2<A, B> { a: A, b: B, } repr(C), 0, 0;
    C3<A, B, D> { a: A, b: B, c: D, } repr(C), 0, 0;
    P2<A, B> { a: A, b: B, } repr(C, packed), 1, 0;
    P3<A, B, D> { a: A, b: B, c: D, } repr(C, packed), 1, 0;
    H2<A, B> { a: A, b: B, } repr(C, packed(2)), 2, 0;
    H3<A, B, D> { a: A, b: B, c: D, } repr(C, packed(4)), 4, 0;
    W2<A, B> { a: A, b: B, } repr(C, align(16)), 0, 16;
    CA<A, B> { a: A, b: [B; 3], } repr(C), 0, 0;
    CN<A, B> { a: [[A; 3]; 2], b: B, } repr(C), 0, 0;
    CO<A, B> { a: A, b: [B; 1], c: A, } repr(C), 0, 0;
    PA<A, B> { a: A, b: [B; 2], c: A, } repr(C, packed), 1, 0;
    PN<A, B> { a: A, b: [[B; 2]; 2], } repr(C, packed), 1, 0;
}

type Object = Py<PyAny>;
type Bytes = PyFixedString<5>;
type Text = PyFixedUnicode<3>;
type Date = Datetime<units::Nanoseconds>;
type Span = Timedelta<units::Seconds>;

macro_rules! layouts {
    ($module:ident: $($ty:ty,)+) => {$(
        layout::<$ty>($module, stringify!($ty))?;
    )+};
}

/// A dict `layouts`, from the name of each type to its description and a function.
pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let dict = PyDict::new(parent.py());
    let layouts = &dict;
    layouts! { layouts:
        C1<u8>, C1<f64>, C1<bool>, C1<Object>, C1<Text>, C1<Small>, C1<Complex64>,
        C2<u8, u8>, C2<u8, u16>, C2<u8, u32>, C2<u8, u64>, C2<u64, u8>, C2<i16, f64>,
        C2<f32, Complex32>, C2<u8, Complex64>, C2<Bytes, f64>, C2<Bytes, Text>, C2<bool, Date>,
        C2<Span, bool>, C2<f16, f32>, C2<Small, Signed>, C2<Signed, Small>, C2<u8, Object>,
        C2<Object, u8>, C2<New<i16>, New<f64>>, C2<bool, bool>, C2<Text, i8>,
        C3<u8, u16, u8>, C3<u8, f64, u8>, C3<i8, i32, i64>, C3<f64, u8, f32>, C3<bool, u32, bool>,
        C3<Bytes, u8, Date>, C3<Small, f64, bool>, C3<Object, u8, Object>, C3<u8, Text, f16>,
        P2<u8, f64>, P2<u8, u16>, P2<bool, Complex64>, P2<Bytes, Signed>, P2<u8, Object>,
        P2<f16, Date>, P2<Small, Text>, P2<Object, Object>,
        P3<u8, u64, u8>, P3<bool, f32, i64>, P3<u8, Object, u8>, P3<Text, u8, Span>,
        H2<u8, f64>, H2<u8, u8>, H2<Object, u8>, H3<u8, f64, u8>, H3<u8, u16, Date>,
        H3<u16, Complex32, bool>,
        W2<u8, f64>, W2<f64, f64>, W2<bool, Object>, W2<Complex64, u8>,
        CA<u8, u16>, CA<u8, f64>, CA<f64, u8>, CA<u8, bool>, CA<Date, Bytes>, CA<u8, Object>,
        CA<u16, Small>, CA<u8, Complex32>, CA<u8, Text>,
        CN<u8, f64>, CN<bool, u16>, CN<f32, u8>, CN<Object, u8>, CN<Signed, u8>, CN<Bytes, i64>,
        CO<u8, f64>, CO<Small, Object>, CO<f32, u8>,
        PA<u8, f64>, PA<u16, Object>, PA<bool, Bytes>, PA<Signed, u8>,
        PN<u8, f32>, PN<u8, Small>, PN<bool, Object>,
        C2<u8, C2<u8, f64>>, C2<C2<u8, u16>, u8>, C2<C2<u8, u16>, C2<u8, u16>>,
        C2<u8, P2<u8, f64>>, C2<P2<u8, u16>, f64>, P2<u8, C2<u8, f64>>, P2<C2<u16, u8>, bool>,
        P2<P2<u8, u16>, P2<u32, u8>>, C2<u8, H2<u8, f64>>, C3<u8, H3<u8, f64, u8>, u16>,
        C2<u8, W2<u8, f64>>, C3<W2<u8, u8>, f64, W2<u8, bool>>, W2<u8, C2<u8, u16>>,
        C3<C2<bool, u32>, P2<bool, u32>, C2<Small, f64>>,
        C2<C2<Object, u8>, P2<u8, Object>>, C2<u8, C2<u8, C2<u8, C2<u8, f64>>>>,
        C2<P2<u8, C2<u8, P2<u8, C2<u8, u16>>>>, u32>,
        CA<u8, C2<u8, u16>>, CA<u8, P2<u8, u16>>, CA<f64, C2<u8, bool>>, CA<u8, C2<u8, Object>>,
        CA<u8, W2<u8, u16>>, CA<u8, CA<u8, u16>>, CA<u8, CN<u8, bool>>,
        CN<C2<u8, u16>, f64>, CN<P2<u8, Object>, bool>, CN<CA<u8, u16>, u8>,
        PA<u8, C2<u8, f64>>, PA<bool, P2<u8, Small>>, PN<u8, C2<u8, Object>>, PN<u8, CA<u8, bool>>,
        CO<C2<u8, u16>, C2<u8, u64>>, C3<CA<u8, u16>, PA<u8, f64>, CN<bool, Bytes>>,
    }
    parent.add("layouts", layouts)
}

fn layout<T: Element + Describe + 'static>(
    layouts: &Bound<'_, PyDict>,
    name: &str,
) -> PyResult<()> {
    let module = PyModule::new(layouts.py(), "layout")?;
    add(&module, "call", call::<T> as Function)?;
    let function = module.getattr("call")?;
    let (size, align) = (size_of::<T>(), align_of::<T>());
    layouts.set_item(name, (T::describe(), size, align, function))
}

/// `call(way)`: the dtype; `call(way, array)`: a new array with the elements that came to Rust in one
/// way and went back in another.
fn call<'py, T: Element + 'static>(args: Args<'_, 'py>) -> Result<'py> {
    let py = args.py();
    let array = || Ok::<_, PyErr>(args.get_item(1)?.cast_into::<PyArray1<T>>()?);
    let result = match argument::<String>(args, 0)?.as_str() {
        "dtype" => return Ok(PyArrayDescr::try_of::<T>(py)?.into_any()),
        "to_vec" => PyArray1::try_from_vec(py, array()?.to_vec()?)?,
        "view" => argument::<PyReadonlyArray1<'py, T>>(args, 1)?
            .try_as_array()?
            .try_to_pyarray(py)?,
        "slice" => {
            let guard: PyReadonlyArray1<'py, T> = argument(args, 1)?;
            PyArray1::try_from_slice(py, guard.as_slice()?)?
        }
        "iter" => {
            let guard = array()?.try_readonly()?;
            PyArray1::try_from_iter(py, guard.iter()?)?
        }
        "items" => {
            let guard = array()?.try_readonly()?;
            let new = PyArray1::<T>::try_zeros(py, guard.len(), false)?;
            let mut to = new.try_readwrite()?;
            for i in 0..guard.len() {
                let item = guard.try_get_owned(i)?;
                to.set(i, item.ok_or_else(|| PyValueError::new_err("no item"))?)?;
            }
            drop(to);
            new
        }
        "like" => argument::<PyArrayLike1<'py, T>>(args, 1)?
            .try_to_owned_array()?
            .try_to_pyarray(py)?,
        "scalar" => return argument::<Scalar<T>>(args, 1)?.into_pyobject(py),
        "set first to last" => {
            let mut guard = array()?.try_readwrite()?;
            if let Some(last) = guard.try_get_owned(guard.len() - 1)? {
                guard.set(0, last)?;
            }
            return Ok(py.None().into_bound(py));
        }
        "reverse" => {
            let mut guard: PyReadwriteArray1<'py, T> = argument(args, 1)?;
            let mut view = guard.try_as_array_mut()?;
            let len = view.len();
            for i in 0..len / 2 {
                view.swap(i, len - 1 - i);
            }
            return Ok(py.None().into_bound(py));
        }
        other => return Err(PyValueError::new_err(format!("no way {other}"))),
    };
    Ok(result.into_any())
}
