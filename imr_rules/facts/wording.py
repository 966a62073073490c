"""What a request's own words say, where the case leaves it out: quantities, body part, continuation, details.

Intake often holds nothing but a line such as "Continue physical therapy 3 times a week for 2 weeks, right
shoulder". What its words state plainly is read from them, with the words named as the evidence; what the case
states always comes first. Words that can be read in two ways give bounds, and a warning says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from imr_rules._units import UNITS
from imr_rules.case import Amount, BodyPart, DisputedItem, Evidence, Frequency, Recorded, Span
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.words import Amount as Read
from imr_rules.words import Rate, RequestLine, ServiceLine

# Not validated: building the validator here would take a fiftieth of every start.
WORDS = (Evidence.model_construct(place="the request's words"),)
"""The evidence of a fact that was read from the words of the request."""

_OPEN = "the request's words do not say what remains"


def completed(item: DisputedItem, vocabulary: Vocabulary) -> DisputedItem:
    """Return ``item`` with what its words state and it leaves out; a body part outside the vocabulary is not used."""
    paced = item.frequency is not None or item.duration is not None
    if item.states_its_quantity and paced and item.body_part is not None and item.course is not None:
        return item
    found = dict(_read(item, vocabulary))
    return item.model_copy(update=found) if found else item


def part_named(item: DisputedItem, vocabulary: Vocabulary) -> BodyPart | None:
    """Return the part of the body an item is for: as the case has it, else the one that its words name.

    Several levels or both sides of one region are one part; several regions are none.
    """
    if item.body_part is not None:
        return item.body_part
    line = vocabulary.line(item.service)
    parts = line.in_dispute.body_parts or line.asked.body_parts
    regions = {part.region for part in parts}
    if len(regions) != 1 or not regions <= vocabulary.regions.keys():
        return None
    sides = {None if part.side_carried else part.side for part in parts}
    levels = {part.level for part in parts}
    side = sides.pop() if len(sides) == 1 else "bilateral" if None not in sides else None
    return BodyPart(region=regions.pop(), side=side, level=levels.pop() if len(levels) == 1 else None)


def amounts_in_words(
    item: DisputedItem, vocabulary: Vocabulary
) -> tuple[tuple[Amount, ...] | None, tuple[Amount, ...] | None]:
    """Return what the words of a request ask for, and what they say remains, whatever the fields say.

    None where the words do not say it, or say it by a singular alone; bounds where they can be read in two ways.
    """
    line = vocabulary.line(item.service)
    asked = line.asked.quantity
    if "several_services" in line.doubts or (asked is not None and asked.implied):
        return None, None
    remains = line.in_dispute.quantity != asked
    return _whole(line.asked), _amount(line.in_dispute.quantity) if remains else None


def details(item: DisputedItem, vocabulary: Vocabulary) -> dict[str, tuple[Recorded, ...]]:
    """Return the facts of the dictionary that an item's words state: guidance, approach, levels, hours, purchase."""
    line = vocabulary.line(item.service).asked
    found: dict[str, bool | int | str | None] = {
        "permanent_implant": line.permanent,
        "homemaker_services_only": line.housework_alone,
        "fluoroscopy": line.fluoroscopy,
        "injection_approach": line.approach,
        "levels_requested": line.levels,
        "purchase_requested": None if line.acquisition is None else line.acquisition == "purchase",
    }
    stated: dict[str, tuple[Recorded, ...]] = {
        name: (Recorded(value=value, evidence=WORDS),)
        for name, value in found.items()
        if value is not None and name in vocabulary.facts
    }
    hours = _hours_a_week(line)
    if hours is not None and "hours_per_week" in vocabulary.facts:
        stated["hours_per_week"] = (hours,)
    return stated


def _hours_a_week(line: ServiceLine) -> Recorded | None:
    """Return the hours a week; halves of an hour are bounded by whole ones."""
    hours: Any = None
    if line.hours_a_week is not None:
        hours = line.hours_a_week.value
    elif line.hours_a_day is not None and line.frequency is not None and line.frequency.per == "week":
        rate, each = line.frequency, line.hours_a_day.value
        if rate.at_least == rate.at_most and rate.every == 1 and each is not None:
            hours = each * rate.at_least
    if hours is None:
        return None
    low, high = math.floor(hours), math.ceil(hours)
    if low == high:
        return Recorded(value=low, evidence=WORDS)
    return Recorded(at_least=low, at_most=high, evidence=WORDS)


def _read(item: DisputedItem, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    line = vocabulary.line(item.service)
    if not item.states_its_quantity:
        yield from _quantities(item, line)
    elif item.frequency is None and item.duration is None and _same(item.asked, line.asked.quantity):
        yield from _pace(line.asked)
    if item.body_part is None and (part := part_named(item, vocabulary)):
        yield "body_part", part
    asked = line.asked
    if item.course is None and asked.continuing != asked.initial:
        yield "course", "continuing" if asked.continuing else "initial"


def _same(stated: tuple[Amount, ...] | None, read: Read | None) -> bool:
    """Whether the words ask for what the field does: then they may say how it is paced."""
    if read is None or stated is None or len(stated) != 1:
        return False
    return stated[0].value is not None and stated[0].value == read.value


def _quantities(item: DisputedItem, line: RequestLine) -> Iterator[tuple[str, Any]]:
    asked = line.asked
    if amount := _whole(asked):
        yield "asked", amount
    if line.authorized is not None:
        if item.authorized is None and (amount := _amount(line.authorized.quantity)):
            yield "authorized", amount
        if "partly_authorized" in line.in_dispute.doubts:
            yield "in_dispute", (Amount(missing=_OPEN, evidence=WORDS),)
        elif amount := _amount(line.in_dispute.quantity):
            yield "in_dispute", amount
    elif line.in_dispute.quantity != asked.quantity and (amount := _amount(line.in_dispute.quantity)):
        yield "in_dispute", amount
    if item.frequency is None and item.duration is None:
        yield from _pace(asked)


def _pace(asked: ServiceLine) -> Iterator[tuple[str, Any]]:
    rate, length = asked.frequency, asked.duration
    if (
        rate is None
        or length is None
        or rate.per == "year"
        or rate.every != 1
        or not isinstance(length.value, int)
    ):
        return
    times = _counted(rate)
    if times is not None and length.unit in ("day", "week", "month", "year"):
        yield "frequency", Frequency(times=(Amount(**times, evidence=WORDS),), per=rate.per)
        yield "duration", Span(value=length.value, unit=length.unit)  # type: ignore[arg-type]  # one of the four


def _whole(asked: ServiceLine) -> tuple[Amount, ...] | None:
    """Return what is asked for; one or more where the number may be that of the spinal levels."""
    found = _amount(asked.quantity)
    if found is None or "count_or_levels" not in asked.doubts:
        return found
    return tuple(
        each.model_copy(update={"value": None, "at_least": 1, "at_most": each.value}) for each in found
    )


def _amount(read: Read | None) -> tuple[Amount, ...] | None:
    if read is None or (read.unit is not None and read.unit not in UNITS):
        return None
    counted = _counted(read)
    return None if counted is None else (Amount(**counted, unit=read.unit, evidence=WORDS),)


def _counted(read: Read | Rate) -> dict[str, Any] | None:
    """Return whole bounds as a case states them; None where they are not whole."""
    low, high = read.at_least, read.at_most
    if not all(bound is None or isinstance(bound, int) for bound in (low, high)) or (low, high) == (
        None,
        None,
    ):
        return None
    return {"value": low} if low == high else {"at_least": low, "at_most": high}
