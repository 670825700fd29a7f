//! Ufuncs with the results of NumPy's own, on the same types.

mod general;
mod objects;

use npyo::ufunc::{Identity, UfuncBuilder};
use npyo::{Complex32, Complex64};
use pyo3::exceptions::PyZeroDivisionError;
use pyo3::prelude::*;

/// The functions for all integers.
macro_rules! integers {
    ($builder:expr, $method:ident) => {{
        let mut builder = $builder;
        integers!(@ builder, $method, i8 u8 i16 u16 i32 u32 i64 u64);
        builder
    }};
    (@ $builder:ident, $method:ident, $($ty:ty)*) => {
        $($builder = $builder.function(<$ty>::$method);)*
    };
}

/// One function of one argument, or of two, for each of some types.
macro_rules! each {
    ($builder:expr, [$($ty:ty)*], |$a:ident| $body:expr) => {{
        let builder = $builder;
        $(let builder = builder.function(|$a: $ty| $body);)*
        builder
    }};
    ($builder:expr, [$($ty:ty)*], |$a:ident, $b:ident| $body:expr) => {{
        let builder = $builder;
        $(let builder = builder.function(|$a: $ty, $b: $ty| $body);)*
        builder
    }};
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    objects::register(module)?;
    general::register(module)?;
    let add = UfuncBuilder::new("add").identity(Identity::Zero);
    let add = integers!(add.function(|a: bool, b: bool| a | b), wrapping_add);
    each!(add, [f32 f64 Complex32 Complex64], |a, b| a + b).add_to(module)?;

    let multiply = UfuncBuilder::new("multiply").identity(Identity::One);
    let multiply = integers!(multiply.function(|a: bool, b: bool| a & b), wrapping_mul);
    each!(multiply, [f32 f64 Complex32 Complex64], |a, b| a * b).add_to(module)?;

    let subtract = integers!(UfuncBuilder::new("subtract"), wrapping_sub);
    each!(subtract, [f32 f64 Complex32 Complex64], |a, b| a - b).add_to(module)?;

    let less = UfuncBuilder::new("less").function(|a: bool, b: bool| !a & b);
    each!(less, [i8 u8 i16 u16 i32 u32 i64 u64 f32 f64], |a, b| a < b).add_to(module)?;

    UfuncBuilder::new("logical_not")
        .function(|a: bool| !a)
        .add_to(module)?;

    each!(UfuncBuilder::new("sqrt"), [f32 f64], |a| a.sqrt()).add_to(module)?;
    each!(UfuncBuilder::new("modf"), [f32 f64], |a| (a.fract(), a.trunc())).add_to(module)?;

    each!(UfuncBuilder::new("checked_remainder"), [i32 i64], |a, b| {
        a.checked_rem_euclid(b)
            .ok_or_else(|| PyZeroDivisionError::new_err(format!("{a} modulo {b}")))
    })
    .add_to(module)
}
