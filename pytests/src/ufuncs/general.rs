//! Generalised ufuncs, and parallel ones beside the same in one thread.

use npyo::ndarray::{ArrayView1, ArrayView2, ArrayViewD, ArrayViewMut1, ArrayViewMut2};
use npyo::ufunc::{GufuncBuilder, UfuncBuilder};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

type Object = Py<PyAny>;

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    npyo::add_ufuncs!(
        module, matmul, cumsum, cross, optional, convolve, any, bounds, resized, call_sum, first,
        conjugates
    )?;
    for parallel in [false, true] {
        let name = |name: &str| match parallel {
            true => format!("parallel_{name}"),
            false => name.to_owned(),
        };
        let ufunc = |text: &str| {
            let builder = UfuncBuilder::new(name(text));
            if parallel {
                builder.parallel()
            } else {
                builder
            }
        };
        let gufunc = |text: &str, signature: &str| {
            let builder = GufuncBuilder::new(name(text), signature);
            if parallel {
                builder.parallel()
            } else {
                builder
            }
        };
        ufunc("wave")
            .function(|a: i64, b: i64| a.wrapping_mul(b) ^ (a >> 3))
            .function(|a: f32, b: f32| (a * 1.5 - b).sin() / (1.0 + b * b))
            .function(|a: f64, b: f64| (a * 1.5 - b).sin() / (1.0 + b * b))
            .add_to(module)?;
        ufunc("parts")
            .function(|a: f64| (a.trunc(), a.fract(), a < 0.0))
            .add_to(module)?;
        ufunc("attaching")
            .function(|a: f64| Python::attach(|_| a + 1.0))
            .add_to(module)?;
        gufunc("inner", "(n),(n)->()")
            .function(inner::<i64>)
            .function(inner::<f64>)
            .add_to(module)?;
        gufunc("differences", "(n)->(n)")
            .function(differences)
            .add_to(module)?;
        for (text, panics) in [("failing", false), ("panicking", true)] {
            ufunc(text)
                .function(move |a: i32| fail(panics, a < 0, a))
                .function(move |a: f64| fail(panics, a < 0.0, a))
                .add_to(module)?;
            ufunc(&format!("{text}_add"))
                .function(move |a: i64, b: i64| fail(panics, a < 0 || b < 0, a.wrapping_add(b)))
                .add_to(module)?;
            gufunc(&format!("{text}_sum"), "(n)->()")
                .function(move |a: ArrayView1<'_, f64>| {
                    fail(panics, a.iter().any(|a| *a < 0.0), a.sum())
                })
                .add_to(module)?;
            gufunc(&format!("{text}_copy"), "(n)->(n)")
                .function(
                    move |a: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>| {
                        out.assign(&a);
                        fail(panics, a.iter().any(|a| *a < 0.0), ())
                    },
                )
                .add_to(module)?;
        }
    }
    UfuncBuilder::new("panicking_plain")
        .function(|a: i64| {
            assert!(a >= 0, "{a} is negative");
            a
        })
        .add_to(module)?;
    module.add_function(wrap_pyfunction!(make, module)?)
}

/// The value, or an error or a panic.
fn fail<T>(panics: bool, fails: bool, value: T) -> PyResult<T> {
    match (panics, fails) {
        (false, true) => Err(PyValueError::new_err("negative")),
        (true, true) => panic!("negative"),
        _ => Ok(value),
    }
}

/// A new ufunc, which calls `f` with each element, and refers to it.
#[pyfunction]
#[pyo3(signature = (f, name = "made", parallel = false))]
fn make<'py>(
    py: Python<'py>,
    f: Object,
    name: &str,
    parallel: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let builder = UfuncBuilder::new(name);
    let builder = if parallel {
        builder.parallel()
    } else {
        builder
    };
    builder
        .function(move |a: f64| -> PyResult<f64> {
            Python::attach(|py| f.call1(py, (a,))?.extract(py))
        })
        .build(py)
}

fn inner<T>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>) -> T
where
    T: Copy + std::iter::Sum + std::ops::Mul<Output = T>,
{
    x.iter().zip(y).map(|(&x, &y)| x * y).sum()
}

/// From the element before, and of the first from zero.
fn differences(a: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    let mut last = 0.0;
    for (out, a) in out.iter_mut().zip(a) {
        *out = a - last;
        last = *a;
    }
}

#[npyo::gufunc("(m,n),(n,p)->(m,p)", types(i64, f64))]
fn matmul<T>(a: ArrayView2<'_, T>, b: ArrayView2<'_, T>, mut out: ArrayViewMut2<'_, T>)
where
    T: Copy + std::iter::Sum + std::ops::Mul<Output = T>,
{
    for ((i, j), out) in out.indexed_iter_mut() {
        *out = a.row(i).iter().zip(b.column(j)).map(|(&a, &b)| a * b).sum();
    }
}

#[npyo::gufunc("(n)->(n)", types(i64, f64))]
fn cumsum<T: Copy + std::ops::Add<Output = T> + Default>(
    a: ArrayView1<'_, T>,
    mut out: ArrayViewMut1<'_, T>,
) {
    let mut sum = T::default();
    for (out, a) in out.iter_mut().zip(a) {
        sum = sum + *a;
        *out = sum;
    }
}

#[npyo::gufunc("(3),(3)->(3)")]
fn cross(a: ArrayView1<'_, i64>, b: ArrayView1<'_, i64>, mut out: ArrayViewMut1<'_, i64>) {
    for (i, out) in out.iter_mut().enumerate() {
        let (j, k) = ((i + 1) % 3, (i + 2) % 3);
        *out = a[j] * b[k] - a[k] * b[j];
    }
}

/// As `numpy.matmul` has it.
#[npyo::gufunc("(m?,n),(n,p?)->(m?,p?)")]
fn optional(a: ArrayView2<'_, i64>, b: ArrayView2<'_, i64>, mut out: ArrayViewMut2<'_, i64>) {
    for ((i, j), out) in out.indexed_iter_mut() {
        *out = a.row(i).iter().zip(b.column(j)).map(|(a, b)| a * b).sum();
    }
}

#[npyo::gufunc("(m),(n)->(p)", core_dims = full_length)]
fn convolve(a: ArrayView1<'_, i64>, b: ArrayView1<'_, i64>, mut out: ArrayViewMut1<'_, i64>) {
    out.fill(0);
    for (i, a) in a.iter().enumerate() {
        for (j, b) in b.iter().enumerate() {
            out[i + j] += a * b;
        }
    }
}

fn full_length(sizes: &mut [Option<usize>]) -> PyResult<()> {
    let [Some(m), Some(n), p] = sizes else {
        unreachable!("arguments have sizes")
    };
    let wanted = (*m + *n).saturating_sub(1);
    match *p.get_or_insert(wanted) == wanted {
        true => Ok(()),
        false => Err(PyValueError::new_err("not m + n - 1")),
    }
}

#[npyo::gufunc("(n)->()")]
fn any(a: ArrayView1<'_, bool>) -> bool {
    a.iter().any(|a| *a)
}

#[npyo::gufunc("(n)->(),()")]
fn bounds(a: ArrayView1<'_, f64>) -> PyResult<(f64, f64)> {
    let (first, rest) = a.split_at(npyo::ndarray::Axis(0), a.len().min(1));
    let first = first
        .first()
        .ok_or_else(|| PyValueError::new_err("bounds of nothing"))?;
    Ok(rest.iter().fold((*first, *first), |(low, high), a| {
        (low.min(*a), high.max(*a))
    }))
}

/// The sizes are those that `sys.npyo_sizes` returns.
#[npyo::gufunc("(m),(n?)->(p),(q,m)", core_dims = any_sizes)]
fn resized(
    a: ArrayView1<'_, f64>,
    b: ArrayView1<'_, f64>,
    mut p: ArrayViewMut1<'_, f64>,
    mut q: ArrayViewMut2<'_, f64>,
) {
    p.fill(a.sum());
    q.fill(b.sum());
}

fn any_sizes(sizes: &mut [Option<usize>]) -> PyResult<()> {
    Python::attach(|py| {
        let call = py.import("sys")?.getattr("npyo_sizes")?;
        let found: Vec<Option<usize>> = call.call1((sizes.to_vec(),))?.extract()?;
        sizes.copy_from_slice(&found);
        Ok(())
    })
}

/// `f(sum)`
#[npyo::gufunc("(),(n)->()")]
fn call_sum(f: Object, a: ArrayView1<'_, f64>) -> PyResult<f64> {
    Python::attach(|py| f.call1(py, (a.sum(),))?.extract(py))
}

/// Any number of dimensions is that of the signature.
#[npyo::gufunc("(i,j,k)->()")]
fn first(a: ArrayViewD<'_, f64>) -> f64 {
    assert_eq!(a.ndim(), 3);
    a.first().copied().unwrap_or(f64::NAN)
}

/// Two results that are arrays.
#[npyo::gufunc("(n)->(n),(n)")]
fn conjugates(
    a: ArrayView1<'_, f64>,
    mut x: ArrayViewMut1<'_, f64>,
    mut y: ArrayViewMut1<'_, f64>,
) {
    x.assign(&a);
    y.assign(&a.mapv(|a| -a));
}
