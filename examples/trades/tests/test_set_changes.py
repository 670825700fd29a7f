from __future__ import annotations

import numpy as np
import pytest
from npyo_trades import price_dtype, set_changes


def test_changes_are_those_of_pandas(prices, frame):
    set_changes(prices)
    wanted = frame.groupby("symbol").price.pct_change()
    assert np.array_equal(prices["change"], wanted, equal_nan=True)


def test_moves_are_the_signs_of_the_differences(prices, frame):
    set_changes(prices)
    wanted = np.sign(frame.groupby("symbol").price.diff().fillna(0))
    assert np.array_equal(prices["move"], wanted)


def test_the_other_fields_are_left_as_they_are(prices, stocks):
    set_changes(prices)
    for name in stocks.dtype.names:
        assert np.array_equal(prices[name], stocks[name])


def test_the_result_is_the_field_with_no_copy(prices):
    changes = set_changes(prices)
    assert np.shares_memory(changes, prices)
    assert changes.base is prices
    changes[0] = 7.0
    assert prices["change"][0] == 7.0


def test_a_view_is_changed_where_it_lies_and_nothing_else(prices):
    set_changes(prices[:123])
    assert np.count_nonzero(prices["move"][:123]) > 100
    assert not prices["move"][123:].any()
    assert not prices["change"][123:].any()


def test_views_of_any_order_are_taken(prices):
    wanted = prices[::-2].copy()
    set_changes(wanted)
    set_changes(prices[::-2])
    for name in price_dtype.names:
        assert np.array_equal(prices[name][::-2], wanted[name], equal_nan=name == "change")


def test_symbols_may_alternate(prices, frame):
    by_date = np.sort(prices, order=["date", "symbol"])
    set_changes(by_date)
    sorted_frame = frame.sort_values(["date", "symbol"])
    wanted = sorted_frame.groupby("symbol").price.pct_change()
    assert np.array_equal(by_date["change"], wanted, equal_nan=True)


def test_record_arrays_are_taken(prices):
    records = prices.view(np.recarray)
    set_changes(records)
    assert records.move[1] == -1


def test_a_read_only_table_is_refused_and_not_written_to(prices):
    prices.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        set_changes(prices)
    assert not prices["change"].any()


def test_no_rows_are_taken():
    assert set_changes(np.zeros(0, price_dtype)).shape == (0,)
