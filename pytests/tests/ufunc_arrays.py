"""Operands of ufuncs for the property tests: of any layout, in memory of which every byte is looked at."""

from __future__ import annotations

import os
import random

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

STRESS = "NPYO_STRESS" in os.environ
seeds = st.integers(0, 2**32 - 1)


def examples(count: int):
    """As many examples, always the same; many more where there is time."""
    return settings(
        max_examples=40 * count if STRESS else count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class Memory:
    """An array somewhere within memory of any content."""

    def __init__(self, rng: random.Random, shape: tuple[int, ...], dtype, plain: bool = False):
        dtype = np.dtype(dtype)
        if not plain and rng.random() < 0.2:
            dtype = dtype.newbyteorder("S")
        size = dtype.itemsize
        offset = 0 if plain else rng.choice([0, 0, 1, size])
        step = size + (0 if plain else rng.choice([0, 0, 0, 1, size]))
        axes = list(range(len(shape)))[::-1]
        if not plain and rng.random() < 0.4:
            rng.shuffle(axes)
        strides = [0] * len(shape)
        for axis in axes:
            step *= 1 if plain else rng.choice([1, 1, 1, 2])
            strides[axis] = step
            step *= max(1, shape[axis])
            if not plain and rng.random() < 0.25:
                strides[axis] *= -1
                offset -= strides[axis] * (max(1, shape[axis]) - 1)
        length = step + offset + 2 * size
        self.bytes = np.frombuffer(bytearray(rng.randrange(256) for _ in range(97)), "u1")
        self.bytes = np.resize(self.bytes, length)
        self.array = np.ndarray(shape, dtype, self.bytes, offset, strides)

    def fill(self, values) -> Memory:
        with np.errstate(invalid="ignore"):
            self.array[...] = values
        return self

    def check(self, call, expected, where=True) -> None:
        """`call` writes what is expected to this array, and not to any other byte."""
        before = self.bytes.copy()
        call(self.array)
        found = self.array.copy()
        twin = np.ndarray(
            self.array.shape,
            self.array.dtype,
            before,
            self.array.__array_interface__["data"][0] - self.bytes.__array_interface__["data"][0],
            self.array.strides,
        )
        with np.errstate(invalid="ignore"):
            np.copyto(twin, expected, casting="unsafe", where=where)
        assert same(found, twin)
        # One of the zeros is as good as the other.
        twin[...] = found
        assert np.array_equal(self.bytes, before), "memory outside of the result was written to"


def numbers(rng: random.Random, shape: tuple[int, ...], dtype, least: int = -4):
    """Small whole numbers, of which sums and products are exact in any order."""
    least = 0 if np.dtype(dtype).kind in "u?" else least
    most = 1 if np.dtype(dtype).kind == "?" else 4
    state = np.random.RandomState(rng.randrange(2**32))
    return state.randint(least, most + 1, shape)


def argument(rng: random.Random, shape: tuple[int, ...], dtype, least: int = -4):
    """An array of any layout."""
    if shape and rng.random() < 0.15:
        axis = rng.randrange(len(shape))
        one = (*shape[:axis], min(1, shape[axis]), *shape[axis + 1 :])
        return np.broadcast_to(argument(rng, one, dtype, least), shape)
    return Memory(rng, shape, dtype).fill(numbers(rng, shape, dtype, least)).array


def same(a, b) -> bool:
    """The same to the bit, but for the byte order and the bits of NaN."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or a.dtype.newbyteorder("=") != b.dtype.newbyteorder("="):
        return False
    return np.array_equal(a, b) or np.array_equal(a[~np.isnan(a)], b[~np.isnan(b)])
