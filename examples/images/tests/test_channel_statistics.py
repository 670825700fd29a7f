from __future__ import annotations

import numpy as np
import pytest
from npyo_images import channel_statistics
from numpy.testing import assert_allclose


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (23, 31), (300, 200)])
def test_equals_numpy(rng, size):
    image = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    means, deviations = channel_statistics(image)
    assert means.dtype == deviations.dtype == np.float64
    assert_allclose(means, image.mean(axis=(0, 1)), rtol=1e-13)
    assert_allclose(deviations, image.std(axis=(0, 1)), rtol=1e-11, atol=1e-13)


def test_sums_of_the_largest_values_do_not_overflow():
    image = np.full((400, 400, 3), 255, dtype=np.uint8)
    means, deviations = channel_statistics(image)
    assert means.tolist() == [255.0] * 3
    assert deviations.tolist() == [0.0] * 3


def test_a_picture_without_pixels_is_refused():
    with pytest.raises(ValueError, match="no pixels"):
        channel_statistics(np.zeros((0, 4, 3), dtype=np.uint8))
