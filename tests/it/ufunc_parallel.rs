//! Ufuncs on the threads of a pool: the same results, errors and warnings as on one thread.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use ndarray::{ArrayView1, ArrayViewMut1};
use npyo::ufunc::{GufuncBuilder, Identity, UfuncBuilder};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::common::{in_child, refused};

/// The function that the ufuncs are of, slow enough that all threads get something to do.
fn wave(a: f64, b: f64) -> f64 {
    (0..8).fold(a, |sum, i| (sum + b * f64::from(i)).sin())
}

/// Runs `code` with the same ufunc on one thread, as `f`, and on many, as `g`.
#[track_caller]
fn compare(one: &Bound<'_, PyAny>, many: &Bound<'_, PyAny>, code: &str) {
    let py = one.py();
    let names = PyDict::new(py);
    names.set_item("f", one).unwrap();
    names.set_item("g", many).unwrap();
    names.set_item("np", py.import("numpy").unwrap()).unwrap();
    let code = std::ffi::CString::new(code).unwrap();
    if let Err(err) = py.run(&code, Some(&names), None) {
        err.display(py);
        panic!("{err}");
    }
}

fn waves(py: Python<'_>) -> (Bound<'_, PyAny>, Bound<'_, PyAny>) {
    let builder = || {
        UfuncBuilder::new("wave")
            .function(|a: f32, b: f32| wave(a.into(), b.into()) as f32)
            .function(wave)
            .identity(Identity::Reorderable)
    };
    let one = builder().build(py).unwrap();
    (one, builder().parallel().build(py).unwrap())
}

#[test]
fn results_are_the_same_bit_by_bit() {
    Python::attach(|py| {
        let (one, many) = waves(py);
        compare(
            &one,
            &many,
            "
rng = np.random.default_rng(7)
same = lambda x, y: np.array_equal(x.view('u1') if x.ndim else x, y.view('u1') if y.ndim else y)
for n in [0, 1, 9_999, 16_383, 16_384, 16_385, 100_003]:
    a, b = rng.random(n), rng.random(n)
    for x, y in [(a, b), (a, 0.5), (0.25, b), (a[::-1], b), (a[::2], b[::-1][::2]), (a.astype('f4'), b.astype('f4')),
                 (a.astype('>f8'), b)]:
        assert same(f(x, y), g(x, y)), n
    # In place, and over parts of arguments.
    x, y = a.copy(), a.copy()
    f(x, b, out=x); g(y, b, out=y)
    assert same(x, y)
    x, y = a.copy(), a.copy()
    f(x[:-1], x[1:], out=x[1:]); g(y[:-1], y[1:], out=y[1:])
    assert same(x, y)
    mask = rng.random(n) > 0.5
    x, y = np.zeros(n), np.zeros(n)
    f(a, b, out=x, where=mask); g(a, b, out=y, where=mask)
    assert same(x, y)
    if n: assert f.reduce(a) == g.reduce(a) and same(f.accumulate(a), g.accumulate(a))
a = rng.random((300, 400))
for x, y in [(a, a[0]), (a, a[:, :1]), (a.T, a.T), (a[::2, ::-3], a[::2, ::-3])]:
    assert same(np.ascontiguousarray(f(x, y)), np.ascontiguousarray(g(x, y)))
for axis in [0, 1, (0, 1)]:
    assert (f.reduce(a, axis=axis) == g.reduce(a, axis=axis)).all()
overlapping = lambda: np.lib.stride_tricks.as_strided(np.zeros(20_001), (20_000, 1), (4, 8))[:, 0]
g(rng.random(20_000), 1.0, out=overlapping())
",
        );
    });
}

#[test]
fn several_threads_take_part() {
    let threads: Arc<Mutex<HashSet<ThreadId>>> = Arc::default();
    let seen = Arc::clone(&threads);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .unwrap();
    Python::attach(|py| {
        let ufunc = UfuncBuilder::new("threads")
            .function(move |a: f64| {
                seen.lock().unwrap().insert(thread::current().id());
                thread::yield_now();
                a
            })
            .parallel()
            .build(py)
            .unwrap()
            .unbind();
        let call = |len: usize| {
            threads.lock().unwrap().clear();
            pool.install(|| {
                Python::attach(|py| {
                    ufunc.bind(py).call1((vec![1.0; len],)).unwrap();
                });
            });
            threads.lock().unwrap().len()
        };
        py.detach(|| {
            assert_eq!(call(1000), 1);
            assert!((0..100).any(|_| call(100_000) > 1));
        });
    });
}

#[test]
fn the_first_error_is_raised_and_panics_too() {
    Python::attach(|py| {
        let builder = || {
            UfuncBuilder::new("root").function(|a: f64| {
                assert!(!a.is_nan(), "not a number");
                if a < 0.0 {
                    return Err(PyValueError::new_err(format!("{a} is negative")));
                }
                Ok(wave(a, a))
            })
        };
        let (one, many) = (
            builder().build(py).unwrap(),
            builder().parallel().build(py).unwrap(),
        );
        compare(
            &one,
            &many,
            "
a = np.arange(50_000.0)
for position in [0, 1, 12_345, 49_999]:
    bad = a.copy(); bad[position] = -position - 1; bad[position + 1:][-7:] = -1e9
    for ufunc in [f, g]:
        try: ufunc(bad)
        except ValueError as e:
            assert str(e) == '%i is negative' % (-position - 1), e
            assert 'element %i ' % position in getattr(e, '__notes__', ['element %i ' % position])[0]
        else: assert False
    bad[position] = np.nan
    try: g(bad)
    except BaseException as e: assert 'not a number' in str(e) or position < 49_000, e
    else: assert False
assert np.array_equal(f(a), g(a))
",
        );
    });
}

#[test]
fn flags_of_all_threads_reach_numpy() {
    Python::attach(|py| {
        let builder = || UfuncBuilder::new("quotient").function(|a: f64, b: f64| a / b);
        let (one, many) = (
            builder().build(py).unwrap(),
            builder().parallel().build(py).unwrap(),
        );
        compare(
            &one,
            &many,
            "
import warnings
def flags(ufunc, a, b):
    found = []
    with np.errstate(all='call', call=lambda kind, flag: found.append((kind, flag))):
        ufunc(a, b)
    return found
n = 50_000
for position in [0, 20_000, n - 1]:
    for x, y in [(1, 0), (0, 0), (1e300, 1e-300), (1e-300, 1e300), (1, 3), (np.inf, np.inf), (np.nan, 1)]:
        a, b = np.full(n, 8.0), np.full(n, 2.0)
        assert flags(g, a, b) == []
        a[position], b[position] = x, y
        assert flags(f, a, b) == flags(g, a, b), (x, y, flags(f, a, b), flags(g, a, b))
assert flags(g, np.array([1.0, 0.0] * n), np.zeros(2 * n)) == flags(f, np.array([1.0, 0.0] * n), np.zeros(2 * n))
",
        );
        let silent = builder().parallel().without_fp_errors().build(py).unwrap();
        compare(
            &silent,
            &silent,
            "
with np.errstate(all='raise'): g(np.ones(50_000), 0.0)
",
        );
    });
}

#[test]
fn functions_may_attach_and_run_on_many_threads_of_python() {
    Python::attach(|py| {
        let ufunc = UfuncBuilder::new("attached")
            .function(|a: f64| {
                if a % 1000.0 == 0.0 {
                    Python::attach(|_| a + 1.0)
                } else {
                    a + 1.0
                }
            })
            .parallel()
            .build(py)
            .unwrap();
        compare(
            &ufunc,
            &ufunc,
            "
import concurrent.futures
a = np.arange(50_000.0)
with concurrent.futures.ThreadPoolExecutor(6) as pool:
    for r in pool.map(lambda i: g(a + i), range(40)): pass
    results = list(pool.map(lambda i: g(a + i), range(40)))
assert all((r == a + i + 1).all() for i, r in enumerate(results))
",
        );
    });
}

#[test]
fn core_dimensions_are_split_by_the_outer_ones() {
    Python::attach(|py| {
        let builder = || {
            GufuncBuilder::new("softmax", "(n)->(n)").function(
                |x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>| {
                    let sum: f64 = x.iter().map(|x| x.exp()).sum();
                    out.zip_mut_with(&x, |out, x| *out = x.exp() / sum);
                    if sum.is_nan() {
                        Err(PyValueError::new_err("not a number"))
                    } else {
                        Ok(())
                    }
                },
            )
        };
        let (one, many) = (
            builder().build(py).unwrap(),
            builder().parallel().build(py).unwrap(),
        );
        compare(
            &one,
            &many,
            "
a = np.random.default_rng(8).random((500, 60))
for x in [a, a[::-1], a[:, ::2], a.T, a.reshape(10, 50, 60), a[:1], np.broadcast_to(a[0], (500, 60))]:
    assert np.array_equal(f(x), g(x))
for order in 'CF':
    out = np.zeros((500, 60), order=order)
    assert np.array_equal(f(a), g(a, out=out))
x = a.copy(); g(x, out=x); assert np.array_equal(x, f(a))
wide = np.lib.stride_tricks.as_strided(np.zeros(100_000), (500, 60), (8, 8))
g(a, out=wide)
a[[7, 450], 3] = np.nan
try: g(a)
except ValueError as e: assert 'element 7 ' in getattr(e, '__notes__', ['element 7 '])[0]
else: assert False
",
        );
    });
}

#[cfg(unix)]
#[test]
fn a_forked_child_stays_on_its_thread() {
    in_child(
        "ufunc_parallel::a_forked_child_stays_on_its_thread",
        "fork",
        |_| {
            Python::attach(|py| {
                let (one, many) = waves(py);
                compare(
                    &one,
                    &many,
                    "
import os, signal
a = np.arange(100_000.0)
expected = g(a, 0.5)
child = os.fork()
if child == 0:
    signal.alarm(30)
    os._exit(0 if np.array_equal(g(a, 0.5), expected) else 1)
assert os.waitpid(child, 0)[1] == 0
assert np.array_equal(g(a, 0.5), expected)
",
                );
            });
        },
    );
}

#[test]
fn what_runs_attached_is_not_split() {
    Python::attach(|py| {
        let ufunc = UfuncBuilder::new("objects")
            .function(|py: Python<'_>, a: Py<PyAny>| -> PyResult<Py<PyAny>> {
                Ok(a.bind(py).neg()?.unbind())
            })
            .parallel()
            .build(py)
            .unwrap();
        compare(
            &ufunc,
            &ufunc,
            "
a = np.arange(50_000).astype(object)
assert (g(a) == -np.arange(50_000)).all()
",
        );
        let bad = vec!["x"; 3];
        refused::<pyo3::exceptions::PyTypeError>(py, ufunc.call1((bad,)));
    });
}
