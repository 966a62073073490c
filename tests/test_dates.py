"""Dates as records give them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules._dates import PartialDate


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014-08-05", date(2014, 8, 5), date(2014, 8, 5)),
        ("2014-08", date(2014, 8, 1), date(2014, 8, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
    ],
)
def test_the_days_a_date_may_mean(text: str, first: date, last: date) -> None:
    assert PartialDate.parse(text).window == (first, last)


@pytest.mark.parametrize("text", ["--08-05", "--04", "--02-29"])
def test_without_a_year_no_day_is_meant(text: str) -> None:
    parsed = PartialDate.parse(text)
    assert parsed.window is None
    assert parsed.whole is None
    assert str(parsed) == text


@pytest.mark.parametrize(
    "text",
    [
        "2014-02-30",
        "2015-02-29",
        "2014-13",
        "2014-00-01",
        "14-08-05",
        "1066",
        "2300",
        "",
        "-",
        "--",
        "August",
        "2014-8-5",
        "2014-08-05T00:00",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|year|month|day"):
        PartialDate.parse(text)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_whole_date_is_read_as_it_is_written(day: Any) -> None:
    parsed = PartialDate.parse(str(day))
    assert parsed.whole == day
    assert str(parsed) == str(day)
