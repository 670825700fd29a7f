"""Functions of Rust called for whole arrays beside NumPy's ufuncs: the same arguments, the same results."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import warnings

import npyo_pytests
import numpy as np
import pytest
from number_arrays import array
from support import NUMPY

rust = npyo_pytests.broadcast
TYPES = {
    "add_i4": "i4",
    "add_i8": "i8",
    "add_u1": "u1",
    "add_f4": "f4",
    "add_f8": "f8",
    "add_c16": "c16",
}
DTYPES = [
    "?",
    "i1",
    "u1",
    "i2",
    "u2",
    "i4",
    "u4",
    "i8",
    "u8",
    "f2",
    "f4",
    "f8",
    "c8",
    "c16",
    "O",
]
CASTINGS = ["no", "equiv", "safe", "same_kind", "unsafe"]


def shapes(rng: random.Random) -> list[tuple[int, ...]]:
    full = tuple(rng.choice([1, 2, 3, 7]) for _ in range(rng.randrange(4)))
    if rng.random() < 0.3:
        full = (*full, rng.choice([0, 100, 700, 9000, 20_000]))
    return [
        tuple(1 if rng.random() < 0.2 else n for n in full[rng.randrange(2) :]) for _ in range(2)
    ]


def outcome(call, *arguments, **options):
    """What a call returns, or the class of the error that it raises."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call(*arguments, **options), None
    except (TypeError, ValueError) as error:
        return None, type(error)


def expected(a: np.ndarray, b: np.ndarray, dtype: str, casting: str, order: str) -> np.ndarray:
    for one in (a, b):
        # Whatever the value: NumPy 1 looks at it where there is only one.
        if not np.can_cast(one.dtype, dtype, casting):
            raise TypeError(casting)
    a, b = (one.astype(dtype, order="K", copy=False) for one in (a, b))
    return np.asarray(np.add(a, b, order=order))


@pytest.mark.parametrize("seed", range(80))
@pytest.mark.parametrize("name", TYPES)
def test_calls_give_what_numpys_give(name, seed):
    rng = random.Random(f"{name} {seed}")
    dtype, casting, order = TYPES[name], rng.choice(CASTINGS), rng.choice("KKCF")
    candidates = (
        [d for d in DTYPES if np.can_cast(d, dtype, casting)] if rng.random() < 0.8 else DTYPES
    )
    a, b = (array(rng, shape, rng.choice(candidates)) for shape in shapes(rng))
    threads = rng.choice([1, 4])
    options = {"casting": casting, "threads": threads}
    ours, error = outcome(getattr(rust, name), a, b, order=order, **options)
    theirs, other = outcome(expected, a, b, dtype, casting, order)
    assert error == other, (a.dtype, b.dtype)
    if error:
        return
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert np.array_equal(ours, theirs)
    if order in "CF" or {a.dtype, b.dtype} == {np.dtype(dtype)}:
        for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS"):
            assert ours.flags[flag] == theirs.flags[flag]

    # Into arrays of other types and layouts, and over the memory of an argument.
    out = array(rng, theirs.shape, rng.choice(candidates))
    out = out.copy(order=rng.choice("CF")).reshape(theirs.shape)
    if not np.can_cast(dtype, out.dtype, casting):
        with pytest.raises(TypeError):
            getattr(rust, name + "_into")(a, b, out, **options)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        getattr(rust, name + "_into")(a, b, out, **options)
        assert np.array_equal(out, theirs.astype(out.dtype))


@pytest.mark.parametrize("dtype", ["f8", "f4", ">f8", "i4", "c16"])
@pytest.mark.parametrize("seed", range(20))
def test_arrays_are_changed_in_place(dtype, seed):
    rng = random.Random(f"{dtype} {seed}")
    a = np.arange(rng.choice([30, 3000, 120_000])).astype(dtype).reshape(-1, 3)
    b = a.copy()
    views = [
        lambda x: x,
        lambda x: x[1:],
        lambda x: x[:-1],
        lambda x: x[::-1],
        lambda x: x[:, :1],
        lambda x: x[:1],
    ]
    first, second = rng.choice(views), rng.choice(views)
    target = rng.choice(views[:4])
    theirs = outcome(np.add, first(b), second(b), out=target(b))[1]
    options = {"casting": "unsafe", "threads": rng.choice([1, 4])}
    add = rust.add_c16_into if dtype == "c16" else rust.add_f8_into
    assert outcome(add, first(a), second(a), target(a), **options)[1] == theirs
    assert theirs or np.array_equal(a, b)


def test_other_results():
    for make in [
        lambda n: np.arange(n),
        lambda n: np.arange(n).astype("i4"),
        lambda n: np.arange(n).astype(">i8"),
    ]:
        for n, threads in [(100, 1), (50_000, 1), (50_000, 4)]:
            a = make(n) - n // 2
            quotient, remainder = rust.div_rem(a, 7, threads)
            assert np.array_equal(quotient, a // 7)
            assert np.array_equal(remainder, a % 7)
            with pytest.raises(ZeroDivisionError, match="5 by 0"):
                rust.div_rem(5, a, threads)
            assert rust.count_equal(a, a[::-1], threads) == (a == a[::-1]).sum()
            assert rust.count_equal(a, 3.0, threads) == 1
    assert np.array_equal(rust.less_f8(np.arange(4.0), 2), [True, True, False, False])
    assert isinstance(rust.hypot(3, 4), float)
    assert rust.hypot([3], 4).tolist() == [5]


def test_objects_are_called():
    calls = [str, lambda x: x * 2]
    assert rust.call_each(np.array(calls), np.array([[1], [2.5]], object)).tolist() == [
        ["1", 2],
        ["2.5", 5.0],
    ]

    def fails(x):
        if x == 70:
            raise LookupError(x)
        return x

    with pytest.raises(LookupError, match="70"):
        rust.call_each(fails, np.arange(1000))


class Like:
    """Something that NumPy makes an array of over memory that it does not own."""

    def __init__(self, a):
        self.a = a

    def __array__(self, *args, **kwargs):
        return self.a


def test_array_likes():
    a = np.arange(3.0)
    for like in [
        a,
        [0, 1, 2],
        (0, 1, 2),
        Like(a),
        memoryview(a),
        range(3),
        a.astype("f4"),
        [np.float32(0), 1, True + 1],
    ]:
        assert rust.add_f8(like, 1).tolist() == [1, 2, 3]
    if NUMPY >= (2, 0):
        words = np.array(["1.5", "2"], dtype=np.dtypes.StringDType())
        assert rust.add_f8(words, 1, "unsafe").tolist() == [2.5, 3]
        out = np.array(["", "a" * 50], dtype=np.dtypes.StringDType())
        rust.add_f8_into(np.array([1.5, 2]), 1, out, "unsafe")
        assert out.astype("f8").tolist() == [2.5, 3]
    with pytest.raises(TypeError):
        rust.add_f8(["a"], 1)
    with pytest.raises(TypeError, match="masked"):
        rust.add_f8(np.ma.array([1.0]), 1)
    empty = np.zeros(
        3, np.dtype({"names": ["s"], "formats": ["S0"], "offsets": [0], "itemsize": 4})
    )["s"]
    with pytest.raises((TypeError, ValueError)):
        rust.add_f8(empty, 1, "unsafe")


def test_threads_broadcast_at_once():
    a = np.arange(30_000.0)
    b = a.astype("f4")
    problems = []
    start = threading.Barrier(6)

    def work() -> None:
        start.wait()
        for _ in range(15):
            for threads in (1, 4):
                out = np.empty(30_000, "f4")
                rust.add_f8_into(a, b, out, "unsafe", threads)
                if not (
                    np.array_equal(rust.add_f8(a, b, threads=threads), a * 2)
                    and np.array_equal(out, b * 2)
                ):
                    problems.append(threads)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_computes_by_itself():
    code = """
import os, npyo_pytests, numpy as np
a = np.arange(100_000.0)
assert (npyo_pytests.broadcast.parallel_hypot(a, 0) == a).all()
child = os.fork()
if child == 0:
    os._exit(0 if (npyo_pytests.broadcast.parallel_hypot(a, 0) == a).all() else 1)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=60)
