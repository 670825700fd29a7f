"""What array-like arguments make of lists, scalars and other objects."""

import array as array_module
import collections
import datetime

import npyo_pytests as m
import numpy as np
import pytest
from support import ELEMENTS, NUMBERS, assert_same, every_element, raises, sample

F64 = ELEMENTS["f64"]


def as_list(element, array):
    """A nested list of Python's own values, or of NumPy's scalars for dates."""
    return [*array] if element.dtype.kind in "Mm" else array.tolist()


@every_element
def test_lists_become_arrays(element):
    f = element.functions
    array = sample(element, 5, plain=True)
    values = as_list(element, array)
    for function in (f.like, f.like_1d, f.like_cast):
        assert_same(function(values), array)
        assert_same(function(tuple(values)), array)
        assert_same(function(array), array)
        assert function([]).shape == (0,)
        assert function([]).dtype == element.dtype
    for function in (f.like, f.like_cast):
        if element.dtype.kind not in "Mm":
            nested = sample(element, (2, 3), plain=True)
            assert_same(function(nested.tolist()), nested)
        if element.dtype.kind != "O":
            with pytest.raises((ValueError, TypeError)):
                f.like_1d([values, values])


@pytest.mark.parametrize("name", NUMBERS)
def test_the_extremes_of_a_type_are_converted_exactly(name):
    element = ELEMENTS[name]
    f = element.functions
    info = np.iinfo(element.dtype) if element.dtype.kind in "iu" else np.finfo(element.dtype)
    values = [info.min.item() if hasattr(info.min, "item") else info.min, info.max, 0, 1]
    values = [float(v) if element.dtype.kind == "f" else int(v) for v in values]
    for function in (f.like, f.like_1d):
        assert function(values).tolist() == values
        assert function([values[0]]).tolist() == values[:1]
    assert f.like(values[1]).tolist() == values[1]


@pytest.mark.parametrize("name", [name for name in NUMBERS if name[0] != "f"])
def test_integers_that_do_not_fit_are_refused(name):
    f = ELEMENTS[name].functions
    info = np.iinfo(ELEMENTS[name].dtype)
    for wrong in (info.min - 1, info.max + 1, 2**64, -(2**64), 2**70, 2**2000):
        for function in (f.like, f.like_1d):
            for values in ([wrong], [0, wrong], [wrong, 0.0]):
                if 0.0 in values and abs(wrong) > 2**1023:
                    continue
                with pytest.raises((ValueError, OverflowError)), np.errstate(all="ignore"):
                    function(values)


@pytest.mark.parametrize("name", [name for name in NUMBERS if name[0] != "f"])
def test_floats_become_integers_if_they_are_some(name):
    f = ELEMENTS[name].functions
    for function in (f.like, f.like_1d):
        assert function([1.0, 2.0]).tolist() == [1, 2]
        assert function([1, 2.0, True]).tolist() == [1, 2, 1]
        for wrong in (1.5, float("nan"), float("inf"), 1e300, 2.0**64, -(2.0**64), 2.0**63 * 3):
            with raises(ValueError, "cannot convert from float64 to", "changing values"):
                function([0.0, wrong])
        with raises(TypeError, "type mismatch", "complex128"):
            function([1j])
    with np.errstate(all="ignore"):
        assert f.like_cast([1.5, 2.0]).tolist() == [1, 2]


@pytest.mark.filterwarnings("error")
def test_refused_values_are_not_warned_of():
    for wrong in (float("nan"), float("inf"), 1e300):
        with raises(ValueError, "changing values"):
            m.i64.like([0.0, wrong])


def test_floats_are_rounded():
    assert m.f32.like([0.1]).tolist() == [np.float32(0.1)]
    assert m.f32.like_1d([0.1, 2**24 + 1]).tolist() == [np.float32(0.1), 2.0**24]
    assert m.f16.like([0.1, 1]).tolist() == [np.float16(0.1), 1.0]
    assert m.c32.like([0.1 + 0.2j, 1, 2.5]).tolist() == [np.complex64(0.1 + 0.2j), 1, 2.5]
    assert m.f64.like([2**53 + 1]).tolist() == [float(2**53 + 1)]
    assert m.f64.like([2**100, 1]).tolist() == [2.0**100, 1.0]
    assert np.isnan(m.f32.like([float("nan")])[0])
    assert m.f32.like([float("inf")])[0] == np.inf
    with raises(TypeError, "type mismatch", "complex128", "float64"):
        m.f64.like([1j])


def test_numbers_too_large_for_a_float_are_refused():
    for function in (m.f64.like, m.f64.like_1d):
        with pytest.raises((OverflowError, ValueError)):
            function([10**400])


def test_none_is_no_number():
    for function in (m.f64.like, m.f64.like_1d, m.f32.like, m.c64.like):
        for values in ([1.0, None], [None], (None, 2)):
            with pytest.raises((TypeError, ValueError)):
                function(values)


def test_text_is_no_number():
    for function in (m.f64.like, m.f64.like_1d, m.i64.like, m.bool.like, m.c64.like):
        for values in (["1"], [b"1"], "1", ["1", 2], [None, "1"], np.array(["1"]), ["nan"]):
            with pytest.raises((TypeError, ValueError)):
                function(values)


def test_numbers_are_no_text():
    for function in (m.bytes3.like, m.str5.like, m.datetime_s.like):
        for values in ([1], [1.5], [object()], [True], [np.uint8(3)], np.zeros(2)):
            with pytest.raises((TypeError, ValueError)):
                function(values)


def test_bools_are_0_and_1():
    for function in (m.bool.like, m.bool.like_1d):
        assert function([True, False, np.True_]).tolist() == [True, False, True]
        assert function([0, 1]).tolist() == [False, True]
        for wrong in ([2], [0.5], [-1], [float("nan")]):
            with raises(ValueError, "changing values"):
                function(wrong)
    assert m.bool.like_cast([2, 0]).tolist() == [True, False]


def test_strings_that_are_too_long_are_refused():
    assert m.bytes3.like([b"a", b"abc", b""]).tolist() == [b"a", b"abc", b""]
    assert m.str2.like(["a", "\U0001f980b", ""]).tolist() == ["a", "\U0001f980b", ""]
    with raises(ValueError, "cannot convert from", "S4", "S3", "changing values"):
        m.bytes3.like([b"a", b"abcd"])
    with raises(ValueError, "cannot convert from", "U3", "U2"):
        m.str2.like(["abc"])
    # Shorter than their dtype says.
    assert m.str2.like(list(np.array(["ab"], "U7"))).tolist() == ["ab"]
    assert m.str2.like_cast(["abc"]).tolist() == ["ab"]
    assert m.bytes3.like_cast(["abcd"]).tolist() == [b"abc"]
    with raises(UnicodeEncodeError):
        m.bytes3.like_cast(["\U0001f980"])


def test_dates_become_dates():
    days = [datetime.date(1970, 1, 2), datetime.date(2024, 2, 29)]
    assert m.datetime_D.like(days).astype("i8").tolist() == [1, 19782]
    assert m.datetime_s.like(days).astype("i8").tolist() == [86400, 19782 * 86400]
    assert m.datetime_ns.like_1d([np.datetime64("1970-01-02")]).astype("i8").tolist() == [
        86400 * 10**9
    ]
    assert np.isnat(m.datetime_s.like([np.datetime64("NaT")])[0])
    assert m.timedelta_s.like([datetime.timedelta(seconds=5)]).astype("i8").tolist() == [5]
    with raises(ValueError, "changing values"):
        m.datetime_D.like([np.datetime64("1970-01-02T01:00")])
    with raises(TypeError, "type mismatch"):
        m.datetime_D.like([np.timedelta64(1, "D")])


def test_arrays_of_another_dtype_are_refused_unless_cast():
    for other in ("f4", "i8", "O", "?", ">f8", "c16", "U3", "M8[s]"):
        with raises(TypeError, "type mismatch"):
            m.f64.like(np.zeros(3, other))
    for other in ("f4", "i8", "O", "?", ">f8"):
        assert_same(m.f64.like_cast(np.ones(3, other)), np.ones(3))


def test_arrays_to_be_cast_may_have_any_layout():
    base = np.arange(60, dtype="i4").reshape(3, 4, 5)
    for array in (base, base.T, base[::-1, ::2], np.asfortranarray(base), base[:, :0], base[0, 0]):
        assert_same(m.f64.like_cast(array), array.astype("f8"))
    packed = np.zeros(4, "u1, i4")["f1"]
    packed[:] = [1, 2, 3, 4]
    assert m.f64.like_cast(packed).tolist() == [1, 2, 3, 4]
    assert m.f64.like_cast(np.broadcast_to(np.int32(3), (2, 2))).tolist() == [[3, 3], [3, 3]]


def test_a_cast_wraps_and_truncates_as_astype():
    assert m.u8.like_cast(np.array([256, 257, -1])).tolist() == [0, 1, 255]
    assert m.i32.like_cast(np.array([1.9, -1.9])).tolist() == [1, -1]
    assert m.bool.like_cast(np.array([0.0, 0.1, -2])).tolist() == [False, True, True]
    with pytest.warns(Warning, match="imag"):
        assert m.f64.like_cast(np.array([1 + 2j])).tolist() == [1.0]


def test_an_array_is_not_copied_and_its_guard_conflicts():
    array = np.zeros(3)
    m.f64.hold_read(array, lambda: m.f64.like(array))

    def conflict():
        with raises(m.ArrayBorrowError):
            m.f64.like(array)
        with raises(m.ArrayBorrowError):
            m.f64.like_cast(array)
        with raises(m.ArrayBorrowError):
            m.i64.like_cast(array)
        # A list of the numbers is a copy.
        assert m.f64.like(array.tolist()).tolist() == [0.0] * 3

    m.f64.hold_write(array, conflict)


def test_objects_with_array_methods_are_converted():
    class Array:
        def __array__(self, dtype=None, copy=None):
            return np.array([1.0, 2.0], dtype)

    class Interface:
        base = np.array([1.0, 2.0])
        __array_interface__ = base.__array_interface__

    class Struct:
        base = np.array([1.0, 2.0])
        __array_struct__ = base.__array_struct__

    class Sequence:
        def __len__(self):
            return 2

        def __getitem__(self, i):
            return [1.0, 2.0][i]

    for ob in (
        Array(),
        Interface(),
        Struct(),
        Sequence(),
        array_module.array("d", [1.0, 2.0]),
        memoryview(array_module.array("d", [1.0, 2.0])),
        collections.deque([1.0, 2.0]),
        range(1, 3),
        array_module.array("b", [1, 2]),
        [np.float32(1), np.array(2)],
        [np.array([1.0]), np.array([2.0])],
    ):
        expected = np.array([1.0, 2.0])
        for function in (m.f64.like, m.f64.like_cast):
            got = function(ob)
            assert got.reshape(-1).tolist() == expected.tolist()
        if not (isinstance(ob, list) and isinstance(ob[0], np.ndarray)):
            assert_same(m.f64.like_1d(ob), expected)


def test_errors_of_array_methods_are_passed_on():
    class Bad:
        def __array__(self, dtype=None, copy=None):
            raise KeyError("mine")

    class NoArray:
        def __array__(self, dtype=None, copy=None):
            return [1.0]

    class Interrupt:
        def __array__(self, dtype=None, copy=None):
            raise KeyboardInterrupt

    for function in (m.f64.like, m.f64.like_1d, m.f64.like_cast):
        with raises(KeyError, "mine"):
            function(Bad())
        with pytest.raises((TypeError, ValueError)):
            function(NoArray())
        with pytest.raises(KeyboardInterrupt):
            function(Interrupt())


def test_masked_arrays_behind_an_array_method_are_refused():
    class Array:
        def __array__(self, dtype=None, copy=None):
            return np.ma.masked_array(np.array([1.0, 2.0]), mask=[True, False])

    for function in (m.f64.like, m.f64.like_1d, m.f32.like):
        with raises(TypeError, "masked"):
            function(Array())


def test_an_array_like_of_objects_holds_the_same_objects():
    things = [object(), None, "a", 3]
    assert all(x is y for x, y in zip(m.object.like(things), things))
    assert all(x is y for x, y in zip(m.object.like_1d(things), things))
    words = ["a", "b" * 5]
    assert all(x is y for x, y in zip(m.string.like(words), words))
    with raises(TypeError, "element [1] has the wrong type", "'int', not 'str'"):
        m.string.like(["a", 1])
    with raises(TypeError, "element [0] has the wrong type"):
        m.string.like_1d([None])
