"""Every reference that Rust takes it gives back, also when something fails half-way."""

import ctypes
import gc
import sys
import weakref

import npyo_pytests as m
import numpy as np
import pytest
from support import ELEMENTS, NUMPY, every_element, layouts, raises


class Thing:
    """Something whose references are counted."""


class Text(str):
    pass


def counts(*things):
    return [sys.getrefcount(thing) for thing in things]


def things_of(array):
    return list(array.reshape(-1))


def check(make, *functions):
    """Calls each function with an array of new objects; the counts are as before afterwards."""
    for function in functions:
        array = make()
        things = things_of(array)
        before = counts(array, *things)
        for _ in range(3):
            function(array)
        assert counts(array, *things) == before


def objects(layout):
    def make():
        array = layouts(ELEMENTS["object"])[layout]()
        if array.flags.writeable:
            for index in np.ndindex(*array.shape):
                array[index] = Thing()
        return array

    return make


SMALL = [
    name for name in layouts(ELEMENTS["object"]) if "permuted" not in name and "large" not in name
]


@pytest.mark.parametrize("layout", SMALL)
def test_objects_are_counted_exactly(layout):
    f = m.object
    contiguous = objects(layout)().flags.forc
    check(
        objects(layout),
        f.accept,
        f.copy,
        f.copy_unguarded,
        f.view,
        f.every_second_reversed,
        f.to_vec,
        f.to_vec_unguarded,
        f.into_pyarray,
        f.reversed_axes,
        f.owned_in_any_order,
        f.like,
        f.like_cast,
        f.to_objects,
        lambda array: f.hold_read(array, lambda: None),
        lambda array: f.hold_view(array, lambda: None),
        lambda array: f.hold_two_readers(array, lambda: None),
        *([f.slice] if contiguous else []),
    )
    if objects(layout)().flags.writeable:
        check(
            objects(layout),
            f.reverse,
            lambda array: f.hold_write(array, lambda: None),
            lambda array: f.assign(array, array.copy()),
            lambda array: f.copy_to(array.copy(), array),
            lambda array: f.copy_to(array, array.copy()),
        )


def test_a_copy_holds_one_reference_to_each():
    array = objects("permuted")()
    things = things_of(array)
    before = counts(*things)
    for function in (m.object.copy, m.object.copy_unguarded, m.object.view, m.object.to_vec):
        copy = function(array)
        assert counts(*things) == [count + 1 for count in before]
        copy.reshape(-1)[::2] = None
        expected = [
            count + (1 if copy.reshape(-1)[i] is not None else 0) for i, count in enumerate(before)
        ]
        assert sum(counts(*things)) == sum(expected)
        del copy
        assert counts(*things) == before


def test_elements_that_are_replaced_are_released():
    array = np.array([Thing() for _ in range(4)], object)
    references = [weakref.ref(thing) for thing in array]
    m.object.assign(array, np.array([1, 2, 3, 4], object))
    gc.collect()
    assert [reference() for reference in references] == [None] * 4
    array = np.array([Thing(), Thing()], object)
    reference = weakref.ref(array[1])
    m.object.set(array, [1], np.array([5], object))
    gc.collect()
    assert reference() is None


def test_a_vec_that_rust_owns_is_released_with_its_array():
    array = np.array([Thing() for _ in range(4)], object)
    references = [weakref.ref(thing) for thing in array]
    owned = m.object.into_pyarray(array)
    del array
    gc.collect()
    assert all(reference() is not None for reference in references)
    part = owned[1:2]
    del owned
    gc.collect()
    # A view keeps all of the memory alive.
    assert all(reference() is not None for reference in references)
    del part
    gc.collect()
    assert [reference() for reference in references] == [None] * 4


def test_errors_give_back_what_was_taken():
    def strings(wrong):
        def make():
            return np.array([Text("a"), Text("b"), Text("c"), wrong()], object)

        return make

    def fails(function, *classes):
        def call(array):
            with pytest.raises(classes):
                function(array)

        return call

    f = m.string
    for wrong in (Thing, lambda: Thing):
        check(
            strings(wrong),
            *[
                fails(function, TypeError, ValueError)
                for function in (
                    f.accept,
                    f.copy,
                    f.copy_unguarded,
                    f.view,
                    f.to_vec,
                    f.to_vec_unguarded,
                    f.reverse,
                    f.like,
                    f.like_cast,
                    f.like_1d,
                    lambda array: f.copy_unguarded(array[::-1]),
                    lambda array: f.like(array.tolist()),
                    lambda array: m.f64.accept(array),
                    lambda array: m.f64.like(array.tolist()),
                    lambda array: m.f64.like_cast(array),
                    lambda array: m.object.get(array, [1, 1, "x"]),
                )
            ],
        )
    check(
        strings(Thing),
        fails(lambda array: m.object.get(array, [9]), IndexError),
        fails(lambda array: m.object.slice(array[::2]), ValueError),
        fails(lambda array: m.object.copy_to(array, array), RuntimeError),
        fails(lambda array: m.object.copy_to(array, np.zeros(3, object)), ValueError),
        fails(lambda array: m.object.hold_read(array, lambda: 1 / 0), ZeroDivisionError),
        fails(lambda array: m.object.hold_write(array, lambda: 1 / 0), ZeroDivisionError),
        fails(lambda array: m.from_vec3([[[array[0]]], [[array[1]], [array[2]]]]), ValueError),
        fails(lambda array: m.bytes3.like(array.tolist()), ValueError, TypeError),
    )


def test_null_slots_are_counted_as_none():
    array = np.array([Thing(), None, Thing(), None], object)
    ctypes.memset(array[1:2].ctypes.data, 0, 8)
    things = [array[0], array[2]]
    before = counts(None, *things)
    for _ in range(10):
        m.object.copy_unguarded(array)
        m.object.to_vec_unguarded(array[::-1])
        with raises(ValueError):
            m.object.accept(array)
        with raises(TypeError):
            m.string.copy_unguarded(array)
    after = counts(None, *things)
    assert after[1:] == before[1:]
    # None is immortal from Python 3.12 on; other code may keep some references to it.
    assert abs(after[0] - before[0]) < 10


@every_element
def test_arrays_and_dtypes_are_counted_exactly(element):
    f = element.functions
    array = np.array(layouts(element, plain=True)["c order"]())
    wrong = np.zeros(3, "V5")
    dtype = element.dtype
    own = f.dtype()

    def work():
        f.copy(array)
        f.copy_unguarded(array)
        f.copy_unguarded(array.T)
        f.view(array)
        f.to_vec(array)
        f.like(array)
        f.like_cast(array)
        f.reverse(array)
        f.to_objects(array)
        if NUMPY >= (2, 0) or not dtype.hasobject:  # NumPy 1's zeros of objects keep a reference
            f.zeros([2, 2], True)
        f.hold_read(array, lambda: None)
        f.hold_write(array, lambda: None)
        f.copy_to(array.copy(), array)
        for function in (f.accept, f.reverse, f.copy_unguarded, f.like):
            with pytest.raises(TypeError):
                function(wrong)
        with pytest.raises(ValueError):
            f.zeros([-1], False)

    work()
    before = counts(array, wrong, wrong.dtype, dtype, own, np.ndarray)
    for _ in range(5):
        work()
    after = counts(array, wrong, wrong.dtype, dtype, own, np.ndarray)
    assert after[:3] == before[:3]
    # Shared with other code, which may keep a few.
    assert all(abs(x - y) < 5 for x, y in zip(after[3:], before[3:]))


def test_callbacks_are_counted_exactly():
    array = np.zeros(3)

    def callback():
        pass

    before = counts(callback, array)
    for hold in (m.f64.hold_read, m.f64.hold_write, m.f64.hold_view):
        hold(array, callback)
    assert counts(callback, array) == before


def test_an_array_over_rust_memory_keeps_one_owner():
    array = m.f64.into_pyarray(np.arange(4.0))
    base = array.base
    before = sys.getrefcount(base)
    view = array[1:]
    assert view.base is array or view.base is base
    del view
    assert sys.getrefcount(base) == before
