"""From the numbers of a line to how much it asks for: paces multiplied, parts added, readings bounded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.words.amounts import Amount, Rate
from imr_rules.words.lexicon import Drug
from imr_rules.words.numbers import Number
from imr_rules.words.shapes import Count, Pace, Shapes

_DAYS: dict[str, tuple[int, int]] = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "year": (365, 366)}
_MONTHS_DAYS = (31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337, 366)
"""The most days of so many months in a row."""
_CLINIC_DAYS = 5
"""A clinic is open on five to seven days of the week: so often is "daily"."""
_EVERY_OTHER_DAY = 3
""""Every other day" is no less than three times a week there."""


class Service(Struct, frozen=True):
    """What is known of the service whose numbers these are.

    Attributes:
        unit: what it is counted in; ``None`` where it was not recognized.
        drug: the drug asked for.
        rented: it is rented, or is equipment: "for 30 days" is how much of it is asked for.
        at_home: it comes every day of the week.
        injected: the drug is given by injection.
    """

    unit: str | None
    drug: Drug | None
    rented: bool
    at_home: bool
    injected: bool


class Quantities(Struct):
    """How much a line asks for, and what became of it before."""

    asked: Amount | None = None
    authorized: Amount | None = None
    in_dispute: Amount | None = None
    frequency: Rate | None = None
    duration: Amount | None = None


def quantities_of(found: Shapes, service: Service, parts_at: Sequence[int]) -> Quantities:
    """Return how much a line asks for; what can be read in two ways is bounded, and the doubt added to ``found``.

    Args:
        found: the line's numbers by their shapes.
        service: what they count.
        parts_at: the marks at which parts of the body are named.
    """
    result = Quantities()
    result.authorized = _modified_to(found, service, parts_at)
    derived = _derived(found, service, parts_at, result)
    raw = ("remaining", "denied", "authorized")  # counted as what was asked for is
    counts = [count if count.state in raw else _in_unit(count, service) for count in found.counts]
    by_state: dict[str, list[Count]] = {}
    for count in counts:
        by_state.setdefault(count.state, []).append(count)
    asked = by_state.get("asked", [])
    result.asked = _asked(found, asked, derived, service, parts_at)
    _total(found, by_state.get("total", []), asked, result)
    if result.asked is None and found.lengths and not found.rates and service.rented:
        length = next(
            (each.length for each in found.lengths if each.length and each.length.unit == service.unit),
            found.lengths[0].length,
        )
        assert length is not None
        result.asked = replace(length, method="stated duration")
    for count, whole in found.of:
        _part_of(count, whole, service, result)
    unit = result.asked.unit if result.asked else _unit(None, service)
    for name, state in (("authorized", "authorized"), ("in_dispute", "remaining"), ("in_dispute", "denied")):
        if by_state.get(state) and getattr(result, name) is None:
            count = by_state[state][0]
            own = _unit(count.unit, service) if count.unit is not None or unit is None else unit
            setattr(result, name, Amount(count.low, count.high, own))
    if "open_ended" in found.doubts and result.asked is not None:
        result.asked = replace(result.asked, at_most=None)
    return result


def _modified_to(found: Shapes, service: Service, parts_at: Sequence[int]) -> Amount | None:
    """Take the pace behind "modified to" for what was authorized: "3x/wk x 4 wks modified to 2x/wk x 3 wks"."""
    changed = next((at for at, mark in enumerate(found.marks) if mark.letter == "M"), None)
    paces = [*found.rates, *found.lengths]
    if changed is None or not any(pace.at > changed for pace in paces):
        return None
    asked = [*(pace.at for pace in paces), *(count.at for count in found.counts)]
    if min(asked) > changed and service.unit not in ("item", "month"):
        return None
    rates, lengths = found.rates, found.lengths
    found.rates = [pace for pace in rates if pace.at > changed]
    found.lengths = [pace for pace in lengths if pace.at > changed]
    derived = _derived(found, service, parts_at, Quantities())
    length = found.lengths[0].length if found.lengths and not found.rates and service.rented else None
    found.rates = [pace for pace in rates if pace.at < changed]
    found.lengths = [pace for pace in lengths if pace.at < changed]
    return derived[0] if derived is not None else length


# --- how often times how long ----------------------------------------------------------------------------------------


def _derived(
    found: Shapes, service: Service, parts_at: Sequence[int], result: Quantities
) -> tuple[Amount, int] | None:
    """Return frequency times duration with the place of the first frequency; and note both where there is one of each."""
    rates = [pace for pace in found.rates if pace.rate is not None]
    lengths = found.lengths
    if len(rates) != len(lengths):
        rates = [*{pace.rate: pace for pace in reversed(rates)}.values()][::-1]  # a pace said again is one
    if len(rates) == 1 and rates[0].rate is not None and not rates[0].rate.seldom:
        result.frequency = rates[0].rate
    if len({each.length for each in lengths}) == 1:
        result.duration = lengths[0].length
    week = found.hours_a.get("week")
    if week is not None and len(lengths) == 1:
        weeks = _times(Rate(1, 1, "week"), lengths[0].length, service)
        return (_product(week, weeks, "hour", "hours x duration"), lengths[0].at) if weeks else None
    if not rates and "day" in found.hours_a and len(lengths) == 1:
        rates = [Pace(lengths[0].at, lengths[0].end, Rate(1, 1, "day"))]
    if not rates or not lengths or len(rates) != len(found.rates or rates):
        return None
    if len(rates) == len(lengths):
        pairs = [*zip(rates, lengths, strict=True)]
    elif len(rates) == 1 or len(lengths) == 1:
        pairs = [(rate, length) for rate in rates for length in lengths]
        if len(pairs) > 1:
            found.doubts.append("several_paces")
    else:
        found.doubts.append("several_paces")
        return None
    products = [_phase(found, rate, length, service) for rate, length in pairs]
    if any(each is None for each in products):
        return None
    amounts = [each for each in products if each is not None]
    place = min(rates[0].at, lengths[0].at)
    if len(amounts) == 1:
        return amounts[0], place
    if "several_paces" in found.doubts:
        return _span(amounts, "two readings"), place
    places = [rate.at for rate, _ in pairs]
    same = len({(rate.rate, length.length) for rate, length in pairs}) < len(pairs)
    if same and not _each_has_its_part(found, places, parts_at) and not _one_after_another(found, places):
        found.doubts.append("said_twice")
        return replace(_sum(amounts), at_least=amounts[0].at_least), place
    return _sum(amounts), place


def _phase(found: Shapes, rate: Pace, length: Pace, service: Service) -> Amount | None:
    assert rate.rate is not None
    visits = _times(rate.rate, length.length, service)
    if visits is None:
        return None
    if "weekly_or_in_all" in found.doubts or "weeks_or_visits" in found.doubts:
        low, high, other = rate.rate.at_least, visits.at_most, length.length
        if "weeks_or_visits" in found.doubts and other is not None and None not in (other.at_least, high):
            assert other.at_least is not None and other.at_most is not None and high is not None
            low = min(other.at_least, visits.at_least or 0)
            high = max(other.at_most, high)
        visits = replace(visits, at_least=low, at_most=high)
    hours = found.hours_a.get("day") or found.hours_a.get("visit")
    if hours is not None and service.drug is not None:
        return None  # for how long it is infused
    if hours is not None and service.unit != "visit":
        return _product(hours, visits, "hour", "hours x frequency x duration")
    unit = service.unit if service.unit in ("day", "injection", "block", "study") else "visit"
    return replace(visits, unit=unit)


def _times(rate: Rate, length: Amount | None, service: Service) -> Amount | None:
    """Return how often a rate falls into a length; months have 28 to 31 days, and a clinic's week 5 to 7."""
    if length is None or length.unit not in _DAYS:
        return None
    lows, highs = (length.at_least, length.at_most)
    method = "frequency x duration"
    every, seldom = rate.every, rate.seldom or rate.every
    if rate.per == "month" and length.unit == "year":
        return _times(rate, Amount(lows and lows * 12, highs and highs * 12, "month"), service)
    if rate.per == length.unit:
        low = None if lows is None else math.floor(rate.at_least * lows / seldom)
        high = None if highs is None else math.ceil(rate.at_most * highs / every)
    else:
        shortest, longest = _DAYS[rate.per]
        days = None if lows is None else lows * _DAYS[length.unit][0]
        low = None if days is None else math.floor(rate.at_least * days / (longest * seldom))
        high = (
            None
            if highs is None
            else math.ceil(rate.at_most * _most_days(highs, length.unit) / (shortest * every))
        )
        if rate.per == "day" and seldom <= 2 and not service.at_home and low is not None:
            assert days is not None
            low = math.floor(rate.at_least * days * (_CLINIC_DAYS if seldom == 1 else _EVERY_OTHER_DAY) / 7)
    return Amount(low, high, "visit", method)


def _most_days(length: Number, unit: str) -> Number:
    if unit == "month" and isinstance(length, int) and 0 < length <= len(_MONTHS_DAYS):
        return _MONTHS_DAYS[length - 1]
    return length * _DAYS[unit][1]


def _product(one: Amount, other: Amount, unit: str, method: str) -> Amount:
    low = None if one.at_least is None or other.at_least is None else _whole(one.at_least * other.at_least)
    high = None if one.at_most is None or other.at_most is None else _whole(one.at_most * other.at_most)
    return Amount(low, high, unit, method)


def _whole(value: Number) -> Number:
    return int(value) if value == int(value) else value


def _sum(amounts: Sequence[Amount]) -> Amount:
    lows = [each.at_least for each in amounts]
    highs = [each.at_most for each in amounts]
    return Amount(
        None if None in lows else sum(low for low in lows if low is not None),
        None if None in highs else sum(high for high in highs if high is not None),
        amounts[0].unit,
        "sum of what is stated",
    )


def _span(amounts: Sequence[Amount], method: str) -> Amount:
    """Return the bounds that hold every one of some amounts."""
    lows = [each.at_least for each in amounts if each.at_least is not None]
    highs = [each.at_most for each in amounts if each.at_most is not None]
    return Amount(
        min(lows) if len(lows) == len(amounts) else None,
        max(highs) if len(highs) == len(amounts) else None,
        amounts[0].unit,
        method,
    )


# --- how many --------------------------------------------------------------------------------------------------------


def _asked(
    found: Shapes,
    counts: Sequence[Count],
    derived: tuple[Amount, int] | None,
    service: Service,
    parts_at: Sequence[int],
) -> Amount | None:
    """Return what is asked for: what is counted, held against frequency times duration."""
    chosen = _of_one_unit(found, _said_once(found, counts), service)
    if not chosen:
        return derived[0] if derived else None
    amounts = [Amount(count.low, count.high, count.unit) for count in chosen]
    amount = amounts[0]
    if len(amounts) > 1:
        places = [count.at for count in chosen]
        added = _each_has_its_part(found, places, parts_at) or _one_after_another(found, places)
        repeats = (
            derived is not None
            and len(set(amounts)) == 1
            and amounts[0] == replace(derived[0], method="stated")
        )
        if len(set(amounts)) == 1 and repeats:
            amount = amounts[0]
        elif added:
            amount = _sum(amounts)
        else:
            found.doubts.append("said_twice" if len(set(amounts)) == 1 else "several_quantities")
            highest = max((each.at_least for each in amounts if each.at_least is not None), default=None)
            amount = replace(_sum(amounts), at_least=highest, method="several stated")
    if derived is None:
        return amount
    if amount.unit is None:
        amount = replace(amount, unit=derived[0].unit)
    if derived[0].unit != amount.unit:
        return amount
    if not amount.overlaps(derived[0]):
        found.doubts.append("quantity_differs")
        return _span([amount, derived[0]], "two readings")
    return amount


def _said_once(found: Shapes, counts: Sequence[Count]) -> list[Count]:
    """Return counts without those that say another again in brackets of their own: "x 3 (series of 3)"."""
    kept: list[Count] = []
    letters = "".join(mark.letter for mark in found.marks)
    for count in counts:
        behind = letters[: count.at].rpartition("(")
        own = bool(behind[1]) and ")" not in behind[2] and {"b", "s", "l", "t", "+"}.isdisjoint(behind[2])
        if own and any(each.low != each.high == count.low == count.high for each in kept):
            kept = [count]  # "#9 x 2 (18)"
            found.doubts[:] = [doubt for doubt in found.doubts if doubt != "several_quantities"]
        elif not own or all((count.low, count.high) != (each.low, each.high) for each in kept):
            kept.append(count)
    return kept


def _of_one_unit(found: Shapes, counts: Sequence[Count], service: Service) -> list[Count]:
    """Return the counts in the service's own unit, or in that of the first one; hours and visits may stand together."""
    if not counts:
        return []
    units = [*dict.fromkeys(count.unit for count in counts if count.unit is not None)]
    if len(units) < 2:
        return [replace(count, unit=units[0]) for count in counts] if units else [*counts]
    own = (
        service.unit
        if service.unit in units
        else "hour"
        if service.unit == "day" and "hour" in units
        else units[0]
    )
    if not {*units} <= {"hour", "visit", "day", own}:
        found.doubts.append("several_quantities")
    return [count for count in counts if count.unit in (own, None)]


def _in_unit(count: Count, service: Service) -> Count:
    return replace(count, unit=_unit(count.unit, service))


def _unit(stated: str | None, service: Service) -> str | None:
    """Return the unit of a count: the stated one, else the one the service is counted in."""
    if stated is None:
        if service.drug is not None and service.injected:
            return "injection"
        if service.drug is not None:
            return "tablet" if service.drug.form == "tablet" and service.unit != "item" else "item"
        return {"hour": "visit", "month": "item", "week": "item"}.get(service.unit or "", service.unit)
    if {stated, service.unit} == {"injection", "block"} or (stated, service.unit) == ("visit", "block"):
        return service.unit
    return stated


def _each_has_its_part(found: Shapes, places: Sequence[int], parts_at: Sequence[int]) -> bool:
    """Whether each of several counts stands with a part of the body of its own: all before, or all behind theirs."""
    bounds = [-1, *places, len(found.marks)]
    gaps = [[at for at in parts_at if first < at < last] for first, last in pairwise(bounds)]
    for own in (gaps[1:], gaps[:-1]):
        named = [frozenset(found.marks[at].word for at in gap) for gap in own]
        if all(named) and len(set(named)) == len(named):
            return True
    return False


def _one_after_another(found: Shapes, places: Sequence[int]) -> bool:
    """Whether "then" or "plus" stands between each count and the next."""
    return all(
        any(mark.letter in "t+" for mark in found.marks[first:last]) for first, last in pairwise(places)
    )


def _total(found: Shapes, totals: Sequence[Count], asked: Sequence[Count], result: Quantities) -> None:
    """Hold a stated total against what is asked for: earlier visits are in it where more is asked for."""
    if not totals:
        return
    total = Amount(totals[0].low, totals[0].high, totals[0].unit)
    if result.asked is None:
        result.asked = total
    elif not any(count.more for count in asked) and not result.asked.overlaps(total):
        found.doubts.append("total_differs")
        unit = result.asked.unit
        result.asked = _span([result.asked, replace(total, unit=unit)], "two readings")


def _part_of(count: Count, whole: Number, service: Service, result: Quantities) -> None:
    unit = _unit(count.unit, service)
    part = Amount(count.low, count.high, unit, "stated")
    if count.state == "earlier":
        return
    result.asked = Amount(whole, whole, unit, "stated")
    if count.state == "authorized":
        result.authorized = part
    elif count.state in ("remaining", "denied"):
        result.in_dispute = part
        if count.low is not None and count.low == count.high:
            result.authorized = Amount(whole - count.low, whole - count.low, unit, "the rest of the whole")


def places_of(found: Shapes, letters: str) -> Iterator[int]:
    """Yield the marks with one of some letters."""
    for at, mark in enumerate(found.marks):
        if mark.letter in letters:
            yield at
