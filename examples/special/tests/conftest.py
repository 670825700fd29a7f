from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from vega_datasets import data


@pytest.fixture(autouse=True)
def no_floating_point_warnings():
    """NumPy's warnings, of divisions by zero and the like, fail a test that does not expect them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


@pytest.fixture(scope="session")
def airports() -> pd.DataFrame:
    """3,376 airports, most of them in the United States, by their codes."""
    return pd.read_csv(data.airports.filepath, index_col="iata")


@pytest.fixture(scope="session")
def last_prices(stocks) -> pd.Series:
    """The last price of each share, by symbol."""
    return stocks.groupby("symbol").price.last()


@pytest.fixture(scope="session")
def volatilities(stocks) -> pd.Series:
    """The volatility of a year of each share, from its prices month by month."""
    changes = stocks.groupby("symbol").price.apply(lambda prices: np.log(prices).diff().std())
    return changes * np.sqrt(12)


@pytest.fixture(scope="session")
def stocks() -> pd.DataFrame:
    """The prices of five shares, month by month."""
    return pd.read_csv(data.stocks.filepath)
