"""Arguments made to do harm, each in an interpreter of its own, which must not crash.

What Python code can do to memory that Rust has borrowed (writing to it, or freeing it by
`a.resize(..., refcheck=False)`, `a.__setstate__` or ctypes) is out of scope, as SOUNDNESS.md says.
"""

import pytest
from support import in_child

pytestmark = pytest.mark.filterwarnings("ignore")


# --- Sizes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("f64", ["copy"]),
        ("f64", ["copy_unguarded"]),
        ("f64", ["to_vec"]),
        ("f64", ["to_vec_unguarded"]),
        ("f64", ["like"]),
        ("f64", ["into_pyarray", "reversed_axes", "like_cast"]),
        ("f64", ["view", "to_objects", "every_second_reversed"]),
        ("u8", ["copy", "copy_unguarded"]),
        ("str5", ["to_vec", "copy_unguarded"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_huge_broadcast_arrays_are_not_copied(name, functions):
    in_child(f"""
        one = np.zeros((), m.{name}.dtype())
        for name in {functions}:
            for shape in [(2**45,), (2**20, 2**25), (2**58,)]:
                array = np.broadcast_to(one, shape)
                for array in (array, array[::-1]):
                    try:
                        getattr(m.{name}, name)(array)
                    except MemoryError:
                        continue
                    raise SystemExit("copied")
    """)


def test_huge_arrays_without_elements_are_copied():
    in_child("""
        for shape in [(2**62, 0, 1), (2**40, 0, 2**20), (0, 2**60)]:
            try:
                array = np.zeros(shape, "u1")
            except (MemoryError, ValueError):  # of old versions of NumPy
                continue
            for name in ("copy", "copy_unguarded", "view", "like", "like_cast", "reversed_axes"):
                assert getattr(m.u8, name)(array).size == 0
            m.u8.reverse(array)
            assert m.u8.to_vec(array).shape == (0,)
            assert m.u8.slice(array).shape == (0,)
    """)


def test_strides_at_the_ends_of_the_address_space():
    in_child("""
        from numpy.lib.stride_tricks import as_strided
        for shape, strides in [
            ((1,), (2**62,)),
            ((2, 1), (8, -(2**63))),
            ((1, 1), (2**63 - 1, -(2**63))),
            ((0, 5), (2**63 - 1, 2**63 - 1)),
            ((1, 2, 1), (3, 8, -5)),
        ]:
            array = as_strided(np.zeros(2), shape, strides)
            m.f64.hold_write(array, lambda: None)
            m.f64.reverse(array)
            assert m.f64.copy(array).shape == shape
            assert m.f64.copy_unguarded(array).shape == shape
    """)


def test_strides_that_are_hard_to_compare_are_compared_in_time():
    in_child("""
        import random, time
        from numpy.lib.stride_tricks import as_strided
        random.seed(2)
        memory = np.zeros(2**24, "u1")
        def make(offset, ndim):
            shape = [random.randint(2, 4) for _ in range(ndim)]
            strides = [random.randint(2, 2**15) * 2 for _ in range(ndim)]
            return as_strided(memory[offset:], shape, strides)
        worst = 0.0
        for ndim in list(range(2, 13)) * 10:
            first, second = make(0, ndim), make(1, ndim)
            def check():
                global worst
                for function in (m.u8.accept, lambda a: m.u8.set(a, [0] * ndim, memory[:1])):
                    start = time.perf_counter()
                    try:
                        function(second)
                    except (ValueError, m.ArrayBorrowError):
                        pass
                    worst = max(worst, time.perf_counter() - start)
            m.u8.hold_unguarded(first[(0,) * (ndim - 2)], check)
        assert worst < 5, worst
    """)


# --- Code that runs while an argument is extracted -------------------------------------------


def test_a_class_property_that_frees_the_memory_is_no_use_after_free():
    in_child("""
        class Evil(np.ndarray):
            @property
            def __class__(self):
                np.ndarray.resize(self, (1_000_000,), refcheck=False)
                np.ndarray.resize(self, (10,), refcheck=False)
                keep.append([np.full(10, 7.0) for _ in range(100)])
                return np.ndarray

        keep = []
        for function in (m.f64.copy, m.f64.copy_unguarded, m.f64.view, m.f64.like, m.f64.reverse,
                         m.f64.like_cast, m.f64.to_vec, m.f64.to_objects, m.f32.like_cast):
            for _ in range(20):
                array = Evil((10,))
                array[:] = 1
                try:
                    got = function(array)
                except (TypeError, ValueError):
                    continue
                if got is not None and function is not m.f64.reverse:
                    assert np.asarray(got).tolist() == [1.0] * 10, got
    """)


def test_a_warning_hook_that_frees_the_memory_is_no_use_after_free():
    in_child("""
        def show(*args, **kwargs):
            # Other memory for the array, and an end to that which it had.
            array.__setstate__((1, (1, 100_000), np.dtype("f8"), False, bytes(800_000)))
            bases.clear()
            gc.collect()
            keep.append([np.full(100_000, 7.0) for _ in range(20)])

        warnings.simplefilter("always")
        warnings.showwarning = show
        keep = []
        bases = [np.ones((1, 100_000))]
        array = np.broadcast_arrays(bases[0], np.zeros((3, 1)))[0][:1]
        try:
            seen = m.f64.hold_write(array, lambda: None)
        except (ValueError, TypeError):
            raise SystemExit(0)
        assert keep, "no warning was shown"
        assert not seen["as_array"].any()
    """)


def test_a_class_property_that_changes_the_shape_does_no_harm():
    in_child("""
        warnings.simplefilter("ignore")
        class Evil(np.ndarray):
            @property
            def __class__(self):
                np.ndarray.shape.__set__(self, (5, 2))
                return np.ndarray

        for function in (m.f64.copy, m.read_1d, m.like_1d, m.f64.copy_unguarded):
            array = Evil((10,))
            array[:] = range(10)
            try:
                function(array)
            except (TypeError, AttributeError):
                pass
    """)


def test_a_class_property_that_fails_does_no_harm():
    in_child("""
        class Evil(np.ndarray):
            @property
            def __class__(self):
                raise KeyboardInterrupt

        try:
            assert m.f64.copy(Evil((10,))).shape == (10,)
        except KeyboardInterrupt:
            pass
    """)


def test_a_masked_array_cannot_hide():
    in_child("""
        import numpy.ma

        class Hidden(np.ma.MaskedArray):
            __class__ = np.ndarray

        class Sub(np.ndarray):
            pass

        def refused(array):
            try:
                m.f64.copy(array)
            except TypeError as error:
                assert "masked" in str(error)
            else:
                raise SystemExit("a masked array was accepted")

        # At first, the class cannot be found; that must not be remembered.
        saved = numpy.ma.MaskedArray
        numpy.ma.MaskedArray = 3
        m.f64.copy(Sub((2,)))
        numpy.ma.MaskedArray = saved
        refused(Hidden([1.0], mask=[True]))
        refused(np.ma.masked_array([1.0]))
        refused(np.ma.masked)
    """)


def test_lists_that_change_while_they_are_read_do_no_harm():
    in_child("""
        class Clears:
            def __float__(self):
                values.clear()
                return 1.0
            __index__ = lambda self: (values.clear(), 1)[1]

        class Grows:
            left = 2000
            def __float__(self):
                if Grows.left:
                    Grows.left -= 1
                    values.append(Grows())
                return 1.0

        for function in (m.f64.like_1d, m.f64.like, m.i64.like_1d, m.f64.like_cast, m.bool.like_1d,
                         m.object.like_1d, m.f32.like_1d, m.u8.like):
            for make in (Clears, Grows):
                Grows.left = 2000
                values = [1.0, make(), 2.0, 3.0]
                try:
                    function(values)
                except (TypeError, ValueError, RuntimeError):
                    pass
    """)


def test_sequences_that_lie_do_no_harm():
    in_child("""
        class Lies:
            def __init__(self, length):
                self.length = length
            def __len__(self):
                return self.length
            def __getitem__(self, i):
                if i >= 3:
                    raise IndexError
                return 1.0

        itself = []
        itself.append(itself)
        deep = 1.0
        for _ in range(200):
            deep = [deep]
        for value in [Lies(0), Lies(2), Lies(5), Lies(2**60), Lies(-1), itself, deep, range(2**45)]:
            for function in (m.f64.like, m.f64.like_1d, m.f64.like_cast, m.object.like_1d,
                             m.str5.like, m.datetime_s.like):
                if isinstance(value, range) and function is m.object.like_1d:
                    continue
                try:
                    function(value)
                except (TypeError, ValueError, MemoryError, RuntimeError):
                    pass
    """)


def test_types_whose_name_does_harm():
    in_child("""
        class Drops(type):
            @property
            def __name__(cls):
                array[0] = None
                gc.collect()
                return 5

        class Fails(type):
            @property
            def __name__(cls):
                raise ZeroDivisionError

        for meta in (Drops, Fails):
            Thing = meta("Thing", (), {})
            for function in (m.string.accept, m.string.copy_unguarded, m.string.to_vec_unguarded,
                             m.string.like):
                array = np.array([Thing(), 1], object)
                try:
                    function(array)
                except (TypeError, ZeroDivisionError):
                    pass
            for function in (m.f64.accept, m.f64.reverse, m.f64.copy_unguarded):
                array = [None]
                try:
                    function(Thing())
                except (TypeError, ZeroDivisionError):
                    pass
    """)


def test_a_subclass_whose_attributes_all_fail_is_an_array():
    in_child("""
        class Evil(np.ndarray):
            def __getattribute__(self, name):
                if name == "__array_finalize__":  # which old versions of NumPy look up so
                    return lambda base: None
                raise ZeroDivisionError(name)
            def __array_wrap__(self, *args):
                raise SystemExit
            __len__ = __getitem__ = __iter__ = __array__ = __getattribute__

        array = np.ndarray.__new__(Evil, (3,), "f8")
        np.frombuffer(memoryview(array).cast("B"))[:] = [1, 2, 3]
        assert m.f64.copy(array).tolist() == [1, 2, 3]
        m.f64.reverse(array)
        assert m.f64.like(array).tolist() == [3, 2, 1]
        assert m.f64.copy_unguarded(array).tolist() == [3, 2, 1]
        assert m.f64.hold_read(array, lambda: None)["shape"] == (3,)
    """)


def test_elements_whose_end_calls_back():
    in_child("""
        class Calls:
            def __del__(self):
                for function in (m.object.accept, m.object.reverse, m.object.copy_unguarded):
                    try:
                        function(array)
                    except m.ArrayBorrowError:
                        calls.append(1)
                if depth[0] < 20:
                    depth[0] += 1
                    other = np.array([Calls(), Calls()], object)
                    m.object.assign(other, np.array([1, 2], object))

        calls, depth = [], [0]
        array = np.array([Calls() for _ in range(4)], object)
        m.object.assign(array, np.zeros(4, object))
        assert calls
        m.object.accept(array)
    """)


# --- Dtypes ----------------------------------------------------------------------------------


def test_dtypes_of_every_kind_are_taken_or_refused():
    in_child("""
        import itertools
        dtypes = [np.dtype(c) for c in "?bhilqpBHILQPefdgFDGSUVOMm"]
        dtypes += [d.newbyteorder() for d in dtypes]
        dtypes += ["V0", "S0", "U0", "S1", "U1", "V1", "S3", "U2", "V8", "S8", "M8[Y]", "m8[25s]"]
        dtypes += [[("a", "f8")], [("a", "O")], [("a", "O"), ("b", "f8")], [("", "S3")], "f8,f8"]
        dtypes += [
            np.dtype((np.int32, {"low": (np.int16, 0), "high": (np.int16, 2)})),
            np.dtype((np.float64, [("a", "f4"), ("b", "f4")])),
            np.dtype((np.record, [("a", "f8")])),
            np.dtype({"names": ["a"], "formats": ["f8"], "itemsize": 24, "offsets": [3]}),
            np.dtype({"names": ["a", "b"], "formats": ["f8", "f8"], "offsets": [0, 0]}),
            np.dtype("f8", align=True, metadata={"a": object()}),
        ]
        if hasattr(np, "dtypes") and hasattr(np.dtypes, "StringDType"):
            dtypes += [np.dtypes.StringDType(), np.dtypes.StringDType(na_object=None)]
        modules = [getattr(m, name) for name in dir(m) if hasattr(getattr(m, name), "accept")]
        names = ["accept", "reverse", "copy", "copy_unguarded", "to_vec_unguarded", "view", "like",
                 "like_cast", "to_objects", "every_second_reversed"]
        # `astype` of NumPy 1 itself crashes for some of these, such as "M8" to "M8[M]".
        if np.__version__.startswith("1."):
            names.remove("like_cast")
        taken = 0
        warnings.simplefilter("ignore")
        for dtype, module in itertools.product(dtypes, modules):
            for shape in [(3,), (), (0,), (2, 2)]:
                array = np.zeros(shape, dtype)
                for name in names:
                    try:
                        got = getattr(module, name)(array)
                    except Exception:
                        continue
                    taken += 1
                    if got is not None and name not in ("like_cast", "accept", "to_objects"):
                        assert got.dtype.itemsize == array.dtype.itemsize
        assert taken > 1000
    """)


def test_dtypes_that_others_define():
    in_child("""
        try:
            from numpy._core._rational_tests import rational
        except ImportError:
            try:
                from numpy.core._rational_tests import rational
            except ImportError:
                raise SystemExit(0)
        array = np.array([rational(1, 2), rational(3)])
        for name in ("i64", "f64", "object", "bytes8", "datetime_s", "c64", "bool", "f16"):
            functions = getattr(m, name)
            for function in ("accept", "copy_unguarded", "like", "reverse"):
                try:
                    getattr(functions, function)(array)
                except TypeError:
                    continue
                raise SystemExit(f"{name}.{function} took a rational")
            try:
                functions.like_cast(array)
            except (TypeError, ValueError):
                pass
    """)


# --- Everything with anything ----------------------------------------------------------------


def test_every_function_with_arguments_of_every_kind():
    in_child("""
        import random
        junk = [
            None, 1, 1.5, "x", b"x", [], [[]], {}, object(), np.zeros(3), np.zeros((2, 2)),
            np.zeros(()), np.array(["a"]), np.array([None]), np.float64(1), lambda: None, type,
            np.dtype("f8"), -1, 2**70, float("nan"), [1, [2]], np.ma.masked, np.zeros(0, "V0"),
            np.zeros(2, "S0"), np.zeros(2, "U0"), np.array([b""]), np.datetime64("NaT"),
            memoryview(b"abc"), range(3), {1}, slice(None), Ellipsis, np.arange(6.0)[::-2],
            np.zeros(2, object), np.ones((2, 0, 3), "?"), np.zeros(3, "u1, f8")["f1"],
        ]
        random.seed(3)
        warnings.simplefilter("ignore")
        panicking = {"panicking", "zeros_or_panic", "cast_then_borrow", "make_nonwriteable"}
        modules = [m] + [getattr(m, n) for n in dir(m) if hasattr(getattr(m, n), "accept")]
        calls = 0
        for module in modules:
            for name in dir(module):
                function = getattr(module, name)
                if name.startswith("__") or not callable(function) or isinstance(function, type):
                    continue
                if name in panicking:
                    continue
                cases = [(x,) for x in junk]
                cases += [[random.choice(junk) for _ in range(n)] for n in (0, 2, 2, 2, 3, 3, 3)]
                for case in cases:
                    try:
                        function(*case)
                    except Exception:
                        pass
                    calls += 1
        assert calls > 50_000
        m.f64.reverse(junk[9])
    """)


# --- The interpreter itself ------------------------------------------------------------------


def test_arrays_of_rust_memory_outlive_the_interpreters_end():
    in_child("""
        import atexit

        class Calls:
            def __del__(self):
                try:
                    m.f64.copy(np.zeros(3))
                    m.object.copy(second)
                except BaseException:
                    pass

        first = m.object.into_pyarray(np.array([Calls(), Calls(), object()], object))
        second = m.object.into_pyarray(np.array([Calls(), "x", first], object))
        threading.keep = second
        atexit.register(lambda: m.f64.copy(np.zeros(3)))
    """)


def test_the_interpreter_ends_within_a_callback():
    in_child("m.f64.hold_write(np.zeros(3), lambda: sys.exit(0))")
    in_child("import os; m.f64.hold_write(np.zeros(3), lambda: os._exit(0))")


def test_recursion_ends_in_a_recursion_error():
    in_child("""
        array = np.zeros(3)

        def recurse():
            m.f64.hold_read(array, recurse)

        try:
            recurse()
        except RecursionError:
            pass
        else:
            raise SystemExit("no RecursionError")
        m.f64.reverse(array)
    """)


def test_exceptions_set_from_another_thread_leave_nothing_borrowed():
    in_child("""
        import ctypes

        def disturb():
            for _ in range(50):
                ready.wait()
                ready.clear()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(main), ctypes.py_object(ZeroDivisionError)
                )

        main, ready = threading.get_ident(), threading.Event()
        array = np.zeros(5)
        threading.Thread(target=disturb, daemon=True).start()
        for _ in range(50):
            try:
                ready.set()
                # Some of the exceptions end in a destructor, where they are ignored.
                for _ in range(2000):
                    m.f64.hold_write(array, lambda: None)
                    m.f64.like_1d([1.0] * 100)
            except ZeroDivisionError:
                pass
            m.f64.reverse(array)
    """)


@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')", reason="there is no fork here")
def test_a_forked_child_can_borrow():
    in_child("""
        import os, signal
        warnings.simplefilter("ignore")
        array = np.zeros(3)

        def fork():
            child = os.fork()
            if child == 0:
                try:
                    signal.alarm(20)
                    m.f64.reverse(np.zeros(3))
                    os._exit(0)
                except BaseException:
                    os._exit(3)
            assert os.waitpid(child, 0)[1] == 0

        m.f64.hold_write(array, fork)
        fork()
    """)


def test_floating_point_errors_that_are_raised():
    in_child("""
        np.seterr(all="raise")
        for function in (m.i64.like, m.i64.like_cast, m.f32.like, m.f16.like):
            for value in ([1e300], [float("nan")], [0.0, float("inf")]):
                try:
                    function(value)
                except (ValueError, FloatingPointError, OverflowError):
                    pass
                m.f64.copy(np.zeros(3))
    """)


def test_copies_by_pickle_and_copy():
    in_child("""
        import copy, pickle
        array = m.object.into_pyarray(np.array([1, "a", None], object))
        assert pickle.loads(pickle.dumps(array)).tolist() == [1, "a", None]
        assert copy.deepcopy(array).tolist() == [1, "a", None]
        assert array.view().base is not None
    """)
