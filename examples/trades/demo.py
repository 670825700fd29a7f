"""Runs npyo_trades on a file of prices and checks every result against pandas.

Prints the tables on the way and what unfit arrays get. Ends with an error if a result is wrong.

    python demo.py
"""

from __future__ import annotations

import platform
import textwrap
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import npyo_trades
import numpy as np
import pandas as pd
from numpy.lib import recfunctions
from vega_datasets import data

STOCKS = data.stocks.filepath
COLUMNS = [("symbol", "S8"), ("date", "datetime64[D]"), ("price", "float64")]
MOVES = {-1: "fell", 0: "stayed", 1: "rose"}
DOLLARS_PER_EURO = 1.25


# --- Reading ----------------------------------------------------------------------------------


def read_date(text: str) -> date:
    return datetime.strptime(text, "%b %d %Y").date()


def read_stocks() -> np.ndarray:
    """The file's three columns, one behind the other."""
    return np.loadtxt(
        STOCKS, COLUMNS, delimiter=",", skiprows=1, converters={1: read_date}, encoding="utf-8"
    )


def read_stocks_with_pandas() -> pd.DataFrame:
    frame = pd.read_csv(STOCKS)
    frame["date"] = pd.to_datetime(frame["date"], format="%b %d %Y")
    return frame


# --- Working on the table ---------------------------------------------------------------------


def write_changes(prices: np.ndarray, frame: pd.DataFrame) -> None:
    heading("set_changes writes two fields of the table, in place")
    changes = npyo_trades.set_changes(prices)
    print(prices[:4])
    wanted = frame.groupby("symbol").price.pct_change()
    check("change is pandas' pct_change", np.array_equal(changes, wanted, equal_nan=True))
    check("what it returns is in the memory of the table", np.shares_memory(changes, prices))


def sum_up(prices: np.ndarray, frame: pd.DataFrame) -> None:
    heading("summarize returns records, which pandas shows")
    summary = npyo_trades.summarize(prices)
    print(pd.DataFrame(summary).to_string(index=False))
    wanted = frame.groupby("symbol").price.agg(["min", "max", "mean", "size"])
    found = [summary[name] for name in ("low", "high", "mean", "rows")]
    check("they are pandas' groupby and agg", np.allclose(np.transpose(found), wanted, rtol=1e-12))

    heading("and NumPy sorts")
    by_mean = np.sort(summary, order="mean")
    print(by_mean[["symbol", "mean"]])
    check("by the mean price", bool((np.diff(by_mean["mean"]) > 0).all()))


def take_other_layouts(prices: np.ndarray) -> None:
    heading("of_symbol takes other layouts, and lists")
    wanted = npyo_trades.of_symbol(prices, b"IBM")
    packed = recfunctions.repack_fields(prices)
    print(f"{len(wanted)} rows of IBM, the first and the last:\n{wanted[[0, -1]]}")
    sizes = f"{packed.itemsize} bytes a row instead of {prices.itemsize}"
    others = {
        f"records without padding, {sizes}": packed,
        "fields in another order": prices[["move", "price", "symbol", "change", "date"]],
        "a list of tuples": prices.tolist(),
        "a list of dicts, from a DataFrame": pd.DataFrame(prices).to_dict("records"),
    }
    for what, other in others.items():
        rows = npyo_trades.of_symbol(other, b"IBM")
        check(f"{what}: the same bytes", rows.tobytes() == wanted.tobytes())


def take_single_rows(prices: np.ndarray) -> None:
    heading("latest gives one row, change takes two")
    first = npyo_trades.of_symbol(prices, b"AAPL")[0]
    last = npyo_trades.latest(prices, b"AAPL")
    since = npyo_trades.change(first, last)
    print(f"from {first['price']} on {first['date']} to {last['price']} on {last['date']}:")
    print(f"{since['symbol'].decode()} {MOVES[int(since['move'])]} by {since['change']:.0%}")
    wanted = last["price"] / first["price"] - 1
    check("the change is that of the prices", since["change"] == wanted)


def convert_prices(stocks: np.ndarray) -> None:
    heading("convert takes any records with a price: here the file's three columns")
    euros = stocks.copy()
    npyo_trades.convert(euros, 1 / DOLLARS_PER_EURO)
    print(f"{stocks[0]} in dollars\n{euros[0]} in euros")
    wanted = stocks["price"] * (1 / DOLLARS_PER_EURO)
    check("prices are NumPy's product", np.array_equal(euros["price"], wanted))


# --- Unfit arrays -----------------------------------------------------------------------------


def show_unfit(prices: np.ndarray, stocks: np.ndarray) -> None:
    heading("What other arrays get")
    wrong = prices.copy()
    wrong["move"][3] = 7
    frozen = prices.copy()
    frozen.flags.writeable = False
    packed = recfunctions.repack_fields(prices)
    numbers = stocks["price"]
    show_refusal("summarize(packed)", lambda: npyo_trades.summarize(packed), TypeError)
    show_refusal("summarize(stocks)", lambda: npyo_trades.summarize(stocks), TypeError)
    show_refusal("summarize(wrong)", lambda: npyo_trades.summarize(wrong), ValueError)
    show_refusal("set_changes(frozen)", lambda: npyo_trades.set_changes(frozen), ValueError)
    show_refusal("convert(numbers, 2.0)", lambda: npyo_trades.convert(numbers, 2.0), ValueError)


def show_refusal(call: str, function: Callable[[], Any], wanted: type[Exception]) -> None:
    try:
        function()
    except wanted as error:
        print(f">>> {call}")
        for line in f"{type(error).__name__}: {error}".splitlines():
            print(line if line.startswith(" ") else textwrap.fill(line, 96))
        print()
    else:
        raise AssertionError(f"{call} was not refused")


# --- Printing ---------------------------------------------------------------------------------


def heading(text: str) -> None:
    print(f"\n--- {text}\n")


def check(what: str, is_right: bool) -> None:
    if not is_right:
        raise AssertionError(f"this does not hold: {what}")
    print(f"ok: {what}")


def main() -> None:
    print(f"CPython {platform.python_version()}, NumPy {np.__version__}, pandas {pd.__version__}")
    stocks = read_stocks()
    frame = read_stocks_with_pandas()
    prices = recfunctions.require_fields(stocks, npyo_trades.price_dtype)
    heading(f"stocks.csv: {len(stocks)} rows, read by NumPy, then with all fields")
    print(f"{stocks[0]}\n{prices[0]}")

    write_changes(prices, frame)
    sum_up(prices, frame)
    take_other_layouts(prices)
    take_single_rows(prices)
    convert_prices(stocks)
    show_unfit(prices, stocks)
    print("Every result is that of pandas or NumPy.")


if __name__ == "__main__":
    main()
