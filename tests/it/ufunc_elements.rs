//! Ufuncs of elements that are no numbers: objects, dates, texts, records and enumerations.

use npyo::datetime::{Datetime, Timedelta, units};
use npyo::ufunc::{Identity, UfuncBuilder};
use npyo::{Element, PyFixedString};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::common::check;

/// Sums, products … of Python objects.
fn object_add(py: Python<'_>) -> Bound<'_, PyAny> {
    UfuncBuilder::new("object_add")
        .function(
            |py: Python<'_>, a: Py<PyAny>, b: Py<PyAny>| -> PyResult<Py<PyAny>> {
                Ok(a.bind(py).add(b)?.unbind())
            },
        )
        .identity(Identity::Zero)
        .build(py)
        .unwrap()
}

#[test]
fn objects_are_computed_with_by_an_attached_thread() {
    Python::attach(|py| {
        check(
            &object_add(py),
            "
import fractions, sys
half = fractions.Fraction(1, 2)
a = np.array([half, 'x', [1]], dtype=object)
b = np.array([2, 'y', [2]], dtype=object)
assert f(a, b).tolist() == [half + 2, 'xy', [1, 2]]
assert f(np.arange(3), 1).tolist() == [1, 2, 3] and f(1, 2) == 3
assert f.reduce(np.array([half] * 7, object)) == 7 * half
assert f.reduce(np.array(['a', 'b', 'c'], object)) == 'abc'
assert f.reduce(np.array([], object)) == 0
assert f.accumulate(np.array(['a', 'b', 'c'], object)).tolist() == ['a', 'ab', 'abc']
assert f.outer(np.array(['a', 'b'], object), np.array(['c', 'd'], object)).tolist() == [['ac', 'ad'], ['bc', 'bd']]
assert f.reduce(np.array([[half] * 3] * 4, object), axis=(0, 1)) == 6
c = np.array([1, 'x', []], object)
f.at(c, [0, 0, 1], [half, half, 'y'])
assert c.tolist() == [2, 'xy', []]
f(c, c, out=c)
assert c.tolist() == [4, 'xyxy', []]
f(c[:-1], c[:1], out=c[1:], where=[True, False])
assert c.tolist() == [4, 8, []]
# No reference is lost or left over.
class Thing:
    def __add__(self, other): return self
thing = Thing()
things = np.array([thing] * 1000, object)
out = np.empty(1000, object)
before = sys.getrefcount(thing)
for i in range(3):
    f(things, things, out=out)
    f(things[::2], things[1::2], out=out[::2])
    f.reduce(things); f.accumulate(things)
    f(things.reshape(10, 100).T, things[0])
assert sys.getrefcount(thing) == before + 1000, sys.getrefcount(thing) - before
out[:] = None
assert sys.getrefcount(thing) == before
# An error leaves what was computed before it.
bad = np.array([1, 2, 'x', 4], object)
out = np.full(4, -1, object)
try: f(bad, 1, out=out)
except TypeError: pass
else: assert False
assert out.tolist() == [2, 3, -1, -1]
assert f(bad[:2], 1).tolist() == [2, 3]
",
        );
    });
}

#[test]
fn objects_of_one_type_are_checked_and_mixed_with_numbers() {
    Python::attach(|py| {
        let repeat = UfuncBuilder::new("repeat")
            .function(
                |py: Python<'_>, text: Py<PyString>, count: i64| -> PyResult<Py<PyAny>> {
                    let count = usize::try_from(count)?;
                    Ok(PyString::new(py, &text.to_str(py)?.repeat(count))
                        .into_any()
                        .unbind())
                },
            )
            .build(py)
            .unwrap();
        check(
            &repeat,
            "
assert f(np.array(['ab', 'c'], object), [2, 3]).tolist() == ['abab', 'ccc']
assert f(np.array([['ab'], ['c']], object), np.arange(3, dtype='i2')).shape == (2, 3)
for bad in [np.array(['a', 1], object), np.array([None], object)]:
    try: f(bad, 1)
    except TypeError as e: assert \"'str'\" in str(e), e
    else: assert False
try: f(np.array(['a'], object), -1)
except ValueError: pass
else: assert False
",
        );
        let truth = UfuncBuilder::new("truth")
            .function(|py: Python<'_>, a: Py<PyAny>| a.bind(py).is_truthy())
            .build(py)
            .unwrap();
        check(
            &truth,
            "
r = f(np.array([[], [1], 0, 'x', None], object))
assert r.dtype == bool and r.tolist() == [False, True, False, True, False]
",
        );
    });
}

#[test]
fn a_token_is_for_numbers_too() {
    Python::attach(|py| {
        let rounded = UfuncBuilder::new("rounded")
            .function(|py: Python<'_>, a: f64| -> PyResult<i64> {
                py.import("builtins")?
                    .getattr("round")?
                    .call1((a,))?
                    .extract()
            })
            .build(py)
            .unwrap();
        check(
            &rounded,
            "
a = np.linspace(-5, 5, 20001)
assert (f(a) == np.rint(a)).all() and f(a).dtype == 'i8'
assert f(a[::-3].astype('f4')).tolist() == np.rint(a[::-3].astype('f4')).tolist()
try: f(np.array([1.0, np.nan]))
except ValueError: pass
else: assert False
",
        );
    });
}

#[test]
fn dates_have_units() {
    Python::attach(|py| {
        type Day = Datetime<units::Days>;
        type Days = Timedelta<units::Days>;
        let add = UfuncBuilder::new("weekdays_later")
            .function(|date: Day, days: Days| Day::from(i64::from(date) + i64::from(days)))
            .build(py)
            .unwrap();
        check(
            &add,
            "
d = np.array(['2024-02-28', '2024-03-01'], 'M8[D]')
r = f(d, np.timedelta64(2, 'D'))
assert r.dtype == 'M8[D]' and r.tolist() == (d + np.timedelta64(2, 'D')).tolist()
weeks = np.array([1, 2], 'm8[W]')
assert f(d, weeks).tolist() == (d + weeks).tolist()                  # weeks are whole days
assert f(d.astype('M8[M]'), weeks).tolist() == (d.astype('M8[M]').astype('M8[D]') + weeks).tolist()
assert f(d.astype('>M8[D]'), weeks).tolist() == (d + weeks).tolist()
for lossy in [d.astype('M8[ns]'), d.astype('M8[h]')]:
    try: f(lossy, weeks)
    except TypeError: pass
    else: assert False, lossy.dtype
assert f(d.astype('M8[h]'), weeks, casting='unsafe').tolist() == (d + weeks).tolist()
out = np.zeros(2, 'M8[s]')
f(d, weeks, out=out)
assert (out == d + weeks).all()
for bad in [(1.5, 2), (d, d), ('x', weeks)]:
    try: f(*bad)
    except TypeError: pass
    else: assert False, bad
assert f(d.reshape(2, 1), weeks).shape == (2, 2)
",
        );
        let age = UfuncBuilder::new("nanoseconds_between")
            .function(
                |a: Datetime<units::Nanoseconds>, b: Datetime<units::Nanoseconds>| {
                    Timedelta::<units::Nanoseconds>::from(i64::from(b) - i64::from(a))
                },
            )
            .build(py)
            .unwrap();
        check(
            &age,
            "
a, b = np.datetime64('2024-01-01'), np.array(['2024-01-02', '2024-01-03T00:00:01'], 'M8[s]')
r = f(a, b)
assert r.dtype == 'm8[ns]' and (r == b - a).all()
",
        );
    });
}

#[derive(Element, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Point {
    tag: i8,
    x: f64,
    y: f32,
}

#[derive(Element, Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Side {
    Buy = 1,
    Sell = 2,
}

#[derive(Element, Debug)]
#[repr(C)]
struct Labelled {
    label: Py<PyAny>,
    value: f64,
}

#[test]
fn records_are_elements() {
    Python::attach(|py| {
        let add = UfuncBuilder::new("add_points")
            .function(|a: Point, b: Point| Point {
                tag: a.tag,
                x: a.x + b.x,
                y: a.y + b.y,
            })
            .build(py)
            .unwrap();
        check(
            &add,
            "
point = np.dtype([('tag', 'i1'), ('x', 'f8'), ('y', 'f4')], align=True)
a = np.zeros(5, point)
a['tag'], a['x'], a['y'] = 7, np.arange(5), np.arange(5) * 10
r = f(a, a[::-1])
assert r.dtype == point and (r['tag'] == 7).all() and (r['x'] == 4).all() and (r['y'] == 40).all()
assert f(a[0], a).shape == (5,) and f(a.reshape(5, 1), a).shape == (5, 5)
packed = a.astype([('tag', 'i1'), ('x', '>f8'), ('y', 'f4')])
assert (f(packed, a) == f(a, a)).all()
out = np.zeros(5, packed.dtype)
f(a, a, out=out)
assert (out['x'] == 2 * np.arange(5)).all()
# What lies between the fields of a view belongs to others.
wide = np.zeros(3, [('tag', 'i1'), ('other', 'V7'), ('x', 'f8'), ('y', 'f4'), ('more', 'i4')])
wide['other'], wide['more'] = b'abcdefg', 5
f(a[:3], a[:3], out=wide[['tag', 'x', 'y']])
assert (wide['other'] == np.void(b'abcdefg')).all() and (wide['more'] == 5).all() and (wide['x'] == 2 * np.arange(3)).all()
if np.lib.NumpyVersion(np.__version__) >= '1.23.0':    # older ones do not reduce records
    assert f.accumulate(a)['x'].tolist() == np.add.accumulate(a['x']).tolist()
    assert f.reduce(a)['x'] == 10
for bad in [np.zeros(2), np.zeros(2, 'i4,f4'), np.zeros(2, 'V24')]:
    try: f(bad, a[:2])
    except TypeError: pass
    else: assert False, bad.dtype
",
        );
    });
}

#[test]
fn enumerations_and_texts_are_elements() {
    Python::attach(|py| {
        let sign = UfuncBuilder::new("sign")
            .function(|side: Side, price: f64| match side {
                Side::Buy => price,
                Side::Sell => -price,
            })
            .build(py)
            .unwrap();
        check(
            &sign,
            "
assert f(np.array([1, 2, 1], 'u1'), [1.5, 2.5, 3.5]).tolist() == [1.5, -2.5, 3.5]
out = np.zeros(3)
try: f(np.array([1, 3, 1], 'u1'), [1.5, 2.5, 3.5], out=out)
except ValueError as e: assert '3' in str(e), e
else: assert False
assert out.tolist() == [1.5, 0, 0]
",
        );
        let is_call = UfuncBuilder::new("ends_with_c")
            .function(|text: PyFixedString<4>| text.0[3] == b'C')
            .build(py)
            .unwrap();
        check(
            &is_call,
            "
assert f(np.array([b'ABCC', b'ABCP', b'A'])).tolist() == [True, False, False]
assert f(np.array([b'AB'], 'S2')).tolist() == [False]
try: f(np.array([b'ABCDE']))
except TypeError: pass
else: assert False
",
        );
    });
}

#[test]
fn records_of_objects_keep_their_references() {
    Python::attach(|py| {
        let double = UfuncBuilder::new("double")
            .function(|py: Python<'_>, a: Labelled| -> PyResult<Labelled> {
                if a.value < 0.0 {
                    return Err(PyValueError::new_err("negative"));
                }
                Ok(Labelled {
                    label: a.label.clone_ref(py),
                    value: 2.0 * a.value,
                })
            })
            .build(py)
            .unwrap();
        check(
            &double,
            "
import sys
label = object()
a = np.zeros(100, [('label', 'O'), ('value', 'f8')])
a['label'], a['value'] = label, np.arange(100)
before = sys.getrefcount(label)
r = f(a)
assert (r['value'] == 2 * np.arange(100)).all() and all(one is label for one in r['label'])
f(a, out=a)
assert sys.getrefcount(label) == before + 100
a['value'][50] = -1
try: f(a)
except ValueError as e: assert 'negative' in str(e)
else: assert False
del r
assert sys.getrefcount(label) == before, (sys.getrefcount(label), before)
",
        );
    });
}

#[test]
fn an_error_says_at_which_element() {
    Python::attach(|py| {
        let root = UfuncBuilder::new("root")
            .function(|a: f64| {
                if a < 0.0 {
                    return Err(PyValueError::new_err(format!("{a} is negative")));
                }
                Ok(a.sqrt())
            })
            .build(py)
            .unwrap();
        check(
            &root,
            "
import sys
noted = sys.version_info >= (3, 11) and np.lib.NumpyVersion(np.__version__) >= '2.0.0'
def notes(*args, **kwargs):
    try: f(*args, **kwargs)
    except ValueError as e: return getattr(e, '__notes__', [])
    assert False
a = np.arange(100_000.0)
for position in [0, 1, 99, 8191, 8192, 50_000, 99_999]:
    bad = a.copy()
    bad[position] = -1
    expected = ['in element %i of those that the ufunc \\'root\\' computed, counted from 0' % position] if noted else []
    assert notes(bad) == expected, (position, notes(bad))
    assert notes(bad.astype('>f8')) == expected
    assert notes(bad.reshape(100, 1000)[:, ::-1][:, ::-1]) == expected
assert notes(-1.0) == []
",
        );
    });
}

#[test]
fn flags_of_the_processor_can_be_left_alone() {
    Python::attach(|py| {
        let builder = || UfuncBuilder::new("inverse").function(|a: f64| 1.0 / a);
        let code = "
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    f(np.zeros(3)); f(np.zeros(20_000)); f(np.zeros((3, 2)).T[::2])
assert len(caught) == COUNT, caught
with np.errstate(all='raise'):
    try: f(np.zeros(1))
    except FloatingPointError: assert COUNT
    else: assert not COUNT
";
        check(&builder().build(py).unwrap(), &code.replace("COUNT", "3"));
        check(
            &builder().without_fp_errors().build(py).unwrap(),
            &code.replace("COUNT", "0"),
        );
    });
}

#[cfg(feature = "half")]
#[test]
fn arguments_are_converted_for_functions_with_a_user_dtype() {
    use half::bf16;
    Python::attach(|py| {
        if py.import("ml_dtypes").is_err() {
            return;
        }
        let f = UfuncBuilder::new("scaled")
            .function(|a: f32, b: i16| bf16::from_f32(a * f32::from(b)))
            .function(|a: bf16, b: i16| bf16::from_f32(a.to_f32() * f32::from(b)))
            .build(py)
            .unwrap();
        check(
            &f,
            "
import ml_dtypes
b = ml_dtypes.bfloat16
def same(result, wanted):
    assert result.dtype == b and result.tolist() == wanted, result
a = np.array([1.5, -2], 'f4')
same(f(a, np.array([2, 3], 'i2')), [3, -6])
same(f(a.astype('f2'), np.uint8(2)), [3, -4])
same(f(a.astype(b), np.array([2, 3], 'u1')), [3, -6])
same(f(np.array([1, 2], 'i1'), np.array([[True], [False]])), [[1, 2], [0, 0]])
same(f(a.astype('>f4')[::-1], np.array([2, 3], '>i2')), [-4, 4.5])
out = np.zeros(2, b)
assert f(a, np.array([2, 3], 'u1'), out=out) is out
same(out, [3, -6])
for a, b in ([1.5], np.array([1], 'i2')), (np.array([1], 'f4'), [1.5]), (['x'], [1]):
    try: f(a, b)
    except TypeError: pass
    else: raise AssertionError((a, b))
",
        );
        // The functions of NumPy's own types are found as without the others.
        let f = UfuncBuilder::new("sum")
            .function(|a: bf16, b: bf16| bf16::from_f32(a.to_f32() + b.to_f32()))
            .function(|a: i16, b: i16| a + b)
            .function(|a: f32, b: f32| a + b)
            .function(|a: f64, b: f64| a + b)
            .build(py)
            .unwrap();
        check(
            &f,
            "
import ml_dtypes
for one, other, wanted in [('f4', 'f4', 'f4'), ('f4', 'f8', 'f8'), ('i2', 'u1', 'i2'), ('i2', 'f4', 'f4'),
                           ('i4', 'f4', 'f8'), ('f2', '>f4', 'f4'), ('u8', 'u8', 'f8')]:
    result = f(np.array([1, 2], one), np.array([3], other))
    assert result.dtype == wanted and result.tolist() == [4, 5], (one, other, result)
for dtype, scalar in ('f4', 1.0), ('f8', 1), ('i2', 1), ('f4', True), (ml_dtypes.bfloat16, True):
    result = f(np.array([1, 2], dtype), scalar)
    assert result.dtype == dtype and result.tolist() == [2, 3], (dtype, scalar, result)
assert f(np.array([1, 2], 'i2'), 1.5).tolist() == [2.5, 3.5]
assert f(1.5, 2) == 3.5 and f(1, 2) == 3
assert f.reduce(np.array([1, 2, 4], ml_dtypes.bfloat16)) == 7 and f.reduce(np.array([1, 2], 'f4')) == 3
",
        );
    });
}

#[cfg(feature = "half")]
#[test]
fn half_precision_comes_before_single() {
    use half::f16;

    Python::attach(|py| {
        let twice = UfuncBuilder::new("twice")
            .function(|a: f16| a + a)
            .function(|a: f32| a + a)
            .build(py)
            .unwrap();
        check(
            &twice,
            "
assert f.types == ['e->e', 'f->f']
a = np.arange(100, dtype='f2')
assert f(a).dtype == 'f2' and (f(a[::-3]) == 2 * a[::-3]).all() and f(a.astype('>f2')).tolist() == (2 * a).tolist()
assert f(a.astype('i1')).dtype == 'f2' and f(a.astype('i2')).dtype == 'f4' and f(a.astype('f4')).dtype == 'f4'
",
        );
    });
}
