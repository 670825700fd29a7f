//! Functions on npyo for the tests in `tests/`, which call them from Python.
//!
//! There is a submodule for every element type with the same functions in each
//! ([`elements`]), and functions with fixed signatures, as users write them ([`arguments`],
//! [`broadcast`], [`create`], [`threads`]).

/// Adds `#[pyfunction]`s to a module.
macro_rules! add_functions {
    ($module:ident: $($function:ident),+ $(,)?) => {
        $($module.add_function(pyo3::wrap_pyfunction!($function, $module)?)?;)+
    };
}

mod arguments;
mod broadcast;
mod conflict;
mod create;
mod elements;
mod hold;
mod layouts;
mod numpy_suite;
mod records;
mod round_trip;
mod threads;
mod ufuncs;

use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyTuple};

#[pymodule(gil_used = false)]
fn npyo_pytests(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    npyo::init(py)?;
    module.add("ArrayBorrowError", py.get_type::<npyo::ArrayBorrowError>())?;
    elements::register(module)?;
    records::register(module)?;
    layouts::register(module)?;
    arguments::register(module)?;
    create::register(module)?;
    threads::register(module)?;
    let broadcast = PyModule::new(py, "npyo_pytests.broadcast")?;
    broadcast::register(&broadcast)?;
    module.add("broadcast", broadcast)?;
    let ufuncs = PyModule::new(py, "npyo_pytests.ufuncs")?;
    ufuncs::register(&ufuncs)?;
    // Under this name `pickle` looks for it.
    py.import("sys")?
        .getattr("modules")?
        .set_item("npyo_pytests.ufuncs", &ufuncs)?;
    module.add("ufuncs", ufuncs)?;
    let numpy_suite = PyModule::new(py, "npyo_pytests.numpy_suite")?;
    numpy_suite::register(&numpy_suite)?;
    module.add("numpy_suite", numpy_suite)
}

/// A function of any positional arguments.
///
/// The functions that exist for every element type are of this type rather than
/// `#[pyfunction]`s, of which there would be a thousand to compile.
type Function = for<'py> fn(&Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>>;

/// Adds a function to a module.
fn add(module: &Bound<'_, PyModule>, name: &str, function: Function) -> PyResult<()> {
    let call = move |args: &Bound<'_, PyTuple>, _: Option<&Bound<'_, pyo3::types::PyDict>>| {
        function(args).map(Bound::unbind)
    };
    module.add(
        name,
        PyCFunction::new_closure(module.py(), None, None, call)?,
    )
}

/// The argument at a position, extracted as PyO3 does it for a `#[pyfunction]`.
fn argument<'py, A>(args: &Bound<'py, PyTuple>, position: usize) -> PyResult<A>
where
    A: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    args.get_item(position)?.extract()
}
