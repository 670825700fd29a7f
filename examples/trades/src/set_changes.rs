//! Writing fields of the caller's records.

use std::collections::HashMap;

use npyo::prelude::*;
use npyo::{PyArray1, PyReadwriteArray1};
use pyo3::prelude::*;

use crate::price::Price;

/// Writes the fields `change` and `move` of every row, in place.
///
/// prices: records of `price_dtype`, writeable, (n,), those of one symbol in the order of time.
///
/// A row is compared with the one before of the same symbol, as
/// `pandas.DataFrame(prices).groupby("symbol").price.pct_change()` does. The first of a symbol
/// gets NaN and 0.
///
/// Returns the field `change`: float64, (n,), over the memory of `prices`.
#[pyfunction]
pub(crate) fn set_changes<'py>(
    py: Python<'py>,
    mut prices: PyReadwriteArray1<'py, Price>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let mut rows = prices.try_as_array_mut()?;
    py.detach(|| {
        let mut latest = HashMap::new();
        for row in &mut rows {
            let before = latest.insert(row.symbol, row.price);
            row.set_change(before);
        }
    });
    prices.field("change")
}
