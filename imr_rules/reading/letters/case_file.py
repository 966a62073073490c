"""A case file from a letter: what a pre-screen would have known, or what the reviewer found as well.

The facts come from the header, the clinical case summary and the titles of the items; with the rationale, also
from what the reviewer found and both sides cited. The outcome goes into ``expect``, which no rule reads. The
visit limits a rationale applied are evidence of practice and are never written.

What the letter does not say is left out, so it is missing; what it says was looked for and not found is
undocumented. Each fact names the page and the characters of the letter it stands in, never its words; the reason of a denial alone is quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from imr_rules._units import UNITS
from imr_rules.case import MOST, Case
from imr_rules.reading.account import (
    LONGEST,
    Account,
    Concern,
    case_text,
    courses_told,
    history_of,
    pace_of,
    pruned,
    region_of,
)
from imr_rules.reading.letters.citations import Citation, CitedBy
from imr_rules.reading.letters.denial import reasons_told
from imr_rules.reading.letters.item import Item, Quantity
from imr_rules.reading.letters.text import Span
from imr_rules.reading.sentences import Section, Statement
from imr_rules.words.amounts import whole
from imr_rules.words.numbers import numbers_listed

if TYPE_CHECKING:
    from imr_rules.reading.letters.letter import Letter
    from imr_rules.rulebook.vocabulary import Vocabulary


LETTER = "letter"
"""How the case file calls the letter among its documents."""
HEADER = {"document": LETTER, "page": 1, "place": "header"}
"""Where the header's dates stand."""
_PLACES = {"summary": "clinical case summary", "title": "title", "rationale": "rationale"}


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
    return case_text(data)


def case_data(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> dict[str, Any]:
    """Return the same as plain data, in the order a case file is written in."""
    account = account_of(letter, vocabulary, with_rationale=with_rationale)
    header = letter.header
    names = [f"item-{item.number}" for item in letter.items]
    reasons = reasons_told(letter, vocabulary)
    outcomes = {
        name: {"outcome": item.outcome}
        for name, item in zip(names, letter.items, strict=True)
        if item.outcome is not None
    }
    priority = {"expedited": "expedited"}.get((header.priority or "").lower(), "regular")
    received = {"received": header.application_received, "evidence": HEADER}
    found: dict[str, Any] = {
        "case": header.case_number,
        "about": (
            "Written from a determination letter: its header, clinical summary and titles"
            + (", and what the reviewer found." if with_rationale else ".")
        ),
        "priority": priority if header.priority else None,
        "worker": account.worker(),
        "injury": _injury(letter),
        "diagnoses": account.diagnoses(),
        "request": _request(letter, account),
        "application": received if header.application_received else None,
        "items": [
            _item(letter, account, number, reasons.get(number + 1), with_rationale=with_rationale)
            for number in range(len(names))
        ],
        "history": [*history_of(account), *_untold(letter, account, with_rationale=with_rationale)],
        "surgeries": account.surgeries(),
        "measurements": account.measurements(),
        "findings": account.findings(),
        "record": {"read": "all" if with_rationale else "part"},
        "documents": [{"id": LETTER, "kind": "other", "date": header.decision_date, "pages": letter.pages}],
        "expect": {"items": outcomes} if outcomes else None,
    }
    written = pruned(found)
    assert isinstance(written, dict)
    return written


def account_of(letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool = False) -> Account:
    """Return what a letter tells, as far as it may be used."""

    def place(told: Statement) -> dict[str, Any]:
        return _place(told.section, letter.place(told))

    return Account(
        told=[each for each in letter.facts if with_rationale or each.section != "rationale"],
        items=[
            Concern(
                item.treatment, item.disciplines, item.body_parts, item.findings if with_rationale else ()
            )
            for item in letter.items
        ],
        place=place,
        searched="the record, by the letter",
        vocabulary=vocabulary,
    )


def _injury(letter: Letter) -> dict[str, Any]:
    """Return the day of injury; where the summary tells of another day, the month or year they share."""
    day = letter.header.date_of_injury
    told = [
        each.date
        for each in letter.facts
        if (each.fact, each.section) == ("injury_date", "summary") and each.date
    ]
    if day is not None and told and not any(day.startswith(other) for other in told):
        day = next((day[:length] for length in (7, 4) if told[0][:length] == day[:length]), None)
    return {} if day is None else {"date": day, "evidence": HEADER}


def _request(letter: Letter, account: Account) -> dict[str, Any]:
    """Return the day of the request, where the letter gives one day that the denied request can be of."""
    told = [each for each in account.told if each.fact == "request_date" and each.date is not None]
    days = {str(each.date) for each in told}
    if len(days) != 1:
        return {}
    (day,) = days
    injury, denial = letter.header.date_of_injury, letter.header.ur_denial_date
    if (denial is not None and day > denial) or (injury is not None and day < injury[: len(day)]):
        return {}
    return {"date": day, "evidence": account.evidence(*told)}


def _untold(letter: Letter, account: Account, *, with_rationale: bool) -> list[dict[str, Any]]:
    """Return the kinds of care in dispute that the letter tells no earlier course of, and why that is not known."""
    vocabulary, told = account.vocabulary, courses_told(account)
    known = {vocabulary.treatments[name].discipline or name for name in told}
    found: list[dict[str, Any]] = []
    for item in letter.items:
        given = vocabulary.treatments[item.treatment] if item.treatment is not None else None
        if given is None or (given.discipline or given.name) in known or told.keys() & set(given.lineage):
            continue
        # A summary is not the record: its silence shows only that earlier care is missing from it. A reviewer who went
        # through the record and tells of no visit is taken at that word.
        if item.disciplines and not with_rationale:
            reason = "the summary does not tell whether there was earlier care of this kind"
        elif item.disciplines or given.unit == "item":
            continue
        else:
            reason = "the letter does not tell of earlier use"
        known.add(given.discipline or given.name)
        found.append({"treatment": given.name, "attended": {"missing": reason}})
    return found


def _item(
    letter: Letter, account: Account, number: int, reason: tuple[str, Span] | None, *, with_rationale: bool
) -> dict[str, Any]:
    """Return one disputed item, by its number from 0, with the administrator's reason where the summary tells it."""
    item, header = letter.items[number], letter.header
    request = item.request
    authorized = _amount(item.authorized)
    if authorized is None and not request.partial and item.in_dispute is not None:
        authorized = 0
    title = {"document": LETTER, "page": item.spans["title"].page, "place": f"title of item {item.number}"}
    principal = _principal(letter, account, item)
    findings: dict[str, Any] = account.findings(account.items[number])
    if principal is not None and "after_planned_surgery" in account.vocabulary.facts:
        findings["after_planned_surgery"] = [{"value": True, "evidence": [title]}]
    cited = {"administrator": _cited(item.administrator), "reviewer": _cited(item.reviewer)}
    return {
        "id": f"item-{item.number}",
        "service": item.title[:LONGEST],
        "treatment": item.treatment,
        "body_part": region_of(item.body_parts, account.vocabulary),
        "asked": _amount(item.asked),
        "authorized": authorized,
        "in_dispute": _amount(item.in_dispute),
        **pace_of(request),
        "follows": principal,
        "utilization_review": {
            "decision": "modified" if request.partial and authorized != 0 else "denied",
            "date": header.ur_denial_date,
            "rationale": reason[0] if reason is not None else None,
            "evidence": _of_denial(header.ur_denial_date, reason),
        },
        "cited": cited if with_rationale else None,
        "findings": findings,
        "evidence": title,
    }


def _of_denial(date: str | None, reason: tuple[str, Span] | None) -> object:
    """Return where the denial's date and its reason stand."""
    if reason is None:
        return HEADER if date else None
    told = _place("summary", reason[1])
    return [HEADER, told] if date else told


def _place(section: Section, span: Span) -> dict[str, Any]:
    where = f"{_PLACES[section]}, characters {span.start} to {span.end}"
    return {"document": LETTER, "page": span.page, "place": where}


def _amount(quantity: Quantity | None) -> object:
    """Return a quantity as a case writes it; ``None`` where there is none, or it is not a whole number."""
    if quantity is None:
        return None
    place = _place(quantity.section, quantity.span)
    if quantity.amount is None:
        unspecified = {"undocumented": ["the request"], "evidence": place}
        return unspecified if quantity.service.quantity_unspecified else None
    bounds, unit = whole(quantity.amount), quantity.amount.unit
    if not bounds or max(bounds.values()) > MOST or (unit is not None and unit not in UNITS):
        return None
    return {**bounds, "unit": unit, "evidence": place}


_ASSOCIATED = re.compile(r"associated surgical services?\b", re.I)


def _principal(letter: Letter, account: Account, item: Item) -> str | None:
    """Return the disputed operation that therapy "after surgery" waits for, where the letter has just one."""
    after = item.request.asked.postoperative or item.request.in_dispute.postoperative
    if not after and not _ASSOCIATED.match(item.title):
        return None
    operations = [
        other.number
        for other in letter.items
        if other is not item
        and other.treatment is not None
        and "surgery" in account.vocabulary.treatments[other.treatment].lineage
    ]
    return f"item-{operations[0]}" if len(operations) == 1 else None


def _cited(by: CitedBy) -> list[dict[str, Any]]:
    return [_citation(each) for each in by.citations]


def _citation(citation: Citation) -> dict[str, Any]:
    document = f"MTUS {citation.document}" if citation.mtus else citation.document
    pages = [page for written in citation.pages for page in numbers_listed(written) if page <= MOST]
    part, sections = citation.chapter, citation.sections
    if sections and re.match(r"Part (?:\d|One|Two|Three|I)", sections[0], re.I):
        # "Part 2, Pain Interventions and Treatments" is one name
        part, sections = part or ", ".join(sections)[:LONGEST], ()
    return {
        "document": (document.strip() or citation.text)[:LONGEST],
        "edition": citation.edition,
        "part": part,
        "section": "; ".join(sections)[:LONGEST] or None,
        "pages": pages,
    }
