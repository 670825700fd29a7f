"""Python code that does to ufuncs what it can: while they run, when the interpreter ends, in forked processes."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import sys
import weakref

import npyo_pytests
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided
from support import NUMPY, in_child, raises

rust = npyo_pytests.ufuncs
LABELLED = np.dtype([("label", "O"), ("value", "f8")])
POINT = np.dtype([("tag", "i1"), ("x", "f8"), ("y", "f4")], align=True)


class Acts:
    """Does something when it is added to, and when it is gone."""

    def __init__(self, action):
        self.action = action

    def __add__(self, other):
        self.action()
        return other

    def __del__(self):
        self.action()


def objects(values) -> np.ndarray:
    array = np.empty(len(values), object)
    for i, value in enumerate(values):
        array[i] = value
    return array


def nothing() -> None:
    pass


def quietly(call) -> None:
    try:
        call()
    except (TypeError, ValueError):
        pass


def test_python_code_replaces_the_elements_of_operands():
    count = 2000
    a, out = objects([None] * count), objects([None] * count)

    def clear() -> None:
        a[:] = None
        out[:] = None
        gc.collect()

    def fill(values) -> None:
        a[:] = values

    for place in [0, 7, count // 2, count - 1]:
        plain = [Acts(nothing) for _ in range(count)]
        lists = [[i] for i in range(count)]
        for values in [plain, lists]:
            values[place] = Acts(clear)
            for call in [
                lambda: rust.object_add(a, a, out=out),
                lambda: rust.object_add(a, a, out=a),
                lambda: rust.object_add(a, a[::-1]),
                lambda: rust.object_add.reduce(a),
                lambda: rust.object_add.accumulate(a, out=out),
                lambda place=place: rust.object_add.at(a, [place, 0, place], 1),
                lambda: rust.swap(a, out, out=(out, a)),
            ]:
                fill(values)
                quietly(call)
            del call
        del values, plain, lists
    fill([lambda x: (clear(), x)[1]] * count)
    quietly(lambda: rust.call(a, a, out=a))


def test_python_code_replaces_the_objects_of_records():
    count = 500
    records = np.zeros(count, LABELLED)

    def wipe() -> None:
        records["label"] = None

    labels = objects([Acts(wipe if i % 100 == 7 else nothing) for i in range(count)])
    records["label"] = labels
    del labels
    rust.join(records, records[::-1], out=records)
    functions = objects([lambda label: [label]] * count)
    functions[5] = lambda label: (functions.fill(None), wipe(), gc.collect(), label)[-1]
    quietly(lambda: rust.relabel(functions, records, out=records))
    rust.relabel(objects([lambda label: None]), records, out=records)
    assert (records["label"] == None).all()


def test_arrays_are_not_resized_while_they_are_computed_on():
    a = objects([1.0] * 100)
    found = []

    def resize() -> None:
        for array in [a, out]:
            try:
                array.resize(10)
            except ValueError:
                found.append(array.size)

    out = objects([None] * 100)
    a[50] = Acts(resize)
    rust.object_add(a, a, out=out)
    assert found[:2] == [100, 100]


def test_a_ufunc_is_dropped_while_it_runs():
    gone = []

    class Token:
        pass

    def make(parallel: bool):
        token = Token()
        weakref.finalize(token, gone.append, 1)

        def f(x: float, token=token) -> float:
            if held:
                held.clear()
                gc.collect()
            return x + 1

        return rust.make(f, "made", parallel)

    for size in [1, 100, 20_000 if not hasattr(sys, "_is_gil_enabled") else 300]:
        for parallel in [False, True]:
            held = [make(parallel)]
            gone.clear()
            assert (held[0](np.arange(float(size))) == np.arange(1.0, size + 1)).all()
            gc.collect()
            assert not held
            assert gone == [1]


def test_a_ufunc_calls_itself():
    def again(x: float) -> float:
        return f(x - 1)[()] + 1 if x > 0 else 0.0

    f = rust.make(again)
    assert f(20.0) == 20.0
    assert (f(np.arange(10.0)) == np.arange(10)).all()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        with pytest.raises(RecursionError):
            f(1e9)
    finally:
        sys.setrecursionlimit(limit)
    assert f(3.0) == 3.0


def test_a_ufunc_is_called_when_the_interpreter_ends():
    out = in_child("""
        import builtins

        class Late:
            def __init__(self, u, asarray, objects, numbers):
                self.u, self.objects, self.numbers = u, objects, numbers
            def __del__(self):
                u = self.u
                assert u.object_add(self.objects[:1], 1)[0] == 2
                assert u.call(self.objects[1:], 5)[0] == '5'
                assert u.wave(self.numbers, 1.0).tobytes() == u.parallel_wave(self.numbers, 1.0).tobytes()
                assert u.inner(self.numbers, self.numbers) > 0
                try: u.failing(-1.0)
                except ValueError: print('late', flush=True)

        objects = np.empty(2, object)
        objects[:] = [1, str]
        for place in [sys, builtins, np]:
            place.late = Late(m.ufuncs, np.asarray, objects, np.arange(50_000.0))
        del objects, place
        m.ufuncs.call, m.ufuncs.parallel_wave(np.arange(50_000.0), 1.0)
    """)
    assert "late" in out


@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')", reason="there is no fork here")
def test_a_forked_process_computes_on_its_own_thread():
    in_child("""
        import os, signal, warnings
        warnings.simplefilter('ignore')
        a = np.arange(100_000.0)
        expected = m.ufuncs.parallel_wave(a, a)
        m.ufuncs.parallel_inner(a.reshape(100, -1), a.reshape(100, -1))
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            assert (m.ufuncs.parallel_wave(a, a) == expected).all()
            # One that is made here does not wait for threads that are elsewhere.
            assert (m.ufuncs.make(abs, 'new', True)(a) == a).all()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    """)


def test_threads_that_fork():
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    in_child("""
        import os, signal, warnings
        warnings.simplefilter('ignore')
        a, stop = np.ones((50, 200)), []
        def work():
            while not stop:
                m.ufuncs.inner(a, a), m.ufuncs.cumsum(a), m.ufuncs.parallel_wave(a, a)
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads: thread.start()
        failed = 0
        for _ in range(20):
            child = os.fork()
            if child == 0:
                signal.alarm(60)
                b = np.ones((50, 200))
                m.ufuncs.inner(b, b), m.ufuncs.cumsum(b), m.ufuncs.parallel_wave(b, b)
                os._exit(0)
            failed += os.waitpid(child, 0)[1] != 0
        stop.append(1)
        for thread in threads: thread.join()
        assert not failed
    """)


def test_the_dtype_of_a_result_is_its_own():
    a = np.zeros(3, POINT)
    for call in [lambda: rust.add_points(a, a), lambda: rust.add_points(a, a, signature="VV->V")]:
        found = call()
        found.dtype.names = ("p", "q", "r")
        assert call().dtype.names == ("tag", "x", "y")
    assert rust.add_points(a[:1], a).dtype == POINT


def test_operands_that_are_larger_than_memory():
    """They are broadcast, and would have to be copied."""
    in_child("""
        import resource
        from numpy.lib.stride_tricks import as_strided
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        odd = np.zeros(9, 'u1')[1:].view('f8')
        count = 1 << 40
        for call in [
            lambda: m.ufuncs.any(np.broadcast_to(False, (count,))),
            lambda: m.ufuncs.cumsum(np.broadcast_to(1.0, (count,)), out=as_strided(np.zeros(1), (count,), (0,))),
            lambda: m.ufuncs.inner(as_strided(odd, (count,), (0,)), as_strided(odd, (count,), (0,))),
        ]:
            try: call()
            except MemoryError: pass
            else: raise AssertionError
    """)


def test_large_records_fit_on_the_stack_of_a_thread():
    in_child("""
        threading.stack_size(2 << 20)
        found = []
        thread = threading.Thread(target=lambda: found.append(m.ufuncs.large(np.arange(10, dtype='i4'))))
        thread.start()
        thread.join()
        assert found[0]['values'].sum() == 45 * 8192
    """)


SIZES = {
    "none": lambda sizes: sizes,
    "some": lambda sizes: [*sizes[:2], None, 5],
    "others": lambda sizes: [99, 99, 4, 5],
    "nothing": lambda sizes: [*sizes[:2], 0, 0],
    "too large": lambda sizes: [*sizes[:2], 1 << 40, 1 << 40],
    "far too large": lambda sizes: [*sizes[:2], 1 << 62, 1 << 62],
    "no sizes": lambda sizes: [*sizes[:2], 1 << 63, 1],
    "negative": lambda sizes: [*sizes[:2], -1, 1],
    "an error": lambda sizes: 1 / 0,
}


@pytest.mark.parametrize("name", SIZES)
def test_sizes_that_python_code_gives(name, monkeypatch):
    monkeypatch.setattr(sys, "npyo_sizes", SIZES[name], raising=False)
    good = {"others": (4, 5), "nothing": (0, 0)}.get(name)
    errors = (ValueError, MemoryError, ZeroDivisionError, OverflowError)
    a, b = np.ones((2, 3)), np.ones(4)
    if good is None or NUMPY < (2, 1):
        with pytest.raises(errors):
            rust.resized(a, b)
    else:
        p, q = rust.resized(a, b)
        assert (p.shape, q.shape) == ((2, good[0]), (2, good[1], 3))
    out = np.zeros((2, 7)), np.zeros((2, 2, 3))
    if name in ("an error", "negative"):
        with pytest.raises((*errors, TypeError)):
            rust.resized(a, b, out=out)
    else:
        rust.resized(a, b, out=out)
        assert (out[0] == 3).all()
        assert (out[1] == 4).all()


def test_results_in_odd_places():
    frozen = np.ones(3)
    frozen.flags.writeable = False
    for f in [rust.sqrt, rust.cumsum, rust.parallel_differences]:
        with pytest.raises(ValueError, match="read-only"):
            f(np.ones(3), out=frozen)
        same = as_strided(np.zeros(1), (4,), (0,))
        f(np.ones(4), out=same)
        assert same[0] in (0, 1, 4)
    masked = np.ma.array([1.0, 4.0, 9.0], mask=[False, True, False])
    assert rust.sqrt(masked).tolist() == [1.0, None, 3.0]
    records = np.rec.array([(1.0, 2), (3.0, 4)], [("x", "f8"), ("n", "i8")])
    assert rust.cumsum(records.x, out=records.x).tolist() == [1, 4]
    assert records.tolist() == [(1, 2), (4, 4)]
    with pytest.raises((TypeError, ValueError)):
        rust.sqrt(np.ones(3), out=[0.0, 0.0, 0.0])


def test_callbacks_of_errstate_call_ufuncs():
    seen = []

    def note(kind: str, flag: int) -> None:
        seen.append(kind)
        with np.errstate(all="ignore"):
            rust.wave(np.inf, np.inf)

    with np.errstate(all="call", call=note):
        rust.multiply(1e308, 1e308)
        rust.parallel_wave(np.full(30_000, np.inf), 1.0)
        rust.inner([np.inf], [0.0])
    assert {"overflow", "invalid value"} <= set(seen)

    def fail(kind: str, flag: int) -> None:
        raise LookupError(kind)

    with np.errstate(all="call", call=fail):
        for call in [
            lambda: rust.multiply(np.full(5, 1e308), 1e308),
            lambda: rust.multiply.reduce(np.full(5, 1e308)),
            lambda: rust.inner([np.inf], [0.0]),
        ]:
            with raises(LookupError):
                call()


def test_copies_are_the_same_ufunc():
    for f in [rust.add, rust.matmul, rust.call]:
        assert copy.copy(f) is f
        assert copy.deepcopy(f) is f
        assert pickle.loads(pickle.dumps(f)) is f
    assert np.vectorize(rust.sqrt)([1.0, 4.0]).tolist() == [1.0, 2.0]
    assert np.frompyfunc(rust.add, 2, 1)([1, 2], 3).tolist() == [4, 5]


def test_other_types_are_refused():
    kinds = ["g", "G", "S3", "U3", "V3", "M8[s]", "m8[s]", "i4,i4", POINT, LABELLED, "O"]
    arrays = [np.zeros(2, kind) for kind in kinds]
    if hasattr(getattr(np, "dtypes", None), "StringDType"):
        arrays.append(np.zeros(2, np.dtypes.StringDType()))
    for name in ["sqrt", "add", "matmul", "parallel_inner", "signed", "wave"]:
        f = getattr(rust, name)
        for a in arrays:
            with pytest.raises((TypeError, ValueError)):
                f(*[a] * f.nin)
            with pytest.raises((TypeError, ValueError)):
                f(
                    *[np.ones((2, 2), "i1" if name == "signed" else "f8")] * f.nin,
                    out=a,
                    casting="no",
                )
    for name in ["shrink", "grow", "until", "narrow"]:
        # Their results are of another type than their arguments.
        f = getattr(rust, name)
        a = np.zeros(9, {"grow": "i2", "until": "M8[ns]", "narrow": "S8"}.get(name, "f8"))
        for call in [f.reduce, f.accumulate, lambda a, f=f: f.reduceat(a, [0, 3])]:
            with pytest.raises((TypeError, ValueError)):
                call(a)


def test_an_interrupt_ends_a_call():
    out = in_child("""
        import _thread, time
        array = np.empty(100_000, object)
        array[:] = [lambda x: time.sleep(0.001)] * len(array)
        threading.Timer(0.3, _thread.interrupt_main).start()
        try: m.ufuncs.call(array, 1)
        except KeyboardInterrupt: print('ended')
        assert m.ufuncs.call(np.array([str], object), 1)[0] == '1'
    """)
    assert "ended" in out


def test_what_a_ufunc_is_made_of_cannot_be_set():
    for name in ["nin", "identity", "ntypes", "types", "signature"]:
        with pytest.raises(AttributeError):
            setattr(rust.add, name, None)
    assert rust.add(1, 2) == 3
