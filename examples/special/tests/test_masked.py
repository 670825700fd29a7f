"""Masked arrays keep their masks."""

from __future__ import annotations

import npyo_special as special
import numpy as np
import pytest

PRICES = np.ma.array([10.0, 120.0, 12.0], mask=[False, True, False])


def test_what_is_masked_stays_so():
    values = np.ma.array([0.1, 0.7, 0.5], mask=[False, True, False])
    result = special.logit(values)
    assert isinstance(result, np.ma.MaskedArray)
    assert result.mask.tolist() == [False, True, False]
    assert np.array_equal(result.compressed(), special.logit([0.1, 0.5]))


def test_masks_of_several_arguments_are_joined():
    p = np.ma.array([0.1, 0.2, 0.3], mask=[True, False, False])
    q = np.ma.array([0.1, 0.2, 0.3], mask=[False, True, False])
    assert special.either(p, q).mask.tolist() == [True, True, False]


def test_each_of_several_results_has_the_mask():
    for result in special.black_scholes(PRICES, 100, 0.5, 0.02, 0.3):
        assert result.mask.tolist() == [False, True, False]


def test_what_is_masked_is_computed_all_the_same():
    """NumPy hands the whole array over; `where` keeps a function from what is masked."""
    with pytest.raises(ValueError, match="price 120"):
        special.implied_volatility(PRICES, 100, 100, 0.5, 0.02)
    result = special.implied_volatility(
        PRICES, 100, 100, 0.5, 0.02, where=~PRICES.mask, out=np.ma.masked_all(3)
    )
    assert np.isfinite(np.asarray(result)[[0, 2]]).all()


def test_reduce_takes_the_mask_by_where():
    chances = np.ma.array([0.5, 0.9, 0.5], mask=[False, True, False])
    assert special.either.reduce(chances.data, where=~chances.mask) == 0.75
    assert special.either.reduce(chances.filled(0.0)) == 0.75
    # As NumPy's own ufuncs: of a masked array, `reduce` takes everything.
    assert float(special.either.reduce(chances)) == special.either.reduce(chances.data)
    assert float(np.logaddexp.reduce(chances)) == np.logaddexp.reduce(chances.data)


def test_generalised_ufuncs_know_no_masks():
    rows = np.ma.array(np.zeros((3, 2)), mask=[[0, 1], [0, 0], [0, 0]])
    assert np.asarray(special.logsumexp(rows))[0] == np.log(2.0)
    assert special.logsumexp(rows.filled(-np.inf))[0] == 0.0
