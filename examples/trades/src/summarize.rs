//! Returning records of another kind.

use std::collections::BTreeMap;

use npyo::prelude::*;
use npyo::{Element, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::price::{Date, Move, Price, Symbol};

/// The rows of one symbol, summed up.
#[derive(Element, Clone, Copy)]
#[repr(C)]
pub(crate) struct Summary {
    symbol: Symbol,
    first: Date,
    last: Date,
    low: f64,
    high: f64,
    mean: f64,
    rows: u32,
    fell: u32,
    rose: u32,
}

/// One record for each symbol, in the order of the symbols.
///
/// prices: records of `price_dtype`, (n,), in any order; `fell` and `rose` count what
/// `set_changes` wrote.
///
/// Returns a new array of records with the fields symbol, first, last (the dates), low, high,
/// mean (of the prices), rows, fell, rose (how many).
#[pyfunction]
pub(crate) fn summarize<'py>(
    py: Python<'py>,
    prices: PyReadonlyArray1<'py, Price>,
) -> PyResult<Bound<'py, PyArray1<Summary>>> {
    let prices = prices.try_as_array()?;
    let summaries: Vec<Summary> = py.detach(|| {
        let mut groups = BTreeMap::new();
        for row in prices {
            groups
                .entry(row.symbol)
                .or_insert_with(|| Group::new(row))
                .add(row);
        }
        groups.into_values().map(Group::finish).collect()
    });
    summaries.try_into_pyarray(py)
}

/// A summary that rows are still added to.
struct Group {
    summary: Summary,
    sum: f64,
}

impl Group {
    /// A group of no rows yet; `row` will be the first.
    fn new(row: &Price) -> Self {
        let summary = Summary {
            symbol: row.symbol,
            first: row.date,
            last: row.date,
            low: row.price,
            high: row.price,
            mean: f64::NAN,
            rows: 0,
            fell: 0,
            rose: 0,
        };
        Self { summary, sum: 0.0 }
    }

    fn add(&mut self, row: &Price) {
        let summary = &mut self.summary;
        summary.first = summary.first.min(row.date);
        summary.last = summary.last.max(row.date);
        summary.low = summary.low.min(row.price);
        summary.high = summary.high.max(row.price);
        summary.rows += 1;
        summary.fell += u32::from(row.moved == Move::Fell);
        summary.rose += u32::from(row.moved == Move::Rose);
        self.sum += row.price;
    }

    fn finish(self) -> Summary {
        Summary {
            mean: self.sum / f64::from(self.summary.rows),
            ..self.summary
        }
    }
}
