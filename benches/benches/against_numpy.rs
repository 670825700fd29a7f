//! npyo beside the `numpy` crate and NumPy itself: the same calls on the same arrays.
//!
//! In each group the figures are to be compared with each other, not with those of another run.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use pyo3::prelude::*;

fn eval<'py>(py: Python<'py>, code: &std::ffi::CStr) -> Bound<'py, PyAny> {
    let globals = pyo3::types::PyDict::new(py);
    let numpy = py.import("numpy").expect("NumPy is installed");
    globals
        .set_item("np", numpy)
        .expect("a dict takes a module");
    py.eval(code, Some(&globals), None).expect("valid code")
}

/// Extraction and release of guards.
fn extract(c: &mut Criterion) {
    Python::attach(|py| {
        let mut group = c.benchmark_group("extract f64 1-d");
        let array = eval(py, c"np.zeros(1000)");
        group.bench_function("read-only npyo", |b| {
            b.iter(|| {
                black_box(&array)
                    .extract::<npyo::PyReadonlyArray1<'_, f64>>()
                    .is_ok()
            });
        });
        group.bench_function("read-only numpy crate", |b| {
            b.iter(|| {
                black_box(&array)
                    .extract::<numpy::PyReadonlyArray1<'_, f64>>()
                    .is_ok()
            });
        });
        group.bench_function("read-write npyo", |b| {
            b.iter(|| {
                black_box(&array)
                    .extract::<npyo::PyReadwriteArray1<'_, f64>>()
                    .is_ok()
            });
        });
        group.bench_function("read-write numpy crate", |b| {
            b.iter(|| {
                black_box(&array)
                    .extract::<numpy::PyReadwriteArray1<'_, f64>>()
                    .is_ok()
            });
        });
        group.finish();

        let mut group = c.benchmark_group("extract f64 3-d strided");
        let array = eval(py, c"np.zeros((20, 20, 20))[::2, :, ::2]");
        group.bench_function("read-only npyo", |b| {
            b.iter(|| {
                black_box(&array)
                    .extract::<npyo::PyReadonlyArray3<'_, f64>>()
                    .is_ok()
            });
        });
        group.bench_function("read-only numpy crate", |b| {
            b.iter(|| {
                black_box(&array)
                    .extract::<numpy::PyReadonlyArray3<'_, f64>>()
                    .is_ok()
            });
        });
        group.finish();
    });
}

/// Copies out of arrays and into them.
fn copy(c: &mut Criterion) {
    Python::attach(|py| {
        let mut group = c.benchmark_group("copy 100x100x100 permuted");
        let array = eval(
            py,
            c"np.arange(1e6).reshape(100, 100, 100).transpose(2, 0, 1)",
        );
        let guard: npyo::PyReadonlyArray3<'_, f64> = array.extract().expect("an array");
        group.bench_function("to_owned_array npyo", |b| b.iter(|| guard.to_owned_array()));
        let view = guard.as_array();
        group.bench_function("to_pyarray npyo", |b| {
            b.iter(|| npyo::ToPyArray::to_pyarray(&view, py));
        });
        drop(guard);
        let guard: numpy::PyReadonlyArray3<'_, f64> = array.extract().expect("an array");
        let view = guard.as_array();
        group.bench_function("to_owned numpy crate", |b| b.iter(|| view.to_owned()));
        group.bench_function("to_pyarray numpy crate", |b| {
            b.iter(|| numpy::ToPyArray::to_pyarray(&view, py));
        });
        group.bench_function("ndarray.copy", |b| b.iter(|| array.call_method0("copy")));
        group.finish();

        let mut group = c.benchmark_group("copy 1000x1000 transposed");
        let array = eval(py, c"np.arange(2e6).reshape(1000, 2000)[:, ::2].T");
        let guard: npyo::PyReadonlyArray2<'_, f64> = array.extract().expect("an array");
        group.bench_function("to_owned_array npyo", |b| b.iter(|| guard.to_owned_array()));
        let view = guard.as_array();
        group.bench_function("to_pyarray npyo", |b| {
            b.iter(|| npyo::ToPyArray::to_pyarray(&view, py));
        });
        group.bench_function("to_pyarray numpy crate", |b| {
            b.iter(|| numpy::ToPyArray::to_pyarray(&view, py));
        });
        group.bench_function("ndarray.copy", |b| b.iter(|| array.call_method0("copy")));
        group.finish();

        let mut group = c.benchmark_group("return 8 elements");
        let values = [1.0; 8];
        group.bench_function("from_slice npyo", |b| {
            b.iter(|| npyo::PyArray::from_slice(py, black_box(&values)));
        });
        group.bench_function("from_slice numpy crate", |b| {
            b.iter(|| numpy::PyArray::from_slice(py, black_box(&values)));
        });
        group.bench_function("into_pyarray npyo", |b| {
            b.iter(|| npyo::IntoPyArray::into_pyarray(values.to_vec(), py));
        });
        group.bench_function("into_pyarray numpy crate", |b| {
            b.iter(|| numpy::IntoPyArray::into_pyarray(values.to_vec(), py));
        });
        group.finish();

        let mut group = c.benchmark_group("clone 10,000 objects");
        let array = eval(py, c"np.array([str(i) for i in range(10_000)], object)");
        let guard: npyo::PyReadonlyArray1<'_, Py<PyAny>> = array.extract().expect("an array");
        group.bench_function("to_owned_array npyo", |b| b.iter(|| guard.to_owned_array()));
        drop(guard);
        let guard: numpy::PyReadonlyArray1<'_, Py<PyAny>> = array.extract().expect("an array");
        group.bench_function("to_owned_array numpy crate", |b| {
            use numpy::PyArrayMethods;
            b.iter(|| guard.to_owned_array());
        });
        group.bench_function("ndarray.copy", |b| b.iter(|| array.call_method0("copy")));
        group.finish();
    });
}

/// What makes an array of nested vectors.
fn nested(c: &mut Criterion) {
    Python::attach(|py| {
        let points = vec![vec![1.0_f64; 3]; 1000];
        let mut group = c.benchmark_group("1000 rows of 3");
        group.bench_function("from_vec2 npyo", |b| {
            b.iter(|| npyo::PyArray::from_vec2(py, black_box(&points)).is_ok());
        });
        group.bench_function("from_vec2 numpy crate", |b| {
            b.iter(|| numpy::PyArray::from_vec2(py, black_box(&points)).is_ok());
        });
        group.finish();

        let blocks = vec![vec![vec![1.0_f64; 3]; 10]; 100];
        let mut group = c.benchmark_group("100 x 10 rows of 3");
        group.bench_function("from_vec3 npyo", |b| {
            b.iter(|| npyo::PyArray::from_vec3(py, black_box(&blocks)).is_ok());
        });
        group.bench_function("from_vec3 numpy crate", |b| {
            b.iter(|| numpy::PyArray::from_vec3(py, black_box(&blocks)).is_ok());
        });
        group.finish();
    });
}

/// Views of a guard, and descriptors.
fn look(c: &mut Criterion) {
    Python::attach(|py| {
        let array = eval(py, c"np.zeros((2,) * 6)");
        let mut group = c.benchmark_group("view of six dimensions");
        let guard: npyo::PyReadonlyArray6<'_, f64> = array.extract().expect("an array");
        group.bench_function("as_array npyo", |b| b.iter(|| guard.as_array().len()));
        drop(guard);
        let guard: numpy::PyReadonlyArray6<'_, f64> = array.extract().expect("an array");
        group.bench_function("as_array numpy crate", |b| {
            b.iter(|| guard.as_array().len())
        });
        drop(guard);
        group.finish();

        let mut group = c.benchmark_group("descriptor of datetime64[ns]");
        group.bench_function("dtype npyo", |b| {
            b.iter(|| {
                npyo::dtype::<npyo::datetime::Datetime<npyo::datetime::units::Nanoseconds>>(py)
            });
        });
        group.bench_function("dtype numpy crate", |b| {
            b.iter(|| {
                numpy::dtype::<numpy::datetime::Datetime<numpy::datetime::units::Nanoseconds>>(py)
            });
        });
        group.finish();
    });
}

/// Array-like arguments.
fn array_like(c: &mut Criterion) {
    Python::attach(|py| {
        type Npyo<'py> = npyo::PyArrayLike1<'py, f64, npyo::AllowTypeChange>;
        type Numpy<'py> = numpy::PyArrayLike1<'py, f64, numpy::AllowTypeChange>;
        for (name, code) in [
            ("array-like f32[1000]", c"np.zeros(1000, 'f4')"),
            ("array-like f64[1000]", c"np.zeros(1000)"),
            (
                "array-like list of 1000",
                c"[float(i) for i in range(1000)]",
            ),
        ] {
            let mut group = c.benchmark_group(name);
            let array = eval(py, code);
            group.bench_function("npyo", |b| {
                b.iter(|| black_box(&array).extract::<Npyo<'_>>().is_ok());
            });
            group.bench_function("numpy crate", |b| {
                b.iter(|| black_box(&array).extract::<Numpy<'_>>().is_ok());
            });
            let numpy = eval(py, c"np.asarray");
            group.bench_function("numpy.asarray(x, float)", |b| {
                b.iter(|| numpy.call1((&array, "f8")));
            });
            if name.contains("f32") {
                group.bench_function("astype", |b| {
                    b.iter(|| array.call_method1("astype", ("f8",)));
                });
            }
            group.finish();
        }
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_millis(1500))
        .without_plots();
    targets = extract, copy, nested, look, array_like
}
criterion_main!(benches);
