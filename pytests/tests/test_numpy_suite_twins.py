"""The twins of NumPy's test modules beside these, where NumPy's own tests do not look."""

from __future__ import annotations

import importlib
import random

import npyo_pytests
import numpy as np
import pytest
from support import NUMPY

CORE = "numpy._core" if NUMPY >= (2, 0) else "numpy.core"
LARGE = 2**31 - 1


@pytest.fixture(scope="module")
def modules():
    original = pytest.importorskip(f"{CORE}._rational_tests")
    return original, npyo_pytests.numpy_suite.twin(original)


def outcome(ufunc: np.ufunc, *args: object) -> object:
    try:
        result = ufunc(*args)
    except (OverflowError, TypeError, ValueError) as error:
        return type(error)
    return result.dtype, result.tolist()


@pytest.mark.parametrize(
    "name", ["gcd", "lcm", "numerator", "denominator", "test_add", "test_add_rationals"]
)
def test_a_ufunc_of_rationals_does_as_numpys(modules, name):
    original, twin = modules
    rng = random.Random(name)
    of_rationals = name in ("numerator", "denominator", "test_add_rationals")

    def value(most: int) -> object:
        number = rng.randint(-most, most)
        return original.rational(number, rng.randint(1, most)) if of_rationals else number

    seen = set()
    for _ in range(200):
        shape = (rng.randrange(4), rng.randint(1, 3))
        most = rng.choice([3, 1000, LARGE])
        dtype = original.rational if of_rationals else "i8"
        args = []
        for _ in range(getattr(original, name).nin):
            wide = np.zeros((shape[0], 2 * shape[1]), dtype)
            for place in np.ndindex(wide.shape):
                wide[place] = value(most)
            args.append(wide[:, :: rng.choice([2, -2])])
        if name == "test_add":
            # Without it, NumPy 1.21 does not find the function in C.
            args.append(np.zeros(shape, original.rational))
        wanted = outcome(getattr(original, name), *args)
        assert outcome(getattr(twin, name), *args) == wanted
        seen.add(wanted if isinstance(wanted, type) else "values")
    overflows = {OverflowError} if name in ("test_add", "test_add_rationals") else set()
    assert seen == {"values", *overflows}


def test_a_product_of_matrices_of_rationals_is_numpys(modules):
    original, twin = modules
    rng = random.Random(2)
    seen = set()
    for _ in range(200):
        m, n, p = (rng.randrange(4) for _ in range(3))
        most = rng.choice([3, 3, LARGE])
        matrices = [np.zeros((2, m, n), original.rational), np.zeros((p, n), original.rational).T]
        for matrix in matrices:
            for place in np.ndindex(matrix.shape):
                matrix[place] = original.rational(rng.randint(-most, most), rng.randint(1, most))
        wanted = outcome(original.matrix_multiply, *matrices)
        assert outcome(twin.matrix_multiply, *matrices) == wanted
        seen.add(wanted if isinstance(wanted, type) else "values")
    assert seen == {"values", OverflowError}


def test_every_module_has_a_twin_with_its_names(monkeypatch):
    monkeypatch.setenv("NUMPY_EXPERIMENTAL_DTYPE_API", "1")
    for name in "_umath_tests", "_rational_tests", "_struct_ufunc_tests", "_operand_flag_tests":
        original = importlib.import_module(f"{CORE}.{name}")
        twin = npyo_pytests.numpy_suite.twin(original)
        assert twin.__name__ == original.__name__
        assert {key for key in vars(original) if not key.startswith("__")} <= set(vars(twin))


def test_what_is_no_test_module_has_no_twin():
    with pytest.raises(ValueError, match="numpy has no twin"):
        npyo_pytests.numpy_suite.twin(np)
