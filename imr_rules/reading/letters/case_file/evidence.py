"""What a letter says of one fact, as a case file records it: a value or bounds, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.reading.letters.facts import Fact

if TYPE_CHECKING:
    from imr_rules.reading import Amount, BodyPart
    from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["HEADER", "LETTER", "LONGEST", "evidence_of", "recorded", "region_of", "stated"]

LETTER = "letter"
"""How the case file calls the letter among its documents."""
HEADER = {"document": LETTER, "page": 1, "place": "header"}
"""Where the header's dates stand."""
LONGEST = 2000
"""Characters of the longest text a case may hold."""

_PLACES = {"summary": "clinical case summary", "title": "title", "rationale": "rationale"}


def evidence_of(*facts: Fact) -> list[dict[str, Any]]:
    """Return the place of each fact: page, section, and the characters of the letter's text."""
    return [
        {
            "document": LETTER,
            "page": fact.span.page,
            "place": f"{_PLACES[fact.section]}, characters {fact.span.start} to {fact.span.end}",
        }
        for fact in facts
    ]


def stated(amount: Amount) -> dict[str, Any]:
    """Return a whole number as ``value``, or else its bounds; nothing where it is not whole."""
    if isinstance(amount.value, int):
        return {"value": amount.value}
    bounds = {"at_least": amount.at_least, "at_most": amount.at_most}
    return {name: bound for name, bound in bounds.items() if isinstance(bound, int)}


def recorded(fact: Fact) -> dict[str, Any]:
    """Return one statement of a case from one fact of a letter."""
    evidence = {"evidence": evidence_of(fact)}
    if fact.status == "undocumented":
        return {"undocumented": ["the record, by the letter"]} | evidence
    if fact.amount is not None:
        return stated(fact.amount) | evidence
    return {"value": fact.value} | evidence


# Finer parts of the body than the rulebook's regions, and what they belong to.
_WIDER = {
    "thumb": "hand",
    "finger": "hand",
    "toe": "foot",
    "sacrum": "low_back",
    "sacroiliac_joint": "low_back",
    "back": "spine",
    "face": "head",
}


def region_of(parts: Sequence[BodyPart], vocabulary: Vocabulary) -> dict[str, Any] | None:
    """Return the one region that some parts of the body make; ``None`` where they make several, or none known.

    A finger is of the hand. The neck and the low back are two regions, as they are in a case's own words.
    """
    regions = list(dict.fromkeys(_WIDER.get(part.region, part.region) for part in parts))
    if len(regions) != 1 or regions[0] not in vocabulary.regions:
        return None
    sides = {part.side for part in parts}
    side = sides.pop() if len(sides) == 1 else "bilateral" if {"left", "right"} <= sides else None
    return {"region": regions[0], "side": side}
