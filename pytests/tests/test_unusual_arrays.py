"""Arrays that are unusual and all right."""

import mmap

import npyo_pytests as m
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided
from support import (
    ELEMENTS,
    MAX_NDIM,
    NUMPY,
    assert_same,
    every_element,
    raises,
    sample,
)

F64 = ELEMENTS["f64"]


def test_long_and_longlong_are_the_same():
    for name, characters in [("i64", "lqp"), ("u64", "LQP"), ("isize", "lqp"), ("usize", "LQP")]:
        f = ELEMENTS[name].functions
        for character in characters:
            array = np.arange(10).astype(character)
            assert f.accept(array) is array
            for function in (f.copy, f.copy_unguarded, f.view, f.to_vec, f.like, f.like_cast):
                assert function(array).tolist() == list(range(10))
            f.reverse(array)
            assert array.tolist() == list(range(10))[::-1]
            other = np.zeros(10, characters[0])
            f.copy_to(array, other)
            f.copy_to(other, array)
            assert f.hold_read(array, lambda: None)["dtype"] == array.dtype
    for name, characters in [("i32", "i"), ("u32", "I"), ("i16", "h"), ("u8", "B"), ("i8", "b")]:
        for character in characters:
            ELEMENTS[name].functions.accept(np.zeros(3, character))


@every_element
def test_metadata_of_a_dtype_does_no_harm(element):
    dtype = np.dtype(element.dtype, metadata={"unit": "m"})
    array = np.zeros(5, dtype)
    array[:] = sample(element, 5)
    f = element.functions
    assert f.accept(array) is array
    for function in (f.copy, f.copy_unguarded, f.view, f.like, f.like_cast):
        assert_same(function(array), np.array(array, element.dtype))
    f.reverse(array)
    assert f.hold_read(array, lambda: None)["dtype"].metadata == {"unit": "m"}


@every_element
def test_explicit_native_byte_order_is_the_same(element):
    for order in "=<" if np.little_endian else "=>":
        array = sample(element, 3).astype(element.dtype.newbyteorder(order))
        element.functions.accept(array)
        element.functions.reverse(array)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_matrix_is_an_array_of_two_dimensions():
    matrix = np.matrix([[1.0, 2.0], [3.0, 4.0]])
    assert m.read_2d(matrix) == 10.0
    assert m.like_2d(matrix) == 10.0
    assert m.like_cast_2d(matrix) == 10.0
    assert m.bound_2d(matrix) == 4
    assert_same(m.f64.copy(matrix), np.asarray(matrix))
    m.write_2d(matrix, 2.0)
    assert matrix.sum() == 8.0
    assert m.like_cast_2d(np.matrix([[1, 2]])) == 3.0
    with raises(TypeError, "dimensionality mismatch"):
        m.read_1d(matrix)


def test_a_field_of_a_recarray_is_an_array():
    table = np.rec.fromarrays([np.arange(4.0), np.arange(4)], names="x, y")
    assert m.read_1d(table.x) == 6.0
    m.write_1d(table.x, 1.0)
    assert table.x.tolist() == [1.0] * 4
    assert m.i64.copy(table.y).tolist() == [0, 1, 2, 3]
    with raises(TypeError, "type mismatch"):
        m.read_1d(table)
    assert m.read_1d(table.view(np.recarray).x) == 4.0
    assert m.f64.accept(np.arange(3.0).view(np.recarray)) is not None


def test_a_memmap_is_an_array(tmp_path):
    path = tmp_path / "numbers"
    array = np.memmap(path, "f8", mode="w+", shape=(3, 4))
    m.write_2d(array, 2.5)
    array.flush()
    assert np.fromfile(path).tolist() == [2.5] * 12
    again = np.memmap(path, "f8", mode="r", shape=(3, 4))
    assert m.read_2d(again) == 30.0
    with raises(ValueError, "read-only"):
        m.write_2d(again, 1.0)
    odd = np.memmap(path, "f8", mode="r", shape=(2,), offset=3)
    with raises(ValueError, "misaligned"):
        m.read_1d(odd)
    assert_same(m.f64.copy_unguarded(odd), np.array(odd))


def test_memory_of_other_objects_is_an_array():
    for base in (bytearray(32), memoryview(bytearray(32)), mmap.mmap(-1, 32)):
        array = np.frombuffer(base)
        m.write_1d(array, 1.5)
        assert m.read_1d(array) == 6.0
        assert bytes(memoryview(base)[:8]) == np.float64(1.5).tobytes()


def test_a_subclass_is_an_array():
    class Sub(np.ndarray):
        def __array_finalize__(self, base):
            if base is not None:
                raise RuntimeError("not to be viewed")

        __array_priority__ = 1000

        def __array_function__(self, *args, **kwargs):
            raise RuntimeError("not to be called")

        __array_ufunc__ = None

    array = Sub((2, 3))
    memoryview(array).cast("B").cast("d", (2, 3))
    np.frombuffer(memoryview(array).cast("B"))[:] = 1.0
    assert m.read_2d(array) == 6.0
    assert m.like_2d(array) == 6.0
    m.write_2d(array, 2.0)
    assert m.read_2d(array) == 12.0
    assert type(m.f64.copy(array)) is np.ndarray
    assert type(m.f64.copy_unguarded(array)) is np.ndarray


def test_as_many_dimensions_as_numpy_has():
    for ndim in (7, 32, 40, MAX_NDIM):
        if ndim > MAX_NDIM:
            continue
        for element in ELEMENTS.values():
            f = element.functions
            array = sample(element, 16).reshape((2,) * 4 + (1,) * (ndim - 4))
            array = np.moveaxis(array, 0, -1)[::-1]
            assert f.accept(array) is array
            for function in (f.copy, f.copy_unguarded, f.view, f.like, f.like_cast):
                assert_same(function(array), array)
            assert_same(f.reversed_axes(array), array.T)
            expected = array.copy().reshape(-1)[::-1].reshape(array.shape)
            f.reverse(array)
            assert_same(array, expected)
            assert m.rust_array_of_ndim(ndim).shape == (1,) * ndim
    assert m.read_6d(np.ones((1, 2, 1, 2, 1, 2))) == 8.0
    assert m.read_5d(np.ones((1, 2, 1, 2, 1))) == 4.0
    assert m.read_4d(np.ones((1, 2, 1, 2))) == 4.0
    assert m.read_3d(np.ones((1, 2, 1))) == 2.0
    assert m.read_0d(np.array(1.5)) == 1.5


def test_arrays_without_elements_are_written_to():
    for shape in [(2, 0), (0,), (0, 0), (2, 0, 3), (0, 2**40), (2**31, 0, 2**20)]:
        try:
            array = np.zeros(shape)
        except MemoryError:  # of old versions of NumPy
            continue
        m.f64.reverse(array)
        m.f64.reverse_slice(array)
        m.f64.assign(array, array)
        for got in (m.f64.copy(array), m.f64.view(array), m.f64.copy_unguarded(array)):
            assert got.shape == shape
        assert m.f64.slice(array).shape == (0,)
        with raises(IndexError):
            m.f64.get(array, [0] * array.ndim)
    m.write_2d(np.zeros((2, 0)), 1.0)
    m.write_2d(np.zeros((5, 4))[1:1, ::-1], 1.0)
    m.write_two(np.zeros(0), np.zeros(0))


def test_strides_that_mean_nothing_do_no_harm():
    base = np.arange(8.0)
    for array in [
        as_strided(base, (1,), (3,)),
        as_strided(base, (1, 3, 1), (1, 8, -5)),
        as_strided(base, (0, 3), (3, 5)),
        as_strided(base, (3, 0), (-(2**62), 2**62)),
        as_strided(base, (1, 1), (2**62, -(2**62))),
        as_strided(base, (1,), (-(2**63),)),
    ]:
        expected = np.array(array.tolist()).reshape(array.shape)
        for function in (m.f64.copy, m.f64.view, m.f64.copy_unguarded, m.f64.like):
            assert_same(function(array), expected)
        m.f64.reverse(array)
        m.f64.reverse(array)
        base[:] = np.arange(8.0)


def test_huge_broadcast_arrays_are_accepted():
    array = np.broadcast_to(np.float64(1.0), (2**40,))
    assert m.f64.accept(array) is array
    assert m.f64.get(array, [2**40 - 1]).tolist() == [1.0]
    assert m.f64.get_unguarded(array[::-1], [2**39]).tolist() == [1.0]
    array = np.broadcast_to(np.bool_(True), (2**62,))
    with raises(IndexError):
        m.u8.get(array.view("u1"), [2**62])


def test_guards_of_numpy_scalars_are_refused_and_array_likes_take_them():
    assert m.like_0d(np.float64(2.5)) == 2.5
    with raises(TypeError, "got 'float64'"):
        m.read_0d(np.float64(2.5))


@pytest.mark.skipif(NUMPY < (1, 22), reason="the dtype was made later")
def test_dtypes_made_in_other_ways_are_the_same():
    m.f64.accept(np.zeros(3, np.dtype(float)))
    m.f64.accept(np.zeros(3, np.dtype("d").newbyteorder("=")))
    m.i64.accept(np.zeros(3, np.intp))
    m.bytes3.accept(np.zeros(3, np.dtype((bytes, 3))))
    m.str2.accept(np.zeros(3, np.dtype((str, 2))))
    m.bytes3.accept(np.zeros(3, np.dtype(("S3", (1,)))).reshape(3))
    m.f64.accept(np.zeros(3, [("a", "f8", (2,))])["a"])


@pytest.mark.filterwarnings("ignore:The chararray class")
def test_a_chararray_is_an_array_of_strings():
    array = np.char.array([b"abc", b"d"], itemsize=3)
    assert_same(m.bytes3.copy(array), np.asarray(array))
