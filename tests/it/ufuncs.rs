//! Ufuncs made of Rust functions, used as NumPy's own are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use npyo::Complex64;
use npyo::ufunc::{Identity, UfuncBuilder};
use pyo3::exceptions::{PyArithmeticError, PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::common::{check, numpy_version, refused};

fn add(py: Python<'_>) -> Bound<'_, PyAny> {
    UfuncBuilder::new("add_of_rust")
        .doc("The sum.")
        .function(|a: i32, b: i32| a.wrapping_add(b))
        .function(|a: i64, b: i64| a.wrapping_add(b))
        .function(|a: f32, b: f32| a + b)
        .function(|a: f64, b: f64| a + b)
        .function(|a: Complex64, b: Complex64| a + b)
        .identity(Identity::Zero)
        .build(py)
        .unwrap()
}

#[test]
fn a_ufunc_is_one_of_numpys() {
    Python::attach(|py| {
        check(
            &add(py),
            "
assert type(f) is np.ufunc
assert (f.__name__, f.nin, f.nout, f.nargs, f.ntypes) == ('add_of_rust', 2, 1, 3, 5)
assert f.__doc__.startswith('add_of_rust(x1, x2') and 'The sum.' in f.__doc__
assert [t[-1] for t in f.types] == ['i', 'l', 'f', 'd', 'D'], f.types
assert f.identity == 0 and f.signature is None
",
        );
    });
}

#[test]
fn arguments_are_broadcast_and_promoted() {
    Python::attach(|py| {
        check(
            &add(py),
            "
a, b = np.arange(6).reshape(2, 3), np.arange(3)
for one, other in [('i1', 'i1'), ('i4', 'i4'), ('i8', 'i4'), ('f4', 'f4'), ('f4', 'f8'), ('u1', 'f4'),
                   ('f8', 'c8'), ('c16', 'i2'), ('?', '?'), ('>f8', '<i2'), ('>i4', '>i4')]:
    x, y = a.astype(one), b.astype(other)
    r = f(x, y)
    assert r.tolist() == (x.astype('c16') + y.astype('c16')).tolist(), (one, other)
    assert r.shape == (2, 3)
    assert f(x[:, :1], y).shape == (2, 3) and f(x, 1).tolist() == (np.add(x.astype('c16'), 1)).tolist()
assert f(np.float32(1), np.float32(2)).dtype == 'f4' and f(1, 2) == 3 and f(1.5, 2) == 3.5
assert f(np.arange(3, dtype='f4'), 1.0).dtype == 'f4'     # a Python number takes the array's type
assert f(a, b, dtype='f4').dtype == 'f4'
for bad in ['x', None, object()]:
    try: f(bad, 1)
    except TypeError: pass
    else: assert False, bad
try: f(np.zeros(2), np.zeros(3))
except ValueError as e: assert 'broadcast' in str(e)
else: assert False
try: f(a, b, dtype='i4', casting='no')
except TypeError: pass
else: assert False
assert f(np.zeros((0, 3)), 1.0).shape == (0, 3)
assert f(np.zeros(()), 1.0) == 1.0
",
        );
    });
}

#[test]
fn reductions_start_with_the_identity() {
    Python::attach(|py| {
        let largest = UfuncBuilder::new("largest")
            .function(|a: f32, b: f32| a.max(b))
            .function(f64::max)
            .identity_value(f64::NEG_INFINITY);
        check(
            &largest.build(py).unwrap(),
            "
assert f.identity == -np.inf
for dtype in ['f4', 'f8']:
    a = np.arange(24, dtype=dtype).reshape(2, 3, 4)
    assert f.reduce(a, axis=(0, 2)).tolist() == a.max((0, 2)).tolist() and f.reduce(a, axis=None) == 23
    assert f.reduce(a[:, :0], axis=1).tolist() == np.full((2, 4), -np.inf).tolist()
    assert f.reduce(a, axis=None, where=a < 5) == 4 and f.reduce(a, axis=None, where=a < 0) == -np.inf
    assert f.reduce(a, axis=None, initial=99) == 99
",
        );
        let all_bits = UfuncBuilder::new("all_bits")
            .function(|a: bool, b: bool| a & b)
            .function(|a: u8, b: u8| a & b)
            .function(|a: i64, b: i64| a & b)
            .identity(Identity::MinusOne);
        check(
            &all_bits.build(py).unwrap(),
            "
assert f.identity == -1
for dtype in ['?', 'u1', 'i8']:
    a = np.array([[1, 1], [3, 1]]).astype(dtype)
    assert f.reduce(a[:0]).tolist() == np.bitwise_and.reduce(a[:0]).tolist(), dtype
    assert f.reduce(a, axis=(0, 1)) == 1
",
        );
        let first = UfuncBuilder::new("first")
            .function(|_: Python<'_>, a: Py<PyAny>, _: Py<PyAny>| a)
            .identity_value("nothing");
        check(
            &first.build(py).unwrap(),
            "
assert f.reduce(np.array([], object)) == 'nothing' and f.reduce(np.array([1, 2], object)) == 1
",
        );
    });
}

#[test]
fn out_where_and_views_work() {
    Python::attach(|py| {
        check(
            &add(py),
            "
a = np.arange(20.0)
out = np.full(20, -1.0)
assert f(a, 1, out=out) is out and (out == a + 1).all()
out[:] = -1
f(a, 1, out=out, where=a > 10)
assert (out[:11] == -1).all() and (out[11:] == a[11:] + 1).all()
for view in [a[::2], a[::-1], a[5:1:-1], a.reshape(4, 5).T, a.reshape(4, 5)[::-1, ::2], np.broadcast_to(a[:1], 7)]:
    assert (f(view, view) == view + view).all()
    assert f(view, 2.0).shape == view.shape
packed = np.zeros(9, [('id', 'i4'), ('x', 'f8')])
packed['x'] = np.arange(9)
assert (f(packed['x'], packed['x']) == np.arange(9) * 2).all()
f(packed['x'], 1, out=packed['x'])
assert (packed['x'] == np.arange(9) + 1).all()
swapped = np.arange(9, dtype='>f8')
f(swapped, swapped, out=swapped)
assert (swapped == np.arange(9) * 2).all() and swapped.dtype == '>f8'
# In place, and with overlap.
b = np.arange(1000.0)
f(b, b, out=b)
assert (b == np.arange(1000) * 2).all()
f(b[:-1], b[1:], out=b[1:])
assert (b[1:] == np.arange(999) * 2 + np.arange(1, 1000) * 2).all()
i = np.zeros(20, 'i4')
try: f(a, 1, out=i)
except TypeError: pass
else: assert False
f(a, 1, out=i, casting='unsafe')
assert i.tolist() == list(range(1, 21))
",
        );
    });
}

#[test]
fn reductions_work() {
    Python::attach(|py| {
        check(
            &add(py),
            "
for dtype in ['i4', 'i8', 'f4', 'f8', 'c16']:
    a = np.arange(60).reshape(3, 4, 5).astype(dtype)
    assert (f.reduce(a) == np.add.reduce(a)).all()
    assert (f.reduce(a, axis=(0, 2)) == a.sum((0, 2))).all() and f.reduce(a, axis=None) == a.sum()
    assert (f.accumulate(a, axis=1) == np.add.accumulate(a, axis=1)).all()
    assert (f.reduceat(a, [0, 2, 1], axis=2) == np.add.reduceat(a, [0, 2, 1], axis=2)).all()
    assert (f.outer(a[0, 0], a[1, 1]) == np.add.outer(a[0, 0], a[1, 1])).all()
    assert f.reduce(a[::-1, ::2], axis=1, keepdims=True).shape == (3, 1, 5)
    assert f.reduce(a, axis=None, initial=10) == a.sum() + 10
    assert f.reduce(a, axis=None, where=a > 30) == a[a > 30].sum()
    assert f.reduce(np.zeros(0, dtype)) == 0
    b = np.zeros(4, dtype)
    f.at(b, [0, 0, 3], 1)
    assert b.tolist() == [2, 0, 0, 1]
assert f.reduce(np.arange(100_000.0)) == 4999950000.0
",
        );
        let sub = UfuncBuilder::new("sub")
            .function(|a: f64, b: f64| a - b)
            .build(py)
            .unwrap();
        check(
            &sub,
            "
assert f.identity is None and f.reduce(np.arange(4.0)) == -6
for bad in [lambda: f.reduce(np.zeros(0)), lambda: f.reduce(np.zeros((2, 2)), axis=(0, 1))]:
    try: bad()
    except ValueError: pass
    else: assert False
",
        );
    });
}

#[test]
fn functions_of_many_arguments_and_results() {
    Python::attach(|py| {
        let five = UfuncBuilder::new("five")
            .function(|a: i8, b: i16, c: f32, d: f64, e: bool| {
                let sum = f64::from(a) + f64::from(b) + f64::from(c) + d;
                (sum, e, if e { a } else { 0 })
            })
            .build(py)
            .unwrap();
        check(
            &five,
            "
n = 3000
a, b, c = np.arange(n).astype('i1'), np.arange(n).astype('i2'), np.arange(n).astype('f4')
d, e = np.arange(n) / 2, np.arange(n) % 3 == 0
s, x, y = f(a, b, c, d, e)
assert (s == a.astype('f8') + b + c + d).all() and (x == e).all() and (y == np.where(e, a, 0)).all()
assert (s.dtype, x.dtype, y.dtype) == ('f8', '?', 'i1')
o = np.zeros(n), np.zeros(n, '?'), np.zeros(n, 'i1')
r = f(a, b, c, d, e, out=o)
assert all(p is q for p, q in zip(r, o)) and (o[0] == s).all()
s2, x2, y2 = f(a[::-3], b[::-3], c[::-3], d[::-3], e[::-3])
assert (s2 == s[::-3]).all() and (y2 == y[::-3]).all()
assert f(np.int8(1), np.int16(2), np.float32(3), 4.0, True) == (10.0, True, 1)
",
        );
        let most = UfuncBuilder::new("most")
            .function(
                |a: f64,
                 b: f64,
                 c: f64,
                 d: f64,
                 e: f64,
                 f: f64,
                 g: f64,
                 h: f64,
                 i: f64,
                 j: f64,
                 k: f64,
                 l: i8| {
                    let l = f64::from(l);
                    (a, b + c, d, e + f, g, h + i, j, k + l)
                },
            )
            .build(py)
            .unwrap();
        check(
            &most,
            "
a = [np.arange(100.0) * i for i in range(11)] + [np.arange(100, dtype='i1')]
r = f(*a)
assert f.nargs == 20 and len(r) == 8
for one, expected in zip(r, [a[0], a[1] + a[2], a[3], a[4] + a[5], a[6], a[7] + a[8], a[9], a[10] + a[11]]):
    assert (one == expected).all()
",
        );
        // Any byte but zero is true to NumPy, and nothing but 0 and 1 is a bool to Rust.
        let not = UfuncBuilder::new("not_of_rust")
            .function(|a: bool| !a)
            .build(py)
            .unwrap();
        check(
            &not,
            "
a = np.array([0, 1, 2, 255], 'u1').view('?')
assert f(a).tolist() == [True, False, False, False] and f(a).view('u1').tolist() == [1, 0, 0, 0]
assert f(np.tile(a, 100)).sum() == 100
",
        );
    });
}

#[test]
fn an_error_ends_the_computation_and_is_raised() {
    Python::attach(|py| {
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = calls.clone();
        let checked = UfuncBuilder::new("checked")
            .function(move |a: i64, b: i64| {
                counter.fetch_add(1, Ordering::Relaxed);
                a.checked_div(b)
                    .ok_or_else(|| PyZeroDivisionError::new_err(format!("{a} / {b}")))
            })
            .build(py)
            .unwrap();
        let n = 100_000;
        for bad in [0, 1, 499, 500, 8191, 8192, 50_000, n - 1] {
            for cast in ["i8", "i4", ">i8"] {
                calls.store(0, Ordering::Relaxed);
                let names = PyDict::new(py);
                names.set_item("f", &checked).unwrap();
                let code = format!(
                    "(__import__('numpy').ones({n}, '{cast}'), f, \
                     [b := __import__('numpy').ones({n}, '{cast}'), b.__setitem__({bad}, 0)][0])"
                );
                let code = std::ffi::CString::new(code).unwrap();
                let parts = py.eval(&code, Some(&names), None).unwrap();
                let (a, b) = (parts.get_item(0).unwrap(), parts.get_item(2).unwrap());
                let text = refused::<PyZeroDivisionError>(py, checked.call1((&a, &b)));
                assert_eq!(text, "1 / 0");
                assert_eq!(calls.load(Ordering::Relaxed), bad + 1, "{cast} {bad}");
                assert!(!PyErr::occurred(py));
            }
        }
        check(
            &checked,
            "assert (f(np.full(20000, 6), 3) == 2).all() and f(7, 2) == 3",
        );
    });
}

#[test]
fn a_panic_becomes_an_exception() {
    Python::attach(|py| {
        let cautious = UfuncBuilder::new("cautious")
            .function(|a: f64| {
                assert!(a >= 0.0, "{a} is negative");
                a.sqrt()
            })
            .build(py)
            .unwrap();
        // In Rust, PyO3 would turn it into a panic again.
        check(
            &cautious,
            "
for n, bad in [(1, 0), (10, 9), (100_000, 77_777)]:
    a = np.full(n, 4.0)
    a[bad] = -1
    try: f(a)
    except BaseException as e: assert (type(e).__name__, str(e)) == ('PanicException', '-1 is negative'), e
    else: assert False
    assert (f(np.full(20000, 4.0)) == 2).all()
",
        );
    });
}

#[test]
fn floating_point_errors_are_numpys() {
    Python::attach(|py| {
        let div = UfuncBuilder::new("div")
            .function(|a: f64, b: f64| a / b)
            .build(py)
            .unwrap();
        check(
            &div,
            "
one, zero = np.ones(1000), np.zeros(1000)
for kind, a, b in [('divide', one, zero), ('invalid', zero, zero), ('over', one * 1e300, one * 1e-300)]:
    with np.errstate(all='ignore'):
        np.seterr(**{kind: 'raise'})
        try: f(a, b)
        except FloatingPointError: pass
        else: assert False, kind
with np.errstate(all='raise'):
    assert (f(one, one * 2) == 0.5).all()
",
        );
    });
}

#[test]
fn what_a_function_captured_is_dropped_with_the_ufunc() {
    Python::attach(|py| {
        let captured = Arc::new(2.0_f64);
        let factor = captured.clone();
        let scale = UfuncBuilder::new("scale")
            .function(move |a: f64| a * *factor)
            .build(py)
            .unwrap();
        check(&scale, "assert f(3.0) == 6.0");
        assert_eq!(Arc::strong_count(&captured), 2);
        drop(scale);
        py.run(c"import gc; gc.collect()", None, None).unwrap();
        assert_eq!(Arc::strong_count(&captured), 1);
        // Nor is it lost where no ufunc comes about.
        let factor = captured.clone();
        let builder = UfuncBuilder::new("a\0b").function(move |a: f64| a * *factor);
        assert!(builder.build(py).is_err());
        assert_eq!(Arc::strong_count(&captured), 1);
    });
}

#[test]
fn builders_refuse_what_is_no_ufunc() {
    Python::attach(|py| {
        let refuse = |builder: UfuncBuilder, problem: &str| {
            let text = refused::<PyValueError>(py, builder.build(py));
            assert!(text.contains(problem), "{text}");
        };
        let new = || UfuncBuilder::new("f").function(|a: f64| a);
        refuse(UfuncBuilder::new("f"), "there is no function");
        refuse(
            new().function(|a: f32, b: f32| a + b),
            "1 arguments and 1 results, another 2 and 1",
        );
        refuse(
            new().function(|a: f64| a.is_nan()),
            "arguments of the same types",
        );
        refuse(
            new().identity(Identity::One),
            "only functions of two arguments",
        );
        refuse(new().doc("a\0b"), "NUL");
    });
}

#[test]
fn ufuncs_of_a_module_are_pickled_by_name() {
    Python::attach(|py| {
        let module = PyModule::new(py, "npyo_test_of_pickling").unwrap();
        UfuncBuilder::new("twice")
            .function(|a: f64| 2.0 * a)
            .add_to(&module)
            .unwrap();
        py.import("sys")
            .unwrap()
            .getattr("modules")
            .unwrap()
            .set_item("npyo_test_of_pickling", &module)
            .unwrap();
        let twice = module.getattr("twice").unwrap();
        check(
            &twice,
            "
import pickle, copy
assert pickle.loads(pickle.dumps(f)) is f and copy.deepcopy(f) is f
",
        );
        if numpy_version(py) >= (2, 2) {
            check(
                &twice,
                "assert (f.__module__, f.__qualname__) == ('npyo_test_of_pickling', 'twice')",
            );
        }
    });
}

#[test]
fn other_classes_can_take_over() {
    Python::attach(|py| {
        check(
            &add(py),
            "
class Mine:
    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        return ufunc.__name__, method, len(args)
assert f(Mine(), 1) == ('add_of_rust', '__call__', 2) and f.reduce(Mine()) == ('add_of_rust', 'reduce', 1)
class Sub(np.ndarray): pass
assert type(f(np.zeros(2).view(Sub), 1)) is Sub
",
        );
    });
}

#[test]
fn a_function_may_attach() {
    Python::attach(|py| {
        let length = UfuncBuilder::new("digits")
            .function(|a: i64| -> PyResult<i64> {
                Python::attach(|py| Ok(a.into_pyobject(py)?.str()?.len()? as i64))
            })
            .build(py)
            .unwrap();
        check(
            &length,
            "
for n in [1, 600, 9000, 20_000]:
    a = np.arange(n)
    assert f(a).tolist() == [len(str(i)) for i in range(n)]
    assert f(a[::-1].astype('i4')).tolist() == [len(str(i)) for i in range(n)][::-1]
",
        );
    });
}

#[test]
fn threads_call_one_ufunc() {
    Python::attach(|py| {
        let add = add(py).unbind();
        py.detach(|| {
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        Python::attach(|py| {
                            check(
                                add.bind(py),
                                "
a = np.arange(100_000.0)
for _ in range(20):
    assert (f(a, a) == 2 * a).all() and f.reduce(a) == 4999950000.0
",
                            );
                        });
                    });
                }
            });
        });
        let fallible = UfuncBuilder::new("positive")
            .function(|a: f64| {
                if a > 0.0 {
                    Ok(a)
                } else {
                    Err(PyArithmeticError::new_err("not positive"))
                }
            })
            .build(py)
            .unwrap()
            .unbind();
        py.detach(|| {
            std::thread::scope(|scope| {
                for bad in [true, false, true, false] {
                    let fallible = &fallible;
                    scope.spawn(move || {
                        Python::attach(|py| {
                            let a = npyo::PyArray1::from_vec(
                                py,
                                vec![if bad { -1.0 } else { 1.0 }; 50_000],
                            );
                            for _ in 0..50 {
                                assert_eq!(fallible.bind(py).call1((&a,)).is_err(), bad);
                            }
                        });
                    });
                }
            });
        });
    });
}

/// Functions with the attribute, which makes ufuncs of them.
#[cfg(feature = "derive")]
mod of_macro {
    use num_traits::Float;
    use pyo3::exceptions::PyZeroDivisionError;
    use pyo3::prelude::*;

    use crate::common::{check, numpy_version, refused};

    /// Logit of a probability.
    ///
    /// That is ln(p / (1 - p)),
    ///   for p between 0 and 1.
    #[npyo::ufunc(types(f32, f64))]
    fn logit<T: Float>(p: T) -> T {
        (p / (T::one() - p)).ln()
    }

    mod integers {
        #[npyo::ufunc(identity = zero)]
        pub(crate) fn gcd(a: i64, b: i64) -> i64 {
            if b == 0 { a.abs() } else { gcd(b, a % b) }
        }

        #[npyo::ufunc(identity = one)]
        pub(crate) fn product(a: i64, b: i64) -> i64 {
            a * b
        }

        #[npyo::ufunc(identity = minus_one)]
        pub(crate) fn and(a: i64, b: i64) -> i64 {
            a & b
        }

        #[npyo::ufunc(identity = reorderable)]
        pub(crate) fn largest(a: i64, b: i64) -> i64 {
            a.max(b)
        }
    }

    #[npyo::ufunc(name = "div_rem")]
    fn div_rem_of_ints(a: i64, b: i64) -> PyResult<(i64, i64)> {
        match (a.checked_div_euclid(b), a.checked_rem_euclid(b)) {
            (Some(quotient), Some(remainder)) => Ok((quotient, remainder)),
            _ => Err(PyZeroDivisionError::new_err(format!("{a} / {b}"))),
        }
    }

    #[npyo::ufunc(types((f32, i16), (f64, i32)))]
    fn raised<T: Float, N: Into<i32>>(x: T, n: N) -> T {
        x.powi(n.into())
    }

    fn module(py: Python<'_>) -> Bound<'_, PyModule> {
        let module = PyModule::new(py, "npyo_test_of_macro").unwrap();
        npyo::add_ufuncs!(
            &module,
            logit,
            integers::gcd,
            integers::product,
            self::integers::and,
            integers::largest,
            div_rem_of_ints,
            raised,
        )
        .unwrap();
        module
    }

    #[pymodule]
    mod declared {
        use pyo3::prelude::*;

        #[pymodule_export]
        use super::integers::{gcd, product as product_of_two};
        #[pymodule_export]
        use super::logit;

        #[npyo::ufunc]
        fn twice(a: f64) -> f64 {
            2.0 * a
        }

        #[pymodule_init]
        fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
            npyo::add_ufuncs!(module, twice)
        }
    }

    #[test]
    fn there_is_a_function_for_each_of_the_types() {
        Python::attach(|py| {
            check(
                &module(py).getattr("logit").unwrap(),
                "
assert type(f) is np.ufunc and f.types == ['f->f', 'd->d'] and f.__name__ == 'logit'
assert f.__doc__.endswith('Logit of a probability.\\n\\nThat is ln(p / (1 - p)),\\n  for p between 0 and 1.')
p = np.linspace(0.1, 0.9, 99)
assert np.allclose(f(p), np.log(p / (1 - p))) and f(p.astype('f4')).dtype == 'f4'
",
            );
            check(
                &module(py).getattr("raised").unwrap(),
                "
assert f.types == ['fh->f', 'di->d'] and f(2.0, np.int32(3)) == 8.0 and f(np.float32(2), np.int16(-1)) == 0.5
",
            );
        });
    }

    #[test]
    fn it_stays_a_function_of_rust() {
        assert_eq!(logit(0.5), 0.0);
        assert_eq!(integers::gcd(12, 18), 6);
        let (quotient, remainder) = div_rem_of_ints(-7, 2).unwrap();
        assert_eq!((quotient, remainder), (-4, 1));
    }

    #[test]
    fn reductions_have_the_identity() {
        Python::attach(|py| {
            let module = module(py);
            for (name, identity, result) in [
                ("gcd", "0", 6),
                ("product", "1", 6 * 12 * 18),
                ("and", "-1", 0),
                ("largest", "None", 18),
            ] {
                check(
                    &module.getattr(name).unwrap(),
                    &format!(
                        "
assert f.identity == {identity} and f.reduce(np.array([[6], [12], [18]]), axis=None) == {result}
assert f.identity is None or f.reduce([], dtype='i8') == {identity}
"
                    ),
                );
            }
        });
    }

    #[test]
    fn it_has_the_name_given_and_may_fail() {
        Python::attach(|py| {
            let module = module(py);
            assert!(!module.hasattr("div_rem_of_ints").unwrap());
            let div_rem = module.getattr("div_rem").unwrap();
            check(
                &div_rem,
                "
assert f.__name__ == 'div_rem' and f.nout == 2
assert [part.tolist() for part in f([7, -7], 2)] == [[3, -4], [1, 1]]
",
            );
            let text = refused::<PyZeroDivisionError>(py, div_rem.call1((1, 0)));
            assert_eq!(text, "1 / 0");
        });
    }

    #[test]
    fn declared_modules_export_it() {
        Python::attach(|py| {
            let module = pyo3::wrap_pymodule!(declared)(py);
            let module = module.bind(py);
            for (name, result) in [("logit", 0.0), ("twice", 1.0)] {
                let value = module.getattr(name).unwrap().call1((0.5,)).unwrap();
                assert_eq!(value.extract::<f64>().unwrap(), result);
            }
            for name in ["gcd", "product"] {
                assert!(module.hasattr(name).unwrap(), "{name}");
            }
            if numpy_version(py) >= (2, 2) {
                check(
                    &module.getattr("gcd").unwrap(),
                    "assert (f.__module__, f.__qualname__) == ('declared', 'gcd')",
                );
            }
        });
    }
}

#[test]
fn a_ufunc_without_a_text_has_a_doc_string_of_one_line() {
    Python::attach(|py| {
        let f = UfuncBuilder::new("plain")
            .function(|x: f64| x)
            .build(py)
            .unwrap();
        check(
            &f,
            "assert f.__doc__.startswith('plain(x, /') and '\\n' not in f.__doc__",
        );
    });
}
