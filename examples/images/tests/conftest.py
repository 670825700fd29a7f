from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240607)


@pytest.fixture
def image(rng: np.random.Generator) -> np.ndarray:
    """A picture of noise, uint8, (23, 31, 3)."""
    return rng.integers(0, 256, (23, 31, 3), dtype=np.uint8)
