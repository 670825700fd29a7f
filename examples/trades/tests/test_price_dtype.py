from __future__ import annotations

import numpy as np
import pytest
from npyo_trades import price_dtype, set_changes, summarize


def test_it_is_the_layout_of_the_struct():
    fields = [
        ("symbol", "S8"),
        ("date", "M8[D]"),
        ("price", "f8"),
        ("change", "f8"),
        ("move", "i1"),
    ]
    assert price_dtype == np.dtype(fields, align=True)


def test_zeros_are_records():
    assert set_changes(np.zeros(2, price_dtype)).shape == (2,)


def test_records_without_padding_are_shown_beside_the_wanted_ones(packed):
    with pytest.raises(TypeError, match=r"33 bytes +40 bytes +<- first difference"):
        summarize(packed)
    with pytest.raises(TypeError, match="33 bytes"):
        set_changes(packed)


def test_records_with_fewer_fields_are_shown_beside_the_wanted_ones(stocks):
    with pytest.raises(TypeError) as error:
        summarize(stocks)
    lines = str(error.value).splitlines()
    assert "array" in lines[1] and "wanted" in lines[1]
    assert [line.split()[0] for line in lines[2:5]] == ["symbol", "date", "price"]
    assert "change  float64 at byte 24   <- first difference" in lines[5]


def test_a_field_of_another_dtype_is_named(prices):
    fields = [
        (name, "M8[s]" if name == "date" else dtype) for name, dtype in prices.dtype.descr[:5]
    ]
    with pytest.raises(TypeError) as error:
        summarize(prices.astype(np.dtype(fields, align=True)))
    (line,) = [line for line in str(error.value).splitlines() if "first difference" in line]
    assert line.split()[:2] == ["date", "datetime64[s]"]
    assert "datetime64[D]" in line


def test_numbers_are_refused_with_both_dtypes(stocks):
    with pytest.raises(TypeError, match="from=float64, to=.*'symbol', *'date', *'price'"):
        summarize(stocks["price"])


def test_a_move_that_is_none_is_found(prices):
    prices["move"][3] = 7
    with pytest.raises(ValueError, match=r"\[3\].*'move': 7 is no variant of Move"):
        summarize(prices)


def test_masked_records_are_refused(prices):
    with pytest.raises(TypeError, match="masked array"):
        summarize(np.ma.array(prices))
