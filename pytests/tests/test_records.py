"""Records: their dtypes, arrays of them from Python and back, and scalars."""

import gc
import sys

import npyo_pytests as m
import numpy as np
import pytest
from support import NUMPY, assert_same, in_child, raises

r = m.records

SIMPLE = [("flag", "?"), ("count", "u4"), ("single", "f4"), ("double", "f8")]


def array_of(rows, dtype):
    """An array with zeros between the fields."""
    array = np.zeros(len(rows) if isinstance(rows, list) else (), dtype)
    array[...] = rows
    return array


def assert_records(got, wanted):
    """The same values; what is between the fields of an array that NumPy copied is anything."""
    assert type(got) is np.ndarray
    assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
    assert repr(got.tolist()) == repr(wanted.tolist())


def packed_and_aligned(spec):
    return np.dtype(spec), np.dtype(spec, align=True)


# --- What pybind11 tests of its records, by the names of its tests in test_numpy_dtypes.py -----------


def test_dtype():
    packed, aligned = packed_and_aligned(SIMPLE)
    assert r.Simple.dtype() == aligned and r.Simple.dtype().isalignedstruct
    assert r.Packed.dtype() == packed and not r.Packed.dtype().isalignedstruct
    assert (aligned.itemsize, packed.itemsize) == (24, 17)
    nested = np.dtype([("a", aligned), ("b", packed)], align=True)
    assert r.Nested.dtype() == nested
    assert r.Nested.dtype().itemsize == 48
    assert r.Strings.dtype() == np.dtype([("a", "S3"), ("b", "U3")], align=True)
    arrays = [("a", "S4", (3,)), ("b", "i4", (2,)), ("c", "u1", (3,)), ("d", "f4", (4, 2))]
    assert r.Arrays.dtype() == np.dtype(arrays, align=True)
    assert r.Enums.dtype() == np.dtype([("e1", "i8"), ("e2", "u1")], align=True)
    assert r.Complexes.dtype() == np.dtype([("single", "c8"), ("double", "c16")], align=True)
    assert r.Side.dtype() == np.dtype("u1")


def test_format_descriptors():
    """What a consumer of the buffer protocol is told."""
    for element in (r.Simple, r.Packed, r.Complexes, r.Arrays, r.Enums, r.Ends):
        array = element.zeros([3], False)
        view = memoryview(array)
        assert (view.itemsize, view.shape) == (array.itemsize, (3,))
        again = np.asarray(view)
        assert again.shape == (3,)
        for name in array.dtype.names:
            assert again.dtype.fields[name][1] == array.dtype.fields[name][1]
    assert memoryview(r.Packed.zeros([1], False)).format == "T{?:flag:=I:count:f:single:d:double:}"
    padded = memoryview(r.Simple.zeros([1], False)).format
    assert padded == "T{?:flag:xxxI:count:f:single:xxxxd:double:}"
    nested = memoryview(r.Nested.zeros([1], False)).format
    assert nested.startswith("T{T{?:flag:xxxI:count:f:single:xxxxd:double:}:a:T{?:flag:=I:count:")
    assert "(4,2)f:d:" in memoryview(r.Arrays.zeros([1], False)).format


def test_templated():
    assert r.PointF64.dtype() == np.dtype([("x", "f8"), ("y", "f8")], align=True)
    assert r.PointI16.dtype() == np.dtype([("x", "i2"), ("y", "i2")], align=True)
    points = np.array([(1, 2), (3, 4)], r.PointI16.dtype())
    assert_same(r.PointI16.copy(points), points)
    with raises(TypeError, "x  int16 at byte 0", "x  float64 at byte 0   <- first difference"):
        r.PointF64.copy(points)


@pytest.mark.parametrize("element", [r.Simple, r.Packed], ids=["aligned", "packed"])
def test_recarray(element):
    dtype = element.dtype()
    assert element.zeros([0], False).shape == (0,)
    rows = [(False, 0, 0.0, -0.0), (True, 1, 1.5, -2.5), (False, 2, 3.0, -5.0)]
    array = array_of(rows, dtype)
    assert_records(element.copy(array), array)
    assert_records(element.like(rows), array)
    assert element.copy(array.view(np.recarray)).tolist() == rows
    assert array["double"].tolist() == [-0.0, -2.5, -5.0]
    # A record of one struct is not one of the other, whose fields have the same names.
    other = r.Packed if element is r.Simple else r.Simple
    with raises(TypeError, "17 bytes", "24 bytes", "first difference"):
        other.copy(array)
    assert other.like(array).tolist() == rows


def test_recarray_nested():
    row = ((True, 1, 1.5, 2.5), (False, 2, 3.5, 4.5))
    array = array_of([row, row], r.Nested.dtype())
    assert_records(r.Nested.copy(array[::-1]), array)
    assert_records(r.Nested.like([row, row]), array)
    assert r.Simple.copy(array["a"]).tolist() == [row[0]] * 2
    assert r.Packed.copy_unguarded(array["b"]).tolist() == [row[1]] * 2


def test_recarray_partial():
    """Some of the fields of a larger record."""
    whole = np.dtype([*SIMPLE, ("more", "u8"), ("note", "S3")], align=True)
    array = np.zeros(3, whole)
    array["count"], array["double"], array["more"] = [1, 2, 3], 0.5, 2**64 - 1
    part = array[["flag", "count", "single", "double"]]
    assert part.dtype.itemsize == whole.itemsize
    with raises(TypeError, "40 bytes", "24 bytes"):
        r.Simple.copy(part)
    assert r.Simple.like(part).tolist() == r.Simple.like(array).tolist() == part.tolist()
    with raises(TypeError, "no field 'when', only 'flag', 'count'"):
        r.Timed.like(part)


def test_array_constructors():
    rows = [(True, 1, 1.5, 2.5), (False, 2, 3.5, 4.5), (True, 3, 5.5, 6.5), (True, 4, 0, 0)]
    for array in [
        array_of(rows, r.Simple.dtype()),
        array_of(rows, r.Simple.dtype()).reshape(2, 2),
        array_of(rows[0], r.Simple.dtype()),
        np.asfortranarray(array_of(rows, r.Simple.dtype()).reshape(2, 2)),
    ]:
        assert_records(r.Simple.copy(array), array)
        assert_records(r.Simple.view(array), array)
        assert r.Simple.reversed_axes(array).tolist() == array.T.tolist()
    assert r.Simple.zeros([2, 3], True).tolist() == [[(False, 0, 0.0, 0.0)] * 3] * 2
    # Python writes to the memory of Rust's vector.
    array = r.Simple.into_pyarray(array_of(rows, r.Simple.dtype()))
    array["count"] += 1
    assert array["count"].tolist() == [2, 3, 4, 5]


def test_string_array():
    rows = [(b"", ""), (b"a", "a"), (b"ab", "\u20acb"), (b"abc", "ab\U0010ffff")]
    array = array_of(rows, r.Strings.dtype())
    assert_records(r.Strings.copy(array), array)
    assert_records(r.Strings.like(rows), array)
    assert r.Strings.scalar((b"abc", "")).tolist() == (b"abc", "")
    assert r.Strings.scalar(("abc", "")).tolist() == (b"abc", "")
    for row, name in [((b"abcd", ""), "a"), (("abcd", ""), "a"), ((b"", "abcd"), "b")]:
        with raises(ValueError, f"field '{name}': "):
            r.Strings.scalar(row)


def test_array_array():
    row = ([b"a", b"bcde", b""], [1, 2], [3, 4, 5], [[0.5, 1], [2, 3], [4, 5], [6, 7]])
    array = array_of([row, row], r.Arrays.dtype())
    assert array["d"].shape == (2, 4, 2)
    assert_records(r.Arrays.copy(array), array)
    assert_records(r.Arrays.like([row, row]), array)
    assert_records(r.Arrays.like([tuple(np.array(item) for item in row)] * 2), array)
    for field, value, problem in [
        (1, [1], " of shape [2], got "),
        (1, [1, 2, 3], " of shape [2], got "),
        (1, 5, " of shape [2], got 'int'"),
        (1, {1, 2}, " of shape [2], got 'set'"),
        (1, {1: 2, 3: 4}, " of shape [2], got 'dict'"),
        (1, [1, 2.5], "int32"),
        (2, [1, 2, 256], "uint8"),
        (3, [[1, 2]] * 3, "shape [4, 2], got "),
        (3, [[1, 2]] * 3 + [[1]], "shape [2], got "),
        (3, [1, 2, 3, 4], "shape [2], got 'int'"),
    ]:
        wrong = [*row]
        wrong[field] = value
        with pytest.raises((TypeError, ValueError)) as caught:
            r.Arrays.scalar(tuple(wrong))
        assert problem in str(caught.value)
        assert f"field '{'abcd'[field]}'" in str(caught.value)


def test_enum_array():
    array = array_of([(-1, 1), (1, 2)], r.Enums.dtype())
    assert_records(r.Enums.copy(array), array)
    assert_records(r.Enums.like([(-1, 1), (1, 2)]), array)
    for field, value, variants in [
        ("e1", 0, "0 is no variant of Sign, which has -1 (Minus), 1 (Plus)"),
        ("e1", 2**62, "is no variant of Sign"),
        ("e2", 3, "3 is no variant of Side, which has 1 (Buy), 2 (Sell)"),
    ]:
        wrong = array.copy()
        wrong[field][1] = value
        functions = ("copy", "copy_unguarded", "items", "to_vec", "like", "reverse", "slice")
        for function in functions:
            with raises(ValueError, f"element [1] is invalid: field '{field}': ", variants):
                getattr(r.Enums, function)(wrong)
    assert r.Side.like([1, 2, 1]).tolist() == [1, 2, 1]
    assert r.Side.scalar(2) == 2
    for wrong in ([0], [3], np.array([1, 0], "u1")):
        with raises(ValueError, "is no variant of Side"):
            r.Side.like(wrong)
    with raises(ValueError, "without changing values"):
        r.Side.like([257])
    # Zeros are no enumeration that has no zero.
    with raises(ValueError, "0 is no variant of Sign"):
        r.Enums.accept(r.Enums.zeros([1], False))


def test_complex_array():
    array = array_of([(1 + 2j, 3 - 4j), (np.nan, -0.0)], r.Complexes.dtype())
    assert_same(r.Complexes.copy(array), array)
    assert_same(r.Complexes.copy(array[::-1]), array[::-1])
    assert r.Complexes.like([(1 + 2j, 3)]).tolist() == [(1 + 2j, 3 + 0j)]


def test_signature():
    """An error names the fields of both."""
    wrong = np.zeros(2, [("x", "f8"), ("z", "f4")])
    with raises(
        TypeError,
        "the records differ",
        "z  float32 at byte 8   y  float64 at byte 8   <- first difference",
        "12 bytes",
        "16 bytes",
    ):
        r.PointF64.accept(wrong)
    with raises(TypeError, "no field 'y', only 'x', 'z'", "pass an array with the fields 'x', 'y'"):
        r.PointF64.like(wrong)
    with raises(TypeError, "field 'y': type mismatch", "from=float32, to=float64"):
        r.PointF64.like(np.zeros(2, [("x", "f8"), ("y", "f4")]))
    with raises(TypeError, "from=float64", "'x'", "'y'"):
        r.PointF64.accept(np.zeros(2))
    with raises(TypeError, "expected a record with the fields 'x', 'y'", "got 'float'"):
        r.PointF64.scalar(1.5)
    with raises(ValueError, "2 fields 'x', 'y', but the tuple has 3 items"):
        r.PointF64.scalar((1, 2, 3))
    with raises(ValueError, "no field 'y', only 'x'"):
        r.PointF64.scalar({"x": 1})
    with raises(ValueError, "but the dict has a key 'z'"):
        r.PointF64.scalar({"x": 1, "y": 2, "z": 3})
    with raises(ValueError, "nested deeper than the array has dimensions"):
        r.PointF64.like_1d([[(1, 2)]])
    inner = np.zeros(1, [("from", [("x", "f8"), ("z", "f8")]), ("to", r.PointF64.dtype(), 2)])
    with raises(TypeError, "field 'from': ", "no field 'y', only 'x', 'z'"):
        r.Line.like(inner)


def test_scalar_conversion():
    row = (True, 7, 1.5, 2.5)
    void = array_of(row, r.Simple.dtype())[()]
    for same in (void, row, dict(zip(r.Simple.dtype().names, row)), np.array(void)):
        scalar = r.Simple.scalar(same)
        assert type(scalar) is np.void
        assert scalar == void
        assert scalar.dtype == r.Simple.dtype()
    record = np.rec.array([row], dtype=SIMPLE)[0]
    assert r.Simple.scalar(record) == void
    # Fields are found by their names.
    turned = np.array(row[::-1], SIMPLE[::-1])
    assert r.Simple.scalar(turned[()]) == r.Simple.scalar(turned) == void
    assert r.Packed.scalar(void).tolist() == row
    # Another struct is refused.
    for wrong in (np.zeros((), r.PointF64.dtype()), np.zeros((), "V24"), np.float64(1), "text"):
        for value in (wrong, wrong[()] if isinstance(wrong, np.ndarray) else wrong):
            with pytest.raises((TypeError, ValueError)):
                r.Simple.scalar(value)
    with pytest.raises((TypeError, ValueError)):
        r.Simple.scalar(np.zeros(1, r.Simple.dtype()))


def test_str_leak():
    """Names of fields are not held on to."""
    name = "a name of a field that nothing else has"
    dtype = np.dtype([(name, "f8"), ("y", "f8")])
    array = np.zeros(2, dtype)
    names = array.dtype.names

    def work():
        for function in (r.PointF64.accept, r.PointF64.like, r.PointF64.scalar):
            with pytest.raises((TypeError, ValueError)):
                function(array)
        assert m.records.sum_of_field(array, name) == 0
        m.records.set_field(array, name, 0.0)

    work()
    gc.collect()
    before = sys.getrefcount(names[0])
    for _ in range(100):
        work()
    gc.collect()
    after = sys.getrefcount(names[0])
    assert after == before


def test_dtype_refcount_leak():
    double = np.dtype("f8")
    array = np.zeros(3, r.PointF64.dtype())
    turned = np.zeros(3, [("y", "f8"), ("x", "f8")])
    r.PointF64.like(turned)

    def work():
        r.PointF64.dtype()
        r.PointF64.copy(array)
        r.PointF64.like(turned)
        r.PointF64.scalar((1, 2))
        with pytest.raises(TypeError):
            r.PointF64.accept(turned)
        m.records.sum_of_field(array, "x")

    work()
    gc.collect()
    dtypes = [double, array.dtype, turned.dtype]
    before = [sys.getrefcount(dtype) for dtype in dtypes]
    for _ in range(100):
        work()
    gc.collect()
    assert [sys.getrefcount(dtype) for dtype in dtypes] == before


# --- Names that Python changes ----------------------------------------------------------------


def test_renaming_the_fields_of_one_array_leaves_the_others():
    line = np.array([((1, 2), [(3, 4), (5, 6)])], r.Line.dtype())
    # In an interpreter of its own: what goes wrong here stays wrong.
    in_child("""
        L = m.records.Line
        def line():
            point = np.dtype([("x", "f8"), ("y", "f8")])
            dtype = np.dtype([("from", point), ("to", point, 2)])
            return np.array([((1, 2), [(3, 4), (5, 6)])], dtype)
        L.dtype().names = ("p", "q")
        L.zeros([1], False).dtype.names = ("p", "q")
        L.dtype()["from"].names = ("y", "x")
        L.dtype()["to"].base.names = ("y", "x")
        L.copy(line()).dtype["from"].names = ("p", "q")
        L.like([((1, 2), [(3, 4), (5, 6)])]).dtype["from"].names = ("u", "v")
        L.scalar(((1, 2), [(3, 4), (5, 6)])).dtype["from"].names = ("u", "v")
        assert L.dtype().names == ("from", "to")
        assert L.dtype()["from"].names == L.dtype()["to"].base.names == ("x", "y"), L.dtype()
        assert L.copy(line()).tobytes() == line().tobytes()
        wrong = line()
        wrong.dtype["from"].names = ("y", "x")
        try:
            L.copy(wrong)
        except TypeError:
            pass
        else:
            raise SystemExit("accepted")
    """)
    assert_records(r.Line.copy(line), line)


def test_an_array_whose_fields_are_renamed_while_it_is_borrowed_is_read_as_it_was():
    for hold in (r.PointF64.hold_read, r.PointF64.hold_write):
        array = r.PointF64.like([(1, 2), (3, 4)])
        seen = hold(array, lambda array=array: setattr(array.dtype, "names", ("y", "x")))
        rows = [(3, 4), (1, 2)] if hold is r.PointF64.hold_write else [(1, 2), (3, 4)]
        for way in ("as_array", "to_vec", "to_owned_array", "cast_array", "copy_to"):
            assert seen[way].tolist() == rows
            assert seen[way].dtype.names == ("x", "y")
        with raises(TypeError, "the records differ"):
            r.PointF64.accept(array)
    array = r.PointF64.like([(1, 2), (3, 4)])
    with raises(TypeError, "changed"):
        r.PointF64.cast_then_borrow(
            array, lambda: setattr(array.dtype, "names", ("y", "x")), "readonly"
        )


# --- Padding ----------------------------------------------------------------------------------


def ends(count=3):
    """Records whose field `y` is where those of `Ends` have padding."""
    array = np.zeros(count, [("x", "u1"), ("y", "u1"), ("z", "u2")])
    array["x"], array["y"], array["z"] = 1, 7, 3
    return array


def owner(array):
    while array.base is not None:
        array = array.base
    return array


VIEWS = {
    "fields": lambda: ends()[["x", "z"]],
    "turned": lambda: ends()[["x", "z"]][::-1],
    "stacked": lambda: np.stack([ends(), ends()])[["x", "z"]].T,
    "view": lambda: ends().view(r.Ends.dtype()),
    "getfield": lambda: ends().getfield(r.Ends.dtype(), 0),
    "recarray": lambda: ends().view(np.recarray)[["x", "z"]],
    "over bytes": lambda: np.frombuffer(bytearray(ends().tobytes()), ends().dtype)[["x", "z"]],
    "ndarray": lambda: np.ndarray(3, r.Ends.dtype(), buffer=ends()),
}


@pytest.mark.parametrize("name", VIEWS)
def test_padding_that_is_a_field_of_the_base_is_not_written_to(name):
    view = VIEWS[name]()
    base = view.base
    assert np.all(base["y"] == 7)
    for function in (r.Ends.reverse, r.Ends.may_write, r.Ends.reverse_slice):
        with raises(ValueError, "bytes between their fields"):
            function(view)
    with raises(ValueError, "bytes between their fields"):
        r.Ends.set(view, [0] * view.ndim, r.Ends.zeros([1], False))
    assert np.all(base["y"] == 7)
    assert r.Ends.copy(view).tolist() == view.tolist()
    # A copy has padding of its own.
    r.Ends.reverse(view.copy().astype(r.Ends.dtype()))


def test_padding_within_other_records_is_written_to():
    outer = np.zeros(4, np.dtype([("a", "f8"), ("e", r.Ends.dtype())]))
    outer["a"] = 1.5
    r.Ends.reverse(outer["e"][::2])
    r.Ends.set_owned(outer["e"], 3, (5, 6))
    assert outer["e"].tolist() == [(0, 0)] * 3 + [(5, 6)]
    assert np.all(outer["a"] == 1.5)


def test_copies_to_arrays_have_no_bytes_of_other_memory():
    for _ in range(5):
        junk = np.full(24 * 1000, 0xAA, "u1")
        del junk
        seen = r.Simple.hold_read(r.Simple.zeros([1000], False), lambda: None)
        for way in ("as_array", "to_owned_array", "to_vec", "copy_to", "cast_array"):
            assert not any(seen[way].tobytes()), way


# --- Odd dtypes -------------------------------------------------------------------------------


def test_dtypes_with_the_same_names_and_other_layouts_are_converted_and_not_seen_in_place():
    spec = {"names": ["x", "y"], "formats": ["f8", "f8"]}
    backwards = {"names": ["y", "x"], "formats": ["f8", "f8"], "offsets": [8, 0]}
    for dtype, rows in [
        (np.dtype({**spec, "itemsize": 1000}), [(1, 2), (3, 4)]),
        (np.dtype({**spec, "offsets": [8, 0]}), [(1, 2), (3, 4)]),
        (np.dtype({**spec, "offsets": [24, 3]}), [(1, 2), (3, 4)]),
        (np.dtype({**spec, "offsets": [0, 0], "itemsize": 16}), [(2, 2), (4, 4)]),
        (np.dtype(backwards), [(2, 1), (4, 3)]),
        (np.dtype([("x\0", "f8"), ("y", "f8"), ("x", "f8")]), None),
        (np.dtype([(f"a{i}", "f4") for i in range(1000)] + spec_of("y", "x")), None),
    ]:
        array = np.zeros(2, dtype)
        if rows:
            for i, row in enumerate([(1, 2), (3, 4)]):
                array[i] = row
        else:
            array["x"], array["y"] = [1, 3], [2, 4]
            rows = [(1, 2), (3, 4)]
        assert r.PointF64.like(array).tolist() == rows
        assert r.PointF64.like(array[::-1]).tolist() == rows[::-1]
        with raises(TypeError, "the records differ"):
            r.PointF64.accept(array)
        for shape in [(), (0,), (2, 1, 1)]:
            assert r.PointF64.like(np.zeros(shape, dtype)).shape == shape


def spec_of(*names):
    return [(name, "f8") for name in names]


@pytest.mark.filterwarnings("ignore")
def test_dtypes_that_are_no_records_of_this_kind_are_refused():
    for dtype in [
        np.dtype([]),
        np.dtype([("x\ud800", "f8"), ("y", "f8")]),
        np.dtype("V16"),
        np.dtype("c16"),
        np.dtype([("x", [("q", "f8")]), ("y", "f8")]),
        np.dtype([("x", "f8", (1,)), ("y", "f8")]),
    ]:
        array = np.zeros(2, dtype)
        for function in (r.PointF64.accept, r.PointF64.like, r.PointF64.items):
            with pytest.raises(TypeError):
                function(array)
        with pytest.raises(TypeError):
            r.PointF64.like_cast(array)


def test_masked_arrays_of_records_are_refused():
    for dtype in (r.PointF64.dtype(), np.dtype(spec_of("y", "x"))):
        for function in (r.PointF64.accept, r.PointF64.like, r.PointF64.like_cast):
            with raises(TypeError, "masked"):
                function(np.ma.zeros(3, dtype))


def test_fields_are_converted_where_any_type_is_allowed():
    for dtype, row in [
        ([("x", "U3"), ("y", "S3")], ("1.5", "2")),
        ([("y", "O"), ("x", ">f2")], (2, 1.5)),
        ([("y", "u1"), ("n", "O"), ("x", "f4")], (2, None, 1.5)),
    ]:
        array = np.array([row, row], dtype)
        assert r.PointF64.like_cast(array).tolist() == [(1.5, 2.0)] * 2
        with raises(TypeError, "type mismatch"):
            r.PointF64.like(array)
    with raises(ValueError, "could not convert string to float"):
        r.PointF64.like_cast(np.array([("1", "x")], [("x", "U3"), ("y", "S3")]))
    with raises(ValueError, "5 is no variant of Side"):
        r.Enums.like_cast(np.array([(1.0, "5")], [("e1", "f8"), ("e2", "U1")]))


def test_broadcast_records_are_read_once():
    one = array_of((1, 1), r.Enums.dtype())
    assert r.Enums.accept(np.broadcast_to(one, (10**12,))).shape == (10**12,)
    wrong = array_of((1, 9), r.Enums.dtype())
    with raises(ValueError, "9 is no variant of Side"):
        r.Enums.accept(np.broadcast_to(wrong, (10**12,)))
    if NUMPY >= (1, 22):
        with raises(MemoryError):
            r.Enums.like(np.broadcast_to(np.zeros((), [("e2", "u1"), ("e1", "i8")]), (10**13,)))
