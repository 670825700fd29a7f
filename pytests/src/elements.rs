//! A submodule for every element type.

use half::{bf16, f16};
use npyo::datetime::{Datetime, Timedelta, Unit, units};
use npyo::{Complex32, Complex64, Element, PyFixedString, PyFixedUnicode};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::{conflict, create, hold, round_trip};

macro_rules! elements {
    ($parent:ident: $($name:literal $ty:ty,)+) => {
        $(element::<$ty>($parent, $name)?;)+
    };
}

macro_rules! units {
    ($parent:ident: $($name:literal $unit:ident,)+) => {$(
        unit::<units::$unit>($parent, $name)?;
    )+};
}

macro_rules! numbers {
    ($parent:ident: $($name:literal $ty:ty,)+) => {$(
        let module = element::<$ty>($parent, $name)?;
        create::register_number::<$ty>(&module)?;
    )+};
}

pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    numbers! { parent:
        "i8" i8,
        "i16" i16,
        "i32" i32,
        "i64" i64,
        "isize" isize,
        "u8" u8,
        "u16" u16,
        "u32" u32,
        "u64" u64,
        "usize" usize,
        "f32" f32,
        "f64" f64,
    }
    elements! { parent:
        "bool" bool,
        "f16" f16,
        "bf16" bf16,
        "c32" Complex32,
        "c64" Complex64,
        "bytes3" PyFixedString<3>,
        "bytes8" PyFixedString<8>,
        "str2" PyFixedUnicode<2>,
        "str5" PyFixedUnicode<5>,
        "object" Py<PyAny>,
        "string" Py<PyString>,
    }
    units! { parent:
        "Y" Years,
        "M" Months,
        "W" Weeks,
        "D" Days,
        "h" Hours,
        "m" Minutes,
        "s" Seconds,
        "ms" Milliseconds,
        "us" Microseconds,
        "ns" Nanoseconds,
        "ps" Picoseconds,
        "fs" Femtoseconds,
        "as" Attoseconds,
    }
    Ok(())
}

fn unit<U: Unit + 'static>(parent: &Bound<'_, PyModule>, name: &str) -> PyResult<()> {
    element::<Datetime<U>>(parent, &format!("datetime_{name}"))?;
    element::<Timedelta<U>>(parent, &format!("timedelta_{name}"))?;
    Ok(())
}

pub(crate) fn element<'py, T: Element + 'static>(
    parent: &Bound<'py, PyModule>,
    name: &str,
) -> PyResult<Bound<'py, PyModule>> {
    let module = PyModule::new(parent.py(), name)?;
    round_trip::register::<T>(&module)?;
    hold::register::<T>(&module)?;
    conflict::register::<T>(&module)?;
    create::register_element::<T>(&module)?;
    parent.add_submodule(&module)?;
    Ok(module)
}
