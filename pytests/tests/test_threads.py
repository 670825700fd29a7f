"""Several threads, with the GIL and without."""

import subprocess
import sys
import threading

import npyo_pytests as m
import numpy as np
import pytest
from support import FREE_THREADED, raises

THREADS = 8
ROUNDS = 300


def run(*works):
    """Runs each function in a thread of its own, all at once; their exceptions are raised here."""
    barrier = threading.Barrier(len(works))
    errors = []

    def wrapped(work):
        try:
            barrier.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - a PanicException is one
            errors.append(error)

    threads = [threading.Thread(target=wrapped, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.skipif(not FREE_THREADED, reason="this Python has the GIL")
def test_importing_the_module_does_not_switch_the_gil_on():
    code = "import npyo_pytests, sys; assert not sys._is_gil_enabled()"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    assert not sys._is_gil_enabled()


def test_threads_with_arrays_of_their_own_never_conflict():
    def work():
        array = np.arange(100.0)
        objects = np.array([object() for _ in range(20)], object)
        for _ in range(ROUNDS):
            m.add_detached(array, 1.0)
            m.f64.reverse(array)
            m.f64.copy_unguarded(array[::-1])
            m.f64.like_1d(array.tolist())
            m.object.reverse(objects)
            m.object.copy(objects)
            m.f64.to_vec(array)
        assert m.sum_detached(array) == 4950.0 + 100 * ROUNDS

    run(*[work] * THREADS)


def test_parts_of_one_array_never_conflict():
    array = np.zeros((ROUNDS, THREADS))
    interleaved = np.zeros(THREADS * 50)

    def work(i):
        def inner():
            for _ in range(ROUNDS):
                m.add_detached(array[:, i], 1.0)
                m.add_detached(interleaved[i::THREADS], 1.0)

        return inner

    run(*[work(i) for i in range(THREADS)])
    assert array.min() == array.max() == ROUNDS
    assert interleaved.min() == interleaved.max() == ROUNDS


def test_readers_of_one_array_never_conflict():
    array = np.ones(1000)
    objects = np.array([object() for _ in range(50)], object)

    def work():
        for _ in range(ROUNDS):
            assert m.sum_detached(array) == 1000.0
            assert m.sum_detached(array[::2]) == 500.0
            m.object.copy(objects)
            m.object.copy_unguarded(objects[::-1])
            m.f64.hold_read(array, lambda: None)

    before = [sys.getrefcount(thing) for thing in objects]
    run(*[work] * THREADS)
    assert [sys.getrefcount(thing) for thing in objects] == before


def test_writers_of_one_array_are_never_inside_at_once():
    array = np.zeros(4)
    done = [0] * THREADS
    refused = [0] * THREADS

    def work(i):
        def inner():
            for _ in range(ROUNDS * 10):
                try:
                    m.write_alone(array, 100)
                    done[i] += 1
                except m.ArrayBorrowError:
                    refused[i] += 1

        return inner

    run(*[work(i) for i in range(THREADS)])
    # No addition was lost.
    assert array[0] == sum(done)
    assert sum(done) + sum(refused) == ROUNDS * 10 * THREADS
    m.f64.reverse(array)


def test_readers_never_see_half_of_a_write():
    array = np.zeros(2000)
    stop = threading.Event()
    seen = []

    def write():
        try:
            for _ in range(ROUNDS * 5):
                try:
                    m.add_detached(array, 1.0)
                except m.ArrayBorrowError:
                    pass
        finally:
            stop.set()

    def read():
        while not stop.is_set():
            try:
                total = m.sum_detached(array)
            except m.ArrayBorrowError:
                continue
            seen.append(total)
            assert total % 2000 == 0

    run(write, write, read, read, read)
    m.f64.reverse(array)


def test_a_guard_of_one_thread_is_seen_by_others():
    array = np.zeros(3)
    held, checked = threading.Event(), threading.Event()

    def hold():
        m.f64.hold_write(array, lambda: (held.set(), checked.wait(60)))

    def check():
        assert held.wait(60)
        try:
            with raises(m.ArrayBorrowError, "already borrowed"):
                m.f64.accept(array)
            with raises(m.ArrayBorrowError, "already borrowed"):
                m.f64.reverse(array[1:])
        finally:
            checked.set()

    run(hold, check)
    m.f64.reverse(array)


def test_dtypes_are_looked_up_by_many_threads_at_first():
    code = """if True:
        import threading
        import numpy as np, npyo_pytests as m
        names = [x for x in dir(m) if hasattr(getattr(m, x), "dtype") and x != "bf16"]
        barrier = threading.Barrier(8)
        found = [None] * 8
        def work(i):
            barrier.wait()
            order = names if i % 2 else names[::-1]
            found[i] = {name: getattr(m, name).dtype() for name in order}
        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        for other in found:
            assert all(other[name] is found[0][name] for name in names)
        assert len(names) > 40
    """
    for _ in range(3):
        subprocess.run([sys.executable, "-c", code], check=True)


def test_objects_are_copied_while_others_replace_them():
    array = np.array([str(i) * 3 for i in range(200)], object)
    stop = threading.Event()

    def replace():
        try:
            for i in range(ROUNDS * 20):
                try:
                    m.object.set(array, [i % 200], np.array([str(i) * 5], object))
                except m.ArrayBorrowError:
                    pass
        finally:
            stop.set()

    def copy():
        while not stop.is_set():
            for function in (m.string.copy, m.string.to_vec, m.object.copy):
                try:
                    assert all(type(x) is str for x in function(array))
                except m.ArrayBorrowError:
                    pass

    run(replace, copy, copy, copy)


def test_conversions_from_many_threads():
    def work():
        for i in range(ROUNDS):
            assert m.f64.like([i, 2.5]).tolist() == [i, 2.5]
            assert m.i64.like_cast(np.array([i, 2.5])).tolist() == [i, 2]
            assert m.str5.like(["a", "b" * (i % 6)]).tolist() == ["a", "b" * (i % 6)]
            with raises(TypeError, "type mismatch"):
                m.f64.like(np.zeros(2, "i4"))
            m.i64.arange(0, i, 1)
            m.f64.zeros([3, i], True)

    run(*[work] * THREADS)
