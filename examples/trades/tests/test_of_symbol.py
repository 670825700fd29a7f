from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from npyo_trades import of_symbol, price_dtype

DAY = datetime.date(2000, 1, 1)


@pytest.fixture
def ibm(prices) -> np.ndarray:
    return prices[prices["symbol"] == b"IBM"]


def test_rows_are_those_of_pandas(prices, frame):
    rows = of_symbol(prices, b"IBM")
    wanted = frame[frame.symbol == "IBM"]
    assert np.array_equal(rows["price"], wanted.price)
    assert np.array_equal(rows["date"], wanted.date)


def test_the_result_is_a_copy(prices):
    assert not np.shares_memory(of_symbol(prices, b"IBM"), prices)


def test_other_layouts_are_taken(prices, packed, ibm):
    reordered = prices[["move", "price", "date", "symbol", "change"]]
    wider = np.zeros(len(prices), [*price_dtype.descr[:5], ("volume", "i8")])
    wider[list(price_dtype.names)] = packed
    swapped = prices.astype(price_dtype.newbyteorder("S"))
    for table in (prices, packed, reordered, wider, swapped, prices.view(np.recarray)):
        assert np.array_equal(of_symbol(table, b"IBM"), ibm)


def test_lists_are_taken(prices, ibm):
    assert np.array_equal(of_symbol(prices.tolist(), b"IBM"), ibm)
    assert np.array_equal(of_symbol(list(prices), b"IBM"), ibm)
    rows = pd.DataFrame(prices).to_dict("records")
    assert np.array_equal(of_symbol(rows, b"IBM"), ibm)


def test_tuples_and_dicts_may_be_mixed():
    as_dict = {"symbol": "IBM", "date": DAY, "price": 1, "change": 0.5, "move": 1}
    rows = of_symbol([("IBM", DAY, 1, 0.5, 1), as_dict], b"IBM")
    assert rows.dtype == price_dtype
    assert rows.tolist() == 2 * [(b"IBM", DAY, 1.0, 0.5, 1)]


@pytest.mark.parametrize(
    ("row", "error", "problem"),
    [
        (("IBM", DAY, 1.0), ValueError, "the tuple has 3 items"),
        (("LONGERTHAN8", DAY, 1.0, 0.0, 0), ValueError, "'symbol'"),
        (("IBM", DAY, "1", 0.0, 0), TypeError, "'price'"),
        (("IBM", DAY, 1.0, 0.0, 2), ValueError, "'move': 2 is no variant of Move"),
        (1.0, TypeError, "expected a record with the fields 'symbol', 'date'"),
    ],
)
def test_what_is_no_record_is_refused(row, error, problem):
    with pytest.raises(error, match=problem):
        of_symbol([row], b"IBM")


def test_a_table_without_all_fields_is_refused(stocks):
    with pytest.raises(TypeError, match="no field 'change', only 'symbol', 'date', 'price'"):
        of_symbol(stocks, b"IBM")


def test_no_rows_are_taken():
    assert of_symbol([], b"IBM").dtype == price_dtype
