//! Generic code clones elements with a token only.
use npyo::Element;
use pyo3::Python;

fn twice<T: Element>(py: Python<'_>, element: &T) -> [T; 2] {
    let _ = py;
    [element.clone_ref(py), element.clone_ref(py)]
}

fn main() {
    Python::attach(|py| assert_eq!(twice(py, &1.5), [1.5, 1.5]));
}
