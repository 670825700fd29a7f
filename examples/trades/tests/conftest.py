from __future__ import annotations

from datetime import date, datetime

import npyo_trades
import numpy as np
import pandas as pd
import pytest
from numpy.lib import recfunctions
from vega_datasets import data

STOCKS = data.stocks.filepath
COLUMNS = [("symbol", "S8"), ("date", "datetime64[D]"), ("price", "float64")]


def read_date(text: str) -> date:
    return datetime.strptime(text, "%b %d %Y").date()


@pytest.fixture(scope="session")
def stocks() -> np.ndarray:
    """The file as NumPy reads it: three columns, no padding."""
    return np.loadtxt(
        STOCKS, COLUMNS, delimiter=",", skiprows=1, converters={1: read_date}, encoding="utf-8"
    )


@pytest.fixture
def prices(stocks) -> np.ndarray:
    """The file as records of `price_dtype`, `change` and `move` not written yet."""
    return recfunctions.require_fields(stocks, npyo_trades.price_dtype)


@pytest.fixture
def packed(prices) -> np.ndarray:
    """The same records without padding."""
    return recfunctions.repack_fields(prices)


@pytest.fixture(scope="session")
def frame() -> pd.DataFrame:
    """The file as pandas reads it."""
    frame = pd.read_csv(STOCKS)
    frame["date"] = pd.to_datetime(frame["date"], format="%b %d %Y")
    return frame
