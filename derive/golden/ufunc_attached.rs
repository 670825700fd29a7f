/// The two, one behind the other.
#[npyo::ufunc(identity = reorderable)]
fn join<'py>(py: pyo3::Python<'py>, a: Py<PyAny>, b: Py<PyAny>) -> PyResult<Py<PyAny>> {
    Ok(a.bind(py).add(b)?.unbind())
}
