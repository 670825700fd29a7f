//! Generalised ufuncs of Rust functions, beside the same in NumPy.

use ndarray::{
    ArrayView0, ArrayView1, ArrayView2, ArrayViewD, ArrayViewMut0, ArrayViewMut1, ArrayViewMut2,
};
use npyo::datetime::{Datetime, units};
use npyo::ufunc::GufuncBuilder;
use npyo::{PyArray1, PyArray2, prelude::*};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::common::{check, numpy_version, refused};

fn inner(x: ArrayView1<'_, f64>, y: ArrayView1<'_, f64>) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn inner_i64(x: ArrayView1<'_, i64>, y: ArrayView1<'_, i64>) -> i64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn matmul(a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>, mut out: ArrayViewMut2<'_, f64>) {
    for ((i, j), out) in out.indexed_iter_mut() {
        *out = a.row(i).iter().zip(b.column(j)).map(|(a, b)| a * b).sum();
    }
}

fn built<'py>(py: Python<'py>, builder: GufuncBuilder) -> Bound<'py, PyAny> {
    builder.build(py).unwrap()
}

#[test]
fn core_dimensions_are_views() {
    Python::attach(|py| {
        let inner = GufuncBuilder::new("inner", "(n),(n)->()")
            .doc("The inner product.")
            .function(inner_i64)
            .function(inner);
        check(
            &built(py, inner),
            "
assert type(f) is np.ufunc and f.signature == '(n),(n)->()' and (f.nin, f.nout, f.ntypes) == (2, 1, 2)
assert 'The inner product.' in f.__doc__
rng = np.random.default_rng(1)
a, b = rng.integers(-9, 9, (4, 3, 5)), rng.integers(-9, 9, (3, 5))
expected = (a * b).sum(-1)
for dtype in ['i8', 'i4', 'f8', 'f4', '>f8', '>i2']:
    x, y = a.astype(dtype), b.astype(dtype)
    r = f(x, y)
    assert r.dtype == (np.dtype('i8') if x.dtype.kind == 'i' else 'f8') and (r == expected).all(), dtype
    assert (f(x[::-1, :, ::2], y[:, ::2]) == (x[::-1, :, ::2] * y[:, ::2]).sum(-1)).all()
    assert (f(x[..., ::-1], y[..., ::-1]) == expected).all()
    assert (f(np.asfortranarray(x), y) == expected).all()
assert f(a, b).shape == (4, 3) and f(a, b[0]).shape == (4, 3) and f(a[0, 0], b[0]) == (a[0, 0] * b[0]).sum()
assert (f(np.moveaxis(a, 2, 0), b.T, axes=[0, 0, ()]) == expected).all()
assert (f(np.moveaxis(a, 2, 0), np.moveaxis(np.broadcast_to(b, a.shape), 2, 0), axis=0) == expected).all()
assert f(a, b, keepdims=True).shape == (4, 3, 1)
out = np.empty((4, 3)); assert f(a, b, out=out) is out and (out == expected).all()
assert f(np.zeros((0, 3)), np.zeros(3)).shape == (0,) and f(np.zeros((2, 0)), np.zeros(0)).tolist() == [0, 0]
assert f(np.broadcast_to(2.0, (2, 3)), [1, 2, 3]).tolist() == [12, 12]
for bad in [([1, 2], [1, 2, 3]), (1, 2), ('x', 'y')]:
    try: f(*bad)
    except (TypeError, ValueError): pass
    else: assert False, bad
# Misaligned, and with strides that are no multiple of the item size.
packed = np.zeros((3, 5), [('tag', 'i1'), ('x', 'f8')]); packed['x'] = a[0]
assert (f(packed['x'], b) == (a[0] * b).sum(-1)).all()
",
        );
    });
}

#[test]
fn results_are_written_through_views() {
    Python::attach(|py| {
        let matmul = GufuncBuilder::new("matmul", "(m,n),(n,p)->(m,p)").function(matmul);
        check(
            &built(py, matmul),
            "
rng = np.random.default_rng(2)
a, b = rng.integers(-9, 9, (6, 3, 4)) * 1.0, rng.integers(-9, 9, (4, 5)) * 1.0
expected = a @ b
assert (f(a, b) == expected).all() and f(a, b).shape == (6, 3, 5)
out = np.zeros((6, 5, 3)).transpose(0, 2, 1)
f(a, b, out=out); assert (out == expected).all()
out = np.zeros((6, 3, 5), '>f4')
f(a, b, out=out, casting='same_kind'); assert (out == expected).all()
wide = np.zeros((6, 3, 5), [('tag', 'i1'), ('x', 'f8')])
f(a, b, out=wide['x']); assert (wide['x'] == expected).all() and (wide['tag'] == 0).all()
out = np.zeros((6, 6, 10))[:, ::-2, ::2]
f(a, b, out=out); assert (out == expected).all()
# Results that share memory with arguments, and with themselves.
square = rng.integers(-9, 9, (7, 4, 4)) * 1.0
expected = square @ square
f(square, square, out=square); assert (square == expected).all()
c = rng.integers(-9, 9, (8, 4, 4)) * 1.0
expected = c[:-1] @ c[1:]
f(c[:-1], c[1:], out=c[1:]); assert (c[1:] == expected).all()
memory = np.zeros(4)
same = np.lib.stride_tricks.as_strided(memory, (3, 5), (0, 0))
f(a[0], b, out=same); assert memory[0] in (a[0] @ b)
interleaved = np.lib.stride_tricks.as_strided(np.zeros(60), (3, 5), (16, 24))
f(a[0], b, out=interleaved)
assert f(np.zeros((2, 0)), np.zeros((0, 3))).tolist() == [[0] * 3] * 2
assert f(np.zeros((0, 2)), np.zeros((2, 3))).shape == (0, 3)
",
        );
    });
}

#[test]
fn single_elements_come_by_value_or_as_views() {
    Python::attach(|py| {
        let scale = GufuncBuilder::new("polynomial", "(n),()->()").function(
            |coefficients: ArrayView1<'_, f64>, x: f64| {
                coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
            },
        );
        check(
            &built(py, scale),
            "
x = np.linspace(-1, 1, 11)
assert np.allclose(f([1, 2, 3], x), 1 + 2 * x + 3 * x * x) and f([[1, 0], [0, 1]], 3).tolist() == [1, 3]
",
        );
        let moments = GufuncBuilder::new("moments", "(n)->(),()").function(
            |x: ArrayView1<'_, f64>,
             mut mean: ArrayViewMut0<'_, f64>,
             mut var: ArrayViewMut0<'_, f64>| {
                let found = x.sum() / x.len() as f64;
                mean.fill(found);
                var.fill(x.iter().map(|x| (x - found).powi(2)).sum::<f64>() / x.len() as f64);
            },
        );
        check(
            &built(py, moments),
            "
a = np.random.default_rng(3).random((4, 50))
mean, var = f(a)
assert np.allclose(mean, a.mean(-1)) and np.allclose(var, a.var(-1))
mean, var = f(a[0]); assert np.allclose(mean, a[0].mean())
",
        );
        let extent = GufuncBuilder::new("extent", "(n),()->(),()").function(
            |x: ArrayView1<'_, f32>, low: ArrayView0<'_, f32>| {
                x.iter()
                    .fold((low[()], f32::NEG_INFINITY), |(low, high), &x| {
                        (low.min(x), high.max(x))
                    })
            },
        );
        check(
            &built(py, extent),
            "
low, high = f(np.array([[1, 2, 3], [-1, 5, 0]], 'f4'), np.float32(0))
assert low.tolist() == [0, -1] and high.tolist() == [3, 5] and low.dtype == 'f4'
",
        );
    });
}

#[test]
fn dimensions_are_fixed_optional_or_computed() {
    Python::attach(|py| {
        let cross = GufuncBuilder::new("cross", "(3),(3)->(3)").function(
            |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>| {
                for i in 0..3 {
                    let (j, k) = ((i + 1) % 3, (i + 2) % 3);
                    out[i] = a[j] * b[k] - a[k] * b[j];
                }
            },
        );
        check(
            &built(py, cross),
            "
a, b = np.random.default_rng(4).random((2, 7, 3))
assert np.allclose(f(a, b), np.cross(a, b)) and f(a, b[0]).shape == (7, 3)
try: f(a[:, :2], b[:, :2])
except ValueError: pass
else: assert False
",
        );
        let matmul = GufuncBuilder::new("matmul", "(m?,n),(n,p?)->(m?,p?)").function(matmul);
        check(
            &built(py, matmul),
            "
a, b = np.random.default_rng(5).integers(0, 9, (2, 3, 3)) * 1.0
for x, y in [(a, b), (a[0], b), (a, b[:, 0]), (a[0], b[0])]:
    assert np.array_equal(f(x, y), x @ y) and np.shape(f(x, y)) == np.shape(x @ y)
",
        );
        let convolve = GufuncBuilder::new("convolve", "(m),(n)->(p)")
            .function(
                |a: ArrayView1<'_, f64>,
                 b: ArrayView1<'_, f64>,
                 mut out: ArrayViewMut1<'_, f64>| {
                    out.fill(0.0);
                    for (i, a) in a.iter().enumerate() {
                        for (j, b) in b.iter().enumerate() {
                            out[i + j] += a * b;
                        }
                    }
                },
            )
            .core_dims(|sizes| match sizes {
                [Some(0), ..] | [_, Some(0), _] => {
                    Err(PyValueError::new_err("nothing to convolve"))
                }
                [Some(m), Some(n), p] => match *p.get_or_insert(*m + *n - 1) == *m + *n - 1 {
                    true => Ok(()),
                    false => Err(PyValueError::new_err("the result has m + n - 1 elements")),
                },
                _ => Err(PyValueError::new_err("sizes are missing")),
            });
        let code = "
a, b = np.arange(12.0).reshape(3, 4), np.array([1.0, -2.0])
expected = [np.convolve(one, b).tolist() for one in a]
if COMPUTED:
    assert f(a, b).tolist() == expected
    assert f(a[0], b).tolist() == expected[0]
out = np.zeros((3, 5))
assert f(a, b, out=out).tolist() == expected
for bad in [dict(x=a, out=np.zeros((3, 6))), dict(x=a, out=np.zeros((3, 2))), dict(x=a[:, :0], out=np.zeros((3, 1)))]:
    try: f(bad.pop('x'), b, **bad)
    except ValueError as e: assert 'm + n - 1' in str(e) or 'nothing' in str(e), e
    else: assert False
";
        let computed = if numpy_version(py) >= (2, 1) {
            "True"
        } else {
            "False"
        };
        check(&built(py, convolve), &code.replace("COMPUTED", computed));
    });
}

#[test]
fn truth_values_dates_and_any_dimensions() {
    Python::attach(|py| {
        let any = GufuncBuilder::new("count", "(m,n)->()")
            .function(|mask: ArrayViewD<'_, bool>| mask.iter().filter(|&&one| one).count());
        check(
            &built(py, any),
            "
m = np.random.default_rng(6).random((5, 3, 4)) > 0.5
assert f(m).tolist() == m.sum((1, 2)).tolist() and f(m[:, ::-1, ::2]).tolist() == m[:, :, ::2].sum((1, 2)).tolist()
odd = np.full((2, 2), 2, 'u1').view(bool)
assert f(odd) == 4
",
        );
        let negate = GufuncBuilder::new("negate", "(n)->(n)").function(
            |mask: ArrayView1<'_, bool>, mut out: ArrayViewMut1<'_, bool>| {
                assert!(out.iter().all(|one| !one));
                out.zip_mut_with(&mask, |out, mask| *out = !mask);
            },
        );
        check(
            &built(py, negate),
            "
m = np.random.default_rng(6).random((5, 3)) > 0.5
out = np.full((5, 3), 24, 'u1').view(bool)
assert (f(m, out=out) == ~m).all()
assert (f(m[:, ::2], out=out[:, ::-2]) == ~m[:, ::2]).all()
f(m, out=m)
",
        );
        let latest = GufuncBuilder::new("latest", "(n)->()").function(
            |dates: ArrayView1<'_, Datetime<units::Days>>| {
                dates
                    .iter()
                    .copied()
                    .reduce(|a, b| if i64::from(a) < i64::from(b) { b } else { a })
                    .ok_or_else(|| PyValueError::new_err("there is no date"))
            },
        );
        check(
            &built(py, latest),
            "
d = np.array([['2024-01-01', '2024-03-01'], ['2023-01-01', '2022-01-01']], 'M8[D]')
assert f(d).tolist() == d.max(-1).tolist() and f(d.astype('M8[M]')).dtype == 'M8[D]'
try: f(d[:, :0])
except ValueError as e: assert 'no date' in str(e)
else: assert False
",
        );
    });
}

#[test]
fn errors_and_panics_end_the_computation() {
    Python::attach(|py| {
        let positive = GufuncBuilder::new("positive", "(n)->(n)").function(
            |x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>| {
                if x.iter().any(|x| *x < 0.0) {
                    return Err(PyValueError::new_err("negative"));
                }
                assert!(x.iter().all(|x| !x.is_nan()), "not a number");
                out.assign(&x);
                Ok(())
            },
        );
        check(
            &built(py, positive),
            "
a = np.ones((100, 300))
for row in [0, 50, 99]:
    for value, error in [(-1, ValueError), (np.nan, BaseException)]:
        bad, out = a.copy(), np.zeros((100, 300))
        bad[row, 7] = value
        try: f(bad, out=out)
        except error as e:
            assert 'negative' in str(e) or 'not a number' in str(e), e
            notes = getattr(e, '__notes__', None)
            assert not notes or value != -1 or 'element %i ' % row in notes[0], notes
        else: assert False
        assert (out[:row] == 1).all() and (out[row:] == 0).all()
assert (f(a) == a).all()
",
        );
    });
}

#[test]
fn builders_refuse_what_does_not_fit() {
    Python::attach(|py| {
        let refuse = |builder: GufuncBuilder, texts: &[&str]| {
            let text = refused::<PyValueError>(py, builder.build(py));
            for part in texts {
                assert!(text.contains(part), "{part:?} is not in {text:?}");
            }
        };
        let of = |signature: &str| GufuncBuilder::new("f", signature).function(inner);
        refuse(of("(n),(n)"), &["'f'", "no signature", "->"]);
        refuse(of("(n)->()"), &["1 arguments", "the function 2"]);
        refuse(of("(n),(n)->(),()"), &["2 results"]);
        refuse(of("(n),(n)->(n)"), &["single elements", "ArrayViewMut"]);
        refuse(
            of("(n),(m,n)->()"),
            &["operand 1 has 2 dimensions", "1 in the function"],
        );
        refuse(GufuncBuilder::new("f", "(n)->()"), &["no function"]);
        let twice = GufuncBuilder::new("f", "(n),(n)->()")
            .function(inner)
            .function(inner);
        refuse(twice, &["same types"]);
        let reversed = |mut out: ArrayViewMut1<'_, f64>, x: ArrayView1<'_, f64>| out.assign(&x);
        refuse(
            GufuncBuilder::new("f", "(n)->(n)").function(reversed),
            &["results last"],
        );
        let strange = GufuncBuilder::new("f", "(n),(n)->()").function(inner);
        let strange = strange.build(py).unwrap();
        refused::<PyTypeError>(py, strange.call1((1, 2, 3, 4)));
    });
}

#[test]
fn flags_of_the_processor_can_be_left_alone() {
    Python::attach(|py| {
        let builder = || {
            GufuncBuilder::new("inverse_sum", "(n)->()")
                .function(|x: ArrayView1<'_, f64>| x.iter().map(|x| 1.0 / x).sum::<f64>())
        };
        let code = "
for zeros in [np.zeros(3), np.zeros((30, 3)), np.zeros((500, 40)), np.zeros((3, 50)).T]:
    with np.errstate(all='raise'):
        try: f(zeros)
        except FloatingPointError: assert RAISES
        else: assert not RAISES
";
        check(&built(py, builder()), &code.replace("RAISES", "True"));
        let silent = built(py, builder().without_fp_errors());
        check(&silent, &code.replace("RAISES", "False"));
    });
}

#[test]
fn views_are_borrowed() {
    Python::attach(|py| {
        let sum = GufuncBuilder::new("sum", "(n)->()").function(|x: ArrayView1<'_, f64>| x.sum());
        let sum = built(py, sum);
        let copy = GufuncBuilder::new("copy", "(n)->(n)")
            .function(|x: ArrayView1<'_, f64>, mut out: ArrayViewMut1<'_, f64>| out.assign(&x));
        let copy = built(py, copy);
        let array = PyArray1::from_vec(py, vec![1.0, 2.0, 3.0]);
        let other = PyArray2::<f64>::zeros(py, [3, 3], false);
        {
            let _guard = array.readwrite();
            let err = sum.call1((&array,)).unwrap_err();
            assert!(
                err.is_instance_of::<pyo3::exceptions::PyRuntimeError>(py),
                "{err}"
            );
            assert!(err.to_string().contains("already borrowed"), "{err}");
            assert!(copy.call1((&array, &other)).is_err());
        }
        {
            let _guard = array.readonly();
            assert_eq!(sum.call1((&array,)).unwrap().extract::<f64>().unwrap(), 6.0);
            assert!(copy.call1((vec![0.0; 3], &array)).is_err());
        }
        copy.call1((vec![0.0; 3], &array)).unwrap();
        assert_eq!(sum.call1((&array,)).unwrap().extract::<f64>().unwrap(), 0.0);
    });
}
