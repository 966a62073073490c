"""How often, how long, for how many hours, and what that comes to."""

from __future__ import annotations

import re

from imr_rules.reading.amounts import Amount, Period, Rate
from imr_rules.reading.line import RANGE, Line, bounds
from imr_rules.reading.numbers import LATER_FIGURES

__all__ = ["derived", "duration", "frequency", "hours", "refills", "supply"]

_PERIOD = r"(?P<per>days?|weeks?|wks?|w|months?|mos?|years?|yrs?)"
_EACH = r"(?:(?:a|per|each|every|in a) |/ ?|x ?/ ?)"
_TIMES = r"(?: ?(?:x|times|visits?|sessions?|treatments?|days|hrs|hours))?"
_FREQUENCIES = [
    re.compile(rf"\b(?:at )?{RANGE}{_TIMES}[ ,]?{_EACH}{_PERIOD}\b", re.I),
    re.compile(rf"{RANGE} ?(?:x|times|visits?|sessions?) ?(?P<adverb>daily|weekly|monthly)\b", re.I),
    re.compile(rf"{RANGE} ?x ?(?P<per>week|wk|month)\b(?!s)", re.I),
    re.compile(rf"{RANGE} ?(?:x|times) ?(?={LATER_FIGURES}(?: ?- ?\d+)? ?(?P<per>weeks|wks)\b)", re.I),
    re.compile(
        rf"\b(?P<low>once|twice|thrice)(?: or (?P<high>twice|thrice))?"
        rf" (?:{_EACH}{_PERIOD}|(?P<adverb>daily|weekly|monthly))\b",
        re.I,
    ),
    re.compile(r"\bevery (?P<every>other|\d{1,2}) ?(?P<per>days?|weeks?|months?)\b", re.I),
    re.compile(r"\b(?P<adverb>daily|weekly|monthly)\b", re.I),
]
_HOURS = re.compile(
    rf"{RANGE} ?(?:hours?|hrs?) ?(?:(?:a|per|each) |/ ?)(?P<per>day|visit|week|session)\b", re.I
)
_LENGTH = re.compile(
    rf"(?:\b(?:for|over|x|times|within|during) ?|\()?(?:a |an |up to )?{RANGE}[ -]?(?P<per>days?|weeks?"
    rf"|wks?|months?|mos?|years?|yrs?)\b(?! supply)",
    re.I,
)
_SUPPLY = re.compile(
    rf"(?<!#){RANGE}[ -]?(?P<per>days?|weeks?|months?)['s]* supply(?: ?:)?|\bday supply ?:"
    rf" ?(?P<days>\d{{1,3}})",
    re.I,
)
_REFILLS = re.compile(
    rf"{RANGE} refills?|refills? ?(?:x|:)? ?(?P<after>\d{{1,2}})|\b(?P<none>no) refills?", re.I
)
_PERIODS: dict[str, Period] = {"d": "day", "w": "week", "m": "month", "y": "year"}
_ADVERBS: dict[str, tuple[int, Period]] = {
    "daily": (1, "day"),
    "weekly": (1, "week"),
    "monthly": (1, "month"),
}
_DAYS_A_WEEK = 7


def supply(line: Line) -> Amount | None:
    """Take the days of supply of a medication out of the line, or return None."""
    match = line.first(_SUPPLY) if line.says("supply") else None
    if match is None:
        return None
    if match["days"]:
        return Amount(int(match["days"]), int(match["days"]), "day")
    return Amount(*bounds(match), _period(match["per"]))


def refills(line: Line) -> Amount | None:
    """Take further fills of a medication out of the line, or return None."""
    match = line.first(_REFILLS) if line.says("refill") else None
    if match is None:
        return None
    if match["none"]:
        return Amount(0, 0, "refill")
    if match["after"]:
        return Amount(int(match["after"]), int(match["after"]), "refill")
    return Amount(*bounds(match), "refill")


def hours(line: Line) -> Amount | None:
    """Take the hours a day or a visit out of the line, or return None."""
    match = line.first(_HOURS)
    return None if match is None else Amount(*bounds(match), f"hour/{match['per'].lower()}")


def frequency(line: Line) -> Rate | None:
    """Take how often out of the line, or return None."""
    for pattern in _FREQUENCIES:
        match = line.first(pattern)
        if match is None:
            continue
        groups = match.groupdict()
        if groups.get("every"):
            if groups["every"] == "other" or int(groups["every"]) != 1:
                return None  # less than once a period: shown by nothing here, and not rounded
            return Rate(1, 1, _period(groups["per"] or "day"))
        if groups.get("low"):
            low, high = bounds(match)
            per = (
                _ADVERBS[groups["adverb"].lower()][1]
                if groups.get("adverb")
                else _period(groups["per"] or "w")
            )
            return Rate(low, high, per)
        times, per = _ADVERBS[groups["adverb"].lower()]
        return Rate(times, times, per)
    return None


def duration(line: Line) -> Amount | None:
    """Take how long out of the line, or return None."""
    match = line.first(_LENGTH)
    return None if match is None else Amount(*bounds(match), _period(match["per"]))


def derived(
    frequency: Rate | None, duration: Amount | None, hours: Amount | None, by_visit: bool
) -> Amount | None:
    """Return frequency times duration, where the two are in periods that divide: days, or the same period."""
    if frequency is None or duration is None or duration.at_least is None or duration.at_most is None:
        return None
    if frequency.per == duration.unit:
        periods = 1
    elif frequency.per == "day" and duration.unit == "week":
        periods = _DAYS_A_WEEK
    else:
        return None  # months and years have no fixed number of weeks
    low, high = (
        frequency.at_least * duration.at_least * periods,
        frequency.at_most * duration.at_most * periods,
    )
    if hours is not None and hours.unit in ("hour/day", "hour/visit", "hour/session"):
        assert hours.at_least is not None
        assert hours.at_most is not None
        return Amount(low * hours.at_least, high * hours.at_most, "hour", "hours x frequency x duration")
    return Amount(low, high, "visit" if by_visit or hours is None else None, "frequency x duration")


def _period(word: str) -> Period:
    return _PERIODS[word[0].lower()]
