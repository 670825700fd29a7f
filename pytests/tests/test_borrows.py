"""What may be borrowed at the same time and what may not, however two arrays share memory."""

import array as array_module

import npyo_pytests as m
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided
from support import FAMILIES, every_family, layouts, raises


def conflict():
    return raises(
        m.ArrayBorrowError, "already borrowed", "Rust code holds a guard", "a.copy()", "release"
    )


def free(*arrays):
    """Nothing is left borrowed."""
    for array in arrays:
        m.f64.hold_write(array, lambda: None)


def while_read(array, check):
    m.f64.hold_read(array, check)
    free(array)


def while_written(array, check):
    m.f64.hold_write(array, check)
    free(array)


def test_the_class_of_a_conflict_is_a_runtime_error():
    assert issubclass(m.ArrayBorrowError, RuntimeError)
    assert m.ArrayBorrowError.__name__ == "ArrayBorrowError"
    assert m.ArrayBorrowError is not RuntimeError


@every_family
@pytest.mark.parametrize("layout", [x for x in layouts(FAMILIES[0]) if "broadcast" not in x])
def test_one_writer_or_many_readers(element, layout):
    f = element.functions
    array = layouts(element)[layout]()
    other = array.copy()

    def refuse_all():
        if array.size == 0:
            return f.reverse(array)
        for function in (f.accept, f.reverse, f.copy_unguarded, f.to_vec_unguarded, f.like):
            with conflict():
                function(array)
        with conflict():
            f.to_objects(array)
        with conflict():
            f.copy_to(array, other)
        with conflict():
            f.copy_to(other, array)
        f.reverse(other)

    def refuse_writers():
        if array.size == 0:
            return f.reverse(array)
        for function in (f.accept, f.copy_unguarded, f.to_vec_unguarded, f.like, f.to_objects):
            function(array)
        f.hold_read(array, lambda: f.accept(array))
        with conflict():
            f.reverse(array)
        with conflict():
            f.copy_to(other, array)
        f.copy_to(array, other)

    for _ in range(2):
        f.hold_write(array, refuse_all)
        f.hold_write_view(array, refuse_all)
        f.hold_read(array, refuse_writers)
        f.hold_view(array, refuse_writers)
        f.hold_unguarded(array, refuse_writers)
        f.hold_two_readers(array, refuse_writers)
        f.reverse(array)


def test_two_arguments_of_one_call_conflict():
    array = np.arange(6.0)
    with conflict():
        m.add_to(array, array)
    with conflict():
        m.add_to(array[:4], array[2:])
    with conflict():
        m.write_two(array[::2], array[2:3])
    with conflict():
        m.add_to(array, array[::-1])
    m.add_to(array[::2], array[1::2])
    assert array.tolist() == [1, 1, 5, 3, 9, 5]
    m.write_two(array[:3], array[3:])
    assert array.tolist() == [1, 1, 1, 2, 2, 2]
    assert m.read_keyword(array, array) == 15.0
    free(array)


def test_views_conflict_where_they_overlap():
    array = np.arange(24.0).reshape(4, 6)
    overlapping = [
        array[1:],
        array.T,
        array[::-1, ::-1],
        array[2, 3:4],
        array[2, 3, ...],
        array[::2, ::3],
        array.reshape(-1),
        array.ravel(),
        array.view(),
        array.view(np.matrix),
        array.view(np.recarray),
        array.reshape(2, 2, 2, 3).transpose(3, 1, 0, 2),
        np.lib.stride_tricks.sliding_window_view(array, 2, axis=0),
        as_strided(array, (4,), (0,)),
        array[:1, :1],
        np.asarray(memoryview(array)),
        np.frombuffer(memoryview(array.reshape(-1))),
        np.require(array, requirements="C"),
        array[np.newaxis],
    ]
    for view in overlapping:

        def refuse(view=view):
            with conflict():
                m.f64.accept(view)

        def refuse_writer(view=view):
            with pytest.raises((m.ArrayBorrowError, ValueError)):
                m.f64.reverse(view)

        while_written(array, refuse)
        while_read(array, refuse_writer)

        def refuse_base(view=view):
            with conflict():
                m.f64.reverse(array)
            m.f64.accept(array)

        m.f64.hold_read(view, refuse_base)

    for first, second in [
        (array[:, ::2], array[:, 1::2]),
        (array[:2], array[2:]),
        (array[::2], array[1::2]),
        (array[:, 0], array[:, 1]),
        (array[0], array[1]),
        (array[1:3, 1:3], array[1:3, 3:5]),
        (array[1:3, 1:3], array[0]),
        (array[1, 1, ...], array[1, 2, ...]),
        (array.T[1::2], array[::-1, ::-2][:, :0]),
        (array[:, ::3], array[:, 1::3]),
    ]:

        def apart(second=second):
            m.f64.reverse(second)

        while_written(first, apart)


def test_arrays_of_other_dtypes_conflict():
    array = np.arange(8.0)
    others = [
        (m.u8, array.view("u1")),
        (m.u8, array.view("u1")[17:18]),
        (m.i64, array.view("i8")[3:]),
        (m.f32, array.view("f4")[::2]),
        (m.f32, array.view("f4")[1::2]),
        (m.c64, array.view("c16")),
        (m.bytes8, array.view("S8")),
        (m.datetime_s, array.view("M8[s]")),
        (m.f64, array.view([("x", "f8")])["x"]),
        (m.i32, array.view([("a", "i4"), ("b", "i4")])["b"]),
        (m.u16, array.view([("a", "i4"), ("b", "u2"), ("c", "u2")])["c"]),
    ]
    for functions, other in others:

        def refuse(functions=functions, other=other):
            with conflict():
                functions.accept(other)
            with conflict():
                functions.reverse(other)

        while_written(array, refuse)


def test_complex_numbers_conflict_with_their_parts_and_the_parts_do_not():
    array = np.zeros(5, complex)

    def refuse():
        for part in (array.real, array.imag, array.imag[2:3], array.real[::-2]):
            with conflict():
                m.f64.copy_unguarded(part)

    m.c64.hold_write(array, refuse)

    # Their strides are whole numbers of float64, so they can be seen in place.
    m.f64.hold_write(array.real, lambda: m.f64.reverse(array.imag))
    array.imag[:] = range(5)
    m.f64.hold_write(array.real, lambda: m.f64.reverse(array.imag))
    assert array.imag.tolist() == [4, 3, 2, 1, 0]

    def refuse_whole():
        with conflict():
            m.c64.accept(array)
        m.f64.accept(array.real)

    m.f64.hold_write(array.imag, refuse_whole)


def test_fields_of_a_record_do_not_conflict():
    table = np.zeros(4, [("x", "f8"), ("y", "f8"), ("z", "i8", (2,))])
    m.f64.hold_write(table["x"], lambda: m.f64.reverse(table["y"]))
    m.i64.hold_write(table["z"], lambda: m.f64.reverse(table["y"]))
    m.i64.hold_write(table["z"][:, 0], lambda: m.i64.reverse(table["z"][:, 1]))

    def refuse():
        with conflict():
            m.f64.reverse(table[1:]["x"])

    m.f64.hold_write(table["x"], refuse)


@pytest.mark.parametrize("make", [bytearray, lambda n: array_module.array("B", bytes(n))])
def test_arrays_over_one_buffer_conflict(make):
    buffer = make(64)
    first = np.frombuffer(buffer)
    for second in (
        np.frombuffer(buffer),
        np.frombuffer(buffer, offset=8),
        np.frombuffer(buffer, offset=32, count=1),
        np.ndarray((2,), "f8", buffer, 16),
        np.ndarray((2,), "f8", memoryview(buffer)[32:]),
        np.asarray(memoryview(buffer).cast("B").cast("d")),
    ):

        def refuse(second=second):
            with conflict():
                m.f64.accept(second)

        while_written(first, refuse)
    m.f64.hold_write(first[:4], lambda: m.f64.reverse(np.frombuffer(buffer, offset=32)))


def test_zero_dimensional_views_conflict():
    array = np.zeros((2, 2))
    view = array[1, 1, ...]
    assert view.ndim == 0

    def refuse():
        with conflict():
            m.read_0d(view)
        with conflict():
            m.f64.reverse(view)
        with conflict():
            m.f64.copy_unguarded(view)

    while_written(array, refuse)

    def refuse_base():
        with conflict():
            m.f64.accept(array)
        m.f64.accept(array[0])
        with conflict():
            m.f64.accept(array[1])

    m.f64.hold_write(view, refuse_base)
    m.f64.hold_write(array[:1], lambda: m.f64.reverse(view))


def test_arrays_without_elements_conflict_with_nothing():
    array = np.zeros((4, 4))
    for empty in (array[:0], array[:, 2:2], array[2:2, ::-1]):
        m.f64.hold_write(array, lambda empty=empty: m.f64.reverse(empty))
        m.f64.hold_write(empty, lambda: m.f64.reverse(array))
        m.f64.hold_write(empty, lambda empty=empty: m.f64.reverse(empty))


def test_arrays_handed_over_from_rust_conflict_like_others():
    array = m.f64.into_pyarray(np.arange(6.0))

    def refuse():
        with conflict():
            m.f64.accept(array[2:3])

    while_written(array, refuse)


def test_a_guard_ends_with_the_call_whatever_happens_in_it():
    array = np.zeros(3)

    def fail():
        raise KeyError("mine")

    for hold in (
        m.f64.hold_read,
        m.f64.hold_view,
        m.f64.hold_write,
        m.f64.hold_write_view,
        m.f64.hold_unguarded,
        m.f64.hold_two_readers,
    ):
        with raises(KeyError, "mine"):
            hold(array, fail)
        free(array)
    with raises(TypeError):
        m.add_to(array, None)
    free(array)
    with raises(TypeError):
        m.add_to(array, np.zeros(3, "f4"))
    free(array)
    with conflict():
        m.add_to(array, array)
    free(array)
    with pytest.raises(BaseException, match="[Ss]hape|could not broadcast"):
        m.add_to(array, np.zeros(4))
    free(array)


def test_guards_end_in_any_order():
    array = np.zeros(10)

    def nested(depth):
        if depth == 0:
            with conflict():
                m.f64.reverse(array)
            return
        m.f64.hold_read(array[depth % 3 :], lambda: nested(depth - 1))
        with conflict():
            m.f64.reverse(array[5:])

    m.f64.hold_read(array, lambda: nested(50))
    free(array)


def test_a_generator_may_end_guards_while_others_live():
    arrays = [np.zeros(3) for _ in range(20)]

    def nested(rest):
        if rest:
            m.f64.hold_write(rest[0], lambda: nested(rest[1:]))
        else:
            for array in arrays:
                with conflict():
                    m.f64.accept(array)

    nested(arrays)
    free(*arrays)


def test_make_nonwriteable_lets_others_read_on():
    array = np.zeros(3)

    def check():
        assert not array.flags.writeable
        m.f64.accept(array)
        with raises(ValueError, "read-only"):
            m.f64.reverse(array)

    m.f64.make_nonwriteable(array, check)
    array.flags.writeable = True
    free(array)

    base = np.zeros(3)

    def base_is_borrowed():
        with conflict():
            m.f64.reverse(base)

    m.f64.make_nonwriteable(base[:], base_is_borrowed)
    free(base)


def test_copy_to_refuses_an_array_that_shares_memory():
    array = np.arange(6.0)
    for other in (array, array[::-1], array.view()):
        with conflict():
            m.f64.copy_to(array, other)
    with conflict():
        m.f64.copy_to(array[:4], array[2:])
    m.f64.copy_to(array[:3], array[3:])
    assert array.tolist() == [0, 1, 2, 0, 1, 2]


def test_copy_to_refuses_other_shapes():
    with raises(ValueError, "could not broadcast"):
        m.f64.copy_to(np.zeros((2, 3)), np.zeros((3, 2)))
    to = np.zeros((2, 3))
    m.f64.copy_to(np.arange(3.0), to)
    assert to.tolist() == [[0, 1, 2]] * 2
    free(to)


def test_elements_that_are_dropped_find_their_array_borrowed():
    seen = []

    class Thing:
        def __del__(self):
            try:
                m.object.accept(array)
            except m.ArrayBorrowError as error:
                seen.append(error)

    array = np.array([Thing(), Thing()], object)
    m.object.assign(array, np.array([1, 2], object))
    assert len(seen) == 2
    assert array.tolist() == [1, 2]
    m.object.reverse(array)


def test_panicking_methods_leave_nothing_borrowed():
    array = np.zeros(3)

    def refuse():
        for method in ("readonly", "readwrite", "to_owned_array"):
            with pytest.raises(BaseException, match="already borrowed"):
                m.panicking(array, method)

    m.f64.hold_write(array, refuse)
    free(array)
    packed = np.zeros(3, "u1, f8")["f1"]
    for method in ("as_array", "as_array_mut"):
        with pytest.raises(BaseException, match="misaligned"):
            m.panicking(packed, method)
    m.panicking(packed, "to_owned_array")
    m.f64.copy_to(np.ones(3), packed)
    assert packed.tolist() == [1.0] * 3
