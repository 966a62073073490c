"""``draft()``: from a screened case and the reviewer's outcomes to one determination.

One letter a case: one header, the reviewer, one summary, the documents, then item by item the disputed treatment,
the decision, the guidelines and one paragraph of rationale (Labor Code 4610.6(e), 8 CCR 9792.10.6(d)). What made the
suggestion, how well each text is known and what is still open stand on the working sheet, which nobody sends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from imr_rules._dates import PartialDate, say_day, spell_date
from imr_rules.case import OUTCOME_OF, Case, Decision, DisputedItem
from imr_rules.errors import CaseError, Place, Problem, nearest
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import Law
from imr_rules.screening import ItemScreening, Screening
from imr_rules.writing.determination import record
from imr_rules.writing.determination.phrases import ask, listed, paragraphs, plain, sentence
from imr_rules.writing.determination.rationale import departure, guidelines, rationale, strength
from imr_rules.writing.words import say_citation, say_open, say_quantities, say_rulebook, say_within_limits

_DECISION: Mapping[Decision, str] = {
    "uphold": "Upheld. The disputed treatment is not medically necessary.",
    "overturn": "Overturned. The disputed treatment is medically necessary.",
}


class Heading(NamedTuple):
    """A line at the head of the letter: a stable name, its label, what it says."""

    name: str
    label: str
    text: str


class Section(NamedTuple):
    """One part of a determination.

    Attributes:
        name: a stable name, such as ``summary``.
        title: its heading.
        text: paragraphs, a blank line between two; lines that begin with ``- `` are a list. What the
            reviewer must still say stands in square brackets.
    """

    name: str
    title: str
    text: str


class ItemDetermination(NamedTuple):
    """The determination of one disputed item.

    Attributes:
        item: the item's id.
        number: its place in the letter, from 1.
        service: the request's words.
        outcome: the reviewer's; None where it is not decided yet.
        decision: the decision in words.
        departs: how the outcome departs from the suggestion; None where it does not.
    """

    item: str
    number: int
    service: str
    outcome: Decision | None
    decision: str
    sections: tuple[Section, ...]
    departs: str | None = None


class Determination(NamedTuple):
    """The determination of a case, drafted or as the reviewer has written on.

    Attributes:
        heading: what stands at the head of the letter.
        sections: the reviewer, the summary, the documents.
        items: one part for each disputed item.
        sheet: the working sheet, for the reviewer alone; not a part of the letter.
        above: what stands above the title, as the law of the rulebook has it.
    """

    heading: tuple[Heading, ...]
    sections: tuple[Section, ...]
    items: tuple[ItemDetermination, ...]
    sheet: tuple[Section, ...] = ()
    above: str | None = None

    def texts(self) -> dict[str, str]:
        """Return every text by the name it is changed by: ``head:case``, ``summary``, ``item-1:uphold:rationale``."""
        found = {f"head:{each.name}": each.text for each in self.heading}
        found.update((each.name, each.text) for each in self.sections)
        for item in self.items:
            found.update((_name(item, section), section.text) for section in item.sections)
        return found

    def with_texts(self, texts: Mapping[str, str]) -> Determination:
        """Return it with the texts named replaced by what the reviewer wrote."""
        return self._replace(
            heading=tuple(
                each._replace(text=texts.get(f"head:{each.name}", each.text)) for each in self.heading
            ),
            sections=tuple(each._replace(text=texts.get(each.name, each.text)) for each in self.sections),
            items=tuple(
                item._replace(
                    sections=tuple(
                        each._replace(text=texts.get(_name(item, each), each.text)) for each in item.sections
                    )
                )
                for item in self.items
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the letter, without the working sheet, as plain data."""
        return {
            "above": self.above,
            "heading": [each._asdict() for each in self.heading],
            "sections": [each._asdict() for each in self.sections],
            "items": [
                {
                    **{name: value for name, value in each._asdict().items() if name != "departs"},
                    "sections": [section._asdict() for section in each.sections],
                }
                for each in self.items
            ],
        }

    def to_json(self) -> bytes:
        """Return the letter as JSON, the same bytes for the same letter."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()


def _name(item: ItemDetermination, section: Section) -> str:
    return f"{item.item}:{item.outcome or 'open'}:{section.name}"


def digest_of(letter: bytes) -> str:
    """Return the digest of a letter as :meth:`Determination.to_json` gives it."""
    return f"sha256:{hashlib.sha256(letter).hexdigest()}"


def thawed(letter: bytes) -> Determination:
    """Return a letter from its JSON."""
    data = json.loads(letter)

    def sections(entries: Sequence[Mapping[str, str]]) -> tuple[Section, ...]:
        return tuple(Section(**each) for each in entries)

    return Determination(
        tuple(Heading(**each) for each in data["heading"]),
        sections(data["sections"]),
        tuple(
            ItemDetermination(**{**each, "sections": sections(each["sections"])}) for each in data["items"]
        ),
        above=data.get("above"),
    )


class Reviewer(NamedTuple):
    """What a letter says of who decided: states of licensure and specialty, in words; blanks where they are empty."""

    states: str = ""
    specialty: str = ""


NOBODY = Reviewer()
"""A reviewer who has not said where they are licensed and in what."""


def draft(
    case: Case,
    screening: Screening,
    rulebook: Rulebook,
    outcomes: Mapping[str, Decision],
    *,
    reviewer: Reviewer = NOBODY,
    today: date | None = None,
) -> Determination:
    """Return the draft of a case's determination.

    Args:
        case: the case that was screened.
        screening: its screening.
        rulebook: the rulebook it was screened by.
        outcomes: item → the reviewer's decision on its denial; an item that is left out is not decided yet.
        reviewer: who decided.
        today: the date of the determination; a blank where it is not given.

    Raises:
        CaseError: the case has no item of a name in ``outcomes``.
    """
    items = dict(case.named_items)
    for name in outcomes:
        if name not in items:
            hint = nearest(name, items) or f"name one of {', '.join(items)}"
            raise CaseError(
                Problem("unknown-item", "this case has no item of this name", Place(pointer="/items"), hint)
            )
    screened = {each.item: each for each in screening.items}
    return Determination(
        _heading(case, screening, items.values(), outcomes, today),
        (
            Section("reviewer", "The reviewer", _reviewer(reviewer)),
            Section("summary", "Clinical summary", record.summary(case, rulebook.vocabulary.treatments)),
            Section("documents", "Documents reviewed", record.documents(case)),
        ),
        tuple(
            _item(case, item, number, screened[name], outcomes.get(name), rulebook)
            for number, (name, item) in enumerate(items.items(), 1)
        ),
        tuple(_sheet(screening, outcomes, rulebook.vocabulary.law)),
        rulebook.vocabulary.law.heading,
    )


def _heading(
    case: Case,
    screening: Screening,
    items: Any,
    outcomes: Mapping[str, Decision],
    today: date | None,
) -> tuple[Heading, ...]:
    reviews = dict.fromkeys(
        each.utilization_review.date
        for each in items
        if each.utilization_review and each.utilization_review.date
    )
    decided = {outcomes.get(each.item) for each in screening.items}
    outcome = decided.pop() if len(decided) == 1 else None
    one = len(screening.items) == 1
    said = OUTCOME_OF[outcome].capitalize() if outcome else ask("decide the item") if one else "See each item"
    return (
        Heading("case", "Case number", screening.case or ask("case number")),
        Heading("injury", "Date of injury", _when(case.injury.date)),
        Heading(
            "review",
            "Utilization review",
            " and ".join(map(spell_date, reviews)) or ask("date of the decision"),
        ),
        Heading(
            "application", "Application received", _when(case.application.received or case.application.date)
        ),
        Heading("priority", "Priority", (case.priority or ask("regular or expedited")).capitalize()),
        Heading("date", "Date of determination", say_day(today) if today else ask("date")),
        Heading("decision", "Decision", said),
    )


def _when(when: PartialDate | None) -> str:
    return spell_date(when) if when else ask("date")


def _reviewer(reviewer: Reviewer) -> str:
    states = plain(reviewer.states) or ask("state")
    specialty = plain(reviewer.specialty) or ask("specialty")
    return (
        "The physician who decided this case has been in active clinical practice for more than five years and "
        f"practices at least 24 hours a week. The reviewer is licensed in {states}, is certified in {specialty}, and "
        "treats the condition in dispute. The reviewer has no affiliation with the employer, the worker, the "
        "providers or the claims administrator, and applied the laws that govern this review, including the order in "
        "which evidence ranks. The reviewer’s name is confidential."
    )


def _item(
    case: Case,
    item: DisputedItem,
    number: int,
    screened: ItemScreening,
    outcome: Decision | None,
    rulebook: Rulebook,
) -> ItemDetermination:
    request = paragraphs(record.treatment(item, screened, case), record.cited_by_administrator(item))
    sections = [Section("treatment", "Disputed treatment", request)]
    if outcome is not None:
        relied = paragraphs(guidelines(screened, outcome, rulebook), strength(screened, rulebook.vocabulary))
        sections += [
            Section("guidelines", "Guidelines relied on", relied),
            Section("rationale", "Rationale", rationale(case, screened, outcome, rulebook)),
        ]
    return ItemDetermination(
        screened.item,
        number,
        plain(screened.service),
        outcome,
        _DECISION[outcome] if outcome else ask("decide this item"),
        tuple(sections),
        departure(screened, outcome) if outcome else None,
    )


def _sheet(screening: Screening, outcomes: Mapping[str, Decision], law: Law) -> Iterator[Section]:
    """Yield what the reviewer should know of the draft, and whoever gets the letter should not read."""
    for number, item in enumerate(screening.items, 1):
        outcome = outcomes.get(item.item)
        said = [sentence(f"The screening: {item.headline}")]
        if outcome and (departs := departure(item, outcome)):
            said.append(departs)
        if "record_holds_only_the_denial" in item.review_reasons:
            cited = f": {law.denial_alone}" if law.denial_alone else ""
            said.append(f"A determination may not rest on the denial alone{cited}.")
        heard = [each for each in item.criteria if each.status != "not_applicable" and each.kind != "caution"]
        said.append(say_quantities(item).capitalize() + ".")
        said.append(say_within_limits(item) or "")
        said.append(listed(f"{each.reason} ({say_citation(each.citation)})" for each in heard))
        if item.warnings:
            said.append("Warnings:\n" + listed(item.warnings))
        if item.questions:
            said.append("To be found out:\n" + listed(map(say_open, item.questions)))
        if item.ask_for:
            said.append("A new request would have to answer:\n" + listed(each.asks for each in item.ask_for))
        yield Section(item.item, f"Item {number}: {plain(item.service)}", paragraphs(*said))
    made = (
        f"{say_rulebook(screening.rulebook)}; input {screening.input_digest}; {screening.engine}. "
        "A suggestion, not a decision."
    )
    yield Section("made", "What made the suggestion", made)
