"""Ufuncs made of Rust functions, over arrays of any shape and layout, beside formulas of NumPy's own."""

from __future__ import annotations

import random

import hypothesis.extra.numpy as nps
import npyo_pytests
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided
from support import NUMPY
from ufunc_arrays import Memory, argument, examples, numbers, same, seeds

rust = npyo_pytests.ufuncs
pytestmark = pytest.mark.filterwarnings("ignore:Casting complex values to real")
NUMBERS = ["i1", "u2", "i4", "u8", "f4", "f8", "c8", "c16"]
# The types of the loops, and a formula for the results.
UFUNCS = {
    "add": (["?", *NUMBERS], np.add),
    "multiply": (["?", *NUMBERS], np.multiply),
    "subtract": (NUMBERS, np.subtract),
    "less": (["?", "i1", "u8", "f4", "f8"], np.less),
    "sqrt": (["f4", "f8"], np.sqrt),
    "modf": (["f4", "f8"], np.modf),
    "wave": (["i8"], lambda a, b: a * b ^ (a >> 3)),
    "parts": (["f8"], lambda a: (np.trunc(a), a - np.trunc(a), a < 0)),
    "parallel_parts": (["f8"], lambda a: (np.trunc(a), a - np.trunc(a), a < 0)),
}
GUFUNCS = {
    "inner": ("(n),(n)->()", ["i8", "f8"], lambda a, b: (a * b).sum(-1)),
    "parallel_inner": ("(n),(n)->()", ["i8", "f8"], lambda a, b: (a * b).sum(-1)),
    "matmul": ("(m,n),(n,p)->(m,p)", ["i8", "f8"], np.matmul),
    "cumsum": ("(n)->(n)", ["i8", "f8"], lambda a: np.cumsum(a, -1)),
    "differences": ("(n)->(n)", ["f8"], lambda a: np.diff(a, prepend=0, axis=-1)),
    "parallel_differences": ("(n)->(n)", ["f8"], lambda a: np.diff(a, prepend=0, axis=-1)),
    "cross": ("(3),(3)->(3)", ["i8"], np.cross),
    "optional": ("(m?,n),(n,p?)->(m?,p?)", ["i8"], np.matmul),
    "any": ("(n)->()", ["?"], lambda a: a.any(-1)),
    "conjugates": ("(n)->(n),(n)", ["f8"], lambda a: (a, -a)),
    "failing_copy": ("(n)->(n)", ["f8"], lambda a: a),
    "parallel_failing_copy": ("(n)->(n)", ["f8"], lambda a: a),
}


def results(found) -> tuple[np.ndarray, ...]:
    return tuple(map(np.asarray, found if isinstance(found, tuple) else (found,)))


def outs(position: int, array, count: int):
    return tuple(array if n == position else None for n in range(count))


def least(name: str) -> int:
    return 0 if name in ("sqrt", "failing_copy", "parallel_failing_copy") else -4


@pytest.mark.parametrize("name", UFUNCS)
@examples(25)
@given(data=st.data(), seed=seeds)
def test_calls_of_ufuncs(name, data, seed):
    f = getattr(rust, name)
    dtypes, formula = UFUNCS[name]
    rng = random.Random(seed)
    dtype = rng.choice(dtypes)
    kinds = nps.mutually_broadcastable_shapes(num_shapes=f.nin, min_side=0, max_dims=4, max_side=5)
    shapes, full = data.draw(kinds)
    if rng.random() < 0.15:
        # NumPy's buffers have 8192 elements.
        full = (*full[1:], rng.choice([8191, 8193, 20_000]))
        shapes = [full[rng.randrange(len(full)) :] for _ in shapes[:-1]] + [full]
    arrays = [argument(rng, shape, dtype, least(name)) for shape in shapes]
    native = [np.array(a, dtype) for a in arrays]
    copies = [a.tobytes() for a in arrays]
    expected = results(formula(*native))
    found = f(*arrays)
    for a, b in zip(results(found), expected):
        assert same(a, b)
    where = np.array(numbers(rng, full[rng.randrange(len(full) + 1) :], "?"), bool)
    for n, wanted in enumerate(expected):
        kind = wanted.dtype.kind
        wide = {"f": ["f4", "f8", "c16"], "i": ["i8", "i2", "f8"], "c": ["c8", "c16"]}
        out = Memory(rng, full, rng.choice([wanted.dtype, *wide.get(kind, [])])).fill(1)
        out.check(lambda out, n=n: f(*arrays, out=outs(n, out, f.nout)), wanted)
        out.check(lambda out, n=n: f(*arrays, out=outs(n, out, f.nout), where=where), wanted, where)
    assert [a.tobytes() for a in arrays] == copies


@pytest.mark.parametrize("name", UFUNCS)
@examples(15)
@given(seed=seeds)
def test_operands_of_ufuncs_that_overlap(name, seed):
    f = getattr(rust, name)
    dtypes, formula = UFUNCS[name]
    rng = random.Random(seed)
    count = rng.choice([3, 60, 700])
    memory = Memory(rng, (4 * count,), rng.choice(dtypes))
    base = memory.fill(numbers(rng, (4 * count,), memory.array.dtype, least(name))).array

    places = np.arange(4 * count)

    def part():
        step = rng.choice([1, 1, 2, 3, -1, -2])
        start = rng.randrange(4 * count - abs(step) * (count - 1))
        found = np.s_[start : start + abs(step) * (count - 1) + 1 : abs(step)]
        return (found, np.s_[:: 1 if step > 0 else -1])

    def at(whole, part):
        return whole[part[0]][part[1]]

    parts = [part() for _ in range(f.nin)]
    arrays = [at(base, one) for one in parts]
    if f.nin == 2 and rng.random() < 0.3:
        arrays[1] = base[:1]
    expected = results(formula(*(np.array(a, base.dtype.newbyteorder("=")) for a in arrays)))
    n = rng.randrange(f.nout)
    target = rng.choice([parts[0], part(), part()])
    whole = base.copy()
    whole[at(places, target)] = expected[n]
    f(*arrays, out=outs(n, at(base, target), f.nout), casting="unsafe")
    assert same(base, whole)


@pytest.mark.parametrize("name", GUFUNCS)
@examples(25)
@given(data=st.data(), seed=seeds)
def test_calls_of_generalised_ufuncs(name, data, seed):
    f = getattr(rust, name)
    signature, dtypes, formula = GUFUNCS[name]
    rng = random.Random(seed)
    # Only those of arguments are needed, and hypothesis knows one result.
    known = signature.split("->")[0] + "->()"
    kinds = nps.mutually_broadcastable_shapes(signature=known, max_dims=3, max_side=4, min_side=0)
    shapes, _ = data.draw(kinds)
    if rng.random() < 0.1 and signature.startswith("(n)"):
        outer = rng.choice([2, 300])
        shapes = [(outer, 30, *shape[-1:]) for shape in shapes]
    dtype = rng.choice(dtypes)
    arrays = [argument(rng, shape, dtype, least(name)) for shape in shapes]
    expected = results(formula(*(np.array(a, dtype) for a in arrays)))
    for a, b in zip(results(f(*arrays)), expected):
        assert same(a, b)
    for n, wanted in enumerate(expected):
        wide = {"f": ["f4", "c16"], "i": ["i2", "f8"]}.get(wanted.dtype.kind, [])
        out = Memory(rng, wanted.shape, rng.choice([wanted.dtype, wanted.dtype, *wide])).fill(1)
        call = lambda out, n=n: f(*arrays, out=outs(n, out, f.nout), casting="same_kind")
        out.check(call, wanted)
    if signature.startswith("(n)") and arrays[0].ndim > 1:
        axis = rng.randrange(arrays[0].ndim)
        full = [np.broadcast_to(a, arrays[0].shape) for a in arrays[:1]] * f.nin
        moved = [np.moveaxis(a, axis, -1) for a in full]
        wanted = results(formula(*(np.array(a, dtype) for a in moved)))
        for a, b in zip(results(f(*full, axis=axis)), wanted):
            assert same(np.moveaxis(a, axis, -1) if a.ndim == full[0].ndim else a, b)


@pytest.mark.parametrize("name", ["cumsum", "differences", "parallel_differences", "conjugates"])
@examples(40)
@given(seed=seeds)
def test_operands_of_generalised_ufuncs_that_overlap(name, seed):
    f = getattr(rust, name)
    _, dtypes, formula = GUFUNCS[name]
    rng = random.Random(seed)
    outer, core = rng.choice([(1, 5), (4, 3), (7, 7), (3, 0), (200, 90)])
    memory = Memory(rng, (3 * outer + 2, 3 * core + 2), rng.choice(dtypes))
    base = memory.fill(numbers(rng, memory.array.shape, "i8")).array

    places = np.arange(base.size).reshape(base.shape)

    def window():
        rows, columns = rng.choice([1, 2, 3, -1]), rng.choice([1, 2, 3, -1, -2])
        top = rng.randrange(3 * outer + 2 - abs(rows) * max(0, outer - 1))
        left = rng.randrange(3 * core + 2 - abs(columns) * max(0, core - 1))
        turned = np.s_[:: 1 if rows > 0 else -1, :: 1 if columns > 0 else -1]
        return np.s_[top :: abs(rows), left :: abs(columns)], turned

    def at(whole, window):
        return whole[window[0]][:outer, :core][window[1]]

    source = window()
    first = at(base, source)
    target = rng.choice([source, window(), window()])
    if rng.random() < 0.2 and 0 < outer + core < base.shape[0]:
        # Elements of it overlap with each other.
        step = base.strides[0]
        first, target = as_strided(base[1:, 1:], (outer, core), (step, step)), window()
    n = rng.randrange(f.nout)
    whole = base.copy()
    expected = results(formula(np.array(first, base.dtype.newbyteorder("="))))
    whole.reshape(-1)[at(places, target)] = expected[n]
    f(first, out=outs(n, at(base, target), f.nout))
    assert same(base, whole)


@pytest.mark.parametrize("name", ["add", "multiply", "subtract"])
@examples(25)
@given(data=st.data(), seed=seeds)
def test_reductions(name, data, seed):
    ours, theirs = getattr(rust, name), getattr(np, name)
    rng = random.Random(seed)
    dtype = np.dtype(rng.choice(NUMBERS))
    shape = data.draw(nps.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4))
    if rng.random() < 0.1:
        shape = (*shape[1:], rng.choice([100, 8193]))
    a = argument(rng, shape, dtype, -1)
    axes = rng.sample(range(a.ndim), rng.randrange(1, a.ndim + 1))
    axis = axes[0] if name == "subtract" else tuple(axes)
    where = np.array(numbers(rng, shape[rng.randrange(len(shape) + 1) :], "?"), bool)
    options = [
        {"initial": 2},
        {"initial": 1, "where": where},
        {"keepdims": True, "initial": 1},
    ]
    if a.size:
        options.append({})
    with np.errstate(all="ignore"):
        for option in options:
            wanted = theirs.reduce(a, axis=axis, dtype=dtype, **option)
            assert same(ours.reduce(a, axis=axis, dtype=dtype, **option), wanted)
            out = Memory(rng, np.shape(wanted), dtype).fill(1)
            call = lambda out, o=option: ours.reduce(a, axis=axis, dtype=dtype, out=out, **o)
            out.check(call, wanted)
        wanted = theirs.accumulate(a, axis=axes[0], dtype=dtype)
        out = Memory(rng, wanted.shape, dtype).fill(1)
        out.check(lambda out: ours.accumulate(a, axis=axes[0], dtype=dtype, out=out), wanted)
        inner = np.array(a, dtype)
        theirs.accumulate(inner, axis=axes[0], out=inner)
        if a.flags.writeable and a.dtype.isnative:
            ours.accumulate(a, axis=axes[0], out=a)
            assert same(a, inner)


LARGE = [(16_384,), (16_383,), (40_001,), (130, 127), (3, 20_000), (20_000, 3), (2, 90, 100)]


@pytest.mark.parametrize("name", ["wave", "parts", "inner", "differences", "failing_copy"])
@examples(12)
@given(seed=seeds)
def test_several_threads_compute_what_one_does(name, seed):
    serial, parallel = getattr(rust, name), getattr(rust, f"parallel_{name}")
    rng = random.Random(seed)
    dtype = rng.choice(["i8", "f4", "f8"] if name == "wave" else ["f8"])
    shape = rng.choice(LARGE)
    state = np.random.RandomState(seed)
    arrays = []
    for _ in range(serial.nin):
        plain = Memory(rng, shape, dtype, plain=rng.random() < 0.6)
        arrays.append(plain.fill(state.random_sample(shape) * 99).array)
    wanted, found = results(serial(*arrays)), results(parallel(*arrays))
    for a, b in zip(wanted, found):
        assert a.tobytes() == b.tobytes()
    for n, one in enumerate(wanted):
        out = Memory(rng, one.shape, one.dtype, plain=rng.random() < 0.6).fill(1)
        out.check(lambda out, n=n: parallel(*arrays, out=outs(n, out, serial.nout)), one)
    if wanted[0].shape == shape and wanted[0].dtype == arrays[0].dtype:
        parallel(*arrays, out=outs(0, arrays[0], serial.nout))
        assert same(arrays[0], wanted[0])


@pytest.mark.skipif(NUMPY < (2, 1), reason="NumPy does not ask for sizes")
@examples(40)
@given(data=st.data(), seed=seeds)
def test_computed_sizes(data, seed):
    rng = random.Random(seed)
    kinds = nps.mutually_broadcastable_shapes(signature="(m),(n)->()", max_dims=2, max_side=4)
    (one, two), outer = data.draw(kinds)
    a, b = argument(rng, one, "i8"), argument(rng, two, "i8")
    length = one[-1] + two[-1] - 1
    wanted = np.zeros((*outer, length), "i8")
    for i in range(one[-1]):
        for j in range(two[-1]):
            wanted[..., i + j] += a[..., i] * b[..., j]
    assert same(rust.convolve(a, b), wanted)
    Memory(rng, wanted.shape, "i8").check(lambda out: rust.convolve(a, b, out=out), wanted)
    with pytest.raises(ValueError, match=r"m \+ n - 1"):
        rust.convolve(a, b, out=np.zeros((*outer, length + 1), "i8"))
