"""Errors and panics of functions of ufuncs, at any element of arrays of any layout."""

from __future__ import annotations

import gc
import random
import sys

import npyo_pytests
import numpy as np
import pytest
from support import FREE_THREADED, NUMPY
from ufunc_arrays import Memory, same

rust = npyo_pytests.ufuncs
LENGTHS = [1, 2, 63, 64, 65, 8191, 8192, 8193, 20_000]
LABELLED = np.dtype([("label", "O"), ("value", "f8")])
# NumPy 1 goes on after an error, and converts results that have not been computed.
STOPS = NUMPY >= (2, 0)


def fails(name: str, call, *arguments, **options) -> BaseException:
    """The error of a call of a ufunc of this name."""
    try:
        call(*arguments, **options)
    except BaseException as error:  # noqa: BLE001 - a panic is one
        wanted = "PanicException" if "panicking" in name else "ValueError"
        assert type(error).__name__ == wanted, repr(error)
        assert "negative" in str(error)
        assert sys.exc_info()[1] is error
        return error
    raise AssertionError(f"{name} did not fail")


def positions(rng: random.Random, length: int) -> list[int]:
    return sorted({0, length - 1, length // 2, rng.randrange(length)})


@pytest.mark.parametrize("kind", ["failing", "panicking", "parallel_failing", "parallel_panicking"])
@pytest.mark.parametrize("length", LENGTHS)
def test_an_error_at_any_element(kind, length):
    f = getattr(rust, kind)
    rng = random.Random(length)
    for position in positions(rng, length):
        for layout in range(3):
            a = Memory(rng, (length,), rng.choice(["f8", "f4", "i4"]), plain=layout == 0)
            a = a.fill(np.arange(length) % 100).array
            a[position] = -1
            out = Memory(rng, (length,), "f8", plain=layout < 2).fill(7)
            before = out.bytes.copy()
            fails(kind, f, a, out=out.array, casting="unsafe")
            done = np.array(out.array, "f8")
            if STOPS or (layout < 2 and a.dtype.kind == "f"):
                assert ((done == a) | (done == 7)).all()
                if "parallel" not in kind:
                    assert (done[position:] == 7).all()
            # Nothing but elements of the result was written to.
            out.array[...] = 7
            assert np.array_equal(out.bytes, before)
            # Where the element is left out, there is no error.
            where = np.arange(length) != position
            f(a, out=out.array, where=where, casting="unsafe")
            assert same(np.array(out.array, "f8"), np.where(where, a, 7.0).astype("f8"))
            a[position] = 1
            assert (f(a) == a).all()


@pytest.mark.parametrize("kind", ["failing_add", "panicking_add", "parallel_failing_add"])
def test_an_error_in_every_method(kind):
    f = getattr(rust, kind)
    for length in [4, 64, 8193, 20_000]:
        for position in {1, length // 2, length - 1}:
            a = np.ones(length, "i8")
            a[position] = -5
            for b in [a, a[::-1], a.astype(">i8"), a.reshape(2, -1) if length % 2 == 0 else a]:
                fails(kind, f.reduce, b)
                fails(kind, f.reduce, b, axis=b.ndim - 1, initial=3)
                fails(kind, f.accumulate, b, axis=-1)
                fails(kind, f.reduceat, b, [0, b.shape[0] - 1, 0])
            fails(kind, f, a, a)
            if position in (1, length - 1):
                fails(kind, f.outer, a[:100], a[-100:])
            if NUMPY >= (1, 26):
                fails(kind, f.at, a.copy(), np.arange(length), 1)
            where = a > 0
            assert f.reduce(a, initial=0, where=where) == length - 1
    assert f.reduce(np.ones(100, int)) == 100


@pytest.mark.parametrize("kind", ["failing", "panicking", "parallel_failing", "parallel_panicking"])
def test_an_error_of_a_function_of_arrays(kind):
    rng = random.Random(kind)
    for name in ["sum", "copy"]:
        f = getattr(rust, f"{kind}_{name}")
        for shape in [(1, 5), (7, 3), (40, 500), (20, 10, 100)]:
            for position in positions(rng, int(np.prod(shape))):
                a = Memory(rng, shape, "f8").fill(1).array
                a[np.unravel_index(position, shape)] = -1
                wanted = f(np.ones(shape))
                out = Memory(rng, wanted.shape, "f8").fill(7)
                before = out.bytes.copy()
                fails(kind, f, a, out=out.array)
                out.array[...] = 7
                assert np.array_equal(out.bytes, before)
                # The memory is not borrowed any more.
                a[...] = 1
                assert same(f(a, out=out.array), out.array)
                assert same(np.array(out.array, "f8"), wanted)


def test_errors_keep_the_references_of_objects():
    class Thing:
        def __add__(self, other):
            if other is None:
                raise ValueError("negative")
            return self

    thing = Thing()
    for length in [1, 2, 100, 9000]:
        for position in {0, length // 2, length - 1}:
            # Of an object of its own, as reductions begin with one of the elements.
            things = np.empty((length, 2), object)
            things[...] = thing
            bad = things.copy()
            bad[position, 1] = None
            out = np.empty((2, length), object).T
            out[...] = thing
            count = sys.getrefcount(thing)
            fails("object_add", rust.object_add, things, bad, out=out)
            fails("object_add", rust.object_add, things[::-1], bad[::-1])
            fails("object_add", rust.object_add.reduce, bad, axis=1)
            fails("object_add", rust.object_add.accumulate, bad, axis=1)
            fails("object_add", rust.object_add.outer, things[:2], bad[position])
            rust.object_add(things, bad, out=out, where=bad != None)
            gc.collect()
            assert sys.getrefcount(thing) == count


def test_errors_keep_the_references_of_records():
    label = object()
    a = np.zeros(3000, LABELLED)
    a["label"] = label
    for position in [0, 1, 1500, 2999]:
        bad = a.copy()
        bad["value"][position] = -1
        swapped = bad.astype(LABELLED.newbyteorder("S"))
        out = np.zeros(3000, LABELLED)
        out["label"] = label
        count = sys.getrefcount(label)
        for one in [bad, bad[::-1], swapped]:
            fails("join", rust.join, a, one)
            fails("join", rust.join, a, one, out=out)
        if NUMPY >= (1, 23):
            fails("join", rust.join.reduce, bad)
            fails("join", rust.join.reduce, bad.reshape(30, 100), axis=(0, 1))
        one = None
        gc.collect()
        assert sys.getrefcount(label) == count


CALLS = {
    "one": lambda: rust.failing(-1.0),
    "many": lambda: rust.failing(np.array([1.0, -1.0])),
    "converted": lambda: rust.failing(np.array([1, -1], ">i2")),
    "large": lambda: rust.failing(-np.ones(20_000)),
    "parallel": lambda: rust.parallel_failing(-np.ones(20_000)),
    "reduced": lambda: rust.failing_add.reduce([1, 2, -3, 4]),
    "arrays": lambda: rust.failing_copy(-np.ones((3, 4))),
    "sizes": lambda: rust.convolve([1, 2], [3, 4], out=np.zeros(9, int)),
    "records": lambda: rust.join(np.zeros(3, LABELLED), np.array((None, -1.0), LABELLED)),
    "objects": lambda: rust.call(np.array([len], object), 1),
    "types": lambda: rust.later(1.5, 2),
    "panic": lambda: rust.panicking(-1.0),
    "plain panic": lambda: rust.panicking_plain(-1),
}


@pytest.mark.skipif(FREE_THREADED, reason="its allocator counts otherwise")
@pytest.mark.parametrize("name", CALLS)
def test_errors_leave_nothing_behind(name):
    def call() -> None:
        try:
            CALLS[name]()
        except (ValueError, TypeError):
            pass
        except BaseException as error:  # noqa: BLE001 - a panic is one
            assert type(error).__name__ == "PanicException"
        else:
            raise AssertionError(name)

    count = 300
    for _ in range(50):
        call()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(count):
        call()
    gc.collect()
    assert sys.getallocatedblocks() - before < count // 2


def test_an_error_names_the_element_in_a_note():
    if NUMPY < (2, 0) or sys.version_info < (3, 11):
        pytest.skip("there are no notes")
    a = np.ones((3, 10_000))
    a[2, 77] = -1
    for call in [rust.failing, rust.parallel_failing]:
        error = fails("failing", call, a)
        assert "element 20077" in error.__notes__[0]
    error = fails("failing", rust.failing_copy, a)
    assert "element 2 " in error.__notes__[0]
