"""Whether two disputed items ask for the same: one request that is listed twice, or two that happen to be alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from imr_rules.case import BodyPart, DisputedItem
from imr_rules.case.statement import Recorded
from imr_rules.facts.wording import part_named
from imr_rules.rulebook.vocabulary import Vocabulary

_NAMING = re.compile(r"[a-z]{4,}")
_NAMES_NOTHING = frozenset({"visit", "visits", "session", "sessions", "treatment", "treatments", "times", "week", "weeks", "month", "months", "left", "right", "with", "each", "unit", "units", "tablets"})  # fmt: skip

_Amounts = tuple[tuple[object, ...], ...]


class Request(NamedTuple):
    """What one item is compared by with another; equal ones have the same twins.

    Attributes:
        treatment: the name of what is asked for, where it was recognized.
        part: the part of the body.
        findings: what is found of this item alone.
        words: its words.
        amounts: what is asked for and what is in dispute.
        told_apart_by: what makes two items two where the case says other things of them.
        naming: the words that name something.
    """

    treatment: str | None
    part: BodyPart | None
    findings: frozenset[tuple[str, tuple[Recorded, ...]]]
    words: tuple[str, ...]
    amounts: _Amounts
    told_apart_by: tuple[object, ...]
    naming: frozenset[str]


def request_of(item: DisputedItem, vocabulary: Vocabulary) -> Request:
    """Return what an item, with what its words state, is compared by."""
    treatment = vocabulary.treatment_of(item)
    words = tuple(item.service.lower().split())
    amounts = tuple(_amounts(item))
    review = item.utilization_review
    return Request(
        treatment.name if treatment is not None else None,
        part_named(item, vocabulary),
        frozenset(item.findings.items()),
        words,
        amounts,
        (*amounts, review.date if review else None, item.course, item.frequency, item.duration),
        frozenset(_NAMING.findall(" ".join(words))) - _NAMES_NOTHING,
    )


def same_request(one: Request, other: Request) -> bool:
    """Whether two items ask for the same, as far as a case tells: treatment, part of the body, and amount.

    Items without amounts are the same only in the same words: two drugs of one class are two requests. What the
    case says of one and not of the other makes them two.
    """
    if one[:3] != other[:3]:
        return False
    if any(a and b and a != b for a, b in zip(one.told_apart_by, other.told_apart_by, strict=True)):
        return False
    if one.words == other.words:
        return True
    return (
        one.treatment is not None
        and any(one.amounts)
        and one.amounts == other.amounts
        and not one.naming.isdisjoint(other.naming)
    )


def _amounts(item: DisputedItem) -> Iterator[tuple[object, ...]]:
    for group in (item.asked, item.in_dispute):
        yield tuple((each.value, each.at_least, each.at_most) for each in group or () if each.missing is None)
