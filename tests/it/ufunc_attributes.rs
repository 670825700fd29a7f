//! Functions with the attributes `#[ufunc]` and `#[gufunc]`, as far as these pass something on; more of
//! `#[ufunc]` is in `ufuncs.rs`.

use npyo::ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2};
use num_traits::Float;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::common::check;

/// The two objects, with a hyphen between.
#[npyo::ufunc]
fn hyphenate(py: Python<'_>, a: Py<PyAny>, b: Py<PyAny>) -> PyResult<Py<PyAny>> {
    Ok(a.bind(py).add("-")?.add(b)?.unbind())
}

/// A lifetime and a type are parameters.
#[npyo::ufunc(types(f32, f64), identity = zero)]
fn sum<'py, T: Float>(py: Python<'py>, a: T, b: T) -> PyResult<T> {
    py.check_signals()?;
    Ok(a + b)
}

#[npyo::ufunc]
fn inverse(a: f64) -> f64 {
    1.0 / a
}

#[npyo::ufunc(without_fp_errors)]
fn quiet_inverse(a: f64) -> f64 {
    1.0 / a
}

#[cfg(feature = "rayon")]
#[npyo::ufunc(parallel)]
fn parallel_inverse(a: f64) -> f64 {
    1.0 / a
}

/// The distance of two points.
#[npyo::gufunc("(n),(n)->()", types(f32, f64))]
fn distance<T: Float>(x: ArrayView1<'_, T>, y: ArrayView1<'_, T>) -> T {
    let squares = x.iter().zip(y).map(|(&x, &y)| (x - y) * (x - y));
    squares.fold(T::zero(), |sum, square| sum + square).sqrt()
}

/// All sums of neighbours.
#[npyo::gufunc("(n)->(m)", core_dims = one_less, name = "sums")]
fn sums_of_neighbours(x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>) {
    for (out, pair) in out.iter_mut().zip(x.windows(2)) {
        *out = pair[0] + pair[1];
    }
}

fn one_less(sizes: &mut [Option<usize>]) -> PyResult<()> {
    let less = sizes[0].and_then(|n| n.checked_sub(1));
    let less = less.ok_or_else(|| PyValueError::new_err("there are no neighbours"))?;
    match sizes[1] {
        Some(found) if found != less => Err(PyValueError::new_err(format!(
            "there are {less} sums, and `out` is for {found}"
        ))),
        _ => {
            sizes[1] = Some(less);
            Ok(())
        }
    }
}

/// Lifetimes with names, an element, flexible and fixed dimensions, an error.
#[npyo::gufunc("(m?,2),()->(m?,2)", without_fp_errors)]
fn divided<'a, 'b>(
    x: ArrayView2<'a, f64>,
    by: f64,
    mut out: ArrayViewMut2<'b, f64>,
) -> PyResult<()> {
    if by.is_nan() {
        return Err(PyValueError::new_err("not a number"));
    }
    out.assign(&x.map(|x| x / by));
    Ok(())
}

#[npyo::gufunc("(n)->(),()")]
fn extremes(x: ArrayView1<'_, f64>) -> (f64, f64) {
    let largest = x.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    (x.fold(f64::INFINITY, |a, &b| a.min(b)), largest)
}

#[cfg(feature = "rayon")]
#[npyo::gufunc("(n)->()", parallel)]
fn parallel_mean(x: ArrayView1<'_, f64>) -> PyResult<f64> {
    x.mean()
        .ok_or_else(|| PyValueError::new_err("a mean of nothing"))
}

#[pymodule]
mod exporting {
    #[pymodule_export]
    use super::{distance, hyphenate};
}

fn module(py: Python<'_>) -> Bound<'_, PyModule> {
    let module = PyModule::new(py, "npyo_test_of_attributes").unwrap();
    npyo::add_ufuncs!(
        &module,
        hyphenate,
        sum,
        inverse,
        quiet_inverse,
        distance,
        sums_of_neighbours,
        divided,
        extremes
    )
    .unwrap();
    #[cfg(feature = "rayon")]
    npyo::add_ufuncs!(&module, parallel_inverse, parallel_mean).unwrap();
    module
}

#[track_caller]
fn check_of(name: &str, code: &str) {
    Python::attach(|py| check(&module(py).getattr(name).unwrap(), code));
}

/// The larger of two.
#[npyo::ufunc(types(f32, f64), identity = f64::NEG_INFINITY)]
fn larger<T: num_traits::Float>(a: T, b: T) -> T {
    if a < b { b } else { a }
}

#[test]
fn an_identity_may_be_a_value() {
    Python::attach(|py| {
        let larger = larger::_PYO3_DEF.builder().build(py).unwrap();
        check(
            &larger,
            "
assert f.identity == -np.inf and f.reduce(np.zeros((2, 0)), axis=1).tolist() == [-np.inf] * 2
assert f.reduce(np.arange(6, dtype='f4').reshape(2, 3), axis=(0, 1)) == 5
",
        );
    });
}

#[test]
fn a_function_with_a_token_takes_objects() {
    check_of(
        "hyphenate",
        "
assert f.types == ['OO->O'] and f.__doc__.endswith('The two objects, with a hyphen between.')
assert f(np.array(['a', 'b'], object), 'c').tolist() == ['a-c', 'b-c']
try: f(np.array([1], object), 'c')
except TypeError: pass
else: assert False
",
    );
}

#[test]
fn a_function_with_a_token_has_parameters_and_an_identity() {
    check_of(
        "sum",
        "
assert f.types == ['ff->f', 'dd->d'] and f.identity == 0
assert f.reduce(np.arange(5.0)) == 10.0
",
    );
}

#[test]
fn warnings_of_floating_point_errors_can_be_off() {
    check_of(
        "inverse",
        "
with np.errstate(divide='raise'):
    try: f(0.0)
    except FloatingPointError: pass
    else: assert False
",
    );
    check_of(
        "quiet_inverse",
        "
with np.errstate(divide='raise'):
    assert f(0.0) == np.inf and f(np.zeros(5)).tolist() == [np.inf] * 5
    zeros = np.zeros((3, 4, 6))
    for a in zeros[:, ::2, ::3], zeros.swapaxes(0, 1), zeros.astype('f4'), zeros.astype('>f8'), zeros.astype('i4'):
        assert (f(a) == np.inf).all() and (f(a, out=np.ones((2, *a.shape))) == np.inf).all()
    assert (f(np.zeros(20_000)) == np.inf).all() and (f(np.zeros(20_000, 'i4')) == np.inf).all()
    a = np.zeros(5)
    f.at(a, [1, 3])
    assert a.tolist() == [0, np.inf, 0, np.inf, 0]
",
    );
}

#[test]
#[cfg(feature = "rayon")]
fn functions_run_in_parallel() {
    check_of(
        "parallel_inverse",
        "
a = np.arange(1.0, 1e6)
assert (f(a) == 1 / a).all()
",
    );
    check_of(
        "parallel_mean",
        "
a = np.arange(1e6).reshape(-1, 10)
assert np.allclose(f(a), a.mean(axis=1))
",
    );
}

#[test]
fn a_function_of_arrays_has_a_signature() {
    check_of(
        "distance",
        "
assert type(f) is np.ufunc and f.signature == '(n),(n)->()' and f.types == ['ff->f', 'dd->d']
assert f.__name__ == 'distance' and f.__doc__.endswith('The distance of two points.')
x, y = np.random.rand(3, 1, 7), np.random.rand(4, 7)
assert np.allclose(f(x, y), np.linalg.norm(x - y, axis=-1))
assert f(x.astype('f4'), y.astype('f4')).dtype == 'f4'
try: f([1.0], [1.0, 2.0])
except ValueError: pass
else: assert False
",
    );
}

#[test]
fn sizes_of_outputs_are_computed() {
    check_of(
        "sums",
        "
assert f.signature == '(n)->(m)'
if np.lib.NumpyVersion(np.__version__) >= '2.1.0':
    assert f(np.arange(4.0)).tolist() == [1, 3, 5] and f(np.ones((2, 3))).tolist() == [[2, 2]] * 2
out = np.zeros(3)
assert f(np.arange(4.0), out=out) is out and out.tolist() == [1, 3, 5]
for bad, out in ([], None), ([1.0, 2.0], np.zeros(2)):
    try: f(np.array(bad), out=out)
    except ValueError: pass
    else: assert False
",
    );
}

#[test]
fn dimensions_may_be_missing_or_fixed() {
    check_of(
        "divided",
        "
assert f([2.0, 4.0], 2.0).tolist() == [1, 2] and f([[2.0, 4.0]] * 3, 2.0).tolist() == [[1, 2]] * 3
with np.errstate(divide='raise'): assert f([2.0, 4.0], 0.0).tolist() == [np.inf] * 2
for bad, by in ([1.0, 2.0, 3.0], 1.0), ([1.0, 2.0], np.nan):
    try: f(bad, by)
    except ValueError: pass
    else: assert False
",
    );
}

#[test]
fn several_elements_are_returned() {
    check_of(
        "extremes",
        "
a = np.random.rand(5, 9)
low, high = f(a)
assert (low == a.min(axis=1)).all() and (high == a.max(axis=1)).all()
",
    );
}

#[test]
fn a_module_exports_them() {
    Python::attach(|py| {
        let module = pyo3::wrap_pymodule!(exporting)(py);
        for name in ["distance", "hyphenate"] {
            let ufunc = module.bind(py).getattr(name).unwrap();
            check(
                &ufunc,
                &format!("assert type(f) is np.ufunc and f.__name__ == '{name}'"),
            );
        }
    });
}

#[test]
fn they_stay_functions_of_rust() {
    let (x, y) = ([0.0, 0.0], [3.0, 4.0]);
    assert_eq!(distance(ArrayView1::from(&x), ArrayView1::from(&y)), 5.0);
    assert_eq!(extremes(ArrayView1::from(&y)), (3.0, 4.0));
    assert_eq!(quiet_inverse(2.0), 0.5);
}
