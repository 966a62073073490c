"""What a request's own words say, where the case leaves it out: quantities, body part, continuation.

Intake often holds nothing but a line such as "Continue physical therapy 3 times a week for 2 weeks, right
shoulder". What its words state plainly is read from them, with the words named as the evidence; what the case
states always comes first. Words that can be read in two ways are not used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from imr_rules._units import UNITS
from imr_rules.case import Amount, BodyPart, DisputedItem, Evidence, Frequency, Span
from imr_rules.reading import Amount as Read
from imr_rules.reading import Rate, ServiceText

__all__ = ["WORDS", "amounts_in_words", "completed", "part_named", "unread"]

WORDS = (Evidence(place="the request's words"),)
"""The evidence of a fact that was read from the words of the request."""

_DOUBTS = frozenset({"several-quantities", "quantity-differs-from-frequency-and-duration"})
_OPEN = "the request's words do not say what remains"


def completed(item: DisputedItem, regions: Collection[str]) -> DisputedItem:
    """Return ``item`` with what its words state and it leaves out.

    Args:
        item: as the case has it.
        regions: the body regions of the rulebook's vocabulary; a part of the body outside it is not used.
    """
    if item.states_its_quantity and item.body_part is not None and item.course is not None:
        return item
    found = dict(_read(item, regions))
    return item.model_copy(update=found) if found else item


def part_named(item: DisputedItem, regions: Collection[str]) -> BodyPart | None:
    """Return the part of the body an item is for: as the case has it, else the one that its words name."""
    if item.body_part is not None:
        return item.body_part
    parts = item.wording.in_dispute.body_parts or item.wording.asked.body_parts
    if len(parts) != 1 or parts[0].region not in regions:
        return None
    (part,) = parts
    side = None if part.side_carried else part.side
    return BodyPart(region=part.region, side=side, level=part.level)


def amounts_in_words(item: DisputedItem) -> tuple[tuple[Amount, ...] | None, tuple[Amount, ...] | None]:
    """Return what the words of a request ask for, and what they say remains, whatever the fields say.

    None where the words do not say it, or can be read in two ways.
    """
    request = item.wording
    if _DOUBTS & {*request.asked.cautions}:
        return None, None
    remains = request.authorized is not None and "partly-allowed" not in request.in_dispute.cautions
    return _amount(request.asked.quantity), _amount(request.in_dispute.quantity) if remains else None


def unread(item: DisputedItem) -> bool:
    """Whether the words hold numbers that are not understood, and nothing else says how much is asked."""
    if item.states_its_quantity:
        return False
    asked = item.wording.asked
    return bool(_DOUBTS & {*asked.cautions}) or (asked.quantity is None and bool(asked.unrecognized))


def _read(item: DisputedItem, regions: Collection[str]) -> Iterator[tuple[str, Any]]:
    request = item.wording
    asked = request.asked
    if not item.states_its_quantity and not _DOUBTS & {*asked.cautions}:
        yield from _quantities(item)
    if item.body_part is None and (part := part_named(item, regions)):
        yield "body_part", part
    if item.course is None and asked.continuing != asked.initial:
        yield "course", "continuing" if asked.continuing else "initial"


def _quantities(item: DisputedItem) -> Iterator[tuple[str, Any]]:
    request = item.wording
    if amount := _amount(request.asked.quantity):
        yield "asked", amount
    if request.authorized is not None:
        if item.authorized is None and (amount := _amount(request.authorized.quantity)):
            yield "authorized", amount
        if "partly-allowed" in request.in_dispute.cautions:
            yield "in_dispute", (Amount(missing=_OPEN, evidence=WORDS),)
        elif amount := _amount(request.in_dispute.quantity):
            yield "in_dispute", amount
    if item.frequency is None and item.duration is None:
        yield from _pace(request.asked)


def _pace(asked: ServiceText) -> Iterator[tuple[str, Any]]:
    rate, length = asked.frequency, asked.duration
    if rate is None or length is None or rate.per == "year" or not isinstance(length.value, int):
        return
    times = _counted(rate)
    if times is not None and length.unit in ("day", "week", "month", "year"):
        yield "frequency", Frequency(times=(Amount(**times, evidence=WORDS),), per=rate.per)
        yield "duration", Span(value=length.value, unit=length.unit)  # type: ignore[arg-type]  # one of the four


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
