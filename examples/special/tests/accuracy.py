"""What the functions are compared with, where, and how far off they may be.

The exact values are mpmath's, with digits to spare. Distances are in units in the last place (ulps) of
the exact value.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import npyo_special as special
import numpy as np
import scipy.special
from mpmath import mpf

mpmath.mp.dps = 60

COUNT = int(os.environ.get("NPYO_SPECIAL_COUNT", "500"))
"""How many random arguments a function is called with in each part of its range."""

SCIPY = tuple(map(int, scipy.__version__.split(".")[:2]))


@dataclasses.dataclass(frozen=True)
class Case:
    """One function, on a range of arguments, and the limits that its distances are held to."""

    name: str
    range: str
    arguments: Sequence[np.ndarray]
    exact: Callable[..., mpf]
    float64: float
    float32: float
    library: str = ""
    """Whose function the results are compared with; this and what follows only if there is one."""
    reference: Callable[..., Any] | None = None
    off_reference: float = 0.0
    since: tuple[int, int] = (0, 0)
    """The first SciPy whose function is that exact."""

    @property
    def function(self) -> np.ufunc:
        return getattr(special, self.name)


def largest_ulps(values: np.ndarray, wanted: np.ndarray) -> float:
    """The largest distance of floats from wanted ones, which may be exact values."""
    units = np.spacing(np.abs(wanted.astype(values.dtype)))
    if wanted.dtype != object:
        return float(np.max(np.abs(values - wanted) / units))
    rows = zip(values.tolist(), wanted, units.tolist())
    return max(float(abs(mpf(value) - exact) / mpf(unit)) for value, exact, unit in rows)


def exact_values(function: Callable[..., Any], arguments: Sequence[np.ndarray]) -> np.ndarray:
    """`function` of mpf at each place, as objects."""
    rows = zip(*(argument.tolist() for argument in arguments))
    return np.array([function(*map(mpf, row)) for row in rows], dtype=object)


def as_float32(arguments: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Those of the arguments that float32 has as normal numbers, in float32."""
    tiny = np.finfo(np.float32).tiny
    fit = np.all([(np.abs(a) > tiny) & (np.abs(a) < 1 / tiny) for a in arguments], axis=0)
    return [argument[fit].astype(np.float32) for argument in arguments]


# --- Arguments --------------------------------------------------------------------------------

random = np.random.default_rng(20100301)


def uniform(low: float, high: float) -> np.ndarray:
    return random.uniform(low, high, COUNT)


def powers(low: float, high: float) -> np.ndarray:
    """Numbers whose decimal logarithms are uniform."""
    return 10.0 ** uniform(low, high)


def joined(*parts: np.ndarray) -> tuple[np.ndarray]:
    return (np.concatenate(parts),)


probabilities = joined(
    powers(-300, -0.1), uniform(0.1, 0.95), 0.5 + powers(-12, -1), 0.5 - powers(-12, -1)
)
reals = joined(uniform(-700, 700), uniform(-5, 5), powers(-300, 0))
pairs = (
    np.concatenate([powers(-3, 3), uniform(0, 1)]),
    np.concatenate([powers(-3, 3), uniform(0, 1)]),
)
close = powers(-3, 3)
far_out = uniform(10, 26)
near_integers = 3 + powers(-9, -3)


# --- Exact values -----------------------------------------------------------------------------


def log1mexp(x: mpf) -> mpf:
    return mpmath.log(-mpmath.expm1(x)) if x > -1 else mpmath.log1p(-mpmath.exp(x))


def rel_entr(x: mpf, y: mpf) -> mpf:
    return x * mpmath.log(x / y)


def logaddexp(a: mpf, b: mpf) -> mpf:
    return max(a, b) + mpmath.log1p(mpmath.exp(-abs(a - b)))


CASES = [
    Case(
        "logit",
        "0 < p < 0.95",
        probabilities,
        lambda p: mpmath.log(p / (1 - p)),
        float64=2.5,
        float32=3,
        library="SciPy",
        reference=scipy.special.logit,
        off_reference=2,
        since=(1, 17),
    ),
    Case(
        "expit",
        "-700 < x < 700",
        reals,
        lambda x: 1 / (1 + mpmath.exp(-x)),
        float64=3,
        float32=2.5,
        library="SciPy",
        reference=scipy.special.expit,
        off_reference=3,
    ),
    Case(
        "softplus",
        "-700 < x < 700",
        reals,
        lambda x: logaddexp(mpf(0), x),
        float64=2,
        float32=2,
        library="SciPy",
        reference=getattr(scipy.special, "softplus", None),
        off_reference=1,
        since=(1, 15),
    ),
    Case(
        "log1mexp",
        "-600 < x < 0",
        joined(-powers(-300, 2.7), -powers(-2, 1)),
        log1mexp,
        float64=2,
        float32=2,
    ),
    Case(
        "sinc",
        "-0.5 < x < 0.5",
        joined(uniform(-0.5, 0.5)),
        mpmath.sincpi,
        float64=2,
        float32=2,
        library="NumPy",
        reference=np.sinc,
        off_reference=1,
    ),
    Case(
        "sinc",
        "-1000 < x < 1000",
        joined(uniform(-20, 20), uniform(-1000, 1000), near_integers),
        mpmath.sincpi,
        float64=3.5,
        float32=3.5,
    ),
    Case(
        "entr",
        "0 < x < 1e300",
        joined(powers(-300, 300), uniform(0, 2)),
        lambda x: -x * mpmath.log(x),
        float64=1.5,
        float32=1.5,
        library="SciPy",
        reference=scipy.special.entr,
        off_reference=1,
    ),
    Case(
        "rel_entr",
        "0.001 < x, y < 1000",
        pairs,
        rel_entr,
        float64=2.5,
        float32=2.5,
        library="SciPy",
        reference=scipy.special.rel_entr,
        off_reference=1,
        since=(1, 17),
    ),
    Case(
        "rel_entr",
        "1 - y/x within 0.1",
        (close, close * (1 + uniform(-0.1, 0.1))),
        rel_entr,
        float64=2.5,
        float32=2.5,
        library="SciPy",
        reference=scipy.special.rel_entr,
        off_reference=1,
        since=(1, 17),
    ),
    Case(
        "erf",
        "-6 < x < 6",
        joined(uniform(-6, 6), uniform(-1, 1), powers(-300, -1)),
        mpmath.erf,
        float64=5,
        float32=0.51,
        library="SciPy",
        reference=scipy.special.erf,
        off_reference=6,
    ),
    Case(
        "erfc",
        "-6 < x < 1",
        joined(uniform(-6, 1), powers(-300, 0)),
        mpmath.erfc,
        float64=5,
        float32=0.51,
        library="SciPy",
        reference=scipy.special.erfc,
        off_reference=12,
    ),
    Case(
        "erfc",
        "1 < x < 26",
        joined(uniform(1, 26)),
        mpmath.erfc,
        float64=7,
        float32=0.51,
    ),
    Case(
        "logaddexp",
        "0 < a, b < 700",
        (
            np.concatenate([uniform(0, 700), uniform(0, 5)]),
            np.concatenate([uniform(0, 700), uniform(0, 5)]),
        ),
        logaddexp,
        float64=1.5,
        float32=1.5,
        library="NumPy",
        reference=np.logaddexp,
        off_reference=1,
    ),
    Case(
        "either",
        "0 < p, q < 1",
        (uniform(0, 1), uniform(0, 1)),
        lambda p, q: p + q - p * q,
        float64=1,
        float32=2,
    ),
]
