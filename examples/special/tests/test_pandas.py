"""Series and DataFrames come back as such, with their labels."""

from __future__ import annotations

import npyo_special as special
import numpy as np
import pandas as pd
import pytest

PRICES = pd.Series([40.0, 50.0, 60.0], index=["a", "b", "c"], name="price")


def test_a_series_keeps_its_index_and_name():
    result = special.expit(PRICES)
    assert isinstance(result, pd.Series)
    assert result.name == "price"
    assert result.index.tolist() == ["a", "b", "c"]
    assert np.array_equal(result, special.expit(PRICES.to_numpy()))


def test_several_series_are_aligned_by_their_labels():
    strikes = pd.Series([60.0, 50.0, 40.0], index=["c", "b", "a"])
    price, delta = special.black_scholes(PRICES, strikes, 0.5, 0.02, 0.3)
    wanted = special.black_scholes([40, 50, 60], [40, 50, 60], 0.5, 0.02, 0.3)
    assert price.index.tolist() == delta.index.tolist() == ["a", "b", "c"]
    assert np.array_equal(price, wanted[0])
    assert np.array_equal(delta, wanted[1])


def test_labels_that_one_series_lacks_get_nan():
    result = special.either(pd.Series([0.5, 0.5], index=["a", "b"]), pd.Series([0.5], index=["b"]))
    assert result.index.tolist() == ["a", "b"]
    assert np.isnan(result["a"]) and result["b"] == 0.75


def test_missing_values_stay_missing():
    result = special.logit(pd.Series([0.5, None], dtype="Float64"))
    assert result.dtype == "Float64"
    assert result.isna().tolist() == [False, True]
    assert np.isnan(special.logit(pd.Series([0.5, np.nan]))[1])


def test_a_frame_keeps_its_labels():
    frame = pd.DataFrame({"x": [0.1, 0.2], "y": [0.3, 0.4]}, index=["a", "b"])
    result = special.logit(frame)
    assert isinstance(result, pd.DataFrame)
    pd.testing.assert_frame_equal(result, frame.apply(special.logit))
    assert special.logit(frame.astype("float32")).dtypes.tolist() == [np.float32, np.float32]


def test_columns_are_computed_with(airports):
    home = airports.loc["JFK"]
    distances = special.haversine(
        home.latitude, home.longitude, airports.latitude, airports.longitude
    )
    assert distances.index.equals(airports.index)
    assert distances["JFK"] == 0.0
    nearest = distances.nsmallest(3)
    assert nearest.index.tolist()[:2] == ["JFK", "LGA"]
    assert distances.idxmax() == "ROR"


def test_groups_are_reduced():
    chances = pd.Series([0.5, 0.1, 0.5, 0.2], index=["a", "b", "a", "b"])
    reduced = chances.groupby(level=0).agg(special.either.reduce)
    assert reduced.index.tolist() == ["a", "b"]
    assert np.array_equal(reduced, [0.75, special.either(0.1, 0.2)])


def test_outer_wants_arrays():
    with pytest.raises(NotImplementedError):
        special.either.outer(PRICES, PRICES)
    assert special.either.outer(PRICES.to_numpy(), PRICES.to_numpy()).shape == (3, 3)
