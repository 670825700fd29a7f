//! Taking whatever can be made into records.

use npyo::prelude::*;
use npyo::{PyArray1, PyArrayLike1, Scalar};
use pyo3::prelude::*;

use crate::price::{Price, Symbol};

/// The rows of one symbol, as a new array.
///
/// prices: records of `price_dtype`, (n,); or records that have its fields in another order or
/// layout, among others; or a list of tuples or dicts.
#[pyfunction]
pub(crate) fn of_symbol<'py>(
    py: Python<'py>,
    prices: PyArrayLike1<'py, Price>,
    symbol: Scalar<Symbol>,
) -> PyResult<Bound<'py, PyArray1<Price>>> {
    let rows = prices.iter()?.filter(|row| row.symbol == symbol.0);
    rows.collect::<Vec<_>>().try_into_pyarray(py)
}
