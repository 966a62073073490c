"""Dates as people in America type them."""

from __future__ import annotations

import calendar
import re

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_SLASHED = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")
_NAMED = re.compile(r"([A-Za-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:,?\s+(\d{4}))?")
_NO_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})")


def as_stored(text: str | None) -> str | None:
    """Return a date as a case file writes it: ``03/14/2017`` and ``March 14, 2017`` are ``2017-03-14``.

    ``03/2017`` is a month, ``03/14`` and ``March 14`` are days of a year that is not written. What is read as no date
    is returned as it is, for the reader of cases to refuse.
    """
    if text is None:
        return None
    text = text.strip().removesuffix(", year not written")
    if found := _SLASHED.fullmatch(text):
        first, second, year = found.groups()
        return f"{year}-{int(first):02}-{int(second):02}" if first else f"{year}-{int(second):02}"
    if found := _NO_YEAR.fullmatch(text):
        return f"--{int(found[1]):02}-{int(found[2]):02}"
    named = _NAMED.fullmatch(text)
    if named and (month := _MONTHS.get(named[1][:3].lower())):
        return f"{named[3] or '-'}-{month:02}" + (f"-{int(named[2]):02}" if named[2] else "")
    return text
