//! What `borrow.py` calls: the submodules `npyo` and `numpy_crate` have the same functions, each on
//! the library that it is named after.

mod on_npyo;
// The same source with another library is the point of it.
#[allow(clippy::duplicate_mod)]
mod on_numpy_crate;
mod records;
mod ufuncs;

use npyo::datetime::{Datetime, units::Nanoseconds};
use npyo::{AllowTypeChange, PyArrayLike1};
use pyo3::prelude::*;

/// What the numpy crate has no conversion for.
#[pyfunction]
fn like_dates(array: PyArrayLike1<'_, Datetime<Nanoseconds>, AllowTypeChange>) -> usize {
    array.as_array().len()
}

#[pymodule(gil_used = false)]
fn npyo_bench_calls(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let npyo = PyModule::new(py, "npyo")?;
    on_npyo::calls::register(&npyo)?;
    on_npyo::arrays::register(&npyo)?;
    records::register(&npyo)?;
    ufuncs::register(&npyo)?;
    npyo.add_function(wrap_pyfunction!(like_dates, &npyo)?)?;
    module.add_submodule(&npyo)?;
    let numpy_crate = PyModule::new(py, "numpy_crate")?;
    on_numpy_crate::calls::register(&numpy_crate)?;
    on_numpy_crate::arrays::register(&numpy_crate)?;
    module.add_submodule(&numpy_crate)
}
