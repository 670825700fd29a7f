"""Element types, sample values, layouts and checks that the tests share."""

import subprocess
import sys
import sysconfig
import textwrap
from collections import namedtuple

import npyo_pytests
import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

NUMPY = tuple(int(part) for part in np.__version__.split(".")[:2])
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
MAX_NDIM = 64 if NUMPY >= (2, 0) else 32

Element = namedtuple("Element", "name dtype functions")

UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"]

DTYPES = {
    "bool": "?",
    "i8": "i1",
    "i16": "i2",
    "i32": "i4",
    "i64": "i8",
    "isize": np.intp,
    "u8": "u1",
    "u16": "u2",
    "u32": "u4",
    "u64": "u8",
    "usize": np.uintp,
    "f16": "f2",
    "f32": "f4",
    "f64": "f8",
    "c32": "c8",
    "c64": "c16",
    "bytes3": "S3",
    "bytes8": "S8",
    "str2": "U2",
    "str5": "U5",
    "object": "O",
    "string": "O",
}
DTYPES.update({f"datetime_{unit}": f"M8[{unit}]" for unit in UNITS})
DTYPES.update({f"timedelta_{unit}": f"m8[{unit}]" for unit in UNITS})

ELEMENTS = {
    name: Element(name, np.dtype(dtype), getattr(npyo_pytests, name))
    for name, dtype in DTYPES.items()
}
NUMBERS = [name for name in DTYPES if np.dtype(DTYPES[name]).kind in "iuf" and name != "f16"]
# One of each family: where every type would run the same code.
FAMILIES = [ELEMENTS[name] for name in ("bool", "i64", "f64", "c64", "bytes3", "str2", "object")]

every_element = pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS.keys())
every_family = pytest.mark.parametrize("element", FAMILIES, ids=lambda element: element.name)


def sample(element, shape, plain=False):
    """A C-contiguous array with the extreme values of the type and others, all kinds of bits.

    With `plain`, only what lists of Python's own values tell apart.
    """
    shape = (shape,) if isinstance(shape, int) else shape
    size = int(np.prod(shape, dtype=np.intp))
    return values(element, size, plain).reshape(shape)


def values(element, size, plain):
    random = np.random.RandomState(size)
    dtype = element.dtype
    if element.name == "object":
        kinds = [object, lambda: "text", lambda: 3.5, list, lambda: 2**70]
        array = np.empty(size, object)
        for i in range(size):
            array[i] = kinds[i % len(kinds)]()
        return array
    if element.name == "string":
        array = np.empty(size, object)
        for i in range(size):
            array[i] = f"word {i}"
        return array
    if dtype.kind == "b":
        return random.randint(0, 2, size).astype(bool)
    if dtype.kind == "U":
        # Lone surrogates, NULs within and at the end, the last code point.
        points = np.array([0, 65, 0x20AC, 0xD800, 0xDFFF, 0x1F980, 0x10FFFF], "u4")
        points = points[1:3] if plain else points
        length = dtype.itemsize // 4
        return random.choice(points, (size, length)).astype("u4").view(dtype).reshape(size)
    if dtype.kind == "S" and plain:
        return random.randint(65, 91, (size, dtype.itemsize)).astype("u1").view(dtype)[:, 0]
    if plain:
        return random.randint(0, 100, size).astype(dtype)
    array = random.randint(0, 256, (size, dtype.itemsize)).astype("u1").view(dtype).reshape(size)
    if dtype.kind in "iu":
        extremes = [np.iinfo(dtype).min, np.iinfo(dtype).max]
    elif dtype.kind in "fc":
        extremes = [np.nan, np.inf, -np.inf, -0.0]
    elif dtype.kind in "Mm":
        extremes = [np.array("NaT", dtype)]
    else:
        extremes = [b"\xff\x00\x01"]
    array[: len(extremes)] = extremes[:size]
    return array


def bits(array):
    """What tells the elements of two arrays apart, NaN, NaT and padding included."""
    if array.dtype == object:
        return [id(item) for item in array.reshape(-1)]
    return array.tobytes()


def assert_same(got, expected):
    """The same dtype, shape and elements, to the bit; for objects, the same objects."""
    assert type(got) is np.ndarray
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    layout = f"shape {expected.shape}, strides {expected.strides}"
    assert bits(got) == bits(np.asarray(expected)), layout


def layouts(element, plain=False):
    """What makes arrays of all the layouts that Rust can see in place, by name."""

    def make(shape):
        return sample(element, shape, plain)

    return {
        "c order": lambda: make((4, 5)),
        "fortran order": lambda: np.asfortranarray(make((4, 5))),
        "one dimension": lambda: make(7),
        "strided": lambda: make((8, 15))[::2, ::3],
        "strided, one dimension": lambda: make(31)[3::4],
        "strided, large": lambda: make(3000)[1::3],
        "negative": lambda: make((4, 5))[::-1, ::-1],
        "negative, one dimension": lambda: make(9)[::-2],
        "negative, large": lambda: make((40, 50))[:, ::-1],
        "mixed signs": lambda: make((4, 5, 6))[::-1, :, ::-3],
        "transposed": lambda: make((3, 4, 5)).transpose(2, 0, 1),
        "transposed, large": lambda: make((30, 40)).T,
        "permuted": lambda: make((20, 21, 22)).transpose(1, 2, 0),
        "permuted and reversed": lambda: make((20, 21, 22)).transpose(2, 0, 1)[::-1, :, ::-1],
        "no dimensions": lambda: make(()),
        "no dimensions, within": lambda: make((3, 4))[1, 2, ...],
        "empty": lambda: make((0, 3)),
        "empty in the middle": lambda: make((2, 0, 3))[::-1, ::-1],
        "empty slice": lambda: make((4, 5))[4:, ::2],
        "broadcast": lambda: np.broadcast_to(make(3), (4, 3)),
        "broadcast, no dimensions": lambda: np.broadcast_to(make(()), (4, 3)),
        "broadcast, large": lambda: np.broadcast_to(make((1, 30, 1)), (20, 30, 2)),
        "length one": lambda: make((3, 1, 4))[:, ::-1],
        "length one, odd strides": lambda: as_strided(
            make((1, 5)), (1, 5, 1), (3, element.dtype.itemsize, -7)
        ),
        "five dimensions": lambda: make((2, 3, 1, 4, 2)).transpose(4, 2, 0, 3, 1),
        "within": lambda: make((6, 7))[2:5, 3:6],
    }


def arrays(element):
    """An array of each of these layouts."""
    for make in layouts(element).values():
        yield make()


def misaligned(element, shape):
    """An array one byte off, which Rust cannot refer to unless the alignment is 1."""
    packed = np.zeros(shape, np.dtype([("before", "u1"), ("field", element.dtype)]))
    packed["field"] = sample(element, shape)
    return packed["field"]


def odd_strides(element, shape):
    """An aligned array whose elements are no whole number of items apart, if there is one."""
    align = element.dtype.alignment
    if align >= element.dtype.itemsize:
        return None
    fields = {
        "names": ["field"],
        "formats": [element.dtype],
        "offsets": [0],
        "itemsize": element.dtype.itemsize + align,
    }
    spaced = np.zeros(shape, np.dtype(fields))
    spaced["field"] = sample(element, shape)
    return spaced["field"]


class Raises:
    """`with raises(ValueError, "strides", "copy"):` asserts the exact class and the words."""

    def __init__(self, cls, *words):
        self.cls = cls
        self.words = words
        self.error = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        assert error is not None, f"no {self.cls.__name__} was raised"
        # NumPy has its own subclass of MemoryError.
        exact = type(error) is self.cls or self.cls is MemoryError and isinstance(error, self.cls)
        assert exact, f"{type(error).__name__}: {error}"
        # PyO3 names the argument in a note where Python has notes.
        text = "\n".join([str(error), *getattr(error, "__notes__", [])])
        for word in self.words:
            assert word in text, f"{word!r} is not in {text!r}"
        self.error = error
        return True


def raises(cls, *words):
    return Raises(cls, *words)


def in_child(code, timeout=120):
    """Runs code in an interpreter of its own, where it must neither crash nor panic.

    Returns what it printed.
    """
    prelude = "import npyo_pytests as m, numpy as np, sys, warnings, gc, threading\n"
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", prelude + textwrap.dedent(code)],
        check=False,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    output = result.stdout + result.stderr
    assert result.returncode == 0, f"exited with {result.returncode}:\n{output}"
    assert "panicked at" not in output, output
    assert "PanicException" not in output, output
    return result.stdout
