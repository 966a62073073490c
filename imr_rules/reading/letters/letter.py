"""A determination letter as data."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from imr_rules.reading import Amount, BodyPart, RequestLine, ServiceLine
from imr_rules.reading.letters.citations import CitedBy
from imr_rules.reading.letters.facts import CountOf, Fact, FactSection
from imr_rules.reading.letters.header import Header, Reviewer
from imr_rules.reading.letters.items import Outcome
from imr_rules.reading.letters.layout import Layout
from imr_rules.reading.letters.rationale import Limit
from imr_rules.reading.letters.text import Span

__all__ = ["Item", "Letter", "Prior", "Quantity"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a service: the amount, and the frequency and duration it was written in.

    Attributes:
        amount: how many; ``None`` where only frequency or duration is written.
        service: the words it was read from, taken apart.
        section, span: where those words stand.
    """

    amount: Amount | None
    service: ServiceLine
    section: FactSection
    span: Span

    def to_dict(self) -> dict[str, object]:
        """Return ``value`` or bounds, ``unit``, ``method``, and the frequency and duration."""
        found: dict[str, object] = (
            {"value": None, "unit": None, "method": None} if self.amount is None else self.amount.to_dict()
        )
        if self.service.quantity_unspecified and self.amount is None:
            found["unspecified"] = True
        for name in ("frequency", "hours_a_day", "duration"):
            part = getattr(self.service, name)
            if part is not None:
                found[name] = part.to_dict()
        return found | {"section": self.section, "span": self.span.to_dict()}


@dataclass(frozen=True, slots=True)
class Prior:
    """Visits before this request, of the item's discipline and part of the body.

    Attributes:
        amount: exact or bounded; "at least 1" where a course is recorded without its count.
        count_of: ``attended``; or ``authorized``, where the letter tells only how many were approved earlier.
        facts: the statements it rests on, from the sections that were asked for.
        conflict: two statements disagree; the bounds span both.
        count_undocumented: the letter says that the record does not tell how many.
        may_be_this_approval: as many were approved "previously" as this very request was allowed; they are
            probably the same visits, and must not be counted twice.
    """

    amount: Amount
    count_of: CountOf
    facts: tuple[Fact, ...]
    conflict: bool = False
    count_undocumented: bool = False
    may_be_this_approval: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return the amount, what it counts, and the place of each statement."""
        found = self.amount.to_dict() | {"count_of": self.count_of}
        if self.conflict:
            found["conflict"] = True
        if self.count_undocumented:
            found["count_undocumented"] = True
        if self.may_be_this_approval:
            found["may_be_this_approval"] = True
        found["sections"] = sorted({fact.section for fact in self.facts})
        found["spans"] = [fact.span.to_dict() for fact in self.facts]
        return found


@dataclass(frozen=True, slots=True)
class Item:
    """One disputed item.

    Attributes:
        number: its place in the letter, from 1.
        title: as printed, without the closing "is".
        outcome: ``None`` where the letter does not state it, or states both.
        treatment: which of the rulebook's treatments the title names.
        asked, authorized, in_dispute: three quantities, never one for another.
        request: the title taken apart.
        prior: visits before the request, by all the letter says; ``prior_by_section`` by each part of it
            alone.
        disciplines: kinds of visit-counted care the title names.
        administrator, reviewer: what each side cited.
        findings: what the reviewer found. limits_applied: visit limits the rationale names.
        spans: ``title``, ``outcome`` and ``rationale``, where found.
    """

    number: int
    title: str
    outcome: Outcome | None
    treatment: str | None
    asked: Quantity | None
    authorized: Quantity | None
    in_dispute: Quantity | None
    request: RequestLine
    prior: Prior | None
    prior_by_section: dict[FactSection, Prior]
    disciplines: tuple[str, ...]
    administrator: CitedBy
    reviewer: CitedBy
    findings: tuple[Fact, ...]
    limits_applied: tuple[Limit, ...]
    spans: dict[str, Span]
    cautions: tuple[str, ...] = ()

    @property
    def body_parts(self) -> tuple[BodyPart, ...]:
        """The parts of the body in dispute."""
        return self.request.in_dispute.body_parts

    def to_dict(self) -> dict[str, object]:
        """Return the item as plain data."""
        service = self.request.in_dispute
        asked = self.request.asked
        return {
            "number": self.number,
            "title": self.title,
            "outcome": self.outcome,
            "treatment": self.treatment,
            "asked": _dict(self.asked),
            "authorized": _dict(self.authorized),
            "in_dispute": _dict(self.in_dispute),
            "whole_request_in_dispute": self.request.whole_request_in_dispute,
            "prior": _dict(self.prior),
            "prior_by_section": {
                section: prior.to_dict() for section, prior in self.prior_by_section.items()
            },
            "body_parts": [part.to_dict() for part in self.body_parts],
            "disciplines": list(self.disciplines),
            **{
                name: getattr(asked, name) or getattr(service, name)
                for name in (
                    "continuing",
                    "initial",
                    "retrospective",
                    "postoperative",
                    "evaluation",
                    "acquisition",
                )
            },
            "administrator_citations": [citation.to_dict() for citation in self.administrator.citations],
            "administrator_cited_nothing": self.administrator.cited_nothing,
            "reviewer_citations": [citation.to_dict() for citation in self.reviewer.citations],
            "reviewer_cited_nothing": self.reviewer.cited_nothing,
            "reviewer_adopted_administrator_citations": self.reviewer.adopted,
            "findings": [fact.to_dict() for fact in self.findings],
            "limits_applied": [limit.to_dict() for limit in self.limits_applied],
            "left_over": list(service.left_over),
            "cautions": list(self.cautions),
            "spans": {name: span.to_dict() for name, span in self.spans.items()},
        }


def _dict(part: Quantity | Prior | None) -> dict[str, object] | None:
    return None if part is None else part.to_dict()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that has been read.

    Attributes:
        file: the name of the file it came from.
        layout, pages: which of the historical layouts; how many pages.
        header, reviewer: the header table, and the reviewer's credentials.
        items: the disputed items, in order.
        facts: what the clinical case summary says.
        cautions: codes of what does not agree: ``injury-date-differs-from-narrative``,
            ``dates-out-of-order``.
        text: the letter's text, which all spans count; never part of :meth:`to_dict`.
    """

    file: str
    layout: Layout | None
    pages: int
    header: Header
    reviewer: Reviewer
    items: tuple[Item, ...]
    facts: tuple[Fact, ...]
    cautions: tuple[str, ...] = ()
    text: str = field(default="", repr=False, compare=False)

    def to_dict(self) -> dict[str, object]:
        """Return the letter as plain data, without its text."""
        header = self.header
        return {
            "file": self.file,
            "layout": self.layout,
            "pages": self.pages,
            "case_number": header.case_number,
            "date_assigned": header.date_assigned,
            "date_of_injury": header.date_of_injury,
            "decision_date": header.decision_date,
            "ur_denial_date": header.ur_denial_date,
            "priority": header.priority,
            "application_received": header.application_received,
            "reviewer": {"specialty": self.reviewer.specialty, "licensure": list(self.reviewer.licensure)},
            "items": [item.to_dict() for item in self.items],
            "facts": [fact.to_dict() for fact in self.facts],
            "cautions": list(self.cautions),
        }

    def to_json(self) -> str:
        """Return the letter as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)
