from __future__ import annotations

import numpy as np
import pytest
from npyo_trades import convert


def test_any_records_with_a_price_are_taken(prices, packed, stocks):
    two_fields = prices.copy()[["price", "symbol"]]
    misaligned = np.ones(3, [("sold", "?"), ("price", "f8")])
    for table in (prices, packed, stocks.copy(), two_fields, misaligned, prices[::-3]):
        wanted = table["price"] * 2.5
        convert(table, 2.5)
        assert np.array_equal(table["price"], wanted)


def test_the_other_fields_are_left_as_they_are(prices, stocks):
    convert(prices, 2.0)
    assert np.array_equal(prices["symbol"], stocks["symbol"])
    assert np.array_equal(prices["date"], stocks["date"])
    assert not prices["move"].any()


def test_a_table_without_a_price_is_refused(prices):
    with pytest.raises(ValueError, match="no field 'price', only 'symbol', 'date'"):
        convert(prices[["symbol", "date"]], 2.0)
    with pytest.raises(ValueError, match="has no fields"):
        convert(prices["price"], 2.0)


def test_a_price_of_another_dtype_is_refused_with_both():
    with pytest.raises(TypeError, match="from=float32, to=float64"):
        convert(np.ones(3, [("price", "f4")]), 2.0)


def test_a_read_only_table_is_refused_and_not_written_to(prices, stocks):
    prices.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        convert(prices, 2.0)
    assert np.array_equal(prices["price"], stocks["price"])
