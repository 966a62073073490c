"""Dates as letters write them: 10-14-2016, 10/14/16, October 14, 2016, 2016-10-14, November 2016."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: A regular expression that matches one date, whole or without its day.
DATE = (
    r"(?:(?<![\d/.-])(?:\d{1,2}/ ?\d{1,2}/ ?(?:\d{4}|\d{2})|\d{1,2}- ?\d{1,2}- ?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?![\d/]|-\d)"
    rf"|\b(?i:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:of )?\d{{4}}\b"
    rf"|\b(?i:{_MONTH})\.?,? (?:of )?\d{{4}}\b"
    r"|(?<![\d/.-])\d{1,2}[/-](?:19|20)\d{2}(?![\d/-]))"
)
# A two-digit year is of this century up to here: letters exist from 2013 on, injuries back to the seventies.
_LAST_SHORT_YEAR = 40


def _year(written: str) -> int:
    year = int(written)
    if len(written) == 2:
        return year + (2000 if year <= _LAST_SHORT_YEAR else 1900)
    return year


def read_date(written: str) -> str | None:
    """Return ``2016-10-14``, ``2016-10`` where the day is not said, ``None`` where no such day exists."""
    text = re.sub(r"\s+", " ", written.strip())
    text = re.sub(r"(?<=[/-]) ", "", text)
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        year, month, day = (int(part) for part in match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})", text):
        month, day, year = int(match[1]), int(match[2]), _year(match[3])
    elif match := re.fullmatch(r"([A-Za-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (?:of )?(\d{4})", text):
        month, day, year = _MONTHS.get(match[1].lower(), 0), int(match[2]), int(match[3])
    elif match := re.fullmatch(r"([A-Za-z]+)\.?,? (?:of )?(\d{4})", text):
        month, year = _MONTHS.get(match[1].lower(), 0), int(match[2])
        return f"{year:04}-{month:02}" if month and 1900 <= year <= 2100 else None
    elif match := re.fullmatch(r"(\d{1,2})[/-](\d{4})", text):
        month, year = int(match[1]), int(match[2])
        return f"{year:04}-{month:02}" if 1 <= month <= 12 and 1900 <= year <= 2100 else None
    else:
        return None
    if not 1900 <= year <= 2100:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
