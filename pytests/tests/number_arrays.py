"""Arrays of small numbers, for functions that are compared with NumPy's."""

from __future__ import annotations

import random

import numpy as np


def array(rng: random.Random, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Small whole numbers, so that sums and products are exact in every type and order, in memory of any layout."""
    kind = np.dtype(dtype)
    values = np.array([rng.randrange(5) for _ in range(int(np.prod(shape)))], "i8")
    out = values.reshape(shape).astype(kind)
    layout = rng.choice(
        ["c", "f", "strided", "reversed", "packed", "swapped", "broadcast", "moved"]
    )
    if layout == "f":
        return np.asfortranarray(out)
    if layout == "strided" and shape:
        wide = np.zeros((*shape[:-1], 3 * shape[-1]), kind)
        wide[..., ::3] = out
        return wide[..., ::3]
    if layout == "reversed" and shape:
        return out[::-1].copy()[::-1]
    if layout == "packed" and dtype != "O":
        record = np.zeros(shape, [("a", "i1"), ("x", kind)])
        record["x"] = out
        return record["x"]
    if layout == "swapped":
        return out.astype(kind.newbyteorder("S"))
    if layout == "broadcast" and shape:
        return np.broadcast_to(out[:1], shape)
    if layout == "moved" and len(shape) > 1:
        return np.moveaxis(np.moveaxis(out, 0, -1).copy(), -1, 0)
    return out
