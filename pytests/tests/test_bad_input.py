"""What each kind of argument says to arrays that it cannot take: the exception and its words."""

import ctypes
import sys

import npyo_pytests as m
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided
from support import (
    ELEMENTS,
    NUMPY,
    UNITS,
    every_element,
    misaligned,
    odd_strides,
    raises,
    sample,
)

F64 = ELEMENTS["f64"]


def argument(name):
    """The words by which PyO3 names an argument, in a note where Python has notes."""
    return [f"'{name}'"] if sys.version_info >= (3, 11) else []


# Every kind of argument, for arrays of two dimensions.
GUARDS = {
    "read-only guard": m.read_2d,
    "read-write guard": lambda array: m.write_2d(array, 1.0),
    "array-like": m.like_2d,
}
CASTING = {"casting array-like": m.like_cast_2d}
BOUND = {"bound array": m.bound_2d}


def each(*groups):
    arguments = {name: function for group in groups for name, function in group.items()}
    return pytest.mark.parametrize("accept", arguments.values(), ids=arguments.keys())


def null_slots(array, *positions):
    """Makes slots of an object array NULL, as an array that C code has not yet filled has them."""
    for position in positions:
        array[position] = None
        address = array[position : position + 1].ctypes.data
        ctypes.memset(address, 0, ctypes.sizeof(ctypes.c_void_p))
    return array


# --- What is no array of the right type: TypeError -------------------------------------------


@each(GUARDS)
def test_a_wrong_dtype_is_a_type_error_with_both_dtypes(accept):
    with raises(TypeError, *argument("array"), "type mismatch", "from=float32", "to=float64"):
        accept(np.zeros((2, 3), "f4"))
    with raises(TypeError, *argument("array"), "type mismatch", "from=object", "to=float64"):
        accept(np.zeros((2, 3), object))
    with raises(TypeError, "type mismatch", "from=[('a', '<f8')]", "to=float64"):
        accept(np.zeros((2, 3), [("a", "f8")]))


@each(BOUND)
def test_a_wrong_dtype_is_a_type_error_for_a_bound_array(accept):
    with raises(TypeError, *argument("array")):
        accept(np.zeros((2, 3), "f4"))


def test_a_casting_array_like_takes_other_dtypes():
    assert m.like_cast_2d(np.ones((2, 3), "f4")) == 6.0
    assert m.like_cast_2d(np.ones((2, 3), ">i2")) == 6.0
    assert m.like_cast_2d(np.array([["1", "2.5"]])) == 3.5
    assert m.like_cast_2d(np.array([[1, 2.5]], object)) == 3.5
    with raises(ValueError, "could not convert string to float"):
        m.like_cast_2d(np.array([["1", "x"]]))
    with raises(TypeError):
        m.like_cast_2d(np.array([[object()]]))
    with pytest.raises((TypeError, ValueError)):
        m.like_cast_2d(np.zeros((2, 3), [("a", "f8"), ("b", "f8")]))


@each(GUARDS, CASTING)
def test_a_wrong_ndim_is_a_type_error_with_both_numbers(accept):
    for ndim in (0, 1, 3):
        with raises(
            TypeError, *argument("array"), "dimensionality mismatch", f"from={ndim}", "to=2"
        ):
            accept(np.zeros((2,) * ndim))


@each(CASTING)
def test_a_wrong_ndim_is_found_before_an_array_is_cast(accept):
    with raises(TypeError, "dimensionality mismatch", "from=1", "to=2"):
        accept(np.zeros(3, "f4"))


@each(BOUND)
def test_a_wrong_ndim_is_a_type_error_for_a_bound_array(accept):
    for ndim in (0, 1, 3):
        with raises(TypeError, *argument("array")):
            accept(np.zeros((2,) * ndim))


@pytest.mark.parametrize("value", [None, 1.0, "text", [[1.0]], object(), np.float64(1), np.ndarray])
def test_what_is_no_array_is_a_type_error(value):
    name = type(value).__name__
    for accept in (GUARDS["read-only guard"], GUARDS["read-write guard"]):
        with raises(
            TypeError,
            *argument("array"),
            "expected a numpy.ndarray",
            f"got '{name}'",
            "pass `numpy.asarray(…)` of it",
        ):
            accept(value)
    with raises(TypeError, *argument("array")):
        m.bound_2d(value)
    with raises(TypeError, *argument("array")):
        m.untyped(value)


@pytest.mark.parametrize("value", [None, "text", [["a"]], {"a": 1}, object(), np.ndarray])
def test_what_numpy_makes_no_numbers_of_is_an_error(value):
    with pytest.raises((TypeError, ValueError)):
        m.like_2d(value)
    with pytest.raises((TypeError, ValueError)):
        m.like_cast_2d(value)


@each(GUARDS, CASTING)
def test_masked_arrays_are_refused(accept):
    array = np.ma.masked_array(np.zeros((2, 3)), mask=False)
    with raises(TypeError, "masked", "mask would be lost", "a.filled(value)", "a.compressed()"):
        accept(array)
    with raises(TypeError, "masked"):
        accept(np.ma.masked_invalid([[1.0, np.nan]]))
    accept(array.filled(0.0))


@each(CASTING)
def test_masked_arrays_to_be_cast_are_refused(accept):
    array = np.ma.masked_array(np.zeros((2, 3), "f4"), mask=False)
    with raises(TypeError, "masked", "a.filled(value)"):
        accept(array)


def test_masked_arrays_are_refused_by_the_methods_that_borrow():
    array = np.ma.masked_array(np.zeros((2, 3)))
    for function in (m.f64.copy_unguarded, m.f64.to_vec_unguarded, m.f64.to_objects):
        with raises(TypeError, "masked", "a.filled(value)"):
            function(array)
    with raises(TypeError, "masked"):
        m.f64.copy_to(np.zeros((2, 3)), array)
    with raises(TypeError, "masked"):
        m.f64.copy_to(array, np.zeros((2, 3)))


@every_element
def test_byte_swapped_arrays_are_refused(element):
    swapped = element.dtype.newbyteorder()
    if swapped == element.dtype:
        return
    array = np.zeros(3, swapped)
    for function in ("accept", "reverse", "like"):
        with raises(TypeError, "type mismatch", "byte-swapped", "newbyteorder"):
            getattr(element.functions, function)(array)
    with raises(TypeError):
        element.functions.copy_unguarded(array)
    # What the message advises.
    element.functions.accept(array.astype(array.dtype.newbyteorder("=")))
    expected = sample(element, 5)
    got = element.functions.like_cast(expected.astype(swapped))
    assert got.tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", ["datetime", "timedelta"])
def test_units_of_time_are_not_mixed(name):
    letter = {"datetime": "M8", "timedelta": "m8"}[name]
    other = {"datetime": "m8", "timedelta": "M8"}[name]
    for unit in UNITS:
        functions = ELEMENTS[f"{name}_{unit}"].functions
        for wrong in [x for x in UNITS if x != unit] + [f"2{unit}", f"7{unit}"]:
            with raises(TypeError, "type mismatch", "to="):
                functions.accept(np.zeros(2, f"{letter}[{wrong}]"))
        with raises(TypeError, "type mismatch"):
            functions.accept(np.zeros(2, f"{other}[{unit}]"))
        with raises(TypeError, "type mismatch"):
            functions.accept(np.zeros(2, letter))
        with raises(TypeError, "type mismatch"):
            functions.accept(np.zeros(2, "i8"))


def test_lengths_of_strings_are_not_mixed():
    for functions, wrong in [
        (m.bytes3, ["S2", "S4", "V3", "U3", "u1", "O"]),
        (m.bytes8, ["S3", "V8", "f8", "i8", "U2", "M8[s]"]),
        (m.str2, ["U1", "U3", "S8", "f8", "O"]),
        (m.str5, ["U4", "U6", "S20", "O"]),
    ]:
        for dtype in wrong:
            with raises(TypeError, "type mismatch"):
                functions.accept(np.zeros(2, dtype))


def test_signs_and_sizes_of_integers_are_not_mixed():
    names = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool", "f16", "f32", "f64"]
    for name in names:
        for other in names:
            if name != other:
                with raises(TypeError, "type mismatch"):
                    ELEMENTS[name].functions.accept(np.zeros(2, ELEMENTS[other].dtype))


def test_dtypes_that_no_rust_type_stands_for_are_refused():
    dtypes = [[("a", "f8")], "V8", [("a", "f4"), ("b", "f4")], [("a", "f8", (1,))]]
    dtypes += [np.longdouble, np.clongdouble]
    if NUMPY >= (2, 0):
        dtypes.append(np.dtypes.StringDType())
    for dtype in dtypes:
        array = np.zeros(2, dtype)
        for element in ELEMENTS.values():
            with raises(TypeError, "type mismatch"):
                element.functions.accept(array)
            with raises(TypeError, "type mismatch"):
                element.functions.reverse(array)
            with raises(TypeError):
                element.functions.copy_unguarded(array)


# --- What cannot be seen in place: ValueError ------------------------------------------------


@each(GUARDS, CASTING)
def test_misaligned_arrays_are_refused(accept):
    array = misaligned(F64, (2, 3))
    with raises(
        ValueError, "misaligned", "multiples of 8 bytes", "strides [27, 9]", "pass an aligned copy"
    ):
        accept(array)
    buffer = np.zeros(6 * 8 + 1, "u1")[1:].view("f8").reshape(2, 3)
    with raises(ValueError, "misaligned", "strides [24, 8]", "`a.copy()`"):
        accept(buffer)
    accept(array.copy())


@every_element
def test_misaligned_arrays_of_every_type_are_refused(element):
    for array in [misaligned(element, (2, 3)), misaligned(element, (5,))]:
        if element.dtype.alignment == 1:
            if element.dtype.itemsize == 1:
                element.functions.accept(array)
                element.functions.reverse(array)
            continue
        for name in ("accept", "reverse", "like", "like_cast"):
            with raises(
                ValueError,
                "misaligned",
                f"multiples of {element.dtype.alignment} bytes",
                "a.copy()",
            ):
                getattr(element.functions, name)(array)


@every_element
def test_odd_strides_of_every_type_are_refused(element):
    array = odd_strides(element, (2, 3))
    if array is None:
        return
    for name in ("accept", "reverse", "like", "like_cast"):
        with raises(
            ValueError,
            f"strides [{array.strides[0]}, {array.strides[1]}]",
            f"item size {element.dtype.itemsize}",
            "a.copy()",
        ):
            getattr(element.functions, name)(array)
    element.functions.accept(array.copy())


def test_one_misaligned_element_is_refused_and_none_is_not():
    m.f64.accept(misaligned(F64, (0,)))
    m.f64.accept(misaligned(F64, (3, 0)))
    assert m.f64.slice(misaligned(F64, (0,))).shape == (0,)
    m.f64.reverse(misaligned(F64, (0,)))
    for shape in [(), (1,), (1, 1)]:
        with raises(ValueError, "misaligned"):
            m.f64.accept(misaligned(F64, shape))


def test_arrays_that_overlap_themselves_are_read_and_not_written():
    base = np.arange(8.0)
    for array in [
        as_strided(base, (3, 4), (8, 8)),
        as_strided(base, (3, 4), (0, 8)),
        as_strided(base, (4,), (0,)),
        as_strided(base[7:], (3, 4), (-8, -8)),
        as_strided(base, (2, 2, 2), (8, 16, 8)),
        as_strided(base, (2, 4), (16, 8)),
    ]:
        assert m.f64.accept(array) is array
        assert np.array_equal(m.f64.view(array), array)
        with raises(
            ValueError,
            "overlaps itself",
            f"shape {list(array.shape)}",
            f"strides {list(array.strides)}",
            "cannot be written",
            "a.copy()",
        ):
            m.f64.reverse(array)
    m.f64.reverse(as_strided(base, (2, 4), (32, 8)))
    m.f64.reverse(as_strided(base, (2, 2), (24, 8)))
    m.f64.reverse(as_strided(base, (4, 2), (8, 32)))


@every_element
def test_read_only_arrays_are_not_written(element):
    array = sample(element, 4)
    array.flags.writeable = False
    with raises(
        ValueError, "assignment destination is read-only", "writes to the array", "a.copy()"
    ):
        element.functions.reverse(array)
    with raises(ValueError, "read-only"):
        element.functions.copy_to(array.copy(), array)
    element.functions.accept(array)
    element.functions.reverse(array.copy())


def test_read_only_buffers_are_not_written():
    array = np.frombuffer(b"\0" * 32)
    assert m.read_1d(array) == 0.0
    with raises(ValueError, "read-only"):
        m.write_1d(array, 1.0)
    with raises(ValueError, "read-only"):
        m.write_1d(np.broadcast_to(1.0, 3), 1.0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_broadcast_arrays_that_numpy_warns_of_are_not_written():
    array, _ = np.broadcast_arrays(np.zeros(3), np.zeros((2, 3)))
    m.f64.accept(array)
    with pytest.raises(ValueError, match="overlaps itself|read-only"):
        m.f64.reverse(array)


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_a_warning_that_is_an_error_is_a_read_only_array():
    array, _ = np.broadcast_arrays(np.zeros(3), np.zeros((2, 3)))
    with raises(ValueError, "read-only"):
        m.f64.reverse(array)


def test_slices_of_arrays_that_are_not_contiguous_are_refused():
    array = np.zeros((4, 4))[:, ::2]
    with raises(ValueError, "not contiguous", "numpy.ascontiguousarray(a)"):
        m.f64.slice(array)
    with raises(ValueError, "not contiguous", "numpy.ascontiguousarray(a)"):
        m.f64.reverse_slice(array)
    m.f64.slice(np.ascontiguousarray(array))


# --- Values that are none of the type --------------------------------------------------------


def bool_bytes(*values):
    return np.array(values, "u1").view(bool)


@pytest.mark.parametrize("name", ["accept", "reverse", "like", "like_cast", "slice", "view"])
def test_bool_bytes_other_than_0_and_1_are_refused(name):
    function = getattr(m.bool, name)
    for array, index, byte in [
        (bool_bytes(0, 1, 2), "[2]", 2),
        (bool_bytes(0, 1, 255, 1)[::-1], "[1]", 255),
        (bool_bytes(0, 1, 1, 24).reshape(2, 2), "[1, 1]", 24),
        (bool_bytes(0, 1, 24, 1).reshape(2, 2).T, "[0, 1]", 24),
        (bool_bytes(128).reshape(()), "[]", 128),
        (bool_bytes(*[1] * 5000, 7), "[5000]", 7),
    ]:
        with raises(
            ValueError,
            f"element {index} is invalid",
            f"byte {byte} is neither 0 (False) nor 1 (True)",
            "a != 0",
            "uint8",
        ):
            function(array)
    # Of what is not part of the array nothing is said.
    m.bool.accept(bool_bytes(0, 2, 1, 3)[::2])
    m.bool.accept(bool_bytes(0, 2, 1, 3)[:0])


def test_bool_bytes_other_than_0_and_1_are_copied_as_true():
    for array in [
        bool_bytes(0, 1, 2, 255),
        bool_bytes(0, 1, 2, 255)[::-1],
        bool_bytes(*range(250), *range(250), *range(250))[::-1],
        bool_bytes(*range(200)).reshape(10, 20).T,
    ]:
        for function in (m.bool.copy_unguarded, m.bool.to_vec_unguarded):
            copy = function(array)
            assert set(copy.view("u1").reshape(-1).tolist()) == {0, 1}
            assert np.array_equal(np.sort(copy.reshape(-1)), np.sort((array != 0).reshape(-1)))
        assert np.array_equal(m.bool.copy_unguarded(array), array.view("u1") != 0)
    assert m.bool.get_unguarded(bool_bytes(0, 24), [1]).view("u1").tolist() == [1]


def test_null_slots_are_refused_in_place_and_copied_as_none():
    array = null_slots(np.array(["a", "b", "c", "d"], object), 1, 3)
    for function in (
        m.object.accept,
        m.object.reverse,
        m.object.like,
        m.object.like_cast,
        m.object.view,
    ):
        with raises(ValueError, "element [1] is invalid", "NULL", "fill the array", "None"):
            function(array)
    with raises(ValueError, "element [0] is invalid", "NULL"):
        m.object.accept(array[::-1])
    with raises(ValueError, "element [1, 0] is invalid", "NULL"):
        m.object.accept(null_slots(np.array([1, 2, 3, 4], object), 2).reshape(2, 2))
    assert m.object.copy_unguarded(array).tolist() == ["a", None, "c", None]
    assert m.object.to_vec_unguarded(array[::-1]).tolist() == [None, "c", None, "a"]
    assert m.object.get_unguarded(array, [3]).tolist() == [None]
    assert m.object.get_unguarded(array, [2]).tolist() == ["c"]
    copy = np.zeros(4, object)
    m.object.copy_to(array, copy)
    assert copy.tolist() == ["a", None, "c", None]
    m.object.accept(array[::2])


def test_large_arrays_of_null_slots_are_copied_as_none():
    array = np.empty((30, 40), object)
    ctypes.memset(array.ctypes.data, 0, array.nbytes)
    assert m.object.copy_unguarded(array.T).tolist() == [[None] * 30] * 40
    with raises(TypeError, "element [0, 0]"):
        m.string.copy_unguarded(array)
    with raises(ValueError, "element [0, 0]", "NULL"):
        m.object.accept(array)


def test_null_slots_are_no_strings():
    array = null_slots(np.array(["a", "b"], object), 1)
    for function in (m.string.accept, m.string.reverse):
        with raises(ValueError, "element [1] is invalid", "NULL", "fill the array"):
            function(array)
    for function in (m.string.copy_unguarded, m.string.to_vec_unguarded):
        with raises(TypeError, "element [1] has the wrong type", "'NoneType', not 'str'"):
            function(array)
    with raises(TypeError, "element [1] has the wrong type"):
        m.string.get_unguarded(array, [1])
    assert m.string.get_unguarded(array, [0]).tolist() == ["a"]


def test_objects_of_another_type_are_refused():
    class Text(str):
        pass

    array = np.array(["a", Text("b")], object)
    m.string.accept(array)
    assert m.string.copy(array)[1] is array[1]
    for wrong, name in [(1, "int"), (None, "NoneType"), (b"c", "bytes"), (np.str_, "type")]:
        array = np.array([["a", "b"], ["c", wrong]], object)
        for function in (
            m.string.accept,
            m.string.reverse,
            m.string.like,
            m.string.copy_unguarded,
            m.string.to_vec_unguarded,
        ):
            with raises(TypeError, "element [1, 1] has the wrong type", f"'{name}', not 'str'"):
                function(array)
        m.object.accept(array)


# --- Numbers that are too large --------------------------------------------------------------


@every_element
def test_impossible_lengths_of_axes_are_refused(element):
    zeros = element.functions.zeros
    for shape in ([-1], [3, -1], [-(2**63)], [-1, -1], [0, -1]):
        with raises(ValueError, "negative dimensions"):
            zeros(shape, False)
    for shape in ([2**62], [2**40, 2**40], [2**63 - 1], [2**62, 4], [0, 2**62, 2**62]):
        with pytest.raises((ValueError, MemoryError)):
            zeros(shape, False)
        with pytest.raises((ValueError, MemoryError)):
            zeros(shape, True)
    with raises(MemoryError):
        zeros([2**50], False)
    with raises(ValueError):
        zeros([1] * 65, False)
    with raises(ValueError):
        zeros([1] * 1000, False)


def test_the_form_that_can_only_panic_is_still_a_python_exception():
    with pytest.raises(BaseException, match="negative dimensions"):
        m.zeros_or_panic([-1])
    assert m.zeros_or_panic([2]).tolist() == [0.0, 0.0]


def test_impossible_reshapes_are_refused():
    array = np.arange(6.0)
    assert m.reshape(array, [2, 3]).tolist() == [[0, 1, 2], [3, 4, 5]]
    for shape in ([4], [-1, -1], [2**62, 2**62], [], [0], [1] * 65, [-2, -3]):
        with raises(ValueError):
            m.reshape(array, shape)
    with raises(ValueError):
        m.reshape(np.zeros(1), [1] * 65)
    array = np.zeros((2, 3, 4))
    assert m.permute(array, [2, 0, 1]).shape == (4, 2, 3)
    for axes in ([0, 1], [0, 0, 1], [0, 1, 3], [0, 1, 2, 3], [], [0, 1, 2**62], [0] * 100):
        with raises(ValueError):
            m.permute(array, axes)


def test_lengths_beyond_isize_are_not_inferred_by_reshape():
    for shape in ([-1], [2, -1], [-5], [-(2**63)]):
        with raises(ValueError):
            m.reshape(np.arange(6.0), shape)


def test_impossible_resizes_are_refused():
    for length in (-1, 2**62, 2**63 - 1, -(2**63)):
        with pytest.raises((ValueError, MemoryError)):
            m.resize(np.zeros(3), length)
    with raises(ValueError):
        m.resize(np.zeros(6)[::2], 5)
    array = np.zeros(3)
    with raises(ValueError):
        m.resize(array, 5)
    assert m.read_1d(array) == 0.0
    m.write_1d(array, 1.0)


def test_too_many_dimensions_are_refused():
    for ndim in (65, 100, 1000):
        with raises(ValueError):
            m.rust_array_of_ndim(ndim)
    assert m.rust_array_of_ndim(32).ndim == 32


def test_ragged_rows_are_refused():
    assert m.from_vec2([[1, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert m.from_vec2([]).shape == (0, 0)
    assert m.from_vec2([[], []]).shape == (2, 0)
    for rows in ([[1, 2], [3]], [[], [1]], [[1], []], [[1], [2], [3, 4]]):
        with raises(ValueError, "invalid length: ", ", but expected "):
            m.from_vec2(rows)
    assert m.from_vec3([[[1], [2]]]).shape == (1, 2, 1)
    assert m.from_vec3([[], []]).shape == (2, 0, 0)
    for rows in ([[[1]], []], [[[1], [2, 3]]], [[[1]], [[1], [2]]], [[[1]], [[]]], [[], [[]]]):
        with raises(ValueError, "invalid length: ", ", but expected "):
            m.from_vec3(rows)


@pytest.mark.filterwarnings("ignore:Creating an ndarray from ragged")
def test_ragged_lists_are_refused():
    for rows in (
        [[1.0, 2.0], [3.0]],
        [[1.0], 2.0],
        [1.0, [2.0]],
        [[1.0], [[2.0]]],
        [[], [1.0]],
        [[1.0, 2.0], None],
    ):
        for function in (m.like_2d, m.like_cast_2d, m.f64.like, m.i64.like, m.f64.like_1d):
            # NumPy before 1.24 makes an array of lists, of another dimension.
            with pytest.raises((ValueError, TypeError) if NUMPY < (1, 24) else ValueError):
                function(rows)


def test_errors_name_the_argument():
    with raises(TypeError, *argument("weights")):
        m.read_keyword(np.zeros(2), weights=np.zeros(2, "f4"))
    with raises(TypeError, *argument("array")):
        m.read_keyword(array=None, weights=np.zeros(2))
    assert m.read_optional(None) is None
    with raises(TypeError, *argument("array")):
        m.read_optional(np.zeros((2, 2)))
