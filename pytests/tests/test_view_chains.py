"""Views of one buffer by random chains of NumPy's operations, borrowed as their bytes allow.

What is expected is found by brute force: the set of the bytes of every view, one by one.
"""

import collections
import functools
import itertools
import os
import random
import time

import npyo_pytests as m
import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

STRESS = "NPYO_STRESS" in os.environ
SEED = time.time_ns() // 1000 if STRESS else 2024
CASES = 20 if STRESS else 1

FAMILIES = {
    np.dtype(dtype): getattr(m, name)
    for name, dtype in {
        "u8": "u1",
        "i16": "i2",
        "i32": "i4",
        "i64": "i8",
        "f32": "f4",
        "f64": "f8",
        "c32": "c8",
        "c64": "c16",
        "bytes3": "S3",
        "bytes8": "S8",
    }.items()
}
RECORDS = [
    np.dtype([("a", "u1"), ("b", "f8")]),
    np.dtype([("a", "i2"), ("b", "f8"), ("c", "u1")], align=True),
    np.dtype([("x", "f4", (3,)), ("y", "i4")]),
    np.dtype([("inner", [("z", "c16"), ("n", "i2")]), ("k", "i2", (2, 2)), ("s", "S3")]),
]
MOST_AXES = 9


class View:
    """An array, how it came about, and which bytes it has."""

    def __init__(self, array, text, origin, is_plain=True):
        self.array = array
        self.text = text
        self.origin = origin
        # Made of its origin by slices, indices, transposes, fields and parts of complex numbers.
        self.is_plain = is_plain

    def measure(self, buffer):
        array = self.array
        self.functions = FAMILIES[array.dtype]
        self.addresses = np.array([array.__array_interface__["data"][0]])
        for length, stride in zip(array.shape, array.strides):
            self.addresses = np.add.outer(self.addresses, stride * np.arange(length)).reshape(-1)
        offsets = self.addresses - buffer.__array_interface__["data"][0]
        offsets = np.add.outer(offsets, np.arange(array.itemsize)).reshape(-1)
        assert offsets.size == 0 or 0 <= offsets.min() <= offsets.max() < buffer.size, self.text
        found = np.zeros(buffer.size, bool)
        found[offsets] = True
        self.overlaps_itself = bool(found.sum() != array.nbytes)
        # As one long number.
        self.bytes = int.from_bytes(np.packbits(found).tobytes(), "big")

    def shares_bytes_with(self, other):
        return self.bytes & other.bytes != 0

    def meets_span_of(self, other):
        if self.bytes == 0 or other.bytes == 0:
            return False
        (start, end), (other_start, other_end) = span(self.array), span(other.array)
        return start < other_end and other_start < end

    def is_exact_with(self, other):
        """Whether npyo has to find out exactly what the two share."""
        return all(
            [
                self.is_plain and other.is_plain,
                self.origin == other.origin,
                max(self.array.ndim, other.array.ndim) <= 4,
            ]
        )

    def __str__(self):
        array = self.array
        return f"{self.text}\n    {array.dtype}, shape {array.shape}, strides {array.strides}"


# --- Chains ---------------------------------------------------------------------------------


def span(array):
    """The addresses of the first byte and after the last."""
    reach = [(length - 1) * stride for length, stride in zip(array.shape, array.strides)]
    start = array.__array_interface__["data"][0]
    low = start + sum(step for step in reach if step < 0)
    return low, start + sum(step for step in reach if step > 0) + array.itemsize


def is_within(array, buffer):
    low, high = span(array)
    start, end = span(buffer)
    return array.size == 0 or start <= low and high <= end


def random_slice(choose, length):
    step = choose.choice([1, 1, 1, 2, 3, 5, -1, -2, -3])
    if choose.random() < 0.3:
        return slice(None, None, step)
    ends = sorted(choose.randint(0, length) for _ in range(2))
    if ends[0] == ends[1] and choose.random() < 0.9:
        ends = [0, length]
    if step > 0:
        return slice(*ends, step)
    start, stop = ends[1] - 1, ends[0] - 1
    return slice(None if start < 0 else start, None if stop < 0 else stop, step)


def subscript(array, key):
    """`array[key]`, and as text."""
    words = []
    for item in key:
        if isinstance(item, slice):
            parts = ("" if x is None else str(x) for x in (item.start, item.stop, item.step))
            words.append(":".join(parts))
        else:
            words.append("..." if item is ... else str(item))
    return array[key], f"[{', '.join(words)}]"


def slices(choose, array):
    return subscript(array, (*(random_slice(choose, length) for length in array.shape), ...))


def an_index(choose, array):
    axis = choose.randrange(array.ndim)
    length = array.shape[axis]
    index = choose.randrange(-length, length)
    return subscript(array, (*[slice(None)] * axis, index, ...))


def a_column(choose, array):
    """All but one axis indexed, so that neighbouring elements belong to other columns."""
    kept = choose.randrange(array.ndim)
    key = [choose.randrange(length) for length in array.shape]
    key[kept] = random_slice(choose, array.shape[kept])
    return subscript(array, (*key, ...))


def new_axis(choose, array):
    axis = choose.randint(0, array.ndim)
    return subscript(array, (*[slice(None)] * axis, None, ...))


def transposed(choose, array):
    axes = choose.sample(range(array.ndim), array.ndim)
    return array.transpose(axes), f".transpose({axes})"


def moved(choose, array):
    axes = choose.randrange(array.ndim), choose.randrange(array.ndim)
    return np.moveaxis(array, *axes), f".moveaxis{axes}"


def a_field(choose, array):
    name = choose.choice(array.dtype.names)
    return array[name], f"[{name!r}]"


def a_part(choose, array):
    part = choose.choice(["real", "imag"])
    return getattr(array, part), f".{part}"


def two_fields(choose, array):
    names = choose.sample(array.dtype.names, 2)
    return array[names], f"[{names!r}]"


def reshaped(choose, array):
    size, shape = array.size, []
    for divisor in (2, 3, 2, 5):
        if size and size % divisor == 0 and choose.random() < 0.5:
            shape.append(divisor)
            size //= divisor
    shape.insert(choose.randint(0, len(shape)), size)
    return array.reshape(shape), f".reshape({shape})"


def broadcast(choose, array):
    shape = [choose.randint(1, 3) if length == 1 else length for length in array.shape]
    if choose.random() < 0.5:
        shape.insert(0, choose.randint(0, 3))
    view = np.broadcast_to(array, shape)
    view.flags.writeable = True
    return view, f".broadcast_to({shape})"


def any_strides(choose, array):
    shape = [choose.choice([1, 2, 2, 3, 4, 7]) for _ in range(choose.randint(0, 4))]
    unit = choose.choice([1, array.itemsize, array.itemsize])
    bounds = choose.choice([(-12, 24), (1, 5)])
    strides = [unit * choose.randint(*bounds) for _ in shape]
    view = as_strided(array, shape, strides)
    return view, f".as_strided({shape}, {strides})"


def many_axes(choose, array):
    """Axes of length two with strides that no slice has, so that a footprint has to merge some."""
    strides = sorted(choose.sample(range(1, 40), choose.randint(6, 7)))
    strides = [array.itemsize * stride for stride in strides]
    shape = [2] * len(strides)
    return as_strided(array, shape, strides), f".as_strided({shape}, {strides})"


def windows(choose, array):
    axis = choose.randrange(array.ndim)
    width = choose.randint(1, array.shape[axis])
    view = sliding_window_view(array, width, axis=axis, writeable=True)
    return view, f".sliding_window_view({width}, axis={axis})"


def diagonal(_, array):
    return np.einsum("...ii->...i", array), ".einsum('...ii->...i')"


def another_dtype(choose, array):
    dtype = choose.choice([*FAMILIES, *RECORDS])
    return array.view(dtype), f".view({dtype})"


def has_elements(array):
    return array.ndim > 0 and array.size > 0


PLAIN = [
    (slices, lambda a: a.ndim > 0),
    (slices, lambda a: a.ndim > 0),
    (an_index, has_elements),
    (a_column, lambda a: a.ndim > 1 and a.size > 0),
    (transposed, lambda a: a.ndim > 1),
    (moved, lambda a: a.ndim > 1),
    (a_field, lambda a: a.dtype.names),
    (a_part, lambda a: a.dtype.kind == "c"),
]
OTHERS = [
    (new_axis, lambda a: True),
    (two_fields, lambda a: a.dtype.names and len(a.dtype.names) > 1),
    (reshaped, lambda a: True),
    (broadcast, lambda a: True),
    (any_strides, lambda a: True),
    (many_axes, lambda a: not a.dtype.names),
    (windows, has_elements),
    (diagonal, lambda a: a.ndim > 1 and a.shape[-1] == a.shape[-2] and not a.dtype.names),
    # Older releases look at contiguity, the others at the last axis.
    (another_dtype, lambda a: a.ndim > 0 and a.flags.c_contiguous),
    (another_dtype, lambda a: a.ndim > 0 and a.flags.c_contiguous),
]


# What they leave in the text of a view.
STEPS = ["[:", ", ...]", "None", ".transpose", ".moveaxis", "['", ".real", ".imag", "[['"]
STEPS += [".reshape", ".broadcast_to", ".as_strided", ".sliding_window_view", ".einsum", ".view("]


def step(choose, view, buffer, steps):
    """A view of a view, by one of these steps if it can be made, else the view itself."""
    array = view.array
    make, applies = choose.choice(steps)
    if not applies(array):
        return view
    try:
        made, text = make(choose, array)
    except ValueError:
        # Only the dtype asked for may not fit.
        assert make is another_dtype, f"{view}\n{make.__name__}"
        return view
    # What has no elements may have any address; a reshape may be a copy.
    is_small = made.ndim <= MOST_AXES and made.nbytes <= 1000 + buffer.nbytes
    if not is_small or not is_within(made, buffer):
        return view
    is_plain = view.is_plain and any(make is plain for plain, _ in PLAIN)
    return View(made, view.text + text, view.origin, is_plain)


def chain(choose, origin, buffer):
    """A view that is some steps away from its origin, of a dtype that there are functions for."""
    view = origin
    steps = PLAIN if choose.random() < 0.5 else PLAIN + OTHERS
    for _ in range(choose.randint(0, 6)):
        view = step(choose, view, buffer, steps)
    while view.array.dtype not in FAMILIES:
        record, view = view, step(choose, view, buffer, [(a_field, lambda a: True)])
        if view is record:
            # A field that is an array would have too many axes.
            return chain(choose, origin, buffer)
    view.measure(buffer)
    return view


def origins(choose, buffer):
    """Arrays over the whole buffer or some of it, contiguous in C order."""
    for number in range(choose.randint(1, 3)):
        dtype = choose.choice([*FAMILIES, *RECORDS, *RECORDS])
        offset = choose.choice([0, 0, 0, 8, choose.randrange(buffer.size // 2)])
        size = (buffer.size - offset) // dtype.itemsize
        shape = []
        for _ in range(choose.randint(0, 3)):
            length = choose.randint(1, max(1, min(size, round(buffer.size**0.4))))
            shape.append(length)
            size //= length
        shape.insert(choose.randint(0, len(shape)), min(size, choose.choice([size, 5])))
        array = np.ndarray(shape, dtype, buffer, offset)
        yield View(array, f"np.ndarray({shape}, {dtype}, buffer, {offset})", number)


def case(seed, count):
    """Views of one buffer."""
    choose = random.Random(seed)
    length = choose.choice([48, 200, 200, 1000, 1000, 1000, 60_000])
    buffer = np.zeros(length, "u1")
    starts = list(origins(choose, buffer))
    return choose, [chain(choose, choose.choice(starts), buffer) for _ in range(count)]


def cases(count, views):
    print(f"\nseeds from {SEED} on")
    for seed in range(SEED, SEED + count * CASES):
        yield seed, *case(seed, views)


# --- Tests ----------------------------------------------------------------------------------


class Tally:
    """What was decided, and how often needlessly so."""

    def __init__(self):
        self.counts = collections.Counter()
        # How many views were apart from others in whose span they begin or end.
        self.entwined = 0

    def judge(self, granted, seed, wanted, held):
        """Judges one decision, about a view beside those that conflict unless they are apart."""
        clear = not any(wanted.shares_bytes_with(other) for other in held)
        self.counts[granted, clear] += 1
        if clear and any(wanted.meets_span_of(other) for other in held):
            self.entwined += 1
        if granted == clear:
            return
        exact = all(wanted.is_exact_with(other) for other in held)
        assert clear and not exact, "\n  ".join(
            [
                f"seed {seed}: {'granted' if granted else 'refused'}, which is wrong:",
                str(wanted),
                "while these are borrowed:",
                *map(str, held),
            ]
        )

    def needless(self):
        """The part of the refusals that are needless, among all that could be granted."""
        return self.counts[False, True] / (self.counts[False, True] + self.counts[True, True])

    def __str__(self):
        return (
            f"{sum(self.counts.values())} decisions: {self.counts[True, True]} granted, "
            f"{self.counts[False, False]} refused, "
            f"{self.counts[False, True]} refused needlessly ({100 * self.needless():.2f} %); "
            f"{self.entwined} about views that are apart within each other's span"
        )


def test_two_views_are_borrowed_at_once_if_they_share_no_byte():
    tally, exact = Tally(), Tally()

    def decide(seed, views, held, is_written):
        for view in views:
            tallies = [tally, exact] if view.is_exact_with(held) else [tally]
            may_read = view.functions.may_read(view.array)
            may_write = view.functions.may_write(view.array)
            for each in tallies:
                each.judge(may_write, seed, view, [held])
                if is_written:
                    each.judge(may_read, seed, view, [held])
            assert is_written or may_read, f"seed {seed}: a reader hinders another\n{view}\n{held}"

    for seed, _, views in cases(400, 16):
        for held in views:
            beside_it = functools.partial(decide, seed, views, held)
            held.functions.while_read(held.array, functools.partial(beside_it, False))
            held.functions.while_written(held.array, functools.partial(beside_it, True))
    print(f"views of all kinds: {tally}\nslices of one array: {exact}")
    assert exact.needless() == 0
    assert tally.needless() < 0.02
    assert exact.entwined > 1000


def test_one_more_view_is_borrowed_beside_many_if_it_conflicts_with_none():
    tally = Tally()

    def more(seed, choose, views, readers, writers, depth):
        for _ in range(12):
            view, is_written = choose.choice(views), choose.random() < 0.5
            held = readers + writers if is_written else writers
            functions = view.functions
            granted = (functions.may_write if is_written else functions.may_read)(view.array)
            tally.judge(granted, seed, view, held)
            if not granted or depth == 0:
                continue
            hold = functions.while_written if is_written else functions.while_read
            now = (readers, [*writers, view]) if is_written else ([*readers, view], writers)
            return hold(view.array, lambda now=now: more(seed, choose, views, *now, depth - 1))

    for seed, choose, views in cases(300, 40):
        more(seed, choose, views, [], [], 30)
        # All of them have ended.
        for view in views:
            assert view.functions.may_write(view.array), f"seed {seed}: {view}"
    print(f"views beside many: {tally}")
    assert tally.needless() < 0.02
    assert tally.entwined > 100


def are_references(view):
    """Whether Rust can refer to each element, and step from one to the next by whole elements."""
    array = view.array
    steps = [stride for length, stride in zip(array.shape, array.strides) if length > 1]
    are_aligned = not np.any(view.addresses % array.dtype.alignment)
    return array.size == 0 or are_aligned and all(step % array.itemsize == 0 for step in steps)


def axes_nest(array):
    """Whether each axis steps over all that those of smaller strides reach."""
    axes = [(abs(step), length) for step, length in zip(array.strides, array.shape) if length > 1]
    extent = array.itemsize
    for step, length in sorted(axes):
        if step < extent:
            return array.size == 0
        extent += step * (length - 1)
    return True


def outcome(function, array):
    """The addresses of the elements, or the error."""
    try:
        return function(array), ""
    except ValueError as error:
        return None, str(error)


def test_an_argument_to_write_to_never_refers_to_a_byte_twice():
    counts = collections.Counter()
    for seed, _, views in cases(200, 40):
        for view in views:
            where = f"seed {seed}: {view}"
            everything = view.addresses.tolist()
            read, error = outcome(view.functions.read_by_address, view.array)
            assert read == (everything if are_references(view) else None), f"{where}\n{error}"
            written, error = outcome(view.functions.write_by_address, view.array)
            counts[written is not None, view.overlaps_itself] += 1
            if not are_references(view):
                assert "misaligned" in error or "multiples of its item size" in error, where
            elif view.overlaps_itself:
                assert "overlaps itself" in error, f"{where}\n{error}"
            elif axes_nest(view.array):
                assert written == everything, f"{where}\n{error}"
            else:
                assert not view.is_plain, where
                assert "axes that interleave" in error, f"{where}\n{error}"
                counts["interleaved"] += 1
            assert view.functions.may_write(view.array), where
    print(f"views to write to, by (granted, overlaps itself): {dict(counts)}")
    assert counts[True, True] == 0
    assert min(counts[True, False], counts[False, True], counts["interleaved"]) > 0


def test_the_chains_are_of_every_kind():
    views = list(itertools.chain.from_iterable(views for _, _, views in cases(100, 40)))
    kinds = {
        "negative strides": lambda v: any(stride < 0 for stride in v.array.strides),
        "no stride": lambda v: v.array.size > 1 and 0 in v.array.strides,
        "no dimensions": lambda v: v.array.ndim == 0,
        "no elements": lambda v: v.array.size == 0,
        "more than five axes": lambda v: sum(length > 1 for length in v.array.shape) > 5,
        "overlaps itself": lambda v: v.overlaps_itself,
        "misaligned": lambda v: not v.array.flags.aligned,
        "a slice with gaps": lambda v: v.is_plain and "0" in bin(v.bytes).strip("0b"),
        **{f"made by {step}": lambda v, step=step: step in v.text for step in STEPS},
    }
    for name, kind in kinds.items():
        count = sum(bool(kind(view)) for view in views)
        assert count > len(views) / 200, f"{name}: {count} of {len(views)}"
