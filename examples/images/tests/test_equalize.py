from __future__ import annotations

import numpy as np
import pytest
from npyo_images import equalize


def equalized(values: np.ndarray) -> np.ndarray:
    counts = np.bincount(values.ravel(), minlength=256)
    least = counts[counts.nonzero()[0][0]]
    rank = np.maximum(counts.cumsum() - least, 0)
    spread = max(values.size - least, 1)
    return ((2 * 255 * rank + spread) // (2 * spread)).astype(np.uint8)[values]


def test_equals_numpy(image):
    image //= 3
    wanted = equalized(image)
    assert equalize(image) is None
    assert np.array_equal(image, wanted)


def test_the_result_covers_all_values():
    ramp = np.arange(100, 140, dtype=np.uint8).repeat(5)
    equalize(ramp)
    assert (ramp.min(), ramp.max()) == (0, 255)


@pytest.mark.parametrize("shape", [(), (9,), (4, 5), (2, 3, 4, 5)])
def test_any_shape_is_taken(rng, shape):
    values = np.asarray(rng.integers(0, 256, shape, dtype=np.uint8))
    wanted = values if shape == () else equalized(values)
    equalize(values)
    assert np.array_equal(values, wanted)


@pytest.mark.parametrize("values", [[], [7], [7, 7, 7], [0, 0], [255]])
def test_an_array_of_one_value_or_none_is_left_as_it_is(values):
    array = np.array(values, dtype=np.uint8)
    equalize(array)
    assert array.tolist() == values


def test_a_view_is_changed_where_it_lies_and_nothing_else(image):
    before = image.copy()
    wanted = image.copy()
    wanted[2:20:3, ::-2, 1] = equalized(image[2:20:3, ::-2, 1])
    equalize(image[2:20:3, ::-2, 1])
    assert np.array_equal(image, wanted)
    assert not np.array_equal(image, before)


def test_a_read_only_array_is_refused_and_not_written_to(image):
    before = image.copy()
    image.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        equalize(image)
    assert np.array_equal(image, before)


def test_an_array_that_overlaps_itself_is_refused(image):
    overlapping = np.lib.stride_tricks.as_strided(image, (4, 4), (1, 1))
    with pytest.raises(ValueError, match="overlaps itself"):
        equalize(overlapping)
