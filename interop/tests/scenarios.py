"""What several extension modules do with the same memory, each scenario in its own interpreter.

    scenarios.py SCENARIO STEP...

A step is `load MODULE`, or `borrow MODULE` for the first guard that the module takes: what the
modules publish for each other, they publish at one of the two. `test_interop.py` runs these.
"""

import gc
import importlib
import itertools
import sys
import threading
import time
import warnings

import numpy as np
from support import V1, is_refused, multiarray, nothing, strided

NAMES = {"a": "interop_npyo_a", "b": "interop_npyo_b", "numpy": "interop_numpy"}
ACCESSES = ("read", "write")
SCENARIOS = {}


class Module:
    """One of the extension modules."""

    def __init__(self, name):
        self.name = name
        self.functions = importlib.import_module(NAMES[name])
        self.on_npyo = name != "numpy"

    def hold(self, access, array, callback=nothing):
        """Calls back under a guard, and returns the result."""
        return getattr(self.functions, f"hold_{access}")(array, callback)

    def refuses(self, access, array):
        """Whether a guard is refused because of another; any other refusal is an exception."""
        return is_refused(lambda: self.hold(access, array))


class World:
    """The modules of this process, after the steps."""

    def __init__(self, steps):
        self.modules = {}
        # Is the table that the numpy crate uses npyo's? If it is the crate's own, it tells
        # overlaps by its own arithmetic.
        self.ours = True
        for step in steps:
            verb, name = step.split()
            if verb == "load":
                self.modules[name] = Module(name)
            else:
                if name == "numpy":
                    self.ours = V1 in vars(multiarray())
                self.modules[name].hold("write", np.zeros(3))

    def __iter__(self):
        return iter(self.modules.values())

    def pairs(self, within=False):
        """A module that holds and one that asks; with `within`, they may be the same one."""
        if within:
            return list(itertools.product(self, repeat=2))
        return list(itertools.permutations(self, 2))

    def exact(self):
        """The pairs between which npyo alone tells what overlaps."""
        return [
            (holder, asker)
            for holder, asker in self.pairs(within=True)
            if self.ours or holder.on_npyo and asker.on_npyo
        ]

    def overlap(self, one, other, pairs=None):
        """Asserts that a writer of either array excludes everyone else from the other."""
        self.check(one, other, True, self.pairs() if pairs is None else pairs)

    def apart(self, one, other, pairs=None):
        """Asserts that everyone may write to either array, whoever has the other."""
        self.check(one, other, False, self.pairs() if pairs is None else pairs)

    def check(self, one, other, overlap, pairs):
        for first, second in ((one, other), (other, one)):
            for holder, asker in pairs:
                for held, asked in itertools.product(ACCESSES, repeat=2):
                    refused = holder.hold(held, first, lambda: asker.refuses(asked, second))  # noqa: B023
                    expected = overlap and "write" in (held, asked)
                    assert refused == expected, (
                        f"{holder.name} holds {layout(first)} to {held}, {asker.name} asks for "
                        f"{layout(second)} to {asked}: {'refused' if refused else 'granted'}"
                    )
        self.free(one, other)

    def free(self, *arrays):
        """Asserts that nothing is left borrowed: everyone is granted each array."""
        for array, module in itertools.product(arrays, self):
            assert not module.refuses("write", array), f"{layout(array)} is not free"


def layout(array):
    address = array.__array_interface__["data"][0]
    return f"{array.shape} x {array.strides} at {address:#x}"


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


# --- Which arrays conflict --------------------------------------------------------------------


@scenario
def an_array_has_many_readers_or_one_writer(world):
    array = np.arange(10.0)
    world.overlap(array, array)
    for holder, asker in world.pairs():
        ask = asker.functions
        holder.hold("read", array, lambda: ask.read(array))  # noqa: B023
        holder.hold("read", array, lambda: holder.hold("read", array, lambda: ask.read(array)))  # noqa: B023
        assert holder.hold("read", array, lambda: is_refused(lambda: ask.write(array, 1.0)))  # noqa: B023
        assert holder.hold("write", array, lambda: is_refused(lambda: ask.write(array, 1.0)))  # noqa: B023
        assert holder.hold("write", array, lambda: is_refused(lambda: ask.read(array)))  # noqa: B023
        ask.write(array, 1.0)
        ask.write(array, -1.0)
    assert array.tolist() == list(range(10))


@scenario
def views_conflict_where_they_share_elements(world):
    line = np.zeros(10)
    for one, other in [
        (line, line[...]),
        (line, line[2:7]),
        (line, line[3:4]),
        (line[:5], line[4:]),
        (line[1:9][1:7], line[2:][:3]),
        (line, line.reshape(2, 5)),
        (line, line[9:].reshape(1, 1, 1)),
    ]:
        world.overlap(one, other)
    table = np.zeros((4, 5))
    for one, other in [
        (table[1], table[:, 2]),
        (table[1:3], table[2:]),
        (table, table[3, 4:]),
        (table.ravel(), table[2:3]),
    ]:
        world.overlap(one, other)


@scenario
def slices_that_share_no_element_do_not_conflict(world):
    line = np.zeros(10)
    world.apart(line[:5], line[5:])
    world.apart(line[2:3], line[3:4])
    table = np.zeros((4, 5))
    world.apart(table[0], table[1])
    world.apart(table[:2], table[2:])
    world.apart(table[1, 1:3], table[1, 3:])
    world.apart(line, table)


@scenario
def interleaved_columns_do_not_conflict(world):
    image = np.zeros((4, 6, 3))
    world.apart(image[..., 0], image[..., 1])
    world.apart(image[..., 2], image[..., 1])
    world.overlap(image[..., 1], image[:, 2:3, 1])
    world.overlap(image[..., 1], image)
    line = np.zeros(10)
    world.apart(line[::2], line[1::2])
    world.overlap(line[::2], line[::4])


@scenario
def blocks_side_by_side_do_not_conflict(world):
    # The numpy crate's own table takes these for overlapping, as it documents.
    table = np.zeros((4, 6))
    if world.ours:
        pairs = world.pairs(within=True)
        world.apart(table[:, :3], table[:, 3:], pairs)
        world.apart(table[:2, 1:3], table[:2, 4:], pairs)
        world.overlap(table[:, :4], table[:, 3:], pairs)


@scenario
def transposed_and_reversed_views_conflict_where_they_share_elements(world):
    table = np.zeros((4, 6))
    for view in [table.T, table[::-1], table[::-1, ::-2], table[:, ::-1].T, table[2:, 3:].T]:
        world.overlap(table, view)
    world.overlap(table.T[3:], table[::-1])
    world.apart(table[:2][::-1], table[2:].T)
    world.apart(table[:, 0][::-1], table.T[1])
    line = np.zeros(10)
    world.overlap(line[::-1], line)
    world.overlap(line[5::-1], line[5:])
    world.apart(line[4::-1], line[5:])
    world.apart(line[::-2], line[::2])


@scenario
def arrays_without_dimensions_conflict(world):
    line = np.zeros(10)
    world.overlap(line, line[3, ...])
    world.overlap(line[2:5], line[3, ...])
    world.apart(line[3, ...], line[4:])
    world.apart(line[3, ...], line[:3])
    # To the numpy crate's own table, they cover no memory.
    single = np.array(1.0)
    world.overlap(single, single, world.exact())
    world.overlap(single, single.reshape(1, 1), world.exact())
    world.overlap(line[3, ...], line[3, ...], world.exact())
    world.overlap(line[3, ...], line[3:], world.exact())
    for (holder, asker), held, asked in itertools.product(world.pairs(), ACCESSES, ACCESSES):
        refused = holder.hold(held, single, lambda: asker.refuses(asked, single))  # noqa: B023
        assert "write" in (held, asked) or not refused
    world.free(single)


@scenario
def broadcast_arrays_conflict(world):
    line = np.zeros(10)
    same = strided(line, (4,), (0,))
    world.overlap(same, line)
    world.overlap(same, line[:1])
    world.apart(same, line[1:])
    world.overlap(same, same)
    world.overlap(same, strided(line, (3, 2), (0, 0)))
    world.apart(same, strided(line, (3, 2), (0, 0), 8))
    rows = strided(line, (3, 4), (0, 8), 16)
    world.overlap(rows, line)
    world.overlap(rows, line[5:])
    world.overlap(rows, strided(line, (7,), (0,), 40))
    world.apart(rows, line[6:])
    world.apart(rows, strided(line, (7,), (0,), 48))

    read_only = np.broadcast_to(line[:1], (3,))
    for holder, asker in world.pairs():
        assert holder.hold("write", line, lambda: asker.refuses("read", read_only))  # noqa: B023
        assert holder.hold("read", read_only, lambda: asker.refuses("write", line))  # noqa: B023
        assert not holder.hold("read", read_only, lambda: asker.refuses("read", read_only))  # noqa: B023
    world.free(line)


@scenario
def two_broadcast_arrays_that_share_half_an_element_are_no_division_by_zero(world):
    buffer = np.zeros(64, "u1")
    one = strided(buffer, (3,), (0,), 8)
    other = strided(buffer, (5,), (0,), 12)
    world.overlap(one, other, world.exact())
    for holder, asker in world.pairs():
        for held, asked in itertools.product(ACCESSES, repeat=2):
            holder.hold(held, one, lambda: asker.refuses(asked, other))  # noqa: B023
    world.free(one, other)


@scenario
def arrays_without_elements_conflict_with_nothing(world):
    line = np.zeros(10)
    pairs = world.exact()
    world.apart(line[5:5], line, pairs)
    world.apart(line[5:5], line[5:5], pairs)
    world.apart(line.reshape(2, 5)[:, 5:], line, pairs)
    empty = np.zeros((3, 0, 2))
    world.apart(empty, empty, pairs)
    for module in world:
        assert module.functions.read(empty) == 0.0


@scenario
def arrays_over_one_buffer_conflict_whoever_made_them(world):
    # The numpy crate's own table compares arrays of one base only.
    buffer = bytearray(80)
    one, other = np.frombuffer(buffer), np.frombuffer(buffer)
    world.overlap(one, other, world.exact())
    world.overlap(one[2:], other[:3], world.exact())
    world.apart(one[3:], other[:3])


@scenario
def an_array_that_is_read_only_is_refused_to_writers_only(world):
    array = np.zeros(4)
    view = array[...]
    view.flags.writeable = False
    for module in world:
        try:
            module.hold("write", view)
        except (TypeError, ValueError) as error:
            assert "already borrowed" not in str(error)
        else:
            raise AssertionError(f"{module.name} lent a read-only array to write")
        module.functions.read(view)
    world.free(array)
    for holder, asker in world.pairs():
        assert holder.hold("read", view, lambda: asker.refuses("write", array))  # noqa: B023
        assert holder.hold("write", array, lambda: asker.refuses("read", view))  # noqa: B023


# --- Guards that change -----------------------------------------------------------------------


CHANGES = {
    "more axes": lambda array: setattr(array, "shape", (2, 1, 6)),
    "fewer axes": lambda array: setattr(array, "shape", (12,)),
    "a part of the memory": lambda array: setattr(array, "strides", (0, 8)),
    "smaller elements": lambda array: setattr(array, "dtype", "f4"),
    "larger elements": lambda array: setattr(array, "dtype", "c16"),
    "records": lambda array: setattr(array, "dtype", [("x", "f4"), ("y", "i4")]),
    "no longer writeable": lambda array: array.setflags(write=False),
}


@scenario
def metadata_that_changes_under_a_guard_does_not_move_the_borrow(world):
    base = np.zeros((4, 6))
    # A guard of the numpy crate in its own table ends the process in this case.
    holders = [module for module in world if module.on_npyo or world.ours]
    for holder, held, name in itertools.product(holders, ACCESSES, CHANGES):
        array = base[1:3]

        def changed(array=array, name=name, held=held):
            CHANGES[name](array)
            for asker in world:
                if not world.ours and not asker.on_npyo and not holder.on_npyo:  # noqa: B023
                    continue
                what = f"{holder.name} to {held}, then {name}, {asker.name}"  # noqa: B023
                assert asker.refuses("write", base[2:]), what
                assert asker.refuses("read", base[1]) == (held == "write"), what
                assert not asker.refuses("write", base[3:]), what

        holder.hold(held, array, changed)
        world.free(base, base[1:3])


@scenario
def one_array_object_can_be_held_with_several_shapes_at_once(world):
    # A guard of the numpy crate in its own table ends the process in this case.
    modules = [module for module in world if module.on_npyo or world.ours]
    base = np.zeros(20)
    for outer, inner, innermost in itertools.product(modules, repeat=3):
        array = base[:6]

        def third(array=array, innermost=innermost):
            array.shape = (3, 2)
            innermost.hold("read", array, check)

        def second(array=array, inner=inner):
            array.shape = (6,)
            array.strides = (16,)
            inner.hold("read", array, third)

        def check():
            # Held are elements 0 to 5, and every second one up to 10.
            for element, asker in itertools.product(range(12), world):
                held = element < 6 or element in (6, 8, 10)
                refused = asker.refuses("write", base[element : element + 1])
                # The numpy crate's own table does not tell apart what is every second element.
                assert refused or not held, (asker.name, element)
                assert held or not refused or not world.ours, (asker.name, element)

        outer.hold("read", array, second)
        world.free(base)


@scenario
def a_guard_that_ends_leaves_those_of_the_same_array(world):
    array = np.zeros(5)
    for holder, asker in world.pairs():

        def refused(asker=asker):
            assert asker.refuses("write", array)
            assert not asker.refuses("read", array)

        holder.functions.hold_two_readers(array, refused)
        world.free(array)
        asker.hold("read", array, lambda: holder.functions.hold_two_readers(array, refused))  # noqa: B023
        world.free(array)


@scenario
def a_writer_that_becomes_a_reader_lets_others_read(world):
    base = np.zeros(5)
    for holder, asker in world.pairs():
        array = base[1:]

        def refused(asker=asker):
            assert asker.refuses("write", base)
            assert not asker.refuses("read", base)

        holder.functions.hold_nonwriteable(array, refused)
        assert not array.flags.writeable
        world.free(base)


@scenario
def an_array_that_is_resized_takes_its_borrow_along(world):
    for holder, asker in world.pairs():

        def refused(array, asker=asker):
            assert array.shape == (100_000,)
            assert asker.refuses("read", array)
            assert asker.refuses("write", array[50_000:50_001])
            return array

        array = holder.functions.hold_resized(refused)
        world.free(array)


@scenario
def a_callback_that_raises_leaves_nothing_borrowed(world):
    array = np.zeros(5)

    def fail():
        raise KeyError("this one")

    for module, access in itertools.product(world, ACCESSES):
        try:
            module.hold(access, array, fail)
        except KeyError as error:
            assert error.args == ("this one",)
        else:
            raise AssertionError("the exception was lost")
        world.free(array)
    # The interpreter ends while guards are held.
    module.hold("write", array, lambda: module.hold("read", array[:0], finish))


def finish():
    print("finished", flush=True)
    sys.exit(0)


# --- Many guards ------------------------------------------------------------------------------


@scenario
def guards_of_many_slices_are_held_together(world):
    base = np.zeros((60, 4))
    holders = list(itertools.islice(itertools.cycle(world), len(base)))

    def hold_rest(row):
        if row < len(base):
            access = ACCESSES[row % 3 == 0]
            holders[row].hold(access, base[row], lambda: hold_rest(row + 1))
        for asker in world:
            # One that is held by now, the one that was released last, and all at once.
            assert row == 0 or asker.refuses("write", base[row - 1])
            assert row == 0 or asker.refuses("read", base[row - 1]) == ((row - 1) % 3 == 0)
            assert row == len(base) or not asker.refuses("write", base[row:])
            assert asker.refuses("write", base[:, 1]) == (row > 0)

    hold_rest(0)
    world.free(base)


@scenario
def many_guards_one_after_another_leave_nothing_behind(world):
    base = np.zeros((3000, 2))
    modules = list(world)
    for row in range(len(base)):
        one, other = modules[row % len(modules)], modules[(row + 1) % len(modules)]
        view = base[row:]
        assert one.hold("write", view, lambda: other.refuses("read", view))  # noqa: B023
        assert not one.hold("read", view, lambda: other.refuses("read", view))  # noqa: B023
        # Arrays that come and go take each other's addresses.
        one.functions.write(np.zeros(row % 7), 1.0)
        other.functions.write(np.zeros(row % 7), 1.0)
    gc.collect()
    world.free(base)


@scenario
def threads_in_different_modules_are_never_inside_at_once(world):
    base = np.zeros(100)
    inside, failures = [], []
    rounds = 150

    def enter():
        inside.append(threading.get_ident())
        time.sleep(0)
        assert inside == [threading.get_ident()], "two writers at once"
        inside.pop()

    def work(module, view):
        try:
            done = 0
            while done < rounds:
                # A refusal is what the other thread's guard is for.
                done += not is_refused(lambda: module.hold("write", view, enter))
        except BaseException as error:  # noqa: BLE001 - a panic is one
            failures.append(error)

    run_together(
        *[
            (work, module, view)
            for module, view in zip(
                itertools.islice(itertools.cycle(world), 4),
                [base, base[:60], base[::-1], base[59::-1]],
            )
        ]
    )
    assert not failures, failures
    world.free(base)


@scenario
def threads_with_arrays_of_their_own_are_never_refused(world):
    base = np.zeros((6, 50))
    failures = []

    def work(module, row):
        try:
            for _ in range(300):
                module.functions.write(base[row], 1.0)
                module.functions.read(base[row])
        except BaseException as error:  # noqa: BLE001 - a panic is one
            failures.append(error)

    modules = itertools.islice(itertools.cycle(world), len(base))
    run_together(*[(work, module, row) for row, module in enumerate(modules)])
    assert not failures, failures
    assert (base == 300.0).all()
    world.free(base)


def run_together(*works):
    barrier = threading.Barrier(len(works))

    def wrapped(function, *arguments):
        barrier.wait()
        function(*arguments)

    threads = [threading.Thread(target=wrapped, args=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@scenario
def guards_that_threads_take_first_at_once_are_seen(world):
    # Run without borrows among the steps. What the numpy crate publishes at the same moment can
    # get lost, so only modules on npyo are asked.
    modules = [module for module in world if module.on_npyo]
    arrays = [np.zeros(10) for _ in modules]
    held = threading.Barrier(len(modules))
    failures = []

    def ask(index):
        held.wait()
        for other, module in itertools.product(range(len(modules)), modules):
            if not module.refuses("read", arrays[other]):
                failures.append((module.name, modules[other].name))
        held.wait()

    run_together(
        *[
            (module.hold, "write", array, lambda index=index: ask(index))
            for index, (module, array) in enumerate(zip(modules, arrays))
        ]
    )
    assert not failures, failures
    world.free(*arrays)


def main():
    name, *steps = sys.argv[1:]
    # What newer versions of NumPy say of an array's shape that is set.
    warnings.simplefilter("ignore")
    SCENARIOS[name](World(steps))
    print("finished")


if __name__ == "__main__":
    main()
