"""Borrows that other extension modules take and see: a C protocol, spoken in Python here."""

import subprocess
import sys
import threading
from pathlib import Path

import npyo_pytests as m
import numpy as np
import pytest
import shared_registry
from numpy.lib.stride_tricks import as_strided
from shared_registry import Client, addresses, covered, numbers
from support import raises

HUGE = 2**64 - 1


@pytest.fixture
def client():
    m.f64.accept(np.zeros(1))
    return Client()


def refused(buffer):
    """The addresses of the bytes of a buffer that cannot be read, tried one by one."""
    start = buffer.__array_interface__["data"][0]
    tried = range(buffer.size)
    return {start + i for i in tried if not m.u8.may_read(buffer[i : i + 1])}


@pytest.mark.parametrize("scenario", shared_registry.SCENARIOS)
def test_npyo_meets(scenario):
    program = Path(shared_registry.__file__)
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", program, scenario],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (result.returncode, result.stdout) == (0, "finished\n"), result.stderr
    assert result.stderr == ""


# --- Borrows of another module --------------------------------------------------------------


def test_bytes_that_another_module_writes_to_are_borrowed_by_nobody(client):
    array = np.zeros(6)
    token = client.borrow(array[1:4])
    assert token
    assert not m.f64.may_read(array)
    assert not m.f64.may_write(array[3:])
    assert not m.u8.may_read(array.view("u1")[8:9])
    assert m.f64.may_write(array[:1])
    assert m.f64.may_write(array[4:])
    with raises(m.ArrayBorrowError, "already borrowed"):
        m.f64.accept(array)
    assert client.borrow(array[3:]) is None
    assert client.borrow(array[3:], exclusive=False) is None
    client.release(token)
    assert m.f64.may_write(array)


def test_bytes_that_another_module_reads_are_read_by_all(client):
    array = np.zeros(6)
    tokens = [client.borrow(array[i:], exclusive=False) for i in (1, 2)]
    for token in tokens:
        assert m.f64.may_read(array)
        assert not m.f64.may_write(array)
        assert client.borrow(array) is None
        client.release(token)
    assert m.f64.may_write(array)


def test_another_module_is_refused_what_npyo_borrows(client):
    array = np.zeros((4, 6))

    def while_read():
        assert client.borrow(array[1:]) is None
        client.release(client.borrow(array[1:], exclusive=False))

    def while_written():
        for exclusive in (False, True):
            assert client.borrow(array[1:], exclusive) is None
            assert client.borrow(array[:, 2], exclusive) is None
            client.release(client.borrow(array[:, 3], exclusive))

    m.f64.while_read(array, while_read)
    m.f64.while_written(array[:, 2], while_written)
    assert m.f64.may_write(array)


LAYOUTS = {
    "a column": lambda a: a.view("f8").reshape(6, 5)[:, 2],
    "every second column of every third row": lambda a: a.view("f8").reshape(6, 5)[::3, ::2],
    "a block": lambda a: a.view("f8").reshape(6, 5)[1:4, 1:3],
    "reversed": lambda a: a.view("f4").reshape(6, 10)[::-2, ::-3],
    "transposed": lambda a: a.view("i2").reshape(4, 5, 6)[1:3, ::2, 2:4].T,
    "a field": lambda a: a.view("u1, i2, u1")["f1"],
    "an imaginary part": lambda a: a.view("c16").imag[1::2],
    "one element": lambda a: a.view("f8")[7, ...],
    "windows": lambda a: as_strided(a.view("f8"), (3, 3), (16, 8)),
    "strides that share no factor": lambda a: as_strided(a, (3, 4), (35, 14)),
    "five axes": lambda a: as_strided(a, (2,) * 5, (2, 7, 17, 37, 79)),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_the_gaps_between_the_bytes_of_another_module_are_free(client, layout):
    buffer = np.zeros(240, "u1")
    view = layout(buffer)
    assert 0 < len(addresses(view)) < buffer.size
    token = client.borrow(view)
    assert refused(buffer) == addresses(view)
    client.release(token)
    assert refused(buffer) == set()


def test_axes_that_lead_nowhere_are_taken_as_they_are(client):
    buffer = np.zeros(100, "u1")
    start, end, width, axes = numbers(buffer.view("i4")[1::3])
    for more in [[(0, 5)], [(0, 1)] * 60, [(HUGE, 1)], [(17, 1), (0, HUGE)], []]:
        for all_axes in (axes + more, more + axes):
            token = client.acquire(start, end, width, all_axes)
            assert refused(buffer) == covered(start, width, axes), more
            client.release(token)


def test_more_axes_than_are_kept_cover_all_of_their_bytes(client):
    buffer = np.zeros(2048, "u1")
    start, axes = buffer.__array_interface__["data"][0], [(3 * 3**i, 2) for i in range(6)]
    end = start + 1 + sum(stride for stride, _ in axes)
    token = client.acquire(start, end, 1, axes)
    assert covered(start, 1, axes) <= refused(buffer) <= set(range(start, end))
    # What lies between the bytes that the coarsest axis leads to is free.
    assert len(refused(buffer)) < (end - start) / 2
    client.release(token)


# A length, a width and axes.
INCONSISTENT = {
    "an end that is too early": (39, 4, [(12, 4)]),
    "an end that is too late": (41, 4, [(12, 4)]),
    "a range that is not the block": (40, 4, []),
    "a block that is longer than the range": (40, 400, []),
    "no width": (40, 0, [(12, 4)]),
    "no width and no axes": (40, 0, []),
    "no length": (40, 4, [(12, 4), (8, 0)]),
    "no length only": (40, 40, [(8, 0)]),
    "a product that overflows": (40, 4, [(12, 4), (2**62, 5)]),
    "a product that overflows to the right sum": (40, 4, [(2**63, 3), (12, 4)]),
    "a sum that overflows": (40, 4, [(2**63, 2), (2**63, 2), (12, 4)]),
    "a width that overflows": (40, HUGE, [(40, 2), (1, 2)]),
    "the largest numbers": (40, HUGE, [(HUGE, HUGE)] * 3),
    "too many axes": (40, 4, [(12, 4)] + [(0, 1)] * 64),
}


@pytest.mark.parametrize("case", INCONSISTENT.values(), ids=INCONSISTENT.keys())
def test_numbers_that_do_not_go_together_cover_the_whole_range(client, case):
    buffer = np.zeros(100, "u1")
    length, width, axes = case
    start = buffer.__array_interface__["data"][0] + 10
    token = client.acquire(start, start + length, width, axes)
    assert refused(buffer) == set(range(start, start + length))
    client.release(token)
    assert refused(buffer) == set()


def test_a_range_longer_than_any_memory_is_covered_all_over(client):
    buffer = np.zeros(100, "u1")
    start = buffer.__array_interface__["data"][0] + 10
    for width, axes in [(8, [(HUGE - 7 - start, 2)]), (8, [(16, 4)]), (HUGE - start, [])]:
        token = client.acquire(start, HUGE, width, axes)
        assert refused(buffer) == set(range(start, start + 90))
        client.release(token)


def test_a_range_of_no_bytes_conflicts_with_nothing(client):
    array = np.zeros(4)
    start = array.__array_interface__["data"][0] + 8
    for end, width, axes in [(start, 0, []), (start, 0, [(8, 4)]), (start - 1, 8, [(8, 4)])]:
        token = client.acquire(start, end, width, axes)
        assert m.f64.may_write(array)
        client.release(token)


# --- Tokens ---------------------------------------------------------------------------------


def test_a_shared_token_lets_readers_in(client):
    array = np.zeros(6)
    token = client.borrow(array[::2])
    assert not m.f64.may_read(array)
    client.share(token)
    assert m.f64.may_read(array)
    assert not m.f64.may_write(array)
    assert m.f64.may_write(array[1::2])
    assert client.borrow(array) is None
    other = client.borrow(array, exclusive=False)
    client.release(token)
    assert not m.f64.may_write(array)
    client.release(other)
    assert m.f64.may_write(array)


def in_thread(function, *arguments):
    result = []
    thread = threading.Thread(target=lambda: result.append(function(*arguments)))
    thread.start()
    thread.join()
    return result[0]


def test_any_thread_may_release_a_token(client):
    array = np.zeros((8, 8))
    tokens = [in_thread(client.borrow, array[i]) for i in range(8)]
    for i, token in enumerate(tokens):
        assert not m.f64.may_read(array[i])
        assert in_thread(client.borrow, array[i]) is None
        if i % 2:
            in_thread(client.release, token)
        else:
            in_thread(client.share, token)
            assert m.f64.may_read(array[i])
            client.release(token)
        assert in_thread(m.f64.may_write, array[i])
    assert m.f64.may_write(array)


def test_thousands_of_tokens_are_held_at_once(client):
    array = np.zeros((2000, 2))
    tokens = [client.borrow(row[:1]) for row in array]
    assert len(set(tokens)) == 2000
    assert None not in tokens
    assert m.f64.may_write(array[:, 1])
    assert not any(m.f64.may_read(row[:1]) for row in array)
    for token in tokens[::2] + tokens[1::2]:
        client.release(token)
    assert m.f64.may_write(array)


# --- Frozen arrays --------------------------------------------------------------------------


def assert_frozen(array):
    with raises(ValueError, "read-only"):
        array[...] = 1
    with raises(ValueError, "own its data"):
        array.resize(1000, refcheck=False)
    with raises(ValueError, "read-only"):
        m.f64.may_write(array)
    assert m.f64.may_read(array)


def test_a_frozen_array_can_be_neither_written_to_nor_resized(client):
    array = np.zeros(3)
    client.freeze(array)
    assert_frozen(array)
    client.thaw(array)
    array[...] = 1
    m.f64.reverse(array)
    array.resize(1000, refcheck=False)
    assert array.size == 1000


def test_an_array_is_frozen_until_it_was_thawed_as_often(client):
    array = np.zeros(3)
    client.freeze(array)
    client.freeze(array)
    # npyo's own guard is one more.
    m.f64.hold_frozen(array, lambda: assert_frozen(array))
    assert_frozen(array)
    in_thread(client.thaw, array)
    assert_frozen(array)
    m.f64.hold_frozen(array, lambda: client.thaw(array) or assert_frozen(array))
    assert array.flags.writeable
    assert array.flags.owndata
    array.resize(1000, refcheck=False)


def test_thawing_gives_back_no_more_than_there_was(client):
    base = np.zeros(3)
    view, constant = base[1:], np.zeros(3)
    constant.flags.writeable = False
    for array in (view, constant):
        before = array.flags.writeable, array.flags.owndata
        client.freeze(array)
        assert (array.flags.writeable, array.flags.owndata) == (False, False)
        client.thaw(array)
        assert (array.flags.writeable, array.flags.owndata) == before
    client.thaw(base)
    assert base.flags.writeable
