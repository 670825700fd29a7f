from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from npyo_trades import set_changes, summarize


@pytest.fixture
def summary(prices) -> np.ndarray:
    set_changes(prices)
    return summarize(prices)


@pytest.fixture
def wanted(frame) -> pd.DataFrame:
    """The summary by pandas."""
    difference = frame.groupby("symbol").price.diff()
    rows = frame.assign(fell=difference < 0, rose=difference > 0)
    return rows.groupby("symbol", as_index=False).agg(
        first=("date", "min"),
        last=("date", "max"),
        low=("price", "min"),
        high=("price", "max"),
        mean=("price", "mean"),
        rows=("price", "size"),
        fell=("fell", "sum"),
        rose=("rose", "sum"),
    )


def test_the_summary_is_that_of_pandas(summary, wanted):
    frame = pd.DataFrame(summary)
    frame["symbol"] = frame["symbol"].str.decode("ascii")
    pd.testing.assert_frame_equal(frame, wanted, check_dtype=False, rtol=1e-12)


def test_the_order_of_the_rows_makes_no_difference(summary, prices):
    again = summarize(prices[::-1])
    for name in summary.dtype.names:
        equal = np.allclose if name == "mean" else np.array_equal
        assert equal(again[name], summary[name])


def test_it_is_a_table_that_pandas_gives_back_as_it_was(summary):
    frame = pd.DataFrame(summary)
    assert list(frame.columns) == list(summary.dtype.names)
    assert [frame[name].dtype.kind for name in frame] == list("OMMfffuuu")
    columns = {name: summary.dtype[name] for name in summary.dtype.names}
    back = frame.to_records(index=False, column_dtypes=columns)
    assert np.array_equal(back.astype(summary.dtype), summary)


def test_it_is_sorted_by_any_field(summary):
    assert summary["symbol"].tolist() == [b"AAPL", b"AMZN", b"GOOG", b"IBM", b"MSFT"]
    by_mean = np.sort(summary, order="mean")
    assert by_mean.dtype == summary.dtype
    assert np.array_equal(by_mean["mean"], np.sort(summary["mean"]))
    last = np.sort(summary, order=["rows", "high"])[-1]
    assert last["symbol"] == b"AAPL"


def test_it_can_be_written_to(summary):
    summary["mean"] = 0.0
    assert not summary["mean"].any()


def test_no_rows_have_no_summary(prices):
    assert summarize(prices[:0]).shape == (0,)
