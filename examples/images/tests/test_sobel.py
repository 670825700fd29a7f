from __future__ import annotations

import numpy as np
import pytest
from npyo_images import sobel
from numpy.testing import assert_allclose
from scipy import ndimage


def by_scipy(image: np.ndarray) -> np.ndarray:
    grey = image @ np.array([0.299, 0.587, 0.114])
    return np.hypot(ndimage.sobel(grey, axis=0), ndimage.sobel(grey, axis=1))


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 2), (3, 4), (23, 31)])
def test_equals_scipy(rng, size):
    image = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    result = sobel(image)
    assert result.dtype == np.float64
    assert result.shape == size
    assert_allclose(result, by_scipy(image), rtol=0, atol=1e-11)


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (0, 0, 3)])
def test_a_picture_without_pixels_has_no_edges(shape):
    assert sobel(np.zeros(shape, dtype=np.uint8)).shape == shape[:2]
