"""npyo's protocol between extension modules, version 1, in Python.

    shared_registry.py SCENARIO

In the dict of NumPy's module `multiarray` there is a capsule. It points to a struct with the
functions of one table of borrows, which all modules on npyo use. `test_shared_registry.py` calls
these functions, and runs the scenarios, in which npyo meets a table that is not its own.
"""

import collections
import ctypes
import importlib
import itertools
import sys
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_uint32, c_uint64, c_void_p, py_object

import numpy as np
from numpy.lib.stride_tricks import as_strided

NAME = "_NPYO_BORROW_API"
NUMPY_CRATE = "_RUST_NUMPY_BORROW_CHECKING_API"
SCENARIOS = {}


class Axis(ctypes.Structure):
    _fields_ = [("stride", c_size_t), ("length", c_size_t)]


def table_fields(attached):
    """The fields of the struct; `attached` is how ctypes calls what wants an attached thread."""
    acquire = (c_void_p, c_size_t, c_size_t, c_size_t, POINTER(Axis), c_size_t, c_int)
    return [
        ("version", c_uint32),
        ("size", c_uint32),
        # Called by ctypes with the thread detached, as any thread may.
        ("acquire", ctypes.CFUNCTYPE(*acquire)),
        ("release", ctypes.CFUNCTYPE(None, c_void_p)),
        ("share", ctypes.CFUNCTYPE(None, c_void_p)),
        ("freeze", attached(None, c_void_p)),
        ("thaw", attached(None, c_void_p)),
    ]


class Found(ctypes.Structure):
    """What there is to call."""

    _fields_ = table_fields(ctypes.PYFUNCTYPE)


class Published(ctypes.Structure):
    """A table of Python's, as a later version of npyo might have it."""

    _fields_ = [*table_fields(ctypes.CFUNCTYPE), ("later", c_void_p * 3)]


def multiarray():
    """The module in whose dict extension modules find each other."""
    core = "numpy._core" if hasattr(np, "_core") else "numpy.core"
    return importlib.import_module(f"{core}.multiarray")


def address_in(capsule, name):
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = c_void_p, [py_object, c_char_p]
    return pointer(capsule, name.encode())


NAMES = {name: name.encode() for name in (NAME, NUMPY_CRATE, "another")}
"""A capsule keeps the address of its name."""


def new_capsule(address, name):
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = py_object, [c_void_p, c_char_p, c_void_p]
    return new(address, NAMES[name], None)


def numbers(array):
    """Start, end, width and axes of the bytes of an array that has elements."""
    start = end = array.__array_interface__["data"][0]
    axes = []
    for length, stride in zip(array.shape, array.strides):
        reach = (length - 1) * stride
        start, end = start + min(reach, 0), end + max(reach, 0)
        if reach:
            axes.append((abs(stride), length))
    return start, end + array.itemsize, array.itemsize, axes


def covered(start, width, axes):
    """The addresses of a block of bytes that is repeated along axes."""
    steps = [range(0, stride * length, stride) for stride, length in axes]
    blocks = (start + sum(offsets) for offsets in itertools.product(*steps))
    return {block + byte for block in blocks for byte in range(width)}


def addresses(array):
    """The addresses of the bytes of an array."""
    start = array.__array_interface__["data"][0]
    steps = [[i * stride for i in range(n)] for n, stride in zip(array.shape, array.strides)]
    elements = (start + sum(offsets) for offsets in itertools.product(*steps))
    return {element + byte for element in elements for byte in range(array.itemsize)}


class Client:
    """A user of the table that is published, as another module on npyo is."""

    def __init__(self):
        self.table = Found.from_address(address_in(vars(multiarray())[NAME], NAME))

    def acquire(self, start, end, width, axes=(), exclusive=True):
        """A token, or None."""
        array = (Axis * len(axes))(*axes) if axes else None
        return self.table.acquire(start, end, width, array, len(axes), exclusive)

    def borrow(self, array, exclusive=True):
        return self.acquire(*numbers(array), exclusive)

    def release(self, token):
        assert token is not None, "it was not granted"
        self.table.release(token)

    def share(self, token):
        self.table.share(token)

    def freeze(self, array):
        self.table.freeze(id(array))

    def thaw(self, array):
        self.table.thaw(id(array))


# --- A table that was there before npyo -----------------------------------------------------


class Table:
    """A table that others are to find; it notes what is wrong."""

    def __init__(self, version=7):
        # Nothing is to look behind a token.
        self.tokens = itertools.chain([1, 2**64 - 1], itertools.count(3, 8))
        self.held = {}
        self.calls = collections.Counter()
        self.frozen = collections.Counter()
        self.faults = []
        self.refuses = False
        functions = [self.acquire, self.release, self.share, self.freeze, self.thaw]
        kinds = [kind for _, kind in Published._fields_[2:7]]
        callbacks = [kind(self.noting(f)) for kind, f in zip(kinds, functions)]
        self.struct = Published(version, ctypes.sizeof(Published), *callbacks)
        assert ctypes.sizeof(Published) > ctypes.sizeof(Found)

    def publish(self):
        assert NAME not in vars(multiarray())
        assert "npyo_pytests" not in sys.modules
        setattr(multiarray(), NAME, new_capsule(ctypes.addressof(self.struct), NAME))
        return self

    def noting(self, function):
        def call(*arguments):
            self.calls[function.__name__] += 1
            try:
                return function(*arguments)
            except BaseException as error:  # noqa: BLE001 - C cannot be given it
                self.faults.append(error)

        return call

    def acquire(self, start, end, width, axes, count, exclusive):
        axes = [(axes[i].stride, axes[i].length) for i in range(count)]
        taken = covered(start, width, axes)
        assert taken, "no bytes"
        assert (min(taken), max(taken) + 1) == (start, end)
        assert exclusive in (0, 1)
        if self.refuses:
            return None
        for other, is_exclusive in self.held.values():
            if taken & other and (exclusive or is_exclusive):
                return None
        token = next(self.tokens)
        self.held[token] = taken, bool(exclusive)
        return token

    def release(self, token):
        del self.held[token]

    def share(self, token):
        taken, exclusive = self.held[token]
        assert exclusive
        self.held[token] = taken, False

    def freeze(self, array):
        assert isinstance(ctypes.cast(array, py_object).value, np.ndarray)
        self.frozen[array] += 1

    def thaw(self, array):
        self.frozen[array] -= 1
        assert self.frozen[array] >= 0

    def holds(self, *expected):
        """Whether these are the only borrows: of the bytes of which arrays, and to write."""
        assert not self.faults, self.faults
        wanted = [(addresses(array), exclusive) for array, exclusive in expected]
        assert list(self.held.values()) == wanted
        return True

    def check(self):
        """Every token was released once."""
        assert not self.faults, self.faults
        assert self.held == {}
        assert not +self.frozen, self.frozen


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def load():
    import npyo_pytests

    return npyo_pytests


def some_arrays():
    """An array of float64 of each layout."""
    line, table, cube = np.zeros(40), np.zeros((4, 6)), np.zeros((3, 4, 5))
    packed = np.zeros(5, "u1, f8, u2")
    return [
        line,
        line[3:4],
        line[2:7],
        line[1::3],
        line[::-2],
        np.array(1.0),
        table,
        table[1],
        table[:, 2],
        table[1:3, 2:5],
        table[::-1, 1:].T,
        table[2, 3, ...],
        cube.transpose(2, 0, 1),
        cube[::2, ::2, ::2],
        cube[:1, 2:3, ::-1],
        packed["f1"],
        packed[::2]["f1"],
        as_strided(line, (4, 3), (0, 16)),
        as_strided(line, (4, 5), (8, 8)),
        as_strided(line, (2,) * 5, (8, 24, 56, 64, 120)),
    ]


@scenario
def a_later_version_is_told_the_bytes_of_every_borrow_and_of_its_end():
    table = Table().publish()
    m = load()
    for array in some_arrays():
        before = table.calls.copy()
        m.f64.while_read(array, lambda array=array: table.holds((array, False)))
        table.check()
        m.f64.while_written(array, lambda array=array: table.holds((array, True)))
        table.check()
        assert table.calls - before == {"acquire": 2, "release": 2}
    one, other = np.zeros(3), np.zeros(4)
    expected = [(one, True), (other, False), (one[1:], False)]

    def outer():
        # The last one is a conflict.
        m.f64.while_read(other, lambda: table.holds(*expected[:2]) and inner())

    def inner():
        assert not m.f64.may_read(one[1:])

    m.f64.while_written(one, outer)
    table.check()


@scenario
def a_later_version_decides():
    table = Table().publish()
    m = load()
    array = np.zeros((3, 4))
    m.f64.while_read(array, lambda: decided(m, array, reads=True))
    m.f64.while_written(array[:, 1], lambda: decided(m, array, reads=False))
    assert m.f64.while_written(array[:, 1], lambda: m.f64.may_write(array[:, ::2]))
    table.check()
    table.refuses = True
    decided(m, np.zeros(3), reads=False)
    table.refuses = False
    assert m.f64.may_write(array)
    table.check()


def decided(m, array, reads):
    assert m.f64.may_read(array) == reads
    assert not m.f64.may_write(array)
    try:
        m.f64.reverse(array)
    except m.ArrayBorrowError:
        return
    raise AssertionError("it was not refused")


@scenario
def a_later_version_is_given_back_what_an_argument_cannot_use():
    table = Table().publish()
    m = load()
    misaligned, overlapping = np.zeros(3, "u1, f8")["f1"], as_strided(np.zeros(9), (3, 3), (8, 8))
    for call in (
        lambda: m.f64.accept(misaligned),
        lambda: m.f64.reverse(overlapping),
        lambda: m.add_to(np.zeros(3), None),
        lambda: m.add_to(np.zeros(3), np.zeros(3, "f4")),
        lambda: m.bool.accept(np.full(3, 24, "u1").view("?")),
    ):
        try:
            call()
        except (TypeError, ValueError):
            table.check()
        else:
            raise AssertionError("it was not refused")
    assert table.calls["release"] == table.calls["acquire"] > 0


@scenario
def a_later_version_is_told_when_a_writer_reads_on():
    table = Table().publish()
    m = load()
    array = np.zeros(3)
    m.f64.make_nonwriteable(array, lambda: table.holds((array, False)))
    table.check()
    assert table.calls["share"] == 1


@scenario
def a_later_version_freezes():
    table = Table().publish()
    m = load()
    base = np.zeros((3, 4))
    view = base[1:].T

    def callback():
        assert table.frozen == {id(view): 1, id(base): 1}
        m.f64.hold_frozen(base, lambda: None)
        assert +table.frozen == {id(view): 1, id(base): 1}
        # It is this table that has to see to it.
        assert base.flags.writeable and base.flags.owndata

    m.f64.hold_frozen(view, callback)
    table.check()
    assert table.calls["freeze"] == table.calls["thaw"] == 3


@scenario
def a_later_version_is_not_asked_about_arrays_without_elements():
    table = Table().publish()
    m = load()
    for array in (np.zeros(0), np.zeros((3, 0, 2)), np.zeros(5)[2:2]):
        m.f64.while_written(array, lambda array=array: m.f64.reverse(array))
    assert not table.calls


@scenario
def a_later_version_is_told_by_modules_on_the_numpy_crate():
    table = Table().publish()
    load()
    function = ctypes.PYFUNCTYPE(c_int, c_void_p, py_object)
    fields = [("version", c_uint64), ("flags", c_void_p)]
    fields += [(name, function) for name in ("acquire", "acquire_mut", "release", "release_mut")]
    numpy_crate = type("NumpyCrate", (ctypes.Structure,), {"_fields_": fields})
    found = numpy_crate.from_address(address_in(vars(multiarray())[NUMPY_CRATE], NUMPY_CRATE))
    array = np.zeros((3, 4))
    column = array[:, 1]
    assert found.acquire_mut(found.flags, column) == 0
    table.holds((column, True))
    assert found.acquire(found.flags, array) == -1
    found.release_mut(found.flags, column)
    table.check()
    assert found.acquire(found.flags, array) == 0
    table.holds((array, False))
    found.release(found.flags, array)
    table.check()


# --- Something else under the name ----------------------------------------------------------


def npyo_works_alone(found):
    """npyo's guards see each other although `found` is where their table would be."""
    setattr(multiarray(), NAME, found)
    m = load()
    array = np.zeros((3, 4))
    assert m.f64.while_written(array, lambda: m.f64.may_read(array[1:])) is False
    assert m.f64.while_read(array, lambda: m.f64.may_write(array[1:])) is False
    assert m.f64.while_read(array, lambda: m.f64.may_read(array[1:])) is True
    assert m.f64.while_written(array[:, 0], lambda: m.f64.may_write(array[:, 1])) is True
    assert m.f64.while_read(array, lambda: array.flags.writeable) is True
    m.f64.hold_frozen(array, lambda: frozen(array))
    m.f64.make_nonwriteable(array[:1], lambda: None)
    m.f64.reverse(array)
    assert vars(multiarray())[NAME] is found


def frozen(array):
    assert not array.flags.writeable


@scenario
def a_number_under_the_name_is_left_alone():
    npyo_works_alone(5)


@scenario
def none_under_the_name_is_left_alone():
    npyo_works_alone(None)


@scenario
def a_capsule_of_another_name_is_left_alone():
    table = Table()
    npyo_works_alone(new_capsule(ctypes.addressof(table.struct), "another"))
    assert not table.calls


@scenario
def a_version_before_the_first_is_left_alone():
    table = Table(version=0)
    npyo_works_alone(new_capsule(ctypes.addressof(table.struct), NAME))
    assert not table.calls


@scenario
def the_table_is_published_by_the_first_borrow_at_the_latest():
    assert NAME not in vars(multiarray())
    m = load()
    m.f64.accept(np.zeros(3))
    capsule = vars(multiarray())[NAME]
    table = Client().table
    assert table.version == 1
    assert table.size == ctypes.sizeof(Found)
    m.f64.accept(np.zeros(3))
    assert vars(multiarray())[NAME] is capsule


@scenario
def what_is_put_under_the_name_later_changes_nothing():
    m = load()
    m.f64.accept(np.zeros(3))
    client = Client()
    delattr(multiarray(), NAME)
    array = np.zeros(3)
    token = client.borrow(array)
    assert not m.f64.may_read(array)
    client.release(token)
    assert m.f64.may_write(array)
    assert NAME not in vars(multiarray())


if __name__ == "__main__":
    SCENARIOS[sys.argv[1]]()
    print("finished")
