"""Ufuncs made of Rust functions beside NumPy's own: the same calls, the same results."""

from __future__ import annotations

import itertools
import pickle
import random
import threading

import npyo_pytests
import numpy as np
import pytest
from number_arrays import array
from support import NUMPY

rust = npyo_pytests.ufuncs
INTEGERS = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
DTYPES = {
    "add": ["?", *INTEGERS, "f4", "f8", "c8", "c16"],
    "multiply": ["?", *INTEGERS, "f4", "f8", "c8", "c16"],
    "subtract": [*INTEGERS, "f4", "f8", "c8", "c16"],
    "less": ["?", *INTEGERS, "f4", "f8"],
    "logical_not": ["?"],
    "sqrt": ["f4", "f8"],
    "modf": ["f4", "f8"],
}
REDUCED = ["add", "multiply", "subtract"]


def shapes(rng: random.Random, count: int) -> list[tuple[int, ...]]:
    full = tuple(rng.choice([1, 2, 3, 7]) for _ in range(rng.randrange(4)))
    if rng.random() < 0.3:
        full = (*full, rng.choice([0, 100, 700, 9000]))
    return [
        tuple(1 if rng.random() < 0.2 else n for n in full[rng.randrange(2) :])
        for _ in range(count)
    ]


def same(ours: object, theirs: object) -> bool:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    return ours.dtype == theirs.dtype and np.array_equal(ours, theirs)


def outcome(call, *arguments, **options):
    """What a call returns, or the class of the error that it raises."""
    try:
        with np.errstate(all="ignore"):
            return call(*arguments, **options), None
    except (TypeError, ValueError, IndexError) as error:
        return None, type(error)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", DTYPES)
def test_calls_give_what_numpys_give(name, seed):
    rng = random.Random(f"{name} {seed}")
    ours, theirs = getattr(rust, name), getattr(np, name)
    one = rng.choice(DTYPES[name])
    arguments = [array(rng, shape, one) for shape in shapes(rng, ours.nin)]
    options = {}
    if rng.random() < 0.4:
        options["order"] = rng.choice("CFAK")
    results = [outcome(f, *arguments, **options) for f in (ours, theirs)]
    assert results[0][1] == results[1][1]
    if results[0][1] is not None:
        return
    pairs = [r if isinstance(r, tuple) else (r,) for r, _ in results]
    for a, b in zip(*pairs):
        assert same(a, b), (one, arguments)
        assert np.asarray(a).strides == np.asarray(b).strides

    # out and where, also over the memory of an argument
    shape = np.asarray(pairs[0][0]).shape
    where = np.array([rng.random() < 0.6 for _ in range(int(np.prod(shape)))], bool).reshape(shape)
    filled = []
    for f in (ours, theirs):
        copies = [a.copy() for a in arguments]
        outs = tuple(np.full(shape, 3, np.asarray(r).dtype) for r in pairs[0])
        if seed % 3 == 0 and (copies[0].shape, copies[0].dtype) == (shape, outs[0].dtype):
            outs = (copies[0], *outs[1:])
        f(*copies, out=outs, where=where if seed % 2 else True)
        filled.append(outs)
    for a, b in zip(*filled):
        assert same(a, b)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("name", REDUCED)
def test_reductions_give_what_numpys_give(name, seed):
    rng = random.Random(f"{name} {seed}")
    ours, theirs = getattr(rust, name), getattr(np, name)
    dtype = rng.choice([d for d in DTYPES[name] if d not in "?"])
    a = array(rng, shapes(rng, 1)[0] or (3,), dtype)
    # Of integers and names such as 'add', NumPy takes a wider type for its own functions; so say which.
    native = np.dtype(dtype)
    axis = rng.randrange(a.ndim)
    indices = [rng.randrange(max(1, a.shape[axis])) for _ in range(3)]
    calls = [
        lambda f: f.reduce(a, axis=axis, dtype=native),
        lambda f: f.reduce(a, axis=axis, dtype=native, keepdims=True),
        lambda f: f.reduce(a, axis=axis, dtype=native, initial=2),
        lambda f: f.accumulate(a, axis=axis, dtype=native),
        lambda f: f.reduceat(a, indices, axis=axis, dtype=native),
        lambda f: f.outer(a, a[..., :1]),
        lambda f: f.reduce(a, axis=tuple(range(a.ndim)), dtype=native),
    ]
    for call in calls:
        (x, error), (y, other) = outcome(call, ours), outcome(call, theirs)
        assert error == other
        assert error is not None or same(x, y), (dtype, a)
    target, twin = np.zeros(7, native), np.zeros(7, native)
    places, values = [rng.randrange(7) for _ in range(20)], array(rng, (20,), dtype)
    ours.at(target, places, values)
    theirs.at(twin, places, values)
    assert same(target, twin)


def test_overlapping_operands_are_copied():
    for name, shift in itertools.product(["add", "subtract"], [-3, -1, 1, 3, 64]):
        a = np.arange(1000.0)
        b = a.copy()
        first, second = (a[shift:], a[:-shift]) if shift > 0 else (a[:shift], a[-shift:])
        third, fourth = (b[shift:], b[:-shift]) if shift > 0 else (b[:shift], b[-shift:])
        getattr(rust, name)(first, second, out=first)
        getattr(np, name)(third, fourth, out=third)
        assert same(a, b)
        getattr(rust, name)(a, a[::-1], out=a)
        getattr(np, name)(b, b[::-1], out=b)
        assert same(a, b)


def test_an_error_leaves_the_rest_as_it_was():
    a, b = np.arange(30_000), np.ones(30_000, int)
    b[20_000] = 0
    out = np.full(30_000, -1)
    with pytest.raises(ZeroDivisionError, match="20000 modulo 0"):
        rust.checked_remainder(a, b, out=out)
    assert (out[:20_000] == 0).all()
    assert (out[20_000:] == -1).all()
    with pytest.raises(ZeroDivisionError):
        rust.checked_remainder.reduce([5, 0, 3])
    with pytest.raises(ZeroDivisionError):
        rust.checked_remainder.outer([5], [0])
    # Older versions do not look for an exception here, and Python finds it afterwards.
    with pytest.raises(ZeroDivisionError if NUMPY >= (1, 26) else (ZeroDivisionError, SystemError)):
        rust.checked_remainder.at(np.array([5, 6]), [0, 1], [2, 0])
    assert rust.checked_remainder(7, 4) == 3


def test_it_is_found_again_by_pickle():
    assert pickle.loads(pickle.dumps(rust.checked_remainder)) is rust.checked_remainder


def test_threads_call_a_new_ufunc_at_once():
    a = np.arange(50_000.0)
    problems = []
    start = threading.Barrier(8)

    def work(f) -> None:
        start.wait()
        for _ in range(20):
            if not (f(a, a) == a * 2).all() or f.reduce(a) != 1249975000.0:
                problems.append(f)

    threads = [threading.Thread(target=work, args=(rust.add,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
