//! Single records.

use npyo::{PyReadonlyArray1, Scalar};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;

use crate::price::{Price, Symbol};

/// The row of the latest date of one symbol; a `KeyError` if there is none.
///
/// prices: records of `price_dtype`, (n,).
#[pyfunction]
pub(crate) fn latest(
    prices: PyReadonlyArray1<'_, Price>,
    symbol: Scalar<Symbol>,
) -> PyResult<Scalar<Price>> {
    let rows = prices.iter()?.filter(|row| row.symbol == symbol.0);
    match rows.max_by_key(|row| row.date) {
        Some(row) => Ok(Scalar(row)),
        None => Err(PyKeyError::new_err(format!("no row of {}", symbol.0))),
    }
}

/// The row `after`, with the fields `change` and `move` as they are if `before` is the row before.
///
/// before, after: rows of a table of prices of any layout, or tuples or dicts, of one symbol.
#[pyfunction]
pub(crate) fn change(before: Scalar<Price>, after: Scalar<Price>) -> PyResult<Scalar<Price>> {
    let (before, mut after) = (before.0, after.0);
    if before.symbol != after.symbol {
        let text = format!("the rows are of {} and {}", before.symbol, after.symbol);
        return Err(PyValueError::new_err(text));
    }
    after.set_change(Some(before.price));
    Ok(Scalar(after))
}
