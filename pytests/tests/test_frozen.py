"""Arrays that Python is kept from writing to while Rust reads them."""

import sys
import threading

import npyo_pytests as m
import numpy as np
import pytest
from support import assert_same, every_element, raises, sample


def write_once(array):
    """Whether NumPy lets the first element be written to."""
    try:
        array[:1] = array[-1:]
    except ValueError as error:
        assert "read-only" in str(error)
        return False
    return True


@every_element
def test_an_array_is_neither_written_to_nor_resized_while_it_is_frozen(element):
    array = sample(element, 4).copy()
    before = array.copy()
    flags = array.flags.num

    def change():
        assert not write_once(array)
        assert not array.flags.writeable
        with raises(ValueError, "does not own its data"):
            array.resize(100_000, refcheck=False)

    seen = element.functions.hold_frozen(array, change)
    assert_same(seen["as_array"], before)
    assert_same(seen["copy_to"], before)
    assert array.flags.num == flags
    assert write_once(array)
    array.resize(5, refcheck=False)


@every_element
def test_new_memory_for_a_frozen_array_leaves_the_old_one_to_the_guard(element):
    array = sample(element, 4).copy()
    before = array.copy()
    state = np.zeros(2, "i8").__reduce__()[2]
    seen = element.functions.hold_frozen(array, lambda: array.__setstate__(state))
    assert_same(seen["to_owned_array"], before)
    assert array.tolist() == [0, 0]
    assert write_once(array)


def test_guards_within_guards_thaw_an_array_with_the_last():
    base = np.arange(6.0)
    view = base[::2]

    def inner():
        assert not write_once(base)
        with raises(m.ArrayBorrowError, "already borrowed"):
            m.f64.hold_write(other, lambda: None)
        m.f64.hold_read(base, lambda: None)

    def outer():
        m.f64.hold_frozen(base, inner)
        assert not write_once(base)
        assert not write_once(view)

    other = base[:2]
    m.f64.hold_frozen(view, outer)
    assert write_once(base)
    assert write_once(view)


def test_an_exception_under_the_guard_thaws_the_array():
    array = np.arange(3.0)
    with raises(ZeroDivisionError, "division"):
        m.f64.hold_frozen(array, lambda: 1 / 0)
    assert write_once(array)


@pytest.mark.parametrize("count", [1, 3])
def test_what_other_threads_write_to_a_frozen_array_is_refused(count):
    array = np.zeros(1000)
    frozen, done = threading.Event(), threading.Event()
    outcomes = []

    def write():
        frozen.wait()
        outcomes.extend(write_once(array) for _ in range(1000))
        if len(outcomes) == 1000 * count:
            done.set()

    threads = [threading.Thread(target=write) for _ in range(count)]
    for thread in threads:
        thread.start()

    def release():
        frozen.set()
        assert done.wait(60)

    m.f64.hold_frozen(array, release)
    for thread in threads:
        thread.join()
    assert not any(outcomes)
    assert write_once(array)


def test_freezing_leaves_no_references_behind():
    base = np.arange(6.0)
    view = base[1:]
    before = sys.getrefcount(base), sys.getrefcount(view)
    for _ in range(10):
        m.f64.hold_frozen(view, lambda: None)
    assert (sys.getrefcount(base), sys.getrefcount(view)) == before
