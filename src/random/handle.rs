//! The class of NumPy's bit generators.

use std::fmt;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{DerefToPyAny, PyString, PyType};
use pyo3::{PyTypeInfo, ffi, intern};

/// A `numpy.random.BitGenerator`.
///
/// ```
/// use npyo::random::{PyBitGenerator, PyBitGeneratorMethods};
/// use pyo3::prelude::*;
///
/// #[pyfunction]
/// fn draw(generator: &Bound<'_, PyBitGenerator>) -> PyResult<u64> {
///     Ok(generator.spawn_one()?.next_u64())
/// }
/// # Python::attach(|py| {
/// #     let draw = wrap_pyfunction!(draw)(py).unwrap();
/// #     let random = py.import("numpy.random").unwrap();
/// #     let generator = random.call_method1("PCG64", (42,)).unwrap();
/// #     assert!(draw.call1((generator,)).is_ok());
/// #     assert!(draw.call1((random.call_method0("default_rng").unwrap(),)).is_err());
/// # });
/// ```
///
/// The bit generator of a `numpy.random.Generator` is its attribute `bit_generator`.
#[repr(transparent)]
pub struct PyBitGenerator(PyAny);

impl fmt::Debug for PyBitGenerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PyBitGenerator")
    }
}

impl DerefToPyAny for PyBitGenerator {}

// SAFETY: `type_object_raw` returns a type object that is never freed, and `PyBitGenerator` is a
// transparent wrapper of `PyAny`, so any instance is one.
unsafe impl PyTypeInfo for PyBitGenerator {
    fn type_object_raw(py: Python<'_>) -> *mut ffi::PyTypeObject {
        match class(py) {
            Ok(class) => class.as_type_ptr(),
            Err(err) => panic!("numpy.random.BitGenerator is needed here: {err}"),
        }
    }
}

/// The class.
///
/// # Errors
///
/// If it cannot be imported.
pub(super) fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "numpy.random", "BitGenerator")
}

/// An attribute of the class itself: a subclass can have another one of that name.
pub(super) fn attribute<'py>(
    generator: &Bound<'py, PyBitGenerator>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let descriptor = class(generator.py())?.getattr(name)?;
    descriptor.call_method1(intern!(generator.py(), "__get__"), (generator,))
}
