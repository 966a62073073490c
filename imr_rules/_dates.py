"""Dates as records give them: whole, or without the day, the month or the year."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from typing_extensions import TypedDict

_FORM = re.compile(r"(?:(?P<year>\d{4})|-)(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
_LEAP = 2000
"""Stands in for a year that is not known, because it has a February 29."""


class Window(NamedTuple):
    """The days a date may mean, both ends included."""

    first: date
    last: date

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


class Period(NamedTuple):
    """Days from ``first`` to ``last``, both included; an open end has no last day."""

    first: date
    last: date | None

    def covers(self, first: date, last: date) -> bool:
        """Whether every day from ``first`` to ``last`` lies in this period."""
        return self.first <= first and (self.last is None or last <= self.last)

    def meets(self, first: date, last: date) -> bool:
        """Whether some day from ``first`` to ``last`` lies in this period."""
        return self.first <= last and (self.last is None or first <= self.last)

    def overlaps(self, other: Period) -> bool:
        """Whether some day lies in both periods."""
        return self.meets(other.first, other.last or date.max)

    def __str__(self) -> str:
        return f"from {self.first}" + (f" to {self.last}" if self.last else "")


FromTo = TypedDict("FromTo", {"from": str, "to": str | None})
"""Days as a result gives them: both included, and open where ``to`` is null."""


def _from_to(period: Period) -> FromTo:
    return {"from": str(period.first), "to": str(period.last) if period.last else None}


Days = Annotated[Period, PlainSerializer(_from_to, return_type=FromTo)]
"""A :class:`Period` as a field of a result."""


class PartialDate(NamedTuple):
    """A calendar date of which the day, the month or the year may not be known.

    Written as ISO 8601 writes it: ``2014-08-05``, ``2014-08``, ``2014``, and with the year left out
    ``--08-05`` or ``--08``.
    """

    year: int | None
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read a date. Raises ValueError for anything that is not a date on the calendar."""
        match = _FORM.fullmatch(text)
        if match is None or text == "-":
            raise ValueError(
                "a date is written 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known"
            )
        year, month, day = [int(part) if part else None for part in match.groups()]
        if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise ValueError(f"the year must be between {EARLIEST_YEAR} and {LATEST_YEAR}")
        if month is not None and not 1 <= month <= 12:
            raise ValueError("there is no such month")
        if month and day is not None:
            try:
                date(year or _LEAP, month, day)
            except ValueError:
                raise ValueError("there is no such day in that month") from None
        return cls(year, month, day)

    @property
    def window(self) -> Window | None:
        """The days this date may mean, or None where the year is not known."""
        return _window(self)

    @property
    def whole(self) -> date | None:
        """The day itself, where year, month and day are all known."""
        if self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        return None

    def __str__(self) -> str:
        parts = [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(["-" if self.year is None else f"{self.year:04d}", *parts])


def say_day(day: date) -> str:
    """Return a day as an American letter writes it: ``August 5, 2014``."""
    return f"{calendar.month_name[day.month]} {day.day}, {day.year}"


def say_days(first: date, last: date | None) -> str:
    """Return the days from ``first`` to ``last`` as they are read; from ``first`` on where the end is open."""
    if last is None:
        return f"{say_day(first)} on"
    return say_day(first) if first == last else f"{say_day(first)} to {say_day(last)}"


def spell_date(when: PartialDate) -> str:
    """Return a date as an American letter writes it, as far as it is known: ``August 5, 2014``, ``August 2014``."""
    if when.month is None:
        return str(when)
    month = calendar.month_name[when.month]
    day = f"{month} {when.day}" if when.day else month
    if when.year is None:
        return day
    return f"{day}, {when.year}" if when.day else f"{day} {when.year}"


def say_date(when: PartialDate) -> str:
    """Return a date as it is read, and that its year is not written where it is not."""
    return spell_date(when) + ("" if when.year else ", year not written")


_ISO_DAY = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?\b")


def days_in_words(text: str) -> str:
    """Return a text with the dates in it as an American letter writes them."""
    return _ISO_DAY.sub(lambda found: spell_date(PartialDate.parse(found[0])), text)


@lru_cache(maxsize=1024)
def _window(when: PartialDate) -> Window | None:
    if when.year is None:
        return None
    first_month, last_month = (when.month, when.month) if when.month else (1, 12)
    last_day = when.day or calendar.monthrange(when.year, last_month)[1]
    return Window(date(when.year, first_month, when.day or 1), date(when.year, last_month, last_day))


def _read(value: Any) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, str):
        return PartialDate.parse(value)
    if isinstance(value, date):
        return PartialDate(value.year, value.month, value.day)
    if isinstance(value, int) and not isinstance(value, bool) and EARLIEST_YEAR <= value <= LATEST_YEAR:
        return PartialDate(value)  # YAML and JSON write a bare year as a number
    raise ValueError("a date is written 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known")


Date = Annotated[
    PartialDate,
    BeforeValidator(_read),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(\d{4}|-)(-\d{2}(-\d{2})?)?$",
            "description": "A date: 2014-08-05, 2014-08, 2014, or --08-05 where the year is not known.",
        }
    ),
]
"""A :class:`PartialDate` as a field of a case."""
