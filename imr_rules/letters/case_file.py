"""A case file from a letter: what a pre-screen would have known, or what the reviewer found as well.

The facts come from the header, the clinical case summary and the titles of the items; with the rationale, also
from what the reviewer found and both sides cited. The outcome goes into ``expect``, which no rule reads. The
visit limits a rationale applied are evidence of practice and are never written.

What the letter does not say is left out, so it is missing; what it says was looked for and not found is
undocumented. Each fact names the page and the characters of the letter it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import yaml

from imr_rules.case import MOST, Case
from imr_rules.letters.case_findings import findings_of, measurements_of
from imr_rules.letters.earlier_care import history_of
from imr_rules.letters.evidence import LETTER, evidence_of, recorded, region_of
from imr_rules.letters.facts import Fact, FactSection

if TYPE_CHECKING:
    from imr_rules.facts.vocabulary import Vocabulary
    from imr_rules.letters.citations import Citation, CitedBy
    from imr_rules.letters.letter import Item, Letter, Quantity
    from imr_rules.service_text import ServiceText

__all__ = ["case_data", "to_case", "to_case_text"]

_LONGEST = 2000
_HEADER = {"document": LETTER, "page": 1, "place": "header"}


def to_case(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> Case:
    """Return the case a letter tells of.

    Args:
        letter: the letter, read.
        vocabulary: the names the case may use.
        with_rationale: take what the reviewer found as well, known with hindsight only.
    """
    return Case.from_data(case_data(letter, vocabulary, with_rationale=with_rationale))


def to_case_text(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> str:
    """Return the same as the YAML text of a case file."""
    data = case_data(letter, vocabulary, with_rationale=with_rationale)
    Case.from_data(data)  # never write a file that could not be read back
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
    )


class _Dumper(yaml.SafeDumper):
    """Writes the same place twice rather than an anchor and a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never refer back."""
        return True


def case_data(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> dict[str, Any]:
    """Return the same as plain data, in the order a case file is written in."""
    sections: tuple[FactSection, ...] = ("summary", "title")
    if with_rationale:
        sections += ("rationale",)
    facts = [fact for fact in letter.facts if fact.section in sections]
    header = letter.header
    names = [f"item-{item.number}" for item in letter.items]
    outcomes = {
        name: {"outcome": item.outcome}
        for name, item in zip(names, letter.items, strict=True)
        if item.outcome is not None
    }
    found: dict[str, Any] = {
        "case": header.case_number,
        "about": (
            "Written from a determination letter: its header, clinical summary and titles"
            + (", and what the reviewer found." if with_rationale else ".")
        ),
        "priority": {"expedited": "expedited"}.get((header.priority or "").lower(), "regular")
        if header.priority
        else None,
        "worker": _worker(facts),
        "injury": _injury(letter),
        "diagnoses": _diagnoses(facts),
        "request": _request(letter, facts),
        "application": {"received": header.application_received, "evidence": _HEADER}
        if header.application_received
        else None,
        "items": [
            _item(letter, item, name, facts, vocabulary, with_rationale=with_rationale)
            for name, item in zip(names, letter.items, strict=True)
        ],
        "history": history_of(letter, facts, vocabulary, with_rationale=with_rationale),
        "surgeries": _surgeries(facts, vocabulary),
        "measurements": measurements_of(facts, vocabulary),
        "findings": findings_of(facts, vocabulary),
        "documents": [{"id": LETTER, "kind": "other", "date": header.decision_date, "pages": letter.pages}],
        "expect": {"items": outcomes} if outcomes else None,
    }
    pruned = _pruned(found)
    assert isinstance(pruned, dict)
    return pruned


def _pruned(part: Any) -> Any:
    """Leave out what is not known, and what is empty for it."""
    if isinstance(part, dict):
        kept = {name: _pruned(each) for name, each in part.items()}
        return {name: each for name, each in kept.items() if each is not None and each not in ({}, [])}
    if isinstance(part, list):
        return [_pruned(each) for each in part]
    return part


def _worker(facts: Sequence[Fact]) -> dict[str, Any]:
    age = next((fact for fact in facts if fact.fact == "age" and fact.amount is not None), None)
    sex = next((fact.value for fact in facts if fact.fact == "sex"), None)
    return {"age": recorded(age) if age is not None else None, "sex": sex}


def _injury(letter: Letter) -> dict[str, Any]:
    """Return the day of injury; where the summary tells of another day, the month or year they share."""
    day = letter.header.date_of_injury
    told = [
        fact.date
        for fact in letter.facts
        if fact.fact == "injury_date" and fact.section == "summary" and fact.date
    ]
    if day is not None and told and not any(day.startswith(other) for other in told):
        day = next((day[:length] for length in (7, 4) if told[0][:length] == day[:length]), None)
    return {} if day is None else {"date": day, "evidence": _HEADER}


def _diagnoses(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return the diagnoses in the letter's words; a list that doubts one of them is taken apart."""
    found: dict[str, dict[str, Any]] = {}
    for fact in facts:
        if fact.fact != "diagnosis" or not isinstance(fact.value, str):
            continue
        doubtful = _DOUBT.search(fact.value) is not None
        for piece in re.split(r"[,;]\s+(?![^()]*\))", fact.value) if doubtful else [fact.value]:
            words = re.sub(r"^(?:and|or) ", "", piece.strip(" .,;"))[:_LONGEST]
            if words:
                found.setdefault(words.lower(), {"text": words, "evidence": evidence_of(fact)})
    return list(found.values())


_DOUBT = re.compile(
    r"\brul(?:e[sd]?|ing) out\b|\br/o\b|\bpossible\b|\bsuspected\b|\bhistory of\b|\bstatus post\b|\bs/p\b",
    re.I,
)


def _request(letter: Letter, facts: Sequence[Fact]) -> dict[str, Any]:
    """Return the day of the request, where the letter gives one day and it can be that of the request denied."""
    told = [fact for fact in facts if fact.fact == "request_date" and fact.date is not None]
    days = {str(fact.date) for fact in told}
    if len(days) != 1:
        return {}
    (day,) = days
    injury, denial = letter.header.date_of_injury, letter.header.ur_denial_date
    if (denial is not None and day > denial) or (injury is not None and day < injury[: len(day)]):
        return {}
    return {"date": day, "evidence": evidence_of(*told)}


def _surgeries(facts: Sequence[Fact], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    found: dict[object, dict[str, Any]] = {}
    for fact in facts:
        if fact.fact == "surgery" and isinstance(fact.value, str):
            key = (fact.date, region_of(fact.body_parts, vocabulary) and fact.body_parts[0].region)
            found.setdefault(
                key,
                {
                    "text": fact.value[:_LONGEST],
                    "body_part": region_of(fact.body_parts, vocabulary),
                    "date": fact.date,
                    "evidence": evidence_of(fact),
                },
            )
    return list(found.values())


# --- items -------------------------------------------------------------------------------------------------


def _item(
    letter: Letter,
    item: Item,
    name: str,
    facts: Sequence[Fact],
    vocabulary: Vocabulary,
    *,
    with_rationale: bool,
) -> dict[str, Any]:
    request = item.request
    asked, rest = request.asked, request.in_dispute
    authorised = _amount(item.authorised)
    if authorised is None and not request.partial and item.in_dispute is not None:
        authorised = 0
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
        "service": item.title[:_LONGEST],
        "treatment": item.treatment,
        "body_part": region_of(item.body_parts, vocabulary),
        "asked": _amount(item.asked),
        "authorised": authorised,
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
            "decision": "modified" if request.partial and authorised != 0 else "denied",
            "date": letter.header.ur_denial_date,
            "evidence": _HEADER if letter.header.ur_denial_date else None,
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
    unit = {"capsule": "tablet"}.get(quantity.amount.unit or "", quantity.amount.unit)
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


def _frequency(service: ServiceText) -> dict[str, Any] | None:
    rate = service.frequency
    if rate is None or rate.per == "year":
        return None
    if not all(isinstance(bound, int) for bound in (rate.at_least, rate.at_most)):
        return None
    times: object = rate.at_least
    if rate.at_least != rate.at_most:
        times = {"at_least": rate.at_least, "at_most": rate.at_most}
    return {"times": times, "per": rate.per}


def _duration(service: ServiceText) -> dict[str, Any] | None:
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


def _citation(citation: Citation) -> dict[str, Any]:
    document = f"MTUS {citation.document}" if citation.mtus else citation.document
    pages = [
        page
        for written in citation.pages
        if (match := re.match(r"\d+", written)) and 1 <= (page := int(match[0])) <= MOST
    ]
    return {
        "document": (document.strip() or citation.text)[:_LONGEST],
        "edition": citation.edition,
        "part": citation.chapter,
        "section": "; ".join(citation.sections)[:_LONGEST] or None,
        "pages": pages,
    }
