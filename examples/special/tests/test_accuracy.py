from __future__ import annotations

import npyo_special as special
import numpy as np
import pytest
import scipy.special
from accuracy import (
    CASES,
    COUNT,
    SCIPY,
    as_float32,
    exact_values,
    far_out,
    largest_ulps,
    near_integers,
    probabilities,
)
from mpmath import mp

COMPARED = [case for case in CASES if case.library and SCIPY >= case.since]


def label(case):
    return f"{case.name}, {case.range}"


@pytest.mark.parametrize("case", CASES, ids=label)
def test_float64_is_as_exact_as_is_said(case):
    values = case.function(*case.arguments)
    assert values.dtype == np.float64
    assert largest_ulps(values, exact_values(case.exact, case.arguments)) <= case.float64


@pytest.mark.parametrize("case", CASES, ids=label)
def test_float32_is_as_exact_as_is_said(case):
    arguments = as_float32(case.arguments)
    exact = exact_values(case.exact, arguments)
    limits = np.finfo(np.float32)
    normal = [bool(limits.tiny < abs(value) < limits.max) for value in exact]
    values = case.function(*(argument[normal] for argument in arguments))
    assert values.dtype == np.float32
    assert len(values) >= COUNT // 4
    assert largest_ulps(values, exact[normal]) <= case.float32


@pytest.mark.parametrize("case", COMPARED, ids=label)
def test_results_are_as_close_to_those_of_scipy_and_numpy_as_is_said(case):
    wanted = case.reference(*case.arguments)
    assert largest_ulps(case.function(*case.arguments), wanted) <= case.off_reference


def test_far_out_erfc_is_closer_to_the_exact_value_than_that_of_scipy():
    exact = exact_values(mp.erfc, [far_out])
    assert largest_ulps(special.erfc(far_out), exact) <= 7
    assert largest_ulps(scipy.special.erfc(far_out), exact) > 50


def test_about_integers_sinc_is_closer_to_the_exact_value_than_that_of_numpy():
    exact = exact_values(mp.sincpi, [near_integers])
    assert largest_ulps(special.sinc(near_integers), exact) <= 3.5
    assert largest_ulps(np.sinc(near_integers), exact) > 1000


def test_expit_is_the_inverse_of_logit():
    (p,) = probabilities
    assert np.allclose(special.expit(special.logit(p)), p, rtol=1e-12, atol=0)
