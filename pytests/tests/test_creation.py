"""Arrays that Rust makes."""

import npyo_pytests as m
import numpy as np
import pytest
from support import ELEMENTS, NUMBERS, raises

INTEGERS = [name for name in NUMBERS if name[0] != "f"]


@pytest.mark.parametrize("name", NUMBERS)
def test_arange_is_that_of_numpy(name):
    element = ELEMENTS[name]
    for arguments in [(0, 10, 1), (1, 10, 3), (5, 5, 1), (9, 2, 1), (0, 1, 5), (2, 127, 25)]:
        got = element.functions.arange(*arguments)
        assert got.dtype == element.dtype
        assert got.tolist() == np.arange(*arguments, dtype=element.dtype).tolist()
    if element.dtype.kind != "u":
        for arguments in [(10, 0, -1), (-5, 5, 2), (5, -5, -3), (-1, -9, 1)]:
            got = element.functions.arange(*arguments)
            assert got.tolist() == np.arange(*arguments, dtype=element.dtype).tolist()


@pytest.mark.parametrize("name", INTEGERS)
def test_arange_is_exact_at_the_ends_of_the_type(name):
    element = ELEMENTS[name]
    info = np.iinfo(element.dtype)
    low, high = int(info.min), int(info.max)
    arange = element.functions.arange
    step = max(high // 3, 1)
    for start, stop, by in [
        (high - 5, high, 1),
        (high - 5, high, 2),
        (low, low + 5, 1),
        (low, low + 5, 4),
        (high - 1, high, 1),
        (high, high, 1),
        (low, high, step),
        (low, high, high),
    ]:
        assert arange(start, stop, by).tolist() == list(range(start, stop, by))
    if low < 0:
        for start, stop, by in [
            (low + 5, low, -1),
            (high, high - 5, -2),
            (high, low, low),
            (high, low, -step),
            (-1, low, low + 1),
        ]:
            assert arange(start, stop, by).tolist() == list(range(start, stop, by))


@pytest.mark.parametrize("name", ["i64", "isize"])
def test_arange_of_integers_beyond_the_range_of_floats_is_exact(name):
    arange = ELEMENTS[name].functions.arange
    for start in (2**53, 2**53 + 1, 2**60 + 7, -(2**53) - 9, 2**63 - 20):
        assert arange(start, start + 9, 1).tolist() == list(range(start, start + 9))
        assert arange(start, start + 9, 3).tolist() == list(range(start, start + 9, 3))


@pytest.mark.parametrize("name", NUMBERS)
def test_a_step_of_zero_is_refused(name):
    with pytest.raises((ValueError, ZeroDivisionError)):
        ELEMENTS[name].functions.arange(0, 5, 0)
    with pytest.raises((ValueError, ZeroDivisionError)):
        ELEMENTS[name].functions.arange(0, 0, 0)


def test_ranges_that_are_too_long_are_refused():
    for name in ("i64", "u64", "f64"):
        for stop in (2**62, 2**50):
            with pytest.raises((ValueError, MemoryError, OverflowError)):
                ELEMENTS[name].functions.arange(0, stop, 1)
    with pytest.raises((ValueError, MemoryError, OverflowError)):
        m.u64.arange(0, 2**64 - 1, 1)
    with pytest.raises((ValueError, MemoryError, OverflowError)):
        m.i64.arange(-(2**63), 2**63 - 1, 1)
    for bad in [(0.0, float("inf"), 1.0), (0.0, float("nan"), 1.0), (0.0, 1.0, float("nan"))]:
        with pytest.raises((ValueError, OverflowError)):
            m.f64.arange(*bad)
    with pytest.raises((ValueError, MemoryError, OverflowError)):
        m.f64.arange(0.0, 1e300, 1e-300)


def test_arange_of_floats():
    assert m.f64.arange(2.0, 4.0, 0.5).tolist() == [2.0, 2.5, 3.0, 3.5]
    assert m.f64.arange(0.0, -1.0, -0.25).tolist() == [0.0, -0.25, -0.5, -0.75]
    assert m.f32.arange(0.0, 1.0, 0.1).tolist() == np.arange(0, 1, 0.1, "f4").tolist()


def test_the_macro_makes_one_to_three_dimensions():
    one, two, three = m.pyarrays()
    assert one.tolist() == [1.5, 2.5] and one.dtype == "f8"
    assert two.tolist() == [[1, 2, 3], [4, 5, 6]] and two.dtype == "i4"
    assert three.tolist() == [[[True], [False]], [[True], [True]]] and three.dtype == "?"


def test_rows_and_iterators_become_arrays():
    assert m.from_vec2([[1.5, 2], [3, 4]]).tolist() == [[1.5, 2], [3, 4]]
    things = [object() for _ in range(8)]
    cube = [[[things[0], things[1]], things[2:4]], [things[4:6], things[6:8]]]
    got = m.from_vec3(cube)
    assert got.shape == (2, 2, 2) and got.dtype == object
    assert all(x is y for x, y in zip(got.reshape(-1), things))
    assert m.from_iter(iter([1, 2.5])).tolist() == [1.0, 2.5]
    assert m.from_iter([]).tolist() == []
    assert m.from_iter(float(x) for x in range(5000)).sum() == 12497500
    with raises(TypeError):
        m.from_iter([1.0, "x"])


def test_an_array_that_python_refers_to_is_not_resized():
    array = np.arange(3.0)
    with raises(ValueError):
        m.resize(array, 5)
    m.write_1d(array, 1.0)


def test_arrays_of_rust_memory_behave_like_others():
    array = m.f64.reversed_axes(np.arange(6.0).reshape(2, 3))
    assert array.flags.writeable and not array.flags.owndata
    array += 1
    array[0] = 9
    assert array.tolist() == [[9, 9], [2, 5], [3, 6]]
    assert array.copy().flags.owndata
    assert np.linalg.norm(array) > 0
    with pytest.raises(ValueError):
        array.resize((100,))
    assert memoryview(np.ascontiguousarray(array)).nbytes == 48
    expected = array.ravel("K").tolist()
    again = m.f64.into_pyarray(array)
    del array
    assert again.tolist() == expected
