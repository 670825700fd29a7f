"""What all functions on pictures have in common."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from npyo_images import channel_statistics, equalize, gaussian, sobel

READING = [lambda image: gaussian(image, 1.5), sobel, channel_statistics]
reading = pytest.mark.parametrize("function", READING, ids=["gaussian", "sobel", "statistics"])

LAYOUTS = {
    "transposed": lambda image: image.transpose(1, 0, 2),
    "fortran": np.asfortranarray,
    "reversed": lambda image: image[::-1, ::-1],
    "channels_reversed": lambda image: image[..., ::-1],
    "every_second": lambda image: image[::2, 1::2],
    "broadcast": lambda image: np.broadcast_to(image[:1], image.shape),
    "channels_first": lambda image: np.moveaxis(np.moveaxis(image, -1, 0).copy(), 0, -1),
}


@reading
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_in_memory_does_not_matter(function, layout, image):
    view = LAYOUTS[layout](image)
    wanted = function(np.array(view, order="C"))
    assert np.array_equal(function(view), wanted)


@reading
def test_a_read_only_picture_is_enough_for_reading(function, image):
    wanted = function(image)
    image.flags.writeable = False
    assert np.array_equal(function(image), wanted)


@reading
def test_a_memory_mapped_picture_is_taken(function, image, tmp_path):
    np.save(tmp_path / "image.npy", image)
    mapped = np.load(tmp_path / "image.npy", mmap_mode="r")
    assert np.array_equal(function(mapped), function(image))


@reading
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint16", "bool", "object"])
def test_another_dtype_is_refused(function, image, dtype):
    with pytest.raises(TypeError, match=dtype):
        function(image.astype(dtype))


@reading
def test_another_number_of_dimensions_is_refused(function, image):
    for other in [image[0], image[None]]:
        with pytest.raises(TypeError, match="dimension"):
            function(other)


@reading
def test_another_number_of_channels_is_refused(function, image):
    for channels in [0, 1, 2]:
        with pytest.raises(ValueError, match=rf"\(23, 31, {channels}\), but .* is wanted"):
            function(image[..., :channels])


@reading
def test_what_is_no_array_is_refused(function, image):
    for other in [image.tolist(), bytes(9), None, 3]:
        with pytest.raises(TypeError):
            function(other)


@reading
def test_a_masked_picture_is_refused(function, image):
    with pytest.raises(TypeError, match="mask"):
        function(np.ma.masked_less(image, 9))


@reading
def test_a_picture_larger_than_memory_is_refused(function):
    pixel = np.zeros(3, dtype=np.uint8)
    with pytest.raises(MemoryError):
        function(np.broadcast_to(pixel, (2**30, 2**30, 3)))


@reading
def test_threads_may_read_one_picture_at_once(function, rng):
    image = rng.integers(0, 256, (120, 160, 3), dtype=np.uint8)
    wanted = function(image)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: function(image), range(40)))
    assert all(np.array_equal(result, wanted) for result in results)


def test_threads_may_write_to_different_channels_at_once(rng):
    image = rng.integers(0, 99, (120, 160, 3), dtype=np.uint8)
    wanted = image.copy()
    for channel in range(3):
        equalize(wanted[..., channel])
    for _ in range(10):
        written = image.copy()
        channels = [written[..., channel] for channel in range(3)]
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(equalize, channels))
        assert np.array_equal(written, wanted)
