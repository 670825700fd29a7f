//! The record: one row of the table.

use npyo::datetime::{Datetime, units::Days};
use npyo::{Element, PyFixedString};

/// The symbol of a share, `S8` to NumPy.
pub(crate) type Symbol = PyFixedString<8>;

/// A date, `datetime64[D]` to NumPy.
pub(crate) type Date = Datetime<Days>;

/// The price of a share on a day.
///
/// To NumPy it is a record whose fields have these names and the places that Rust gives them, so
/// that one memory is an array there and a slice here.
#[derive(Element, Clone, Copy)]
#[repr(C)]
pub(crate) struct Price {
    pub(crate) symbol: Symbol,
    pub(crate) date: Date,
    pub(crate) price: f64,
    /// As a share of the price before: 0.1 is ten percent more. NaN if there is none before.
    pub(crate) change: f64,
    #[npyo(rename = "move")]
    pub(crate) moved: Move,
}

/// Where a price went, an `int8` to NumPy; any other number is refused.
///
/// One of them is 0, so that what `numpy.zeros` makes is a record.
#[derive(Element, Clone, Copy, PartialEq)]
#[repr(i8)]
pub(crate) enum Move {
    Fell = -1,
    Stayed = 0,
    Rose = 1,
}

impl Price {
    /// Writes the fields that follow from the price before.
    pub(crate) fn set_change(&mut self, before: Option<f64>) {
        self.change = before.map_or(f64::NAN, |before| self.price / before - 1.0);
        self.moved = match before {
            Some(before) if self.price < before => Move::Fell,
            Some(before) if self.price > before => Move::Rose,
            _ => Move::Stayed,
        };
    }
}
