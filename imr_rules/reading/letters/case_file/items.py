"""The disputed items, as a case records them: quantities, pace, what they follow, what both sides cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.case import MOST
from imr_rules.reading.letters.case_file.evidence import LETTER, region_of
from imr_rules.reading.letters.case_file.findings import findings_of
from imr_rules.reading.letters.facts import Fact

if TYPE_CHECKING:
    from imr_rules.reading import ServiceLine
    from imr_rules.reading.letters.citations import Citation, CitedBy
    from imr_rules.reading.letters.letter import Item, Letter, Quantity
    from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.reading.letters.case_file.evidence import HEADER, LONGEST

__all__ = ["item_of"]


def item_of(
    letter: Letter,
    item: Item,
    name: str,
    facts: Sequence[Fact],
    vocabulary: Vocabulary,
    *,
    with_rationale: bool,
) -> dict[str, Any]:
    """Return one disputed item."""
    request = item.request
    asked, rest = request.asked, request.in_dispute
    authorized = _amount(item.authorized)
    if authorized is None and not request.partial and item.in_dispute is not None:
        authorized = 0
    own = [*item.findings] if with_rationale else []
    title = {
        "document": LETTER,
        "page": item.spans["title"].page,
        "place": f"title of item {item.number}",
    }
    principal = _principal(letter, item, vocabulary)
    findings: dict[str, Any] = dict(findings_of([*facts, *own], vocabulary, item=item))
    if principal is not None and "after_planned_surgery" in vocabulary.facts:
        findings["after_planned_surgery"] = [{"value": True, "evidence": [title]}]
    paced = asked if asked.frequency is not None else rest
    return {
        "id": name,
        "service": item.title[:LONGEST],
        "treatment": item.treatment,
        "body_part": region_of(item.body_parts, vocabulary),
        "asked": _amount(item.asked),
        "authorized": authorized,
        "in_dispute": _amount(item.in_dispute),
        "frequency": _frequency(paced),
        "duration": _duration(paced),
        "course": "continuing"
        if asked.continuing or rest.continuing
        else "initial"
        if asked.initial and not asked.evaluation
        else None,
        "follows": principal,
        "utilization_review": {
            "decision": "modified" if request.partial and authorized != 0 else "denied",
            "date": letter.header.ur_denial_date,
            "evidence": HEADER if letter.header.ur_denial_date else None,
        },
        "cited": {"administrator": _cited(item.administrator), "reviewer": _cited(item.reviewer)}
        if with_rationale
        else None,
        "findings": findings,
        "evidence": title,
    }


def _amount(quantity: Quantity | None) -> object:
    """Return a quantity as a case writes it; ``None`` where there is none, or it is not a whole number."""
    if quantity is None:
        return None
    if quantity.amount is None:
        if quantity.service.quantity_unspecified:
            return {"undocumented": ["the request"], "evidence": _place(quantity)}
        return None
    bounds = {"at_least": quantity.amount.at_least, "at_most": quantity.amount.at_most}
    stated = {name: bound for name, bound in bounds.items() if bound is not None}
    if not all(isinstance(bound, int) and 0 <= bound <= MOST for bound in stated.values()):
        return None
    value = quantity.amount.value
    unit = quantity.amount.unit
    if unit is not None and unit not in _UNITS:
        return None
    return {**({"value": value} if value is not None else stated), "unit": unit, "evidence": _place(quantity)}


_UNITS = frozenset(
    [
        "visit",
        "session",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "tablet",
        "study",
        "block",
        "level",
        "injection",
        "item",
    ]
)  # those of a case that letters count in


def _place(quantity: Quantity) -> dict[str, Any]:
    places = {"title": "title", "summary": "clinical case summary", "rationale": "rationale"}
    span = quantity.span
    return {
        "document": LETTER,
        "page": span.page,
        "place": f"{places[quantity.section]}, characters {span.start} to {span.end}",
    }


def _frequency(service: ServiceLine) -> dict[str, Any] | None:
    rate = service.frequency
    if rate is None or rate.per == "year":
        return None
    if not all(isinstance(bound, int) for bound in (rate.at_least, rate.at_most)):
        return None
    times: object = rate.at_least
    if rate.at_least != rate.at_most:
        times = {"at_least": rate.at_least, "at_most": rate.at_most}
    return {"times": times, "per": rate.per}


def _duration(service: ServiceLine) -> dict[str, Any] | None:
    length = service.duration
    if length is None or not isinstance(length.value, int):
        return None
    if length.unit not in ("day", "week", "month", "year"):
        return None
    return {"value": length.value, "unit": length.unit}


_ASSOCIATED = re.compile(r"associated surgical services?\b", re.I)


def _principal(letter: Letter, item: Item, vocabulary: Vocabulary) -> str | None:
    """Return the disputed operation that therapy "after surgery" waits for, where the letter has just one."""
    service = item.request.asked
    after = service.postoperative or item.request.in_dispute.postoperative
    if not after and not _ASSOCIATED.match(item.title):
        return None
    operations = [
        other.number
        for other in letter.items
        if other is not item
        and other.treatment is not None
        and "surgery" in vocabulary.treatments[other.treatment].lineage
    ]
    return f"item-{operations[0]}" if len(operations) == 1 else None


def _cited(by: CitedBy) -> list[dict[str, Any]]:
    return [_citation(each) for each in by.citations]


def _pages(written: str) -> range:
    """Return the pages of "23" or of "58-59"; of a range that runs backwards or on and on, the first."""
    numbers = [int(number) for number in re.findall(r"\d+", written)] or [0]
    first, last = numbers[0], numbers[-1]
    return range(first, last + 1 if first <= last < first + 100 else first + 1)


def _citation(citation: Citation) -> dict[str, Any]:
    document = f"MTUS {citation.document}" if citation.mtus else citation.document
    pages = [page for written in citation.pages for page in _pages(written) if 1 <= page <= MOST]
    part, sections = None, citation.sections
    if sections and re.match(r"Part (?:\d|One|Two|Three|I)", sections[0], re.I):
        part, sections = (
            ", ".join(sections)[:LONGEST],
            (),
        )  # "Part 2, Pain Interventions and Treatments" is one name
    return {
        "document": (document.strip() or citation.text)[:LONGEST],
        "edition": citation.edition,
        "part": citation.chapter or part,
        "section": "; ".join(sections)[:LONGEST] or None,
        "pages": pages,
    }
