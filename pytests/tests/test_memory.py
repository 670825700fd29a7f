"""Memory stays flat over many calls."""

import gc
import os

import npyo_pytests as m
import numpy as np
import pytest

CALLS = 100_000


def resident():
    """Bytes of memory in use; only Linux tells."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pytest.skip("there is no /proc/self/statm")


def assert_flat(work, calls=CALLS, limit=2_000_000):
    """A leak of 20 bytes a call would be found."""
    for _ in range(1000):
        work()
    gc.collect()
    before = resident()
    for _ in range(calls):
        work()
    gc.collect()
    assert resident() - before < limit


def test_extraction():
    array = np.zeros((3, 4)).T
    assert_flat(lambda: m.f64.accept(array))


def test_extraction_of_many_dimensions():
    array = np.zeros((1, 2, 1, 2, 1, 2, 1, 2)).T[::-1]
    assert_flat(lambda: m.f64.accept(array))


def test_extraction_of_objects_and_new_arrays_of_them():
    array = np.array([object() for _ in range(10)], object)
    assert_flat(lambda: m.object.copy(array))
    assert_flat(lambda: m.object.copy_unguarded(array[::-1]), calls=20_000)


def test_writing():
    array = np.zeros(10)
    assert_flat(lambda: m.f64.reverse(array))


def test_array_likes_of_lists():
    values = [1.0, 2.0, 3.0]
    assert_flat(lambda: m.like_1d(values))
    assert_flat(lambda: m.f32.like(values), calls=20_000)


def test_array_likes_that_are_cast():
    array = np.zeros((2, 3), "f4")
    assert_flat(lambda: m.like_cast_2d(array), calls=20_000)


def test_arrays_over_rust_memory():
    array = np.zeros(100)
    assert_flat(lambda: m.f64.into_pyarray(array))


def test_large_copies():
    array = np.zeros((10, 20, 30)).transpose(2, 0, 1)
    assert_flat(lambda: m.f64.copy_unguarded(array), calls=5_000, limit=8_000_000)


def test_errors():
    wrong = np.zeros(3, "f4")
    packed = np.zeros(3, "u1, f8")["f1"]
    masked = np.ma.masked_array(np.zeros(3))
    array = np.zeros(3)

    def work():
        for function, argument in [
            (m.f64.accept, wrong),
            (m.f64.accept, packed),
            (m.f64.accept, masked),
            (m.f64.accept, None),
            (m.read_2d, array),
        ]:
            try:
                function(argument)
            except (TypeError, ValueError):
                pass

    assert_flat(work, calls=10_000)


def test_conflicts():
    array = np.zeros(3)

    def work():
        try:
            m.add_to(array, array)
        except m.ArrayBorrowError:
            pass

    assert_flat(work, calls=20_000)


def test_zeros():
    assert_flat(lambda: m.f64.zeros([10, 10], False), calls=20_000)
    assert_flat(lambda: m.object.zeros([10], False), calls=20_000)
