"""Ufuncs made of Rust functions, called by many threads at once; with a GIL, and without."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import npyo_pytests
import numpy as np
import pytest
from support import FREE_THREADED, in_child

rust = npyo_pytests.ufuncs
LABELLED = np.dtype([("label", "O"), ("value", "f8")])
POINT = np.dtype([("tag", "i1"), ("x", "f8"), ("y", "f4")], align=True)
THREADS = 16


def together(work: Callable[[int], None], threads: int = THREADS) -> None:
    """Calls `work` on each of the threads, which begin at the same time."""
    problems = []
    start = threading.Barrier(threads)

    def run(n: int) -> None:
        start.wait()
        try:
            work(n)
        except BaseException as problem:  # noqa: BLE001 - a panic is one
            problems.append(problem)

    started = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    if problems:
        raise problems[0]


def test_the_first_calls_of_all():
    """Loops, dtypes and conversions are looked up for the first time."""
    for _ in range(3):
        in_child("""
            u, problems, start = m.ufuncs, [], threading.Barrier(16)
            point = np.dtype([('tag', 'i1'), ('x', 'f8'), ('y', 'f4')], align=True)
            def work():
                start.wait()
                try:
                    assert (u.add(np.ones(3, 'i1'), np.ones(3, 'f4')) == 2).all()
                    p = np.ones(3, point)
                    assert (u.add_points(p, p.astype([('tag', 'i1'), ('x', '>f8'), ('y', 'f4')]))['x'] == 2).all()
                    u.later(np.array(['2020-01-01'], 'M8[D]'), np.array([3], 'm8[s]'))
                    assert (u.matmul(np.ones((2, 2), 'i2'), np.ones((2, 2))) == 2).all()
                    u.convolve(np.ones(3, int), np.ones(2, int), out=np.ones(4, int))
                    u.parallel_wave(np.ones(30_000), np.ones(30_000))
                    u.object_add(np.ones(3, 'i4'), np.ones(3, object))
                    assert u.add.reduce(np.ones(3, 'f4')) == 3 and u.optional([1], [2]) == 2
                except BaseException as problem: problems.append(repr(problem))
            threads = [threading.Thread(target=work) for _ in range(16)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            assert not problems, problems
        """)


def test_the_first_calls_of_a_new_ufunc():
    for _ in range(10):
        f = rust.make(lambda x: x + 1)

        def work(n: int, f=f) -> None:
            for dtype in ["f8", "i2", ">f4"]:
                assert (f(np.arange(50, dtype=dtype)) == np.arange(1, 51)).all()

        together(work)


def test_shared_arguments():
    a = np.arange(40_000.0)
    rows = a.reshape(40, -1)
    expected = rust.wave(a, a)
    sums = rust.inner(rows, rows)

    def work(n: int) -> None:
        for _ in range(3):
            assert (rust.wave(a, a) == expected).all()
            assert (rust.parallel_wave(a, a) == expected).all()
            assert (rust.parallel_inner(rows, rows) == sums).all()
            assert rust.add.reduce(a) == 799_980_000
            assert (rust.add.reduce(rows, axis=n % 2) == rows.sum(n % 2)).all()
            assert rust.add.accumulate(a)[-1] == 799_980_000
            assert rust.add.outer(a[:9], a[:9])[8, 8] == 16

    together(work)


def test_results_in_parts_of_one_array():
    a = np.arange(20_000.0)
    out = np.zeros((THREADS, 20_000))
    wide = np.zeros((20_000, THREADS))

    def work(n: int) -> None:
        for _ in range(3):
            rust.add(a, n, out=out[n])
            rust.parallel_wave(a, a, out=wide[:, n])
            rust.differences(a, out=wide[:, n])

    together(work)
    assert (out == a + np.arange(THREADS)[:, None]).all()
    assert (wide[1:] == 1).all()


def test_one_array_for_all_results():
    """The last one to write wins; a generalised ufunc may find that another holds the array."""
    a = np.arange(20_000.0)
    out, rows = np.zeros(20_000), np.zeros((20, 1000))

    def work(n: int) -> None:
        for _ in range(5):
            rust.wave(a, a, out=out)
            rust.parallel_wave(a, a, out=out)
            try:
                rust.cumsum(a.reshape(20, -1), out=rows)
            except npyo_pytests.ArrayBorrowError:
                pass

    together(work)
    assert (out == rust.wave(a, a)).all()
    rust.cumsum(a.reshape(20, -1), out=rows)
    assert (rows == np.cumsum(a.reshape(20, -1), -1)).all()


def test_ufuncs_that_are_dropped():
    for _ in range(10):
        ufuncs = [rust.make(f) for f in (abs, float, lambda x: x)]

        def work(n: int, ufuncs=ufuncs) -> None:
            ufuncs[n % 2](np.arange(10.0))
            if n == 0:
                ufuncs.pop()
            if n == 3:
                gc.collect()

        together(work)


def test_errors_on_all_threads():
    def work(n: int) -> None:
        a = np.arange(20_000.0)
        a[1000 * n + 7] = -1
        calls = [rust.failing, rust.parallel_failing, rust.failing_copy, rust.parallel_failing_copy]
        for _ in range(3):
            for f in calls:
                with pytest.raises(ValueError, match="negative"):
                    f(a)

    together(work)


def test_shared_objects_and_records():
    things = np.array([object() for _ in range(300)], object)
    same = np.array([lambda x: x], object)
    records = np.zeros(300, LABELLED)
    records["label"] = things
    points = np.ones(300, POINT)

    def work(n: int) -> None:
        for _ in range(10):
            assert (rust.call(same, things) == things).all()
            assert (rust.swap(things, things[::-1])[1] == things).all()
            assert (rust.join(records, records)["label"] == things).all()
            found = rust.add_points(points, points)
            found.dtype.names = ("a", "b", "c")
            packed = points.astype([("tag", "i1"), ("x", "f8"), ("y", "f4")])
            assert rust.add_points(points, packed).dtype.names == ("tag", "x", "y")

    together(work)
    gc.collect()


def test_all_types_at_once():
    def work(n: int) -> None:
        for dtype in ["i1", "i2", "u8", "f4", "c8", "?", "f8", ">f8", ">i4"]:
            a = np.ones(10 + n, dtype)
            assert (rust.add(a, a) == np.add(a, a)).all()

    together(work)


def test_functions_that_attach_on_other_threads():
    count = 17_000 if not FREE_THREADED else 200
    a = np.arange(float(count))

    def work(n: int) -> None:
        assert (rust.parallel_attaching(a) == a + 1).all()

    together(work, 4)
