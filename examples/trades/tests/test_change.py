from __future__ import annotations

import numpy as np
import pytest
from npyo_trades import change, latest, price_dtype, set_changes


def test_the_latest_row_is_that_of_pandas(prices, frame):
    for symbol, rows in frame.groupby("symbol"):
        row = latest(prices[::-1], symbol.encode())
        wanted = rows.loc[rows.date.idxmax()]
        assert row["symbol"] == symbol.encode()
        assert row["date"] == np.datetime64(wanted.date, "D")
        assert row["price"] == wanted.price


def test_a_row_is_a_scalar_of_the_dtype(prices):
    row = latest(prices, prices["symbol"][0])
    assert isinstance(row, np.void)
    assert row.dtype == price_dtype
    prices[0] = row
    assert prices[0] == row


def test_a_symbol_that_is_not_there_is_named(prices):
    with pytest.raises(KeyError, match="no row of NONE"):
        latest(prices, b"NONE")


def test_the_change_of_two_rows_is_that_of_the_table(prices, packed):
    before, after = prices[0].copy(), prices[1].copy()
    set_changes(prices)
    assert change(before, after) == prices[1]
    assert change(packed[0], packed[1]) == prices[1]
    assert change(before.item(), after.item()) == prices[1]
    assert change(before, dict(zip(price_dtype.names, after.item()))) == prices[1]
    assert after["move"] == 0


def test_rows_of_two_symbols_are_refused(prices):
    with pytest.raises(ValueError, match="MSFT and IBM"):
        change(prices[0], latest(prices, b"IBM"))


def test_what_is_no_row_is_refused(prices):
    with pytest.raises(TypeError, match="expected a record"):
        change(None, prices[0])
    with pytest.raises(TypeError, match="dimensionality mismatch"):
        change(prices[:1], prices[0])
