"""A hundred record types, whose layout Python computes by itself, and random records of them."""

import ctypes
import gc
import sys

import npyo_pytests as m
import numpy as np
import pytest
from support import NUMPY, raises

# By the code of a type, what C calls it.
C_TYPES = {
    "?": ctypes.c_bool,
    "i1": ctypes.c_int8,
    "i2": ctypes.c_int16,
    "i4": ctypes.c_int32,
    "i8": ctypes.c_int64,
    "u1": ctypes.c_uint8,
    "u2": ctypes.c_uint16,
    "u4": ctypes.c_uint32,
    "u8": ctypes.c_uint64,
    "f2": ctypes.c_uint16,
    "f4": ctypes.c_float,
    "f8": ctypes.c_double,
    "c8": ctypes.c_float * 2,
    "c16": ctypes.c_double * 2,
    "S5": ctypes.c_char * 5,
    "U3": ctypes.c_uint32 * 3,
    "M8[ns]": ctypes.c_int64,
    "m8[s]": ctypes.c_int64,
    "O": ctypes.py_object,
}


class Layout:
    """What C's rules, and ctypes, make of the description of a type."""

    def __init__(self, of):
        self.leaf = self.item = None
        self.fields = {}
        self.values = None
        self.is_aligned = False
        if isinstance(of, str):
            self.of_leaf(of)
        elif of[0] == "enum":
            self.of_leaf(of[1])
            self.values = of[2]
        elif of[0] == "array":
            self.len, self.item = of[1], Layout(of[2])
            self.size, self.align = self.len * self.item.size, self.item.align
            self.c_type = self.item.c_type and self.item.c_type * self.len
            inner = self.item.dtype
            self.dtype = np.dtype((inner.base, (self.len, *inner.shape)))
        else:
            self.of_struct(*of[1:])

    def of_leaf(self, code):
        self.leaf = np.dtype(code)
        self.c_type = C_TYPES[code]
        self.size, self.align = ctypes.sizeof(self.c_type), ctypes.alignment(self.c_type)
        self.dtype = self.leaf

    def of_struct(self, fields, pack, align):
        end, self.align = 0, max(align, 1)
        for name, field in zip("abc", map(Layout, fields)):
            field_align = min(field.align, pack or field.align)
            self.align = max(self.align, field_align)
            offset = -(-end // field_align) * field_align
            self.fields[name] = (offset, field)
            end = offset + field.size
        self.size = -(-end // self.align) * self.align
        self.is_aligned = pack == 0
        self.dtype = np.dtype(
            {
                "names": list(self.fields),
                "formats": [field.dtype for _, field in self.fields.values()],
                "offsets": [offset for offset, _ in self.fields.values()],
                "itemsize": self.size,
            }
        )
        c_fields = [(name, field.c_type) for name, (_, field) in self.fields.items()]
        self.c_type = None
        # Before 3.13, ctypes knows no alignment beyond that of the fields.
        if align == 0 and all(c_type for _, c_type in c_fields):
            members = {"_fields_": c_fields}
            if pack:
                members = {"_pack_": pack, "_layout_": "ms", **members}
            self.c_type = type("Struct", (ctypes.Structure,), members)

    def check(self, dtype):
        """Whether a dtype of npyo's is the same."""
        if self.item is not None:
            item, shape = self, []
            while item.item is not None:
                shape.append(item.len)
                item = item.item
            base, found = dtype.subdtype
            assert found == tuple(shape)
            item.check(base)
        elif self.leaf is not None:
            assert dtype == self.leaf
        else:
            assert dtype.names == tuple(self.fields)
            assert (dtype.itemsize, dtype.isalignedstruct) == (self.size, self.is_aligned)
            for name, (offset, field) in self.fields.items():
                assert dtype.fields[name][1] == offset
                field.check(dtype.fields[name][0])
        assert dtype.itemsize == self.size

    def used(self, offset=0):
        """The bytes that belong to a value."""
        if self.leaf is not None:
            return set(range(offset, offset + self.size))
        if self.item is not None:
            return set().union(
                *(self.item.used(offset + i * self.item.size) for i in range(self.len))
            )
        return set().union(*(field.used(offset + at) for at, field in self.fields.values()))

    def leaves(self, array):
        """Each part that is no record, as a view of the whole array."""
        if self.item is not None:
            yield from self.item.leaves(array)
        elif self.leaf is not None:
            yield self, array
        else:
            for name, (_, field) in self.fields.items():
                yield from field.leaves(array[name])


def description(of):
    return eval(of, {})


TYPES = {name: (Layout(description(of)), *rest) for name, (of, *rest) in m.layouts.items()}

every_type = pytest.mark.parametrize("name", TYPES)

OBJECTS = [object(), "text of its own", 2.5, [1], ("tuple",), 10**30]


def fill(layout, array, random):
    """Sets every part of every record to a random value: any bits, where any bits are a value."""
    for leaf, view in layout.leaves(array):
        kind, shape = leaf.dtype.kind, view.shape
        if leaf.values:
            view[...] = random.choice(np.array(leaf.values, leaf.dtype), shape)
        elif kind == "O":
            view[...] = random.choice(np.array([*OBJECTS, None], object), shape)
        elif kind == "b":
            view[...] = random.randint(0, 2, shape).astype(bool)
        elif kind == "U":
            points = random.choice(np.array([0, 65, 0xD800, 0x10FFFF], "u4"), (*shape, 3))
            view[...] = points.view(leaf.dtype)[..., 0]
        else:
            bits = random.randint(0, 256, (*shape, leaf.size)).astype("u1")
            view[...] = bits.view(leaf.dtype)[..., 0]


def addresses(array):
    """Where each of the records of a one-dimensional array is."""
    return [array.ctypes.data + i * array.strides[0] for i in range(len(array))]


def soil(layout, array):
    """Fills the bytes between the fields, as NumPy would not."""
    gaps = sorted(set(range(layout.size)) - layout.used())
    for address in addresses(array):
        for gap in gaps:
            ctypes.memset(address + gap, 0xAA, 1)


def memory(array):
    """The bytes of each record, as they lie in memory."""
    return [ctypes.string_at(address, array.itemsize) for address in addresses(array)]


def clean(layout, records):
    """The same with all bytes between the fields zero."""
    used = layout.used()
    return [bytes(byte if i in used else 0 for i, byte in enumerate(record)) for record in records]


def arrays(layout, dtype, random):
    """Arrays of random records in several layouts, and whether Rust can see them where they are."""
    contiguous = np.zeros(7, dtype)
    packed = np.zeros(5, np.dtype([("before", "u1"), ("field", dtype)]))["field"]
    for array in [contiguous, np.zeros(12, dtype)[1::3], np.zeros(5, dtype)[::-2], packed]:
        fill(layout, array, random)
        soil(layout, array)
        is_apart = array.strides[0] % layout.size == 0
        yield array, is_apart and array.ctypes.data % layout.align == 0


def random_of(name):
    return np.random.RandomState(sum(name.encode()))


@every_type
def test_the_layout_is_that_of_c(name):
    layout, size, align, call = TYPES[name]
    assert (layout.size, layout.align) == (size, align)
    if layout.c_type:
        assert (size, align) == (ctypes.sizeof(layout.c_type), ctypes.alignment(layout.c_type))
        for field, (offset, _) in layout.fields.items():
            assert getattr(layout.c_type, field).offset == offset
    layout.check(call("dtype"))
    if layout.is_aligned and not any(fields in name for fields in ("P", "H", "W")):
        # NumPy's own rules; what it aligns to is otherwise not what Rust does.
        spec = [(key, call("dtype").fields[key][0]) for key in layout.fields]
        assert np.dtype(spec, align=True) == call("dtype")


@every_type
def test_random_records_make_every_round_trip(name):
    layout, _, _, call = TYPES[name]
    random = random_of(name)
    counts = [sys.getrefcount(thing) for thing in OBJECTS]
    # The dtype that Python computed, and Rust's own.
    for dtype in (layout.dtype, call("dtype")):
        for array, is_seen in arrays(layout, dtype, random):
            before = memory(array)
            wanted = clean(layout, before)
            for way in ["to_vec", "items", "iter", "view", "slice", "like"]:
                if way in ("view", "slice", "like") and not is_seen:
                    with pytest.raises(ValueError, match="misaligned|strides"):
                        call(way, array)
                elif way == "slice" and array.strides[0] != layout.size:
                    with raises(ValueError, "not contiguous"):
                        call(way, array)
                else:
                    got = call(way, array)
                    assert got.dtype == call("dtype")
                    assert memory(got) == wanted, way
            # What was only read is as it was, padding included.
            assert memory(array) == before
            one = np.array(call("scalar", call("to_vec", array[2:3]).reshape(())))
            assert memory(one.reshape(1)) == wanted[2:3]

            call("set first to last", array)
            wanted[0] = wanted[-1]
            assert memory(array)[0] == wanted[0]
            assert clean(layout, memory(array)) == wanted
            if is_seen:
                soil(layout, array)
                call("reverse", array)
                assert memory(array) == wanted[::-1]
    del array, before, got, one
    gc.collect()
    assert [sys.getrefcount(thing) for thing in OBJECTS] == counts


def other_way_round(layout, dtype):
    """The fields in reverse order, numbers byte-swapped, with one more at each level."""
    if layout.item is not None:
        base, shape = dtype.subdtype
        item = layout
        while item.item is not None:
            item = item.item
        return np.dtype((other_way_round(item, base), shape))
    if layout.leaf is not None:
        return dtype.newbyteorder()
    spec = [("more", "u1")]
    for name, (_, field) in reversed(list(layout.fields.items())):
        spec.append((name, other_way_round(field, dtype.fields[name][0])))
    return np.dtype(spec)


def copy_by_name(layout, source, target):
    if layout.item is not None:
        copy_by_name(layout.item, source, target)
    elif layout.leaf is not None:
        target[...] = source
    else:
        for name, (_, field) in layout.fields.items():
            copy_by_name(field, source[name], target[name])


def without_nan(layout, array):
    """NumPy swaps bytes, and converts lists, by way of values, of which NaN has many."""
    for leaf, view in layout.leaves(array):
        if leaf.dtype.kind in "fc":
            view[...] = np.arange(view.size, dtype="f4").reshape(view.shape).astype(leaf.dtype)
        elif leaf.dtype.kind in "US":
            view[...] = "a"
        elif leaf.dtype.kind in "mM":
            view[...] = np.arange(view.size).reshape(view.shape).astype(leaf.dtype)


@every_type
def test_fields_are_found_by_their_names(name):
    layout, _, _, call = TYPES[name]
    for array, _ in arrays(layout, layout.dtype, random_of(name)):
        without_nan(layout, array)
        turned = np.zeros(len(array), other_way_round(layout, layout.dtype))
        copy_by_name(layout, array, turned)
        assert memory(call("like", turned)) == clean(layout, memory(array))
        assert memory(call("like", turned[::-1])) == clean(layout, memory(array[::-1]))


def plain(layout, value):
    """What a user would write for a value: records as tuples."""
    if layout.item is not None:
        return [plain(layout.item, item) for item in value]
    if layout.leaf is not None:
        is_object = layout.dtype.kind == "O"
        return value if is_object or not hasattr(value, "item") else value.item()
    return tuple(plain(field, value[name]) for name, (_, field) in layout.fields.items())


def named(layout, value):
    """The same with a dict for every record."""
    if layout.item is not None:
        return [named(layout.item, item) for item in value]
    if layout.leaf is not None:
        return plain(layout, value)
    return {name: named(field, value[name]) for name, (_, field) in layout.fields.items()}


@every_type
def test_tuples_and_dicts_become_records(name):
    layout, _, _, call = TYPES[name]
    if any(leaf.dtype.kind in "mM" for leaf, _ in layout.leaves(np.zeros(1, layout.dtype))):
        pytest.skip("nanoseconds and timedelta64 have no values of their own in Python")
    array = np.zeros(3, layout.dtype)
    fill(layout, array, random_of(name))
    without_nan(layout, array)
    wanted = clean(layout, memory(array))
    for make in (plain, named):
        values = [make(layout, record) for record in array]
        assert memory(call("like", values)) == wanted
        one = np.array(call("scalar", values[1]))
        assert memory(one.reshape(1)) == wanted[1:2]
    assert memory(call("like", list(array))) == wanted


@every_type
def test_another_offset_name_type_or_size_is_refused(name):
    layout, _, _, call = TYPES[name]
    dtype = call("dtype")
    formats = [dtype.fields[key][0] for key in dtype.names]
    offsets = [dtype.fields[key][1] for key in dtype.names]

    def changed(**change):
        spec = {"names": list(dtype.names), "formats": formats, "offsets": offsets}
        return np.dtype({**spec, "itemsize": dtype.itemsize, **change})

    same = np.zeros(2, changed())
    fill(layout, same, random_of(name))
    assert len(call("to_vec", same)) == 2
    wrong = [
        changed(names=["z", *dtype.names[1:]]),
        changed(itemsize=dtype.itemsize + 1),
        changed(formats=[*formats[:-1], np.dtype(("V", formats[-1].itemsize))]),
    ]
    if not dtype.hasobject:
        wrong.append(changed(offsets=[*offsets[:-1], offsets[-1] + 1], itemsize=dtype.itemsize + 1))
    if len(formats) > 1:
        wrong.append(changed(names=dtype.names[::-1]))
    if len(formats) > 1 and formats[0] != formats[-1]:
        wrong.append(changed(names=[*dtype.names[::-1]]))
    for other in wrong:
        for way in ("to_vec", "view", "items"):
            with pytest.raises(TypeError):
                call(way, np.zeros(2, other))


def test_there_are_many_types():
    assert len(TYPES) >= 100
    assert NUMPY >= (1, 21)
