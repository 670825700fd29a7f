"""Records made to do harm, most of them in an interpreter of their own, which must not crash.

Python code that renames the fields of a dtype which another thread looks at is out of scope, as it is
with NumPy alone.
"""

import ctypes
import decimal
import fractions
import gc
import sys

import npyo_pytests as m
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided
from support import FREE_THREADED, NUMPY, in_child, raises
from test_memory import assert_flat
from test_threads import ROUNDS, THREADS, run

r = m.records

pytestmark = pytest.mark.filterwarnings("ignore")


# --- Values that a field does not hold --------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        np.float32(1.5),
        np.float16(1.5),
        np.longdouble(1.5),
        decimal.Decimal("1.5"),
        fractions.Fraction(3, 2),
        70_000,
        np.int64(70_000),
        np.array(70_000),
        np.uint64(2**64 - 1),
        1e40,
        float("nan"),
        float("inf"),
        10**400,
        "12",
        b"12",
        None,
        np.complex64(1 + 2j),
        1 + 2j,
        [1],
        object(),
    ],
    ids=lambda value: f"{type(value).__name__} {value!r}"[:40].split(" object at")[0],
)
def test_a_value_that_would_change_is_refused(value):
    for ways in [(value, 0), {"x": value, "y": 0}]:
        for function in (r.PointI16.scalar, lambda row: r.PointI16.like([row, row])):
            with pytest.raises((TypeError, ValueError, OverflowError)):
                function(ways)


@pytest.mark.parametrize(
    ("element", "row"),
    [
        (r.PointF64, (None, 0)),
        (r.PointF64, ("12", 0)),
        (r.PointF64, (b"12", 0)),
        (r.PointF64, (np.complex64(1 + 2j), 0)),
        (r.PointF64, (np.complex128(1 + 2j), 0)),
        (r.Strings, (12345, "")),
        (r.Strings, (b"", 12345)),
        (r.Strings, (None, "")),
        (r.Strings, (b"", b"abcd")),
        (r.Strings, (b"abcd", "")),
        (r.Strings, (np.array("abcd"), "")),
        (r.Strings, (b"", np.array("abcd"))),
        (r.Strings, (object(), "")),
        (r.Simple, (2, 0, 0, 0)),
        (r.Simple, (5.5, 0, 0, 0)),
        (r.Simple, ("a", 0, 0, 0)),
        (r.Simple, ([], 0, 0, 0)),
        (r.Simple, (object(), 0, 0, 0)),
        (r.Simple, (True, -1, 0, 0)),
        (r.Timed, (np.datetime64("300000-01-01"), 0, 0, 0)),
        (r.Timed, (np.datetime64(1, "ps"), 0, 0, 0)),
    ],
    ids=str,
)
def test_a_value_of_another_sort_is_refused(element, row):
    for function in (element.scalar, lambda row: element.like([row])):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            function(row)


def test_values_that_stay_the_same_are_converted():
    for value in (3, 3.0, np.int64(3), np.uint8(3), np.float32(3), np.array(3), True + 2):
        assert r.PointI16.scalar((value, 0)).tolist() == (3, 0)
        assert r.PointF64.scalar((value, 0)).tolist() == (3.0, 0.0)
    assert r.PointF64.scalar((10**30, float("nan")))["x"] == 1e30
    assert r.Simple.scalar((np.bool_(True), 2**32 - 1, 1e300, 5)).tolist()[:2] == (True, 2**32 - 1)
    assert r.Strings.scalar((b"abc", "abc")).tolist() == (b"abc", "abc")
    assert r.Strings.scalar((np.bytes_(b"abc"), np.str_("abc"))).tolist() == (b"abc", "abc")
    when = np.datetime64("2020-01-01", "D")
    assert r.Timed.scalar((when, 0, 0, 0))["when"] == when


def test_a_numpy_void_of_other_types_is_refused_as_an_array_of_it_is():
    for spec, value in [("i8", 70_000), ("f4", 1.5), ("u2", 40_000), ("S4", b"12"), ("c8", 1 + 2j)]:
        array = np.array([(value, 2.0), (value, 2.0)], [("x", spec), ("y", "f8")])
        with raises(TypeError, "type mismatch"):
            r.PointI16.like(array)
        for record in array:
            for function in (r.PointI16.scalar, lambda row: r.PointI16.like([row])):
                with pytest.raises((TypeError, ValueError, OverflowError)):
                    function(record)


# --- Sequences that are none --------------------------------------------------------------------


def arrays_with(b):
    return (["", "", ""], b, [0, 0, 0], np.zeros((4, 2), "f4"))


class Short(list):
    def __iter__(self):
        return iter([7])


class Long(list):
    def __iter__(self):
        return iter([1, 2, 3, 4])


def test_the_items_of_a_field_are_a_sequence_of_the_right_length():
    for value in [[1, 2], (1, 2), np.array([1, 2]), [1.0, np.int8(2)]]:
        assert r.Arrays.scalar(arrays_with(value))["b"].tolist() == [1, 2]
    for value in [
        {1, 2},
        frozenset((1, 2)),
        {1: 2, 3: 4},
        "12",
        iter([1, 2]),
        [[1], [2]],
        [[1], 2],
        [(1,), (2,)],
        np.zeros((2, 1), "i4"),
        5,
        None,
    ]:
        with pytest.raises((TypeError, ValueError)):
            r.Arrays.scalar(arrays_with(value))


def test_sequences_that_lie_about_their_length_are_no_values():
    for value in (Short([1, 2]), Long([1, 2]), Short([[1, 2]]), Long()):
        try:
            scalar = r.Arrays.scalar(arrays_with(value))
        except (TypeError, ValueError):
            continue
        # What the list really holds may be taken, but nothing else.
        assert scalar["b"].tolist() == list.__getitem__(value, slice(None))
    in_child("""
        class Endless(list):
            def __iter__(self):
                for i in range(10**7):
                    yield i
                raise SystemExit("all of it was read")

        class Sequence:
            def __len__(self):
                return 2
            def __getitem__(self, i):
                assert i < 1000, "read on"
                return i

        for value in (Endless([1, 2]), Sequence()):
            row = (["", "", ""], value, [0, 0, 0], np.zeros((4, 2), "f4"))
            try:
                m.records.Arrays.scalar(row)
            except (TypeError, ValueError):
                pass
    """)


def test_exceptions_of_the_user_are_passed_on():
    class Stop(BaseException):
        pass

    def stop(*args):
        raise Stop

    values = [
        type("Int", (int,), {"__int__": stop, "__index__": stop}),
        type("Float", (float,), {"__int__": stop, "__float__": stop}),
        type("Other", (), {"__int__": stop, "__index__": stop, "__float__": stop}),
    ]
    for value in values:
        try:
            scalar = r.PointI16.scalar((value(), 0))
        except (Stop, TypeError):
            continue
        assert scalar.tolist() == (0, 0)
    sequence = type("Sequence", (), {"__len__": stop, "__iter__": stop, "__getitem__": stop})
    listing = type("List", (list,), {"__len__": stop, "__iter__": stop})
    for value in (sequence(), listing([1, 2])):
        try:
            scalar = r.Arrays.scalar(arrays_with(value))
        except (Stop, TypeError):
            continue
        assert scalar["b"].tolist() == [1, 2]


def test_lists_that_are_nested_too_deep_are_refused():
    in_child("""
        records = m.records
        itself = []
        itself.append(itself)
        deep, tuples, rows = [], (), (0, 0)
        for _ in range(100_000):
            deep, tuples = [deep], (tuples, 0)
        for value in (itself, [itself], deep, tuples, (tuples, tuples), {"x": deep, "y": itself}):
            for element in (records.PointI16, records.Line, records.Arrays, records.Tagged):
                for name in ("like", "like_1d", "like_cast", "like_cast_1d", "scalar"):
                    try:
                        getattr(element, name)(value)
                    except (TypeError, ValueError, RecursionError):
                        continue
                    raise SystemExit(f"{name} took it")
        dtype = np.dtype("u1")
        for _ in range(500):
            dtype = np.dtype([("x", dtype)])
        for name in ("accept", "like", "like_cast"):
            try:
                getattr(records.PointI16, name)(np.zeros(2, dtype))
            except (TypeError, ValueError, RecursionError):
                pass
    """)


def test_lists_that_change_while_they_are_converted():
    in_child("""
        class Clears:
            def __init__(self, things):
                self.things = things
            def __float__(self):
                for thing in self.things:
                    thing.clear()
                gc.collect()
                return 1.0
            __int__ = __index__ = __len__ = lambda self: int(self.__float__())

        for make in (lambda c: [(c, 2.0)] * 5, lambda c: [{"x": c, "y": 1}] * 5, lambda c: [(1, c)]):
            things = []
            rows = make(Clears(things))
            things += [rows] + [row for row in rows if isinstance(row, dict)]
            for name in ("like_1d", "like_cast_1d", "like"):
                for element in (m.records.PointF64, m.records.PointI16):
                    try:
                        getattr(element, name)(rows)
                    except (TypeError, ValueError):
                        pass
    """)


# --- Padding ----------------------------------------------------------------------------------


def bytes_with_records(count=3):
    array = np.zeros(count, [("x", "u1"), ("y", "u1"), ("z", "u2")])
    array["x"], array["y"], array["z"] = 1, 7, 3
    return array


def over_bytes():
    memory = np.frombuffer(bytearray(bytes_with_records().tobytes()), "u1")
    records = memory.view(bytes_with_records().dtype)
    return memory, records[["x", "z"]]


def over_copied_bytes():
    memory = np.frombuffer(bytes_with_records().tobytes(), "u1").copy()
    return memory, memory.view(bytes_with_records().dtype)[["x", "z"]]


def strided():
    records = bytes_with_records()
    return records.view("u1"), as_strided(records[["x", "z"]])


def overlapping():
    memory = np.full(20, 9, "u1")
    return memory, np.ndarray(8, r.Ends.dtype(), buffer=memory, strides=(2,))


def overlapping_by_whole_records():
    memory = np.full(64, 9, "u1")
    return memory, as_strided(memory.view(r.Ends.dtype()), (8, 8), (4, 4))


def test_a_guard_that_writes_nothing_changes_nothing():
    for make in (over_bytes, over_copied_bytes, strided, overlapping):
        memory, view = make()
        before = memory.tobytes()
        for function in (r.Ends.may_write, r.Ends.reverse, r.Ends.reverse):
            try:
                function(view)
            except ValueError:
                pass
        # Records that are all the same, reversed twice: were any of these accepted, the field that
        # is not part of them would be zero.
        assert memory.tobytes() == before, make.__name__


def test_broadcast_records_are_not_gone_through_one_by_one():
    in_child(
        """
        from numpy.lib.stride_tricks import as_strided
        array = as_strided(np.zeros(1, m.records.Ends.dtype()), (10**12,), (0,))
        for name in ("reverse", "may_write", "accept"):
            try:
                getattr(m.records.Ends, name)(array)
            except ValueError:
                pass
        """,
        timeout=30,
    )


def test_a_dtype_that_holds_itself_many_times_is_looked_at_in_time():
    in_child(
        """
        import time
        spec = {"names": ["p", "q"], "offsets": [0, 0], "itemsize": 4}
        dtype = np.dtype("u1")
        # More of them, and NumPy itself takes too long.
        for _ in range(20):
            dtype = np.dtype({**spec, "formats": [dtype, dtype]})
        view = np.zeros(2, dtype).view(m.records.Ends.dtype())
        for name in ("may_write", "reverse", "accept"):
            try:
                start = time.perf_counter()
                getattr(m.records.Ends, name)(view)
            except ValueError:
                pass
            assert time.perf_counter() - start < 2
        """
    )


# --- Code that runs while the fields are looked at --------------------------------------------


TITLE = """
    records = m.records
    armed = False
    class Title(str):
        def __eq__(self, other):
            global armed
            if armed:
                armed = False
                act()
            return False
        def __hash__(self):
            return hash("x")
    # To look up the field "x" is to ask the title of the field before it.
    def outer(inner):
        return np.dtype([((Title("t"), "w"), "f8"), ("x", inner)])
    def attempt(function, *arguments):
        global armed
        armed = True
        try:
            function(*arguments)
        except (TypeError, ValueError, IndexError, m.ArrayBorrowError):
            pass
        armed = False
"""


def test_a_title_that_makes_the_array_read_only_comes_in_time():
    in_child(
        TITLE
        + """
    def act():
        view.flags.writeable = False
    for name in ("reverse", "may_write", "reverse_slice"):
        base = np.zeros(10, outer(records.Ends.dtype()))
        base["x"]["z"] = np.arange(10)
        view = base["x"]
        before = view.tolist()
        attempt(getattr(records.Ends, name), view)
        assert view.flags.writeable or view.tolist() == before, name
    """
    )


def test_a_title_that_frees_the_memory_is_no_use_after_free():
    in_child(
        TITLE
        + """
    def act():
        base.resize(1, refcheck=False)
    for name in ("reverse", "may_write"):
        for _ in range(5):
            base = np.zeros(200_000, outer(records.Ends.dtype()))
            view = base["x"]
            assert view.base is base
            attempt(getattr(records.Ends, name), view)
    """
    )


def test_a_title_that_replaces_the_memory_is_no_use_after_free():
    # On NumPy 1, `a.data = …` replaces the memory of a view.
    in_child(
        TITLE
        + """
    spec = {"names": ["w", "x"], "formats": ["u1", records.Ends.dtype()], "offsets": [0, 0]}
    dtype = np.dtype({**spec, "titles": [Title("t"), None], "itemsize": 4})
    def act():
        global base
        warnings.simplefilter("ignore")
        try:
            view.data = np.full(4 * 200_000, 7, "u1").data
        except (AttributeError, ValueError):
            pass
        base = None
        gc.collect()
    for name in ("reverse", "may_write", "copy"):
        base = np.zeros(200_000, dtype)
        view = base["x"]
        attempt(getattr(records.Ends, name), view)
    """
    )


def test_titles_and_names_that_change_the_dtype_or_the_shape():
    in_child(
        TITLE
        + """
    class Name(str):
        __hash__ = str.__hash__
        def __eq__(self, other):
            global armed
            if armed:
                armed = False
                act()
            return str.__eq__(self, other)
    def set_dtype():
        array.dtype = np.dtype("V8") if array.dtype.itemsize == 16 else np.dtype("V4")
    def set_shape():
        array.shape = (len(array) // 2, 2)
    def set_names():
        array.dtype.names = tuple(name + "_" for name in array.dtype.names)
    def make(kind):
        point = [("y", "f8"), (Name("x"), "f8")]
        if kind == 0:
            return np.ones(10, [(Name("x"), "f8"), (Name("y"), "f8")])
        if kind == 1:
            return np.ones(10, [((Title("t"), "y"), "f8"), ("x", "f8")])
        if kind == 2:
            return np.ones(10, [(Name("y"), ">f8"), (Name("x"), "f8")])
        return np.ones(10, point)
    for act in (set_dtype, set_shape, set_names):
        for kind in range(4):
            for name in ("copy", "copy_unguarded", "reverse", "like", "like_cast", "items", "to_vec",
                         "may_write", "to_objects", "view"):
                array = make(kind)
                attempt(getattr(records.PointF64, name), array)
            for call in (lambda a: records.sum_of_field(a, "x"),
                         lambda a: records.set_field(a, "x", 2.0)):
                array = make(kind)
                attempt(call, array)
    """
    )


def test_subclasses_with_code_of_their_own_are_seen_as_their_memory():
    class Sub(np.ndarray):
        def __getitem__(self, key):
            raise AssertionError("asked for an item")

        def __len__(self):
            return 10**6

    for dtype in (r.PointF64.dtype(), np.dtype([("y", "f8"), ("x", "f8")])):
        array = np.ones(3, dtype)
        wanted = [(1.0, 1.0)] * 3
        for view in (array.view(Sub), array.view(np.recarray)):
            assert r.PointF64.like(view).tolist() == wanted
            assert m.records.sum_of_field(view, "x") == 3.0
    assert r.PointF64.copy(np.ones(3, r.PointF64.dtype()).view(Sub)).tolist() == wanted


# --- Objects ------------------------------------------------------------------------------------


def nulled(array):
    ctypes.memset(array.ctypes.data, 0, array.nbytes)
    return array


def test_null_slots_in_records_are_refused_in_place_and_copied_as_none():
    array = nulled(np.empty(2, r.PackedTag.dtype()))
    for function in (r.PackedTag.accept, r.PackedTag.reverse, r.PackedTag.like):
        with raises(ValueError, "field 'tag'", "NULL"):
            function(array)
    for function in (r.PackedTag.items, r.PackedTag.copy_unguarded, r.PackedTag.to_vec_unguarded):
        assert function(array).tolist() == [(0, None)] * 2
        assert function(array[::-1]).tolist() == [(0, None)] * 2
    turned = nulled(np.empty(2, [("tag", "O"), ("id", "u1")]))
    try:
        assert r.PackedTag.like(turned).tolist() == [(0, None)] * 2
    except ValueError as error:
        assert "NULL" in str(error)
    tagged = nulled(np.empty(2, r.Tagged.dtype()))
    with raises(TypeError, "field 'name'", "'NoneType', not 'str'"):
        r.Tagged.items(tagged)
    r.Tagged.set_owned(tagged, 0, (1, None, "a", [None, 2]))
    r.Tagged.set_owned(tagged, 1, (1, None, "b", [None, 2]))
    assert r.Tagged.items(tagged)["name"].tolist() == ["a", "b"]


WAYS = [
    "copy",
    "copy_unguarded",
    "slice",
    "view",
    "to_vec",
    "to_vec_unguarded",
    "into_pyarray",
    "reversed_axes",
    "every_second_reversed",
    "like",
    "like_1d",
    "like_cast",
    "like_cast_1d",
    "reverse",
    "items",
]
if NUMPY >= (1, 22):
    # `a.astype(object)` of records that hold objects crashes NumPy 1.21 itself.
    WAYS.append("to_objects")


def test_references_are_exact_when_conversions_fail_half_way():
    one, name = object(), "a name of its own"
    row = (1, one, name, [one, one])
    spec = [("pair", "O", 2), ("name", "O"), ("id", "U3"), ("tag", "O")]
    good = r.Tagged.like([row] * 5)
    bad = r.Tagged.like([row] * 5)
    bad["name"][3] = 5
    turned = np.array([([one, one], name, "1", one)] * 5, spec)
    unfit = np.array([([one, one], name, "1", one)] * 4 + [([one, one], name, "x", one)], spec)
    wrong = np.array([([one, one], name, "1", one)] * 4 + [([one, one], 5, "1", one)], spec)
    packed = np.zeros(5, [("before", "u1"), ("field", r.Tagged.dtype())])["field"]
    packed[...] = bad
    lists = [
        [row] * 3,
        [row, (1, one, 5, [one, one])],
        [row, (300, one, name, [one, one])],
        [row, (1, one, name, [one])],
        [row, {"id": 1, "tag": one, "name": name, "pair": [one, one, one]}],
        [row, {"id": 1, "tag": one, "name": name}],
    ]
    tags = r.PackedTag.like([(1, one)] * 5)
    gc.collect()
    before = sys.getrefcount(one), sys.getrefcount(name)
    for value in [good, good[::-2], bad, bad[::-2], packed, turned, unfit, wrong, *lists]:
        for way in WAYS:
            for _ in range(10):
                try:
                    getattr(r.Tagged, way)(value)
                except (TypeError, ValueError, OverflowError):
                    pass
    for way in WAYS:
        for value in (tags, tags[::-2]):
            try:
                getattr(r.PackedTag, way)(value)
            except ValueError:
                pass
    for index, value in [(1, row), (9, row), (1, (1, one, 5, [one, one]))]:
        try:
            r.Tagged.set_owned(good, index, value)
        except (TypeError, IndexError):
            pass
    del value
    gc.collect()
    after = sys.getrefcount(one), sys.getrefcount(name)
    assert after == before


# --- Memory and threads -------------------------------------------------------------------------


def test_memory_stays_flat():
    line = r.Line.zeros([2], False)
    turned = np.zeros(3, [("y", "f8"), ("x", "f8")])
    rows = [(1, object(), "name", [None, 5])] * 3
    assert_flat(lambda: r.Line.accept(line), calls=20_000)
    assert_flat(lambda: r.PointF64.like(turned), calls=5_000, limit=500_000)
    assert_flat(lambda: r.PointF64.like([(1, 2), {"x": 3, "y": 4}]), calls=5_000, limit=500_000)
    assert_flat(lambda: r.Tagged.like(rows), calls=2_000, limit=500_000)
    assert_flat(lambda: r.Line.scalar(((1, 2), [(3, 4), (5, 6)])), calls=2_000, limit=500_000)
    assert_flat(lambda: m.records.sum_of_field(turned, "x"), calls=5_000, limit=500_000)

    def errors():
        for function, value in [
            (r.PointF64.accept, turned),
            (r.Line.like, turned),
            (r.PointI16.scalar, (1.5, 0)),
            (r.Tagged.like, [*rows, (1, None, 5, [1, 2])]),
            (r.Ends.reverse, fields),
        ]:
            try:
                function(value)
            except (TypeError, ValueError):
                pass

    fields = bytes_with_records()[["x", "z"]]
    assert_flat(errors, calls=1_000, limit=500_000)


def test_threads_with_records_of_their_own_do_not_meet():
    rounds = ROUNDS if FREE_THREADED else ROUNDS // 10

    def work():
        line = r.Line.zeros([3], False)
        ends = r.Ends.zeros([50], False)
        fields = bytes_with_records()[["x", "z"]]
        for i in range(rounds):
            line.dtype["from"].names = ("p", "q") if i % 2 else ("x", "y")
            try:
                r.Line.copy(line)
            except TypeError:
                pass
            assert r.Line.dtype()["from"].names == ("x", "y")
            r.Line.like([((1, 2), [(3, 4), (5, 6)])]).dtype["to"].base.names = ("u", "v")
            r.Ends.reverse(ends)
            with pytest.raises(ValueError, match="bytes between their fields"):
                r.Ends.reverse(fields)

    run(*[work] * THREADS)
