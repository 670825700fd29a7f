//! Functions of single elements called for whole arrays, without a ufunc.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use npyo::broadcast::{Broadcast, Casting, scalar_or_array};
use npyo::datetime::{Datetime, units};
use npyo::{
    ArrayBorrowError, Complex64, Order, PyArray1, PyArrayDyn, PyFixedString, PyUntypedArrayMethods,
    prelude::*, pyarray,
};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;

use crate::common::{check, eval, exec, max_ndim, panic_text, refcount, refused, untyped};

type Any<'a, 'py> = &'a Bound<'py, PyAny>;
type Array<'py, T> = Bound<'py, PyArrayDyn<T>>;

#[pyfunction]
fn hypot<'py>(x: Any<'_, 'py>, y: Any<'_, 'py>) -> PyResult<Array<'py, f64>> {
    Broadcast::new().call([x, y], |x: f64, y: f64| x.hypot(y))
}

/// A function as Python sees it.
macro_rules! function {
    ($py:expr, $name:ident) => {
        wrap_pyfunction!($name)($py).unwrap()
    };
}

#[test]
fn shapes_are_broadcast() {
    Python::attach(|py| {
        check(
            &function!(py, hypot),
            "
shapes = [(), (1,), (3,), (2, 1), (2, 3), (4, 1, 3), (0,), (0, 1), (1, 1, 1), (2, 0)]
for one in shapes:
    for other in shapes:
        x, y = np.full(one, 3.0), np.full(other, 4.0)
        try: expected = np.asarray(np.hypot(x, y))
        except ValueError:
            try: f(x, y)
            except ValueError as e: assert 'could not be broadcast' in str(e), e
            else: assert False, (one, other)
            continue
        r = f(x, y)
        assert type(r) is np.ndarray and r.dtype == 'f8' and r.shape == expected.shape, (one, other)
        assert (r == expected).all()
a = np.arange(24.0).reshape(2, 3, 4)
for view in [a[::2], a[..., ::-1], a[::-1, ::2, 1:], a.T, a.transpose(1, 0, 2), np.broadcast_to(a[0], (5, 3, 4))]:
    assert (f(view, view[..., :1]) == np.hypot(view, view[..., :1])).all()
",
        );
    });
}

#[test]
fn results_have_the_order_of_the_arguments() {
    #[pyfunction]
    fn add<'py>(x: Any<'_, 'py>, y: Any<'_, 'py>, order: &str) -> PyResult<Array<'py, f64>> {
        let broadcast = match order {
            "C" => Broadcast::new().order(Order::C),
            "F" => Broadcast::new().order(Order::Fortran),
            _ => Broadcast::new(),
        };
        broadcast.call([x, y], |x: f64, y: f64| x + y)
    }
    Python::attach(|py| {
        check(
            &function!(py, add),
            "
a = np.arange(24.0).reshape(2, 3, 4)
views = [a, a.T, np.asfortranarray(a), a.transpose(1, 0, 2), a.transpose(2, 0, 1), a[::-1], a[:, ::-1, ::2]]
for order in 'KCF':
    for view in views:
        for one in [view, view.astype('f4'), view.astype('>f8')]:   # as they are, and converted
            for other in [one, 1.0, one[0], one[:, :1].copy(), np.asfortranarray(one)]:
                r, s = f(one, other, order), np.add(one, other, order=order, dtype='f8')
                assert (r == s).all()
                assert r.strides == s.strides, (order, one.strides, r.strides, s.strides)
",
        );
    });
}

#[test]
fn elements_are_converted_by_a_rule() {
    Python::attach(|py| {
        let half = |casting, code: &str| {
            let array = eval(py, code);
            Broadcast::new()
                .casting(casting)
                .call([&array], |a: f32| a / 2.0)
        };
        let safe = half(Casting::Safe, "np.arange(5, dtype='i2')").unwrap();
        assert_eq!(safe.to_vec().unwrap(), [0.0, 0.5, 1.0, 1.5, 2.0]);
        let text = refused::<PyTypeError>(py, half(Casting::Safe, "np.arange(5.0)"));
        assert!(
            text.starts_with("argument 0 has elements of dtype float64")
                && text.contains("to float32 according to the rule 'safe'"),
            "{text}"
        );
        assert!(half(Casting::SameKind, "np.arange(5.0)").is_ok());
        assert!(half(Casting::SameKind, "np.arange(5) * 1j").is_err());
        assert!(half(Casting::Equivalent, "np.arange(5, dtype='>f4')").is_ok());
        assert!(half(Casting::Equivalent, "np.arange(5, dtype='i2')").is_err());
        assert!(half(Casting::No, "np.arange(5, dtype='>f4')").is_err());
        assert!(half(Casting::No, "np.arange(5, dtype='f4')").is_ok());
        let text = half(Casting::Unsafe, "np.array(['1', '2.5', '-3'])").unwrap();
        assert_eq!(text.to_vec().unwrap(), [0.5, 1.25, -1.5]);
    });
}

#[test]
fn a_conversion_may_fail_in_the_middle() {
    Python::attach(|py| {
        for len in [10, 20_000, 100_000] {
            for last in [0, len / 2, len - 1] {
                for make in [
                    format!("np.array(['1'] * {last} + ['x'] * ({len} - {last}))"),
                    format!("np.array([1.0] * {last} + [object()] * ({len} - {last}), object)"),
                ] {
                    let array = eval(py, &make);
                    let count = AtomicUsize::new(0);
                    let result =
                        Broadcast::new()
                            .casting(Casting::Unsafe)
                            .call([&array], |a: f64| {
                                count.fetch_add(1, Ordering::Relaxed);
                                a
                            });
                    assert!(result.is_err(), "{make}");
                    assert!(count.into_inner() <= last);
                }
            }
        }
        assert!(PyErr::take(py).is_none());
    });
}

#[test]
fn numbers_of_python_take_the_type_of_the_argument() {
    Python::attach(|py| {
        let bytes = pyarray![py, 1_u8, 2];
        let add = |code: &str| {
            let other = eval(py, code);
            Broadcast::new().call([bytes.as_any(), &other], |a: u8, b: u8| a.wrapping_add(b))
        };
        assert_eq!(add("3").unwrap().to_vec().unwrap(), [4, 5]);
        assert_eq!(add("True").unwrap().to_vec().unwrap(), [2, 3]);
        for outside in ["256", "-1", "10**30"] {
            let text = refused::<PyOverflowError>(py, add(outside));
            assert!(text.contains("out of bounds for uint8"), "{text}");
        }
        for other in ["1.0", "np.int64(1)", "[1]", "1j", "None", "'x'"] {
            refused::<PyTypeError>(py, add(other));
        }
        let single = |code: &str| Broadcast::new().call([&eval(py, code)], |a: f32| a);
        assert_eq!(single("0.1").unwrap().to_vec().unwrap(), [0.1]);
        assert_eq!(single("2**70").unwrap().to_vec().unwrap(), [2_f32.powi(70)]);
        assert!(single("np.float64(0.1)").is_err());
        let complex = Broadcast::new().call([&eval(py, "1.5")], |a: Complex64| a);
        assert_eq!(
            complex.unwrap().to_vec().unwrap(),
            [Complex64::new(1.5, 0.0)]
        );
    });
}

#[test]
fn results_are_written_to_given_arrays() {
    #[pyfunction]
    fn add(a: Any<'_, '_>, b: Any<'_, '_>, out: Any<'_, '_>) -> PyResult<()> {
        Broadcast::new()
            .casting(Casting::SameKind)
            .call_into([a, b], [out], |a: f64, b: f64| a + b)
    }
    Python::attach(|py| {
        check(
            &function!(py, add),
            "
a = np.arange(12.0).reshape(3, 4)
for out in [np.zeros((3, 4)), np.zeros((3, 4), order='F'), np.zeros((3, 4), 'f4'), np.zeros((3, 4), '>f8'),
            np.zeros((6, 8))[::2, ::-2], np.zeros((3, 4), 'c16'), np.zeros((2, 3, 4)), np.zeros((3, 4), object),
            np.zeros((3, 4), [('a', 'i1'), ('x', 'f8')])['x'], np.zeros((3, 4), 'O,f8')['f1']]:
    assert f(a, a[0], out) is None
    assert (out == a + a[0]).all(), out
def refuses(error, *args, text=''):
    try: f(*args)
    except error as e: assert text in str(e), e
    else: assert False, args
refuses(TypeError, a, a, [0.0] * 12, text='numpy.ndarray')
refuses(TypeError, a, a, np.zeros((3, 4), 'i4'), text=\"'same_kind'\")
refuses(ValueError, a, a, np.zeros((3, 1)), text='broadcast')
refuses(ValueError, a, a, np.zeros(4), text='broadcast')
refuses(TypeError, a, a, np.ma.zeros((3, 4)), text='masked')
refuses(TypeError, np.ma.zeros((3, 4)), a, a, text='masked')
read_only = np.zeros((3, 4)); read_only.flags.writeable = False
refuses(ValueError, a, a, read_only, text='read-only')
twice = np.lib.stride_tricks.as_strided(np.zeros(6), (3, 4), (8, 8))
refuses(ValueError, a, a, twice, text='overlaps itself')
",
        );
    });
}

#[test]
fn an_array_may_be_argument_and_result() {
    #[pyfunction]
    fn add(a: Any<'_, '_>, b: Any<'_, '_>, out: Any<'_, '_>) -> PyResult<()> {
        Broadcast::new().call_into([a, b], [out], |a: f64, b: f64| a + b)
    }
    Python::attach(|py| {
        check(
            &function!(py, add),
            "
for n in [5, 1000, 30000]:
    for cast in [lambda x: x, lambda x: x.astype('>f8')]:
        make = lambda: cast(np.arange(3.0 * n)).reshape(n, 3)
        cases = [lambda a: (a, 1.0, a), lambda a: (1.0, a, a), lambda a: (a, a, a), lambda a: (a[:-1], a[1:], a[1:]),
                 lambda a: (a[::-1], a, a), lambda a: (a[:, :1], a, a), lambda a: (a[:, 0], a[:, 1], a[:, 2]),
                 lambda a: (a[0], a, a), lambda a: (a[:3].T, a[:3], a[:3]), lambda a: (a[1:], 1.0, a[:-1])]
        for case in cases:
            a, b = make(), make()
            x, y, out = case(a)
            f(x, y, out)
            x, y, out = case(b)
            np.add(x, y, out=out)
            assert (a == b).all(), (n, cases.index(case))
",
        );
        let a = pyarray![py, 1.0, 2.0];
        let both = [a.as_any(), a.as_any()];
        let twice = Broadcast::new().call_into([&a], both, |a: f64| (a, a));
        refused::<ArrayBorrowError>(py, twice);
    });
}

#[test]
fn arrays_are_borrowed_meanwhile() {
    Python::attach(|py| {
        let a = pyarray![py, 1.0, 2.0];
        let double = |a: f64| 2.0 * a;
        let broadcast = Broadcast::new();
        {
            let _reader = a.readonly();
            assert!(broadcast.call([&a], double).is_ok());
            refused::<ArrayBorrowError>(py, broadcast.call_into([&a], [&a], double));
            let other = pyarray![py, 0.0, 0.0];
            assert!(broadcast.call_into([&a], [&other], double).is_ok());
        }
        {
            let _writer = a.readwrite();
            refused::<ArrayBorrowError>(py, broadcast.call([&a], double));
            let view = a.call_method1("view", ("i8",)).unwrap();
            refused::<ArrayBorrowError>(py, broadcast.call([&view], double));
            let list = [&a];
            let copied = pyo3::types::PyList::new(py, list).unwrap();
            assert!(broadcast.call([&copied], double).is_ok());
        }
        // From within the function.
        let handle = a.clone().unbind();
        let attempts = broadcast.call([&a], |py: Python<'_>, _: f64| {
            let a = handle.bind(py);
            (a.try_readonly().is_ok(), a.try_readwrite().is_ok())
        });
        let (read, written) = attempts.unwrap();
        assert_eq!(read.to_vec().unwrap(), [true, true]);
        assert_eq!(written.to_vec().unwrap(), [false, false]);
        let attempts = broadcast.call_into([&a], [&a], |py: Python<'_>, a: f64| {
            a + f64::from(u8::from(handle.bind(py).try_readonly().is_ok()))
        });
        attempts.unwrap();
        assert_eq!(a.readwrite().as_slice().unwrap(), [1.0, 2.0]);
    });
}

#[test]
fn the_first_error_of_the_function_is_returned() {
    Python::attach(|py| {
        for (len, dtype) in [(100, "i8"), (50_000, "i8"), (50_000, "i4"), (50_000, ">i8")] {
            let array = eval(py, &format!("np.arange({len}, dtype='{dtype}')"));
            let broadcast = Broadcast::new();
            #[cfg(feature = "rayon")]
            let parallel = broadcast.parallel();
            let fail = |a: i64| match a {
                40 | 41 | 9_000 | 40_000 => Err(PyZeroDivisionError::new_err(a)),
                a => Ok(a),
            };
            let err = broadcast.call([&array], fail).unwrap_err();
            assert_eq!(err.value(py).to_string(), "40");
            #[cfg(feature = "rayon")]
            for _ in 0..20 {
                let err = parallel.call([&array], fail).unwrap_err();
                assert_eq!(err.value(py).to_string(), "40");
            }
            assert!(PyErr::take(py).is_none());
        }
    });
}

#[test]
fn a_panic_unwinds_and_leaves_nothing_behind() {
    Python::attach(|py| {
        for code in [
            "np.arange(50_000.0)",
            "np.arange(50_000)",
            "np.array(['1'] * 9)",
        ] {
            let array = untyped(py, code);
            let before = refcount(&array);
            let broadcast = Broadcast::new().casting(Casting::Unsafe);
            #[cfg(feature = "rayon")]
            let broadcast = broadcast.parallel();
            let work = || {
                broadcast.call([&array], |a: f64| {
                    assert!(a < 1.0, "too large");
                    a
                })
            };
            assert_eq!(panic_text(work), "too large");
            assert_eq!(refcount(&array), before);
            // The borrow has ended, and the thread is attached.
            assert!(
                Broadcast::new()
                    .casting(Casting::Unsafe)
                    .call_into([&array], [&array], |a: f64| a)
                    .is_ok()
            );
            py.run(c"1 + 1", None, None).unwrap();
        }
    });
}

#[test]
fn nothing_is_leaked() {
    Python::attach(|py| {
        let names = exec(
            py,
            "o = object(); a = np.array([o] * 20_000); b = np.arange(20_000)",
        );
        let get = |name: &str| names.get_item(name).unwrap().unwrap();
        let (o, a, b) = (get("o"), get("a"), get("b"));
        let references = (refcount(&o), refcount(&a), refcount(&b));
        for fails in [false, true] {
            let result = Broadcast::new().call([&a, &b], |o: Py<PyAny>, b: f64| {
                if fails && b > 15_000.0 {
                    return Err(PyValueError::new_err("late"));
                }
                Ok(o)
            });
            assert_eq!(result.is_err(), fails);
            drop(result);
            assert_eq!((refcount(&o), refcount(&a), refcount(&b)), references);
        }
    });
}

#[test]
fn elements_are_objects_strings_and_times() {
    #[pyfunction]
    fn call<'py>(f: Any<'_, 'py>, x: Any<'_, 'py>) -> PyResult<Array<'py, Py<PyAny>>> {
        Broadcast::new().call([f, x], |py: Python<'_>, f: Py<PyAny>, x: Py<PyAny>| {
            f.call1(py, (x,))
        })
    }
    Python::attach(|py| {
        check(
            &function!(py, call),
            "
r = f(np.array([len, str]), np.array(['a', 'bcd'], object)[:, None])
assert r.dtype == object and r.tolist() == [[1, 'a'], [3, 'bcd']]
assert f(abs, [-1, 2]).tolist() == [1, 2] and f(abs, np.arange(3.0) - 1).tolist() == [1, 0, 1]
try: f(len, [1])
except TypeError as e: assert 'no len' in str(e)
else: assert False
",
        );
        let words = eval(py, "np.array([b'ab', b'', b'abc'])");
        let lens = Broadcast::new().call([&words], |word: PyFixedString<4>| {
            word.as_bytes().iter().filter(|&&byte| byte != 0).count()
        });
        assert_eq!(lens.unwrap().to_vec().unwrap(), [2, 0, 3]);
        let days = eval(py, "np.array(['1970-01-03', 'NaT'], 'M8[D]')");
        let hours =
            Broadcast::new().call([&days], |t: Datetime<units::Seconds>| i64::from(t) / 3600);
        assert_eq!(hours.unwrap().to_vec().unwrap()[0], 48);
        let bools = eval(py, "np.array([0, 1, 255], 'u1').view('?')");
        let not = Broadcast::new().call([&bools], |a: bool| !a).unwrap();
        assert_eq!(not.to_vec().unwrap(), [true, false, false]);
    });
}

#[cfg(feature = "derive")]
#[test]
fn elements_are_records() {
    #[derive(npyo::Element, Clone, Copy)]
    #[repr(C)]
    struct Point {
        id: u8,
        x: f64,
    }
    Python::attach(|py| {
        let points = eval(
            py,
            "np.array([(1, 2.0), (3, 4.0)], np.dtype([('id', 'u1'), ('x', 'f8')], align=True))",
        );
        let moved = Broadcast::new().call(
            [points.as_any(), &eval(py, "[[1.0], [2.0]]")],
            |p: Point, by: f64| Point {
                id: p.id,
                x: p.x + by,
            },
        );
        let moved = moved.unwrap();
        check(&moved, "
assert f.shape == (2, 2) and f['x'].tolist() == [[3, 5], [4, 6]] and f['id'].tolist() == [[1, 3], [1, 3]]
assert not f.view('u1').reshape(4, 16)[:, 1:8].any()      # what is between the fields
");
        // Fields elsewhere, and of other types: converted.
        let packed = eval(
            py,
            "np.array([(1, 2.0), (3, 4.0)], [('id', 'u1'), ('x', 'f4')])",
        );
        let x = Broadcast::new().call([&packed], |p: Point| p.x);
        assert_eq!(x.unwrap().to_vec().unwrap(), [2.0, 4.0]);
        let packed = eval(
            py,
            "np.array([(1, 2.0), (3, 4.0)], [('id', 'u1'), ('x', 'f8')])",
        );
        // NumPy takes this dtype for the same in some versions, and for another in others.
        if let Ok(x) = Broadcast::new().call([&packed], |p: Point| p.x) {
            assert_eq!(x.to_vec().unwrap(), [2.0, 4.0]);
        }
    });
}

#[test]
fn limits_of_numpy_are_errors() {
    Python::attach(|py| {
        let many = eval(py, &format!("np.zeros((1,) * {})", max_ndim(py)));
        let twice = |a: f64| 2.0 * a;
        assert_eq!(
            Broadcast::new().call([&many], twice).unwrap().ndim(),
            max_ndim(py)
        );
        let casts = eval(py, &format!("np.zeros((1,) * {}, 'f4')", max_ndim(py)));
        assert_eq!(
            Broadcast::new().call([&casts], twice).unwrap().ndim(),
            max_ndim(py)
        );
        for dtype in ["f8", "f4"] {
            let tall = eval(
                py,
                &format!("np.broadcast_to(np.zeros((), '{dtype}'), (2**40, 1))"),
            );
            let wide = eval(
                py,
                &format!("np.broadcast_to(np.zeros((), '{dtype}'), (1, 2**40))"),
            );
            let sum = Broadcast::new().call([&tall, &wide], |a: f64, b: f64| a + b);
            refused::<PyValueError>(py, sum);
            let visit = Broadcast::new().call([&tall, &wide], |_: f64, _: f64| ());
            refused::<PyValueError>(py, visit);
            let huge = eval(
                py,
                &format!("np.broadcast_to(np.zeros((), '{dtype}'), (2**55,))"),
            );
            assert!(Broadcast::new().call([&huge], twice).is_err());
        }
    });
}

#[test]
fn functions_of_many_arguments_and_results() {
    Python::attach(|py| {
        let a = pyarray![py, 1, 2];
        let a = a.as_any();
        let six =
            |a: i32, b: i32, c: i32, d: i32, e: i32, f: i32| (a + b, c + d, e + f, f64::from(a));
        let (s, t, u, v) = Broadcast::new().call([a, a, a, a, a, a], six).unwrap();
        for sums in [s, t, u] {
            assert_eq!(sums.to_vec().unwrap(), [2, 4]);
        }
        assert_eq!(v.to_vec().unwrap(), [1.0, 2.0]);
        let outs: Vec<_> = (0..3)
            .map(|_| PyArray1::<i32>::zeros(py, 2, false))
            .collect();
        let three = |a: i32| (a, a * 10, a * 100);
        let into = Broadcast::new().call_into([a], [&outs[0], &outs[1], &outs[2]], three);
        into.unwrap();
        assert_eq!(outs[2].to_vec().unwrap(), [100, 200]);
    });
}

/// Not `Send` to Python's threads only: the function may look at what is on the stack.
#[test]
fn other_threads_run_while_many_elements_are_computed() {
    Python::attach(|py| {
        for code in ["np.arange(20_000.0)", "np.arange(20_000)"] {
            let array = eval(py, code);
            let is_attached = AtomicUsize::new(0);
            let count = Broadcast::new().call([&array], |a: f64| {
                // Would wait for ever if the thread that waits were attached.
                if a == 7.0 {
                    let other = std::thread::spawn(|| Python::attach(|_| 1));
                    is_attached.fetch_add(other.join().unwrap(), Ordering::Relaxed);
                }
            });
            count.unwrap();
            assert_eq!(is_attached.into_inner(), 1);
        }
    });
}

#[cfg(feature = "rayon")]
#[test]
fn threads_give_the_same() {
    #[pyfunction]
    fn wave<'py>(x: Any<'_, 'py>, y: Any<'_, 'py>, parallel: u8) -> PyResult<Array<'py, f64>> {
        let broadcast = Broadcast::new();
        let broadcast = if parallel == 1 {
            broadcast.parallel()
        } else {
            broadcast
        };
        broadcast.call([x, y], |x: f64, y: f64| (x * 1.1).sin() + y.sqrt())
    }
    Python::attach(|py| {
        check(
            &function!(py, wave),
            "
a = np.arange(200_000.0).reshape(100, 2000)
for x in [a, a.T, a[::-1, ::2], a.astype('f4'), a.astype('i4')[:, ::3], a.astype('>f8').T, a[:, :1]]:
    for y in [x, x[:1], 2.0, x[:, :1]]:
        r, s = f(x, y, 1), f(x, y, 0)
        assert r.tobytes() == s.tobytes() and r.strides == s.strides
",
        );
    });
}

// The cases of pybind11's tests/test_numpy_vectorize.py, by its names. Not there: `test_docs`, as a signature
// is what the author of the function writes; the passing on of arguments by reference, pointer and value of
// `test_passthrough_arguments`, which closures capture here; and its table of which arrays are trivial to
// broadcast, an internal of pybind11's, of whose cases the results are compared.

#[test]
fn pybind11_test_vectorize() {
    let calls: Arc<Mutex<Vec<(i32, f64, f64)>>> = Arc::default();
    Python::attach(|py| {
        let seen = calls.clone();
        let function = move |args: &Bound<'_, pyo3::types::PyTuple>,
                             _: Option<&Bound<'_, pyo3::types::PyDict>>|
              -> PyResult<Py<PyAny>> {
            let (x, y, z): (Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>) =
                args.extract()?;
            let broadcast = Broadcast::new().casting(Casting::Unsafe);
            let product = broadcast.call([&x, &y, &z], |x: i32, y: f32, z: f64| {
                seen.lock().unwrap().push((x, y.into(), z));
                f64::from(x) * f64::from(y) * z
            })?;
            scalar_or_array(product).map(Bound::unbind)
        };
        let f = pyo3::types::PyCFunction::new_closure(py, None, None, function).unwrap();
        check(
            &f,
            "
assert np.isclose(f(1, 2, 3), 6) and isinstance(f(1, 2, 3), float)
assert (f(1, [2, 4], [3, 5]) == [6, 20]).all()                 # lists
assert (f(np.array(1), np.array(2), 3) == 6)
a = np.array([[1, 3], [2, 4]], order='F')
b = np.array([[2, 4], [3, 1]], order='F')
r = f(a, b, 3)
assert (r == a * b * 3).all() and r.flags.f_contiguous          # F in, F out
r = f(a, b[::, ::], 3)[::, ::]
assert (r == a * b * 3).all()
a, b, c = np.array([1, 3, 5, 7, 9, 11]), np.array([[2], [4]]), 3
assert (f(a, b, c) == a * b * c).all()                           # broadcast
a = np.arange(6).reshape(2, 3)
assert (f(a[:, ::2], a[::-1, ::2], 2) == a[:, ::2] * a[::-1, ::2] * 2).all()   # strides
assert (f(a.T, a.T, 1) == a.T ** 2).all() and f(a.T, a.T, 1).flags.f_contiguous
",
        );
        calls.lock().unwrap().clear();
        check(&f, "f(np.array([[1, 2], [3, 4]]), 10, 0.5)");
        let seen: Vec<_> = calls.lock().unwrap().iter().map(|call| call.0).collect();
        assert_eq!(seen, [1, 2, 3, 4]);
        check(
            &f,
            "
try: f([1, 2], [1, 2, 3], 1)
except ValueError: pass
else: assert False
",
        );
    });
}

#[test]
fn pybind11_test_type_selection() {
    #[pyfunction]
    fn selective<'py>(x: Any<'_, 'py>) -> PyResult<&'static str> {
        let broadcast = Broadcast::new().casting(Casting::Equivalent);
        if broadcast.call([x], |_: i32| ()).is_ok() {
            return Ok("int");
        }
        if broadcast.call([x], |_: f32| ()).is_ok() {
            return Ok("float");
        }
        broadcast.call([x], |_: Complex64| ()).map(|()| "complex")
    }
    Python::attach(|py| {
        check(
            &function!(py, selective),
            "
assert f(np.array([1], dtype='i4')) == 'int'
assert f(np.array([1.0], dtype='f4')) == 'float'
assert f(np.array([1.0j], dtype='c16')) == 'complex'
",
        );
    });
}

#[test]
fn pybind11_test_trivial_broadcasting() {
    #[pyfunction]
    fn triple<'py>(
        x: Any<'_, 'py>,
        y: Any<'_, 'py>,
        z: Any<'_, 'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let sum = |x: i32, y: f64, z: f64| f64::from(x) + y * z;
        scalar_or_array(
            Broadcast::new()
                .casting(Casting::SameKind)
                .call([x, y, z], sum)?,
        )
    }
    Python::attach(|py| {
        check(
            &function!(py, triple),
            "
z1 = np.array([[1, 2, 3, 4], [5, 6, 7, 8]], dtype='int32')
z2, z3 = np.array(z1, dtype='float32'), np.array(z1, dtype='float64')
y1, y2, y3, y4 = z1[::2, ::2], z2[::2, ::2], z3[::2, ::2], z3[::2]
cases = [(1, 2, 3), (z1, 2, 3), (z1, 1, z3), (1, z2, 3), (z1, z2, z3), (z1[:, :1], z2[:1], 3), (y1, y2, y3),
         (y1.T, y2.T, y3), (z1.T, z2.T, z3.T), (np.asfortranarray(z1), np.asfortranarray(z2), 1),
         (z1, np.asfortranarray(z2), z3), (np.array([]).astype('i4'), 1, 2), (z1[:0], 1, z3[:0]), (1, y4, y4)]
for x, y, z in cases:
    r, s = f(x, y, z), np.add(x, np.multiply(y, z, dtype='f8'), dtype='f8')
    assert np.shape(r) == np.shape(s) and np.array_equal(r, s), (x, y, z)
    if isinstance(r, np.ndarray):
        assert r.flags.c_contiguous == s.flags.c_contiguous and r.flags.f_contiguous == s.flags.f_contiguous
",
        );
    });
}

#[test]
fn pybind11_test_passthrough_arguments() {
    /// The first and the last argument are no arrays.
    #[pyfunction]
    fn passed<'py>(scale: f64, x: Any<'_, 'py>, name: String) -> PyResult<Array<'py, f64>> {
        let name = &name;
        Broadcast::new().call([x], |x: f64| x * scale + name.len() as f64)
    }
    Python::attach(|py| {
        check(
            &function!(py, passed),
            "
assert f(2.0, [1, 2], 'abc').tolist() == [5, 7]
try: f([2.0], [1, 2], 'abc')
except TypeError: pass
else: assert False
",
        );
    });
}

#[test]
fn pybind11_test_method_vectorization() {
    #[pyclass(frozen)]
    struct Scaled {
        by: i32,
    }
    #[pymethods]
    impl Scaled {
        #[new]
        fn new(by: i32) -> Self {
            Self { by }
        }
        fn method<'py>(&self, x: Any<'_, 'py>, y: Any<'_, 'py>) -> PyResult<Array<'py, f32>> {
            Broadcast::new().call([x, y], |x: i32, y: f32| y + (x * self.by) as f32)
        }
    }
    Python::attach(|py| {
        check(
            py.get_type::<Scaled>().as_any(),
            "
o = f(3)
x, y = np.array([1, 2], dtype='int32'), np.array([[10], [20]], dtype='float32')
assert (o.method(x, y) == [[13, 16], [23, 26]]).all() and o.method(x, y).dtype == 'f4'
",
        );
    });
}

#[test]
fn pybind11_test_array_collapse() {
    #[pyfunction]
    fn collapsed<'py>(x: Any<'_, 'py>, y: Any<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        scalar_or_array(Broadcast::new().call([x, y], |x: f64, y: f64| x + y)?)
    }
    Python::attach(|py| {
        check(
            &function!(py, collapsed),
            "
assert not isinstance(f(1, 2), np.ndarray) and isinstance(f(1, 2), np.float64)
assert not isinstance(f(np.array(1), 2), np.ndarray)
for one in [[1], [[[[1]]]], np.ones((1, 1))]:
    r = f(one, 2)
    assert isinstance(r, np.ndarray) and r.shape == np.shape(one)
",
        );
    });
}

#[test]
fn pybind11_test_vectorized_noreturn() {
    static TOTAL: AtomicUsize = AtomicUsize::new(0);
    #[pyfunction]
    fn total(x: Any<'_, '_>, y: Any<'_, '_>) -> PyResult<usize> {
        TOTAL.store(0, Ordering::Relaxed);
        Broadcast::new()
            .casting(Casting::SameKind)
            .call([x, y], |x: u16, y: u16| {
                TOTAL.fetch_add(usize::from(x) * usize::from(y), Ordering::Relaxed);
            })?;
        Ok(TOTAL.load(Ordering::Relaxed))
    }
    Python::attach(|py| {
        check(
            &function!(py, total),
            "
assert f(2, 3) == 6 and f(np.array([1, 2, 3], 'u2'), 10) == 60 and f(np.zeros((0, 3), 'u2'), 1) == 0
a = np.arange(6, dtype='u2').reshape(2, 3)
assert f(a, a[:1]) == (a.astype('i8') * a[:1]).sum() and f(a.T, a.astype('u4').T) == (a.astype('i8') ** 2).sum()
",
        );
    });
}
