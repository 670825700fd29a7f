//! Dates and durations, `datetime64` and `timedelta64`.

use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::dtype::cache::Slot;
use crate::dtype::descr::PyArrayDescr;
use crate::element::num::copied;
use crate::element::trait_::Element;
use crate::npyffi::NPY_DATETIMEUNIT;

/// A [unit of time][units], as a type.
///
/// [units]: https://numpy.org/doc/stable/reference/arrays.datetime.html#datetime-units
pub trait Unit: Send + Sync + Clone + Copy + PartialEq + Eq + Hash + PartialOrd + Ord {
    /// NumPy's number for the unit.
    const UNIT: NPY_DATETIMEUNIT;

    /// The abbreviation that debug output shows.
    const ABBREV: &'static str;
}

macro_rules! define_units {
    ($($(#[$meta:meta])* $name:ident => $unit:ident $abbrev:literal,)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name;

        impl Unit for $name {
            const UNIT: NPY_DATETIMEUNIT = NPY_DATETIMEUNIT::$unit;
            const ABBREV: &'static str = $abbrev;
        }
    )+};
}

/// NumPy's units of time.
pub mod units {
    use super::{NPY_DATETIMEUNIT, Unit};

    define_units!(
        /// Years of the Gregorian calendar.
        Years => NPY_FR_Y "a",
        /// Months of the Gregorian calendar.
        Months => NPY_FR_M "mo",
        /// Weeks of 7 days.
        Weeks => NPY_FR_W "w",
        /// Days of 24 hours.
        Days => NPY_FR_D "d",
        /// Hours of 60 minutes.
        Hours => NPY_FR_h "h",
        /// Minutes of 60 seconds.
        Minutes => NPY_FR_m "min",
        /// Seconds; NumPy knows no leap seconds.
        Seconds => NPY_FR_s "s",
        /// Milliseconds, 10⁻³ seconds.
        Milliseconds => NPY_FR_ms "ms",
        /// Microseconds, 10⁻⁶ seconds.
        Microseconds => NPY_FR_us "µs",
        /// Nanoseconds, 10⁻⁹ seconds.
        Nanoseconds => NPY_FR_ns "ns",
        /// Picoseconds, 10⁻¹² seconds.
        Picoseconds => NPY_FR_ps "ps",
        /// Femtoseconds, 10⁻¹⁵ seconds.
        Femtoseconds => NPY_FR_fs "fs",
        /// Attoseconds, 10⁻¹⁸ seconds.
        Attoseconds => NPY_FR_as "as",
    );
}

/// NumPy's codes of the units, by their numbers; number 3 was given up long ago.
const CODES: [&str; 14] = [
    "Y", "M", "W", "", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as",
];

/// The descriptors of `datetime64` or of `timedelta64`, by the number of the unit.
type Slots = [Slot; CODES.len()];

fn descr_of_unit<'py>(
    py: Python<'py>,
    slots: &Slots,
    kind: char,
    unit: NPY_DATETIMEUNIT,
) -> PyResult<Bound<'py, PyArrayDescr>> {
    let number = usize::try_from(unit.0).unwrap_or(usize::MAX);
    let Some(code) = CODES.get(number).filter(|code| !code.is_empty()) else {
        return Err(PyTypeError::new_err(format!(
            "{unit:?} is not a unit of datetime64 that a Rust type can stand for"
        )));
    };
    let make = || PyArrayDescr::new(py, format!("{kind}8[{code}]"));
    Ok(slots[number].get_or_try_init(py, make)?.to_owned())
}

macro_rules! define_time {
    ($(#[$meta:meta])* $name:ident, $label:literal, $kind:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(transparent)]
        pub struct $name<U: Unit>(i64, PhantomData<U>);

        impl<U: Unit> $name<U> {
            /// "Not a time", the value of missing or impossible times.
            ///
            /// Rust compares it as the smallest number; NumPy holds it for unequal to all,
            /// itself included.
            pub const NAT: Self = Self(i64::MIN, PhantomData);

            /// Whether this is [`NAT`][Self::NAT].
            #[must_use]
            pub const fn is_nat(self) -> bool {
                self.0 == i64::MIN
            }
        }

        impl<U: Unit> From<i64> for $name<U> {
            fn from(val: i64) -> Self {
                Self(val, PhantomData)
            }
        }

        impl<U: Unit> From<$name<U>> for i64 {
            fn from(val: $name<U>) -> Self {
                val.0
            }
        }

        impl<U: Unit> fmt::Debug for $name<U> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if self.is_nat() {
                    write!(f, "{}(NaT {})", $label, U::ABBREV)
                } else {
                    write!(f, "{}({} {})", $label, self.0, U::ABBREV)
                }
            }
        }

        // SAFETY: an element is a 64-bit count of units; every bit pattern is a value (the
        // smallest is NaT) and a bitwise copy a clone.
        unsafe impl<U: Unit> Element for $name<U> {
            copied!();

            fn get_dtype(py: Python<'_>) -> Bound<'_, PyArrayDescr> {
                Self::try_get_dtype(py).unwrap_or_else(|err| panic!("{err}"))
            }

            fn try_get_dtype(py: Python<'_>) -> PyResult<Bound<'_, PyArrayDescr>> {
                // One and the same for all `U`, hence by unit.
                static SLOTS: Slots = [const { Slot::new() }; CODES.len()];
                descr_of_unit(py, &SLOTS, $kind, U::UNIT)
            }
        }
    };
}

define_time!(
    /// A moment, counted in units of `U` from 1970-01-01T00:00: an element of a `datetime64[U]`
    /// array.
    ///
    /// ```
    /// use npyo::datetime::{Datetime, units::Days};
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let days = [Datetime::<Days>::from(1), Datetime::NAT];
    ///     let array = PyArray1::from_slice(py, &days);
    ///     assert_eq!(array.to_string(), "['1970-01-02'        'NaT']");
    /// });
    /// ```
    Datetime,
    "Datetime",
    'M'
);

define_time!(
    /// A duration, counted in units of `U`: an element of a `timedelta64[U]` array.
    ///
    /// ```
    /// use npyo::datetime::{Timedelta, units::Hours};
    /// use npyo::{PyArray1, prelude::*};
    /// use pyo3::Python;
    ///
    /// Python::attach(|py| {
    ///     let array = PyArray1::from_slice(py, &[Timedelta::<Hours>::from(36)]);
    ///     assert_eq!(i64::from(array.get_owned(0).unwrap()), 36);
    /// });
    /// ```
    Timedelta,
    "Timedelta",
    'm'
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_names_value_and_unit() {
        let day = Datetime::<units::Days>::from(28);
        assert_eq!(format!("{day:?}"), "Datetime(28 d)");
        let ms = Timedelta::<units::Milliseconds>::from(160);
        assert_eq!(format!("{ms:?}"), "Timedelta(160 ms)");
        let nat = Timedelta::<units::Weeks>::NAT;
        assert_eq!(format!("{nat:?}"), "Timedelta(NaT w)");
    }
}
