"""Python code that changes an array's metadata while Rust holds a guard to it."""

import gc
import warnings

import npyo_pytests as m
import numpy as np
import pytest
from support import assert_same, bits, every_family, raises, sample

WAYS = ["as_array", "to_owned_array", "cast_array", "copy_to"]


def set_attribute(array, name, value):
    """What newer versions of NumPy warn of, or refuse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            setattr(array, name, value)
        except AttributeError:
            pytest.skip(f"this NumPy does not let {name} be set")


def check_seen(seen, expected, before):
    assert seen["shape"] == before.shape
    assert seen["strides"] == before.strides
    assert seen["len"] == before.size
    assert seen["ndim"] == before.ndim
    assert seen["dtype"] == before.dtype
    assert seen["data"] == before.ctypes.data
    for way in WAYS:
        assert_same(seen[way], expected)
    is_f = before.flags.f_contiguous and not before.flags.c_contiguous
    assert_same(seen["to_vec"], expected.ravel("F" if is_f else "C"))


CHANGES = {
    "a flat shape": lambda array: set_attribute(array, "shape", (24,)),
    "a longer shape": lambda array: set_attribute(array, "shape", (2, 3, 2, 2, 1, 1)),
    "another shape of as many dimensions": lambda array: set_attribute(array, "shape", (6, 4)),
    "other strides": lambda array: set_attribute(array, "strides", (0, 0)),
    "equal strides": lambda array: set_attribute(array, "strides", array.strides[1:] * 2),
    "no longer writeable": lambda array: array.setflags(write=False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@every_family
def test_a_new_shape_changes_nothing(element, change):
    f = element.functions
    base = sample(element, (4, 6))
    for hold in (f.hold_read, f.hold_two_readers):
        array = base[...]
        check_seen(hold(array, lambda array=array: change(array)), base, base)
    array = base[...]
    assert_same(f.hold_view(array, lambda: change(array)), base)
    array = base[...]
    assert_same(f.hold_unguarded(array, lambda: change(array)), base)

    expected = base.reshape(-1)[::-1].reshape(4, 6).copy()
    array = base[...]
    check_seen(f.hold_write(array, lambda: change(array)), expected, base)
    assert_same(base, expected)
    expected = expected.reshape(-1)[::-1].reshape(4, 6).copy()
    array = base[...]
    assert_same(f.hold_write_view(array, lambda: change(array)), expected)
    assert_same(base, expected)
    # Nothing is left borrowed, of the new shape or of the old one.
    f.reverse(base)


@pytest.mark.parametrize(
    "dtype", ["u1", "i8", "f4", "M8[s]", "V8", "c16", [("a", "f4"), ("b", "i4")]]
)
def test_a_new_dtype_changes_nothing(dtype):
    base = np.arange(24.0).reshape(4, 6)
    array = base[...]

    def change():
        set_attribute(array, "dtype", dtype)

    check_seen(m.f64.hold_read(array, change), base, base)
    array = base[...]
    assert_same(m.f64.hold_view(array, change), base)
    array = base[...]
    m.f64.hold_write(array, change)
    assert base.reshape(-1).tolist() == list(range(24))[::-1]
    m.f64.reverse(base)


def test_the_memory_stays_borrowed_as_it_was():
    base = np.arange(24.0).reshape(4, 6)
    array = base[:, ::2]

    def change():
        set_attribute(array, "strides", (8, 8))
        with raises(m.ArrayBorrowError):
            m.f64.reverse(base[:, 2])
        m.f64.reverse(base[:, 1])

    m.f64.hold_read(array, change)
    m.f64.reverse(base)


def test_an_array_cannot_be_resized_while_borrowed():
    array = np.arange(3.0)

    def resize():
        with pytest.raises(ValueError):
            array.resize(1000)

    m.f64.hold_read(array, resize)
    m.f64.hold_write(array, resize)


def test_the_memory_outlives_its_names():
    array = np.arange(1000.0)
    arrays = [array[10:]]
    expected = arrays[0].copy()
    del array

    def forget():
        arrays.clear()
        gc.collect()
        [np.zeros(1000) for _ in range(10)]

    assert_same(m.f64.hold_read(arrays[0], forget)["as_array"], expected)


def test_the_elements_outlive_their_names():
    things = [object() for _ in range(10)]
    array = np.array(things, object)
    ids = bits(array)
    copy = m.object.hold_unguarded(array, lambda: things.clear())
    assert bits(copy) == ids


METHODS = ["readonly", "readwrite", "to_vec", "copy_to", "copy_from", "cast_array"]
PANICKING = ["get_owned", "to_owned_array"]


@pytest.mark.parametrize("method", METHODS + PANICKING)
@pytest.mark.parametrize("change", ["ndim", "dtype", "itemsize"])
def test_a_handle_whose_array_was_changed_is_refused(change, method):
    array = np.arange(2.0)

    def make_change():
        if change == "ndim":
            set_attribute(array, "shape", (2, 1))
        elif change == "dtype":
            set_attribute(array, "dtype", "i8")
        else:
            set_attribute(array, "dtype", "u1")

    words = (
        TypeError,
        "the dtype or the number of dimensions",
        "was changed",
        "pass the array again",
    )
    if method == "cast_array" and change == "ndim":
        # It asks for no number of dimensions.
        m.f64.cast_then_borrow(array, make_change, method)
    elif method in ("copy_to", "copy_from") and change == "ndim":
        with raises(ValueError, "could not broadcast"):
            m.f64.cast_then_borrow(array, make_change, method)
    elif method in PANICKING:
        with pytest.raises(BaseException, match="was changed after it was checked"):
            m.f64.cast_then_borrow(array, make_change, method)
    else:
        with raises(*words):
            m.f64.cast_then_borrow(array, make_change, method)


def test_a_handle_whose_array_is_as_before_is_not_refused():
    for method in METHODS + PANICKING + ["reshape", "permute"]:
        m.f64.cast_then_borrow(np.arange(2.0), lambda: None, method)


def test_writing_python_code_is_seen():
    array = np.zeros(3)

    def write():
        array[1] = 5.0

    assert m.f64.hold_read(array, write)["to_vec"].tolist() == [0, 5, 0]


def test_strides_of_a_view_that_spans_less_are_not_followed():
    base = np.arange(100.0)
    array = base[:10]
    expected = base[:10].copy()

    def widen():
        set_attribute(array, "strides", (80,))
        set_attribute(array, "shape", (10, 1))

    assert_same(m.f64.hold_view(array, widen), expected)


def test_flags_that_are_set_change_nothing():
    array = np.arange(4.0)
    array.flags.writeable = False
    m.f64.hold_read(array, lambda: array.setflags(write=True))
    m.f64.reverse(array)
