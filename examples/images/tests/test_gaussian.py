from __future__ import annotations

import numpy as np
import pytest
from npyo_images import gaussian
from numpy.testing import assert_allclose
from scipy import ndimage


def by_scipy(image: np.ndarray, sigma: float) -> np.ndarray:
    return ndimage.gaussian_filter(image, (sigma, sigma, 0), output=np.float64, mode="reflect")


@pytest.mark.parametrize("sigma", [0.05, 0.5, 1.0, 2.7, 8.0])
def test_equals_scipy(image, sigma):
    result = gaussian(image, sigma)
    assert result.dtype == np.float32
    assert result.shape == image.shape
    assert_allclose(result, by_scipy(image, sigma), rtol=0, atol=5e-4)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (2, 3), (3, 2)])
def test_a_picture_smaller_than_the_kernel_is_mirrored_again_and_again(rng, size):
    image = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    assert_allclose(gaussian(image, 4.0), by_scipy(image, 4.0), rtol=0, atol=5e-4)


def test_an_even_picture_stays_as_it_is():
    image = np.full((5, 6, 3), 255, dtype=np.uint8)
    assert_allclose(gaussian(image, 3.0), image, rtol=1e-6)


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (0, 0, 3)])
def test_a_picture_without_pixels_gives_one(shape):
    assert gaussian(np.zeros(shape, dtype=np.uint8), 1.0).shape == shape


def test_the_result_is_the_callers_own(image):
    before = image.copy()
    result = gaussian(image, 1.0)
    assert result.flags.writeable
    assert result.flags.c_contiguous
    assert not np.may_share_memory(result, image)
    assert np.array_equal(image, before)


@pytest.mark.parametrize("sigma", [0.0, -1.0, np.nan, np.inf, 1000.1])
def test_sigma_out_of_range_is_refused(image, sigma):
    with pytest.raises(ValueError, match="sigma is .*must be above 0 and at most 1000"):
        gaussian(image, sigma)
