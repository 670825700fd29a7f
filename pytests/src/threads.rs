//! Work with the interpreter detached.

use std::sync::atomic::{AtomicUsize, Ordering};

use npyo::{PyReadonlyArray1, PyReadwriteArray1};
use pyo3::prelude::*;

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    add_functions! { module:
        sum_detached, add_detached, write_alone,
    }
    Ok(())
}

#[pyfunction]
fn sum_detached(py: Python<'_>, array: PyReadonlyArray1<'_, f64>) -> f64 {
    let view = array.as_array();
    py.detach(|| view.sum())
}

/// Adds to each element, by a read and a write that a second writer would tear apart.
#[pyfunction]
fn add_detached(py: Python<'_>, mut array: PyReadwriteArray1<'_, f64>, value: f64) {
    let mut view = array.as_array_mut();
    py.detach(|| view.mapv_inplace(|element| element + value));
}

/// Panics if two threads are ever inside at once for one array, of which there is only one.
#[pyfunction]
fn write_alone(py: Python<'_>, mut array: PyReadwriteArray1<'_, f64>, spins: usize) {
    static INSIDE: AtomicUsize = AtomicUsize::new(0);
    let mut view = array.as_array_mut();
    py.detach(|| {
        assert_eq!(
            INSIDE.fetch_add(1, Ordering::SeqCst),
            0,
            "two writers at once"
        );
        for _ in 0..spins {
            std::hint::spin_loop();
        }
        view[0] += 1.0;
        assert_eq!(
            INSIDE.fetch_sub(1, Ordering::SeqCst),
            1,
            "two writers at once"
        );
    });
}
