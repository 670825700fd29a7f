"""Every element type in every layout, from Python to Rust and back."""

import npyo_pytests as m
import numpy as np
import pytest
from support import (
    DTYPES,
    ELEMENTS,
    Element,
    arrays,
    assert_same,
    every_element,
    misaligned,
    odd_strides,
    raises,
    sample,
)


def in_memory_order(array):
    """The elements as Rust hands them out: in Fortran order only if nothing else is contiguous."""
    is_f = array.flags.f_contiguous and not array.flags.c_contiguous
    return array.ravel("F" if is_f else "C")


def every_second_reversed(array):
    return (..., *[slice(None, None, -2)] * array.ndim)


@every_element
def test_the_dtype_is_numpys_own(element):
    dtype = element.functions.dtype()
    assert dtype == element.dtype
    assert dtype.isbuiltin == element.dtype.isbuiltin
    assert element.functions.dtype() is dtype


def test_dtypes_of_one_generic_type_differ():
    names = list(DTYPES)
    for order in [names, names[::-1]]:
        found = [ELEMENTS[name].functions.dtype().str for name in order]
        assert found == [ELEMENTS[name].dtype.str for name in order]


@every_element
def test_every_layout_round_trips(element):
    f = element.functions
    for array in arrays(element):
        before = array.copy()

        assert f.accept(array) is array
        assert_same(f.copy(array), array)
        assert_same(f.copy_unguarded(array), array)
        assert_same(f.view(array), array)
        assert_same(f.every_second_reversed(array), array[every_second_reversed(array)])
        assert_same(f.to_vec(array), in_memory_order(array))
        assert_same(f.to_vec_unguarded(array), in_memory_order(array))
        assert_same(f.into_pyarray(array), in_memory_order(array))
        assert_same(f.reversed_axes(array), array.T)
        assert_same(f.like(array), array)
        assert_same(f.like_cast(array), array)
        if array.flags.c_contiguous or array.flags.f_contiguous:
            assert_same(f.slice(array), in_memory_order(array))
        else:
            with raises(ValueError, "not contiguous", "numpy.ascontiguousarray(a)"):
                f.slice(array)
        assert_same(array, before)


@every_element
def test_every_layout_is_handed_over_from_rust(element):
    for array in arrays(element):
        got = element.functions.owned_in_any_order(array)
        assert_same(got, array[::-1] if array.ndim else array)
        assert got.flags.writeable
        assert not got.flags.owndata


@every_element
def test_every_layout_is_written_in_place(element):
    f = element.functions
    for array in arrays(element):
        if not array.flags.writeable:
            with raises(ValueError, "read-only", "a.copy()"):
                f.reverse(array)
            continue
        before = array.copy()
        expected = before.reshape(-1)[::-1].reshape(array.shape)
        f.reverse(array)
        assert_same(array, expected)

        f.assign(array, before)
        assert_same(array, before)

        if array.flags.c_contiguous or array.flags.f_contiguous:
            flat = in_memory_order(array).copy()
            f.reverse_slice(array)
            assert_same(in_memory_order(array), flat[::-1])
        else:
            with raises(ValueError, "not contiguous"):
                f.reverse_slice(array)


@every_element
def test_every_layout_is_copied_to_every_other(element):
    f = element.functions
    for array in arrays(element):
        copy = np.zeros(array.shape[::-1], element.dtype).T
        f.copy_to(array, copy)
        assert_same(copy, array)
        strided = np.zeros(tuple(2 * n for n in array.shape), element.dtype)
        strided = strided[every_second_reversed(array)]
        f.copy_to_guarded(array, strided)
        assert_same(strided, array)


@every_element
def test_every_element_is_found_by_its_index(element):
    f = element.functions
    array = sample(element, (3, 4, 5)).transpose(1, 0, 2)[:, ::-1]
    for index in np.ndindex(*array.shape):
        expected = array[index + (np.newaxis,)]
        assert_same(f.get(array, list(index)), expected)
        assert_same(f.get_unguarded(array, list(index)), expected)
    for index in ([4, 0, 0], [0, 3, 0], [0, 0, 5], [2**63, 0, 0], [0, 0], [0, 0, 0, 0], []):
        with raises(IndexError):
            f.get(array, index)
        with raises(IndexError):
            f.get_unguarded(array, index)
        with raises(IndexError):
            f.set(array, index, sample(element, 1))


@every_element
def test_one_element_is_written_by_its_index(element):
    array = sample(element, (3, 4))[::-1, ::2]
    other = sample(element, (5,))[4:]
    expected = array.copy()
    expected[1, 1] = other[0]
    element.functions.set(array, [1, 1], other)
    assert_same(array, expected)


@every_element
def test_misaligned_arrays_are_copied(element):
    f = element.functions
    for shape in [(4,), (3, 4), (), (30, 40), (1,), (0, 2)]:
        base = misaligned(element, shape)
        for array in [base, base.T, base[::-1] if shape else base]:
            assert_same(f.copy_unguarded(array), array)
            assert_same(f.to_vec_unguarded(array), array.reshape(-1))
            copy = np.zeros(array.shape, element.dtype)
            f.copy_to(array, copy)
            assert_same(copy, array)
            f.copy_to(copy, array)
            assert_same(array, copy)
            if array.size:
                index = [0] * array.ndim
                assert_same(f.get_unguarded(array, index), copy.reshape(-1)[:1])


@every_element
def test_contiguous_misaligned_arrays_are_copied(element):
    if element.dtype.hasobject:
        return
    f = element.functions
    array = np.zeros(element.dtype.itemsize * 12 + 1, "u1")[1:].view(element.dtype)
    array[:] = sample(element, 12)
    assert_same(f.to_vec_unguarded(array), array)
    matrix = array.reshape(3, 4)
    for array in [matrix, matrix.T]:
        assert_same(f.copy_unguarded(array), array)
        # As from an aligned array.
        assert_same(f.to_vec_unguarded(array), in_memory_order(array))


@every_element
def test_arrays_with_odd_strides_are_copied(element):
    f = element.functions
    for shape in [(4,), (3, 4), (30, 40)]:
        array = odd_strides(element, shape)
        if array is None:
            continue
        assert_same(f.copy_unguarded(array), array)
        assert_same(f.copy_unguarded(array.T[::-1]), array.T[::-1])
        assert_same(f.to_vec_unguarded(array), array.reshape(-1))


@every_element
def test_zeros_are_those_of_numpy(element):
    for fortran in (False, True):
        array = element.functions.zeros([2, 3], fortran)
        # Objects are the number 0, for Py<PyString> too.
        expected = np.zeros((2, 3), element.dtype)
        assert array.dtype == element.dtype
        assert array.tolist() == expected.tolist()
        assert array.flags.f_contiguous == fortran
        assert array.flags.owndata and array.flags.writeable
    assert element.functions.zeros([], False).shape == ()
    assert element.functions.zeros([2, 0, 3], False).shape == (2, 0, 3)


@every_element
def test_elements_become_objects_as_numpy_makes_them(element):
    array = sample(element, (3, 4), plain=True).T
    got = element.functions.to_objects(array)
    assert got.dtype == object
    assert got.tolist() == array.astype(object).tolist()


def test_bfloat16_of_ml_dtypes_round_trips():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    element = Element("bf16", np.dtype(ml_dtypes.bfloat16), m.bf16)
    for array in arrays(ELEMENTS["u16"]):
        array = array.view(element.dtype) if array.flags.c_contiguous else array
        if array.dtype != element.dtype:
            base = np.array(array).view(element.dtype)
            array = np.asfortranarray(base)[::-1] if base.ndim else base
        for function in ("copy", "copy_unguarded", "view", "like", "like_cast"):
            got = getattr(element.functions, function)(array)
            assert got.dtype == element.dtype
            assert got.tobytes() == array.tobytes()
        before = array.tobytes()
        if array.flags.writeable:
            element.functions.reverse(array)
            element.functions.reverse(array)
        assert array.tobytes() == before
    with raises(TypeError, "type mismatch", "uint16", "bfloat16"):
        element.functions.copy(np.zeros(3, "u2"))
    with raises(TypeError, "type mismatch"):
        m.u16.copy(np.zeros(3, element.dtype))


def test_bfloat16_without_ml_dtypes_is_a_type_error():
    try:
        import ml_dtypes  # noqa: F401
    except ImportError:
        with raises(TypeError, "bfloat16", "ml_dtypes"):
            m.bf16.copy(np.zeros(3, "u2"))
        with raises(TypeError, "bfloat16", "ml_dtypes"):
            m.bf16.zeros([2], False)
        with raises(TypeError, "bfloat16", "ml_dtypes"):
            m.bf16.like([1.0])
    else:
        pytest.skip("ml_dtypes is installed")
