"""The numpy crate's protocol between extension modules, version 1, in Python.

    v1.py SCENARIO

In the dict of NumPy's module `multiarray` there is a capsule. It points to a struct with the
functions of one table of borrows, which all modules on the numpy crate call with the arrays that
they borrow and release. `test_v1.py` runs the scenarios, in which npyo meets a table that is not
its own, and others use npyo's.
"""

import ctypes
import itertools
import math
import sys
import warnings
from collections import Counter
from ctypes import c_char_p, c_int, c_uint64, c_void_p, py_object

import numpy as np
from support import V1, is_refused, multiarray, nothing, strided

NAME = V1.encode()
SCENARIOS = {}
CONFLICT, NOT_WRITEABLE = -1, -2


def table_struct(function):
    """The struct behind the capsule, with functions called in one of the ways of ctypes."""
    acquire = function(c_int, c_void_p, c_void_p)
    release = function(None, c_void_p, c_void_p)
    fields = [
        ("version", c_uint64),
        ("flags", c_void_p),
        ("acquire", acquire),
        ("acquire_mut", acquire),
        ("release", release),
        ("release_mut", release),
    ]
    return type("Table", (ctypes.Structure,), {"_fields_": fields})


# Python called from C, and C that wants an attached thread called from Python.
Published = table_struct(ctypes.CFUNCTYPE)
Found = table_struct(ctypes.PYFUNCTYPE)


def address(array):
    return array.__array_interface__["data"][0]


def span(array):
    """The bytes from the lowest to the end of the highest element."""
    if array.size == 0:
        return address(array), address(array)
    reach = [(length - 1) * stride for length, stride in zip(array.shape, array.strides)]
    low = sum(step for step in reach if step < 0)
    high = sum(step for step in reach if step > 0)
    return address(array) + low, address(array) + high + array.itemsize


def elements(array):
    """The address of each element."""
    steps = [[i * s for i in range(n)] for n, s in zip(array.shape, array.strides)]
    return [address(array) + sum(step) for step in itertools.product(*steps)]


def owner(array):
    """What the numpy crate takes for the owner of the memory."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return id(array if array.base is None else array.base)


class Key:
    """What the numpy crate's table knows of an array."""

    def __init__(self, array):
        self.owner = owner(array)
        # An array without dimensions covers nothing there.
        self.span = span(array) if array.ndim else (address(array), address(array))
        self.address = address(array)
        self.gcd = math.gcd(*array.strides) if array.ndim else 1
        self.value = (self.owner, self.span, self.address, self.gcd)

    def conflicts(self, other):
        if self.owner != other.owner:
            return False
        if other.span[0] >= self.span[1] or self.span[0] >= other.span[1]:
            return False
        return (self.address - other.address) % math.gcd(self.gcd, other.gcd) == 0

    def __eq__(self, other):
        return self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __repr__(self):
        return f"{self.span[0]:#x}..{self.span[1]:#x} from {self.address:#x} by {self.gcd}"


class Table:
    """A table of the numpy crate's kind, which others are to find; it notes what is wrong."""

    FLAGS = 0x5EED

    def __init__(self, version=1):
        self.readers = Counter()
        self.writers = Counter()
        self.calls = []
        self.faults = []
        self.answer = None
        functions = [self.acquire, self.acquire_mut, self.release, self.release_mut]
        kinds = [kind for _, kind in Published._fields_[2:]]
        callbacks = [kind(self.noting(f)) for kind, f in zip(kinds, functions)]
        self.struct = Published(version, self.FLAGS, *callbacks)
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = py_object, [c_void_p, c_char_p, c_void_p]
        self.capsule = new(ctypes.addressof(self.struct), NAME, None)

    def publish(self):
        assert V1 not in vars(multiarray())
        setattr(multiarray(), V1, self.capsule)
        return self

    def noting(self, function):
        def call(flags, pointer):
            try:
                array = ctypes.cast(pointer, py_object).value
                assert flags == self.FLAGS, flags
                assert isinstance(array, np.ndarray), type(array)
                assert array.ndim > 0, "an array without dimensions"
                assert math.gcd(*array.strides) != 0, f"no divisor of {array.strides}"
                self.calls.append((function.__name__, Key(array)))
                return function(array)
            except BaseException as error:  # noqa: BLE001 - C cannot be given it
                self.faults.append(error)
                return CONFLICT if function.__name__.startswith("acquire") else None

        return call

    def acquire(self, array):
        if self.answer is not None:
            return self.answer
        key = Key(array)
        if any(key.conflicts(writer) for writer in self.writers):
            return CONFLICT
        self.readers[key] += 1
        return 0

    def acquire_mut(self, array):
        if not array.flags.writeable:
            return NOT_WRITEABLE
        if self.answer is not None:
            return self.answer
        key = Key(array)
        if any(key.conflicts(other) for other in (*self.writers, *self.readers)):
            return CONFLICT
        self.writers[key] += 1
        return 0

    def release(self, array):
        self.remove(self.readers, Key(array))

    def release_mut(self, array):
        self.remove(self.writers, Key(array))

    @staticmethod
    def remove(keys, key):
        assert key in keys, f"{key} was not acquired as it is released"
        keys[key] -= 1
        if not keys[key]:
            del keys[key]

    def held(self):
        """The keys that are held, to read and to write."""
        return list(self.readers), list(self.writers)

    def check(self):
        assert not self.faults, self.faults
        assert self.held() == ([], []), self.held()
        counts = Counter(name for name, _ in self.calls)
        assert counts["acquire"] >= counts["release"]
        assert counts["acquire_mut"] >= counts["release_mut"]


class Client:
    """A user of the table that is published, as a module on the numpy crate is."""

    def __init__(self):
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = c_void_p, [py_object, c_char_p]
        self.capsule = vars(multiarray())[V1]
        self.table = Found.from_address(pointer(self.capsule, NAME))
        assert self.table.version >= 1

    def acquire(self, array):
        return self.table.acquire(self.table.flags, id(array))

    def acquire_mut(self, array):
        return self.table.acquire_mut(self.table.flags, id(array))

    def release(self, array):
        self.table.release(self.table.flags, id(array))

    def release_mut(self, array):
        self.table.release_mut(self.table.flags, id(array))


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def load():
    import interop_npyo_a

    return interop_npyo_a


def refuses(module, access, array):
    return is_refused(lambda: getattr(module, f"hold_{access}")(array, nothing))


def some_arrays():
    """An array of each layout, by name."""
    line, table, cube = np.zeros(12), np.zeros((4, 6)), np.zeros((3, 4, 5))
    bytes_ = np.zeros(100, "u1")
    return {
        "one block": line,
        "one element": line[3:4],
        "a slice": line[2:7],
        "every third": line[1::3],
        "reversed": line[::-1],
        "every second, reversed": line[::-2],
        "two dimensions": table,
        "a row": table[1],
        "a column": table[:, 2],
        "a column of one channel": cube[:, 1:, 2],
        "a block": table[1:3, 2:5],
        "a block, transposed and reversed": table[::-1, 1:].T,
        "permuted": cube.transpose(2, 0, 1),
        "every second of each axis": cube[::2, ::2, ::2],
        "axes of one element": cube[:1, 2:3, ::-1],
        "one element of odd strides": strided(line, (1, 1), (3, -7), 16),
        "no dimensions": np.array(1.0),
        "no dimensions, within": table[2, 3, ...],
        "broadcast": strided(line, (4,), (0,), 8),
        "broadcast, two axes": strided(line, (4, 3), (0, 0), 16),
        "broadcast rows": strided(line, (4, 3), (0, 16), 8),
        "overlapping windows": strided(line, (4, 5), (8, 8)),
        "misaligned": strided(bytes_, (5,), (8,), 3),
        "odd strides": strided(bytes_, (5,), (12,), 4),
    }


# --- A table that was there before npyo -------------------------------------------------------


@scenario
def a_table_that_was_first_is_told_of_every_borrow():
    table = Table().publish()
    module = load()
    for (name, array), access in itertools.product(some_arrays().items(), ("read", "write")):

        def callback(name=name, array=array, access=access):
            assert not table.faults, (name, table.faults)
            readers, writers = table.held()
            keys, others = (readers, writers) if access == "read" else (writers, readers)
            assert keys and not others, f"{name}: {readers} to read, {writers} to write"
            assert {key.owner for key in keys} == {owner(array)}, f"{name}: another base"
            low, high = span(array)
            assert min(key.span[0] for key in keys) == low, f"{name}: {keys}"
            assert max(key.span[1] for key in keys) == high, f"{name}: {keys}"
            # Any array of the same base that starts at one of the elements is to conflict.
            for element in elements(array):
                reached = [
                    (element - key.address) % key.gcd == 0
                    for key in keys
                    if key.span[0] <= element and element + array.itemsize <= key.span[1]
                ]
                assert any(reached), f"{name}: {keys} miss {element:#x}"

        getattr(module, f"hold_{access}")(array, callback)
        table.check()


@scenario
def a_table_that_was_first_is_told_as_it_was_when_the_metadata_changes():
    table = Table().publish()
    module = load()
    changes = {
        "shape": lambda array: setattr(array, "shape", (3, 2)),
        "strides": lambda array: setattr(array, "strides", (0,)),
        "dtype": lambda array: setattr(array, "dtype", "f4"),
        "flags": lambda array: array.setflags(write=False),
    }
    base = np.zeros(12)
    for change, access in itertools.product(changes.values(), ("read", "write")):
        array = base[2:8]
        before = span(array)

        def callback(change=change, array=array, before=before):
            change(array)
            (key,) = {key for keys in table.held() for key in keys}
            assert key.span == before

        getattr(module, f"hold_{access}")(array, callback)
        table.check()


@scenario
def a_table_that_was_first_is_told_of_guards_that_change():
    table = Table().publish()
    module = load()
    array = np.zeros(5)
    module.hold_two_readers(array, lambda: assert_held(table, 1, 0))
    table.check()
    module.hold_nonwriteable(array, lambda: assert_held(table, 1, 0))
    table.check()

    def resized(array):
        assert_held(table, 0, 1)
        ((key,), *_) = [keys for keys in table.held() if keys]
        assert key.span == span(array)

    module.hold_resized(resized)
    table.check()


def assert_held(table, readers, writers):
    held = tuple(len(keys) for keys in table.held())
    assert held == (readers, writers), held


@scenario
def a_table_that_was_first_can_refuse_a_borrow():
    table = Table().publish()
    module = load()
    array = np.zeros(5)
    for access in ("read", "write"):
        table.answer = CONFLICT
        assert refuses(module, access, array)
        table.answer = NOT_WRITEABLE
        assert fails(lambda: getattr(module, f"hold_{access}")(array, nothing))  # noqa: B023
        table.answer = None
        # What was refused there is not held by npyo either.
        assert not refuses(module, "write", array)
        table.check()
    taken = array[1:3]
    assert table.acquire(taken) == 0
    assert refuses(module, "write", array)
    assert not refuses(module, "read", array)
    assert not refuses(module, "write", array[3:])
    table.release(taken)
    assert table.acquire_mut(taken) == 0
    assert refuses(module, "write", array)
    assert refuses(module, "read", array)
    assert not refuses(module, "read", array[:1])
    table.release_mut(taken)
    assert not refuses(module, "write", array)
    table.check()


def fails(function):
    try:
        function()
    except (RuntimeError, TypeError, ValueError):
        return True
    return False


@scenario
def a_table_that_was_first_is_told_of_no_byte_of_an_array_without_elements():
    table = Table().publish()
    module = load()
    for array in (np.zeros(0), np.zeros((3, 0, 2)), np.zeros(5)[2:2]):
        for access in ("read", "write"):

            def callback():
                assert all(key.span[0] == key.span[1] for keys in table.held() for key in keys)

            getattr(module, f"hold_{access}")(array, callback)
            table.check()


@scenario
def a_table_that_was_first_does_not_stop_npyo_from_comparing_its_own_borrows():
    table = Table().publish()
    module = load()
    buffer = bytearray(80)
    one, other = np.frombuffer(buffer), np.frombuffer(buffer)
    assert owner(one) != owner(other), "the table would see this conflict"
    assert module.hold_write(one, lambda: refuses(module, "read", other[2:]))
    assert module.hold_read(one[:3], lambda: refuses(module, "write", other))
    assert not module.hold_write(one[:3], lambda: refuses(module, "write", other[3:]))
    image = np.zeros((4, 6, 3))
    assert not module.hold_write(image[..., 0], lambda: refuses(module, "write", image[..., 1]))
    table.check()


@scenario
def a_table_of_a_later_version_is_used_as_one_of_version_1():
    table = Table(version=2).publish()
    module = load()
    array = np.zeros(5)
    module.hold_read(array, lambda: assert_held(table, 1, 0))
    module.hold_write(array, lambda: assert_held(table, 0, 1))
    table.check()


@scenario
def a_table_that_was_first_stays():
    table = Table().publish()
    module = load()
    module.write(np.zeros(5), 1.0)
    assert vars(multiarray())[V1] is table.capsule


@scenario
def a_table_that_comes_between_import_and_first_borrow_is_seen():
    # Unless npyo has published its own by then.
    module = load()
    if V1 in vars(multiarray()):
        return
    table = Table().publish()
    array = np.zeros(5)
    module.hold_read(array, lambda: assert_held(table, 1, 0))
    table.check()


# --- npyo's table -----------------------------------------------------------------------------


def npyo_and_client():
    module = load()
    module.write(np.zeros(5), 1.0)
    return module, Client()


@scenario
def others_are_seen_by_npyo_and_npyo_by_others():
    module, client = npyo_and_client()
    for name, array in some_arrays().items():
        assert client.acquire(array) == 0, name
        assert not refuses(module, "read", array), name
        assert refuses(module, "write", array), name
        client.release(array)
        assert client.acquire_mut(array) == 0, name
        assert refuses(module, "read", array), name
        assert refuses(module, "write", array), name
        client.release_mut(array)
        assert not refuses(module, "write", array), name

        def try_both(name=name, array=array, acquire=0):
            assert client.acquire(array) == acquire, name
            if acquire == 0:
                client.release(array)
            assert client.acquire_mut(array) == CONFLICT, name

        module.hold_read(array, try_both)
        module.hold_write(array, lambda: try_both(acquire=CONFLICT))
        assert client.acquire_mut(array) == 0, name
        client.release_mut(array)


@scenario
def others_are_seen_by_others():
    _, client = npyo_and_client()
    array = np.zeros(10)
    one, other, apart = array[:6], array[4:], array[6:]
    assert [client.acquire(one), client.acquire(other), client.acquire(one)] == [0, 0, 0]
    assert client.acquire_mut(one) == client.acquire_mut(apart) == CONFLICT
    client.release(other)
    assert client.acquire_mut(apart) == 0
    assert client.acquire(other) == client.acquire(apart) == CONFLICT
    client.release(one)
    assert client.acquire_mut(one) == CONFLICT
    client.release(one)
    assert client.acquire_mut(one) == 0
    client.release_mut(apart)
    client.release_mut(one)
    assert client.acquire_mut(array) == 0
    client.release_mut(array)
    bytes_ = np.zeros(32, "u1")
    halves = [strided(bytes_, (3,), (0,), 8), strided(bytes_, (3,), (0,), 12)]
    assert [client.acquire(half) for half in halves] == [0, 0]
    assert client.acquire_mut(bytes_) == CONFLICT
    for half in halves:
        client.release(half)
    assert [client.acquire_mut(half) for half in halves] == [0, CONFLICT]
    client.release_mut(halves[0])


@scenario
def arrays_of_any_dtype_can_be_borrowed_by_others():
    module, client = npyo_and_client()
    record = np.zeros(4, [("byte", "u1"), ("float", "f8"), ("object", "O")])
    for array in (record, record["object"], np.zeros(3, "M8[s]"), np.zeros(4, "S5")):
        assert client.acquire_mut(array) == 0
        assert client.acquire(array) == CONFLICT
        client.release_mut(array)
    held = record["object"]
    assert client.acquire_mut(held) == 0
    assert not refuses(module, "write", record["float"])
    client.release_mut(held)
    complex_ = np.zeros(4, "c16")
    assert client.acquire_mut(complex_) == 0
    assert refuses(module, "read", complex_.imag)
    client.release_mut(complex_)
    assert not refuses(module, "write", complex_.imag)


@scenario
def a_read_only_array_is_not_lent_to_others_to_write():
    module, client = npyo_and_client()
    array = np.zeros(5)
    array.flags.writeable = False
    assert client.acquire_mut(array) == NOT_WRITEABLE
    assert client.acquire(array) == 0
    client.release(array)
    array.flags.writeable = True
    assert not refuses(module, "write", array)


@scenario
def others_may_release_an_array_whose_metadata_changed():
    module, client = npyo_and_client()
    base = np.zeros(20)
    changes = [
        ("shape", (3, 2)),
        ("strides", (24,)),
        ("dtype", "u1"),
        ("dtype", "c16"),
    ]
    for (name, value), mut in itertools.product(changes, (False, True)):
        array = base[2:8]
        assert (client.acquire_mut if mut else client.acquire)(array) == 0
        setattr(array, name, value)
        assert refuses(module, "write", base[2:3])
        assert refuses(module, "write", base[7:])
        assert not refuses(module, "write", base[8:])
        (client.release_mut if mut else client.release)(array)
        assert not refuses(module, "write", base), name
    # The same object twice, as two arrays.
    array = base[:4]
    assert client.acquire(array) == 0
    array.strides = (16,)
    assert client.acquire(array) == 0
    assert refuses(module, "write", base[1:2])
    assert refuses(module, "write", base[6:])
    client.release(array)
    client.release(array)
    assert not refuses(module, "write", base)
    array.flags.writeable = False
    assert client.acquire_mut(array) == NOT_WRITEABLE


@scenario
def many_borrows_of_others_come_and_go():
    module, client = npyo_and_client()
    base = np.zeros((500, 2))
    rows = [base[row] for row in range(len(base))]
    for row in rows:
        assert client.acquire_mut(row) == 0
    assert refuses(module, "read", base[-1:])
    for row in rows[::2] + rows[1::2]:
        assert refuses(module, "read", row)
        client.release_mut(row)
        assert not refuses(module, "write", row)
    for _ in range(10_000):
        assert client.acquire(base) == 0
        client.release(base)
    for _ in range(1000):
        assert client.acquire(base) == 0
    assert refuses(module, "write", base)
    for _ in range(1000):
        client.release(base)
    assert not refuses(module, "write", base)


@scenario
def the_table_that_npyo_publishes_stays():
    _, client = npyo_and_client()
    import interop_npyo_b

    interop_npyo_b.write(np.zeros(5), 1.0)
    assert vars(multiarray())[V1] is client.capsule


def main():
    # What newer versions of NumPy say of an array's shape that is set.
    warnings.simplefilter("ignore")
    SCENARIOS[sys.argv[1]]()
    print("finished")


if __name__ == "__main__":
    main()
