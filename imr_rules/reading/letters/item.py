"""One disputed item: its title taken apart, its quantities, the visits before it, what each side cited."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.reading.account import alike
from imr_rules.reading.letters.citations import CitedBy, read_citations
from imr_rules.reading.letters.items import Outcome, RawItem
from imr_rules.reading.letters.layout import Sections
from imr_rules.reading.letters.limits import Limit, find_limits
from imr_rules.reading.letters.text import LetterText, Span
from imr_rules.reading.sentences import CountOf, Section, SentenceReader, Statement, merge_counts, sentences
from imr_rules.words import Amount, BodyPart, RequestLine, ServiceLine, read_line, read_service
from imr_rules.words.body_parts import meet
from imr_rules.words.persons import without_names


class Quantity(Struct, frozen=True):
    """How much of a service: the amount, and the frequency and duration it was written in.

    Attributes:
        amount: how many; ``None`` where only frequency or duration is written.
        service: the words it was read from, taken apart.
        section, span: where those words stand.
    """

    amount: Amount | None
    service: ServiceLine
    section: Section
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


class Prior(Struct, frozen=True):
    """Visits before this request, of the item's discipline and part of the body.

    Attributes:
        amount: exact or bounded; "at least 1" where a course is recorded without its count.
        count_of: ``attended``; or ``authorized``, where the letter tells only how many were approved earlier.
        statements: what it rests on. conflict: two of them disagree; the bounds span both.
        count_undocumented: the letter says that the record does not tell how many.
        may_be_this_approval: as many were approved "previously" as this very request was allowed; they are
            probably the same visits, and must not be counted twice.
    """

    amount: Amount
    count_of: CountOf
    statements: tuple[Statement, ...]
    conflict: bool = False
    count_undocumented: bool = False
    may_be_this_approval: bool = False

    def to_dict(self) -> dict[str, object]:
        """Return the amount, what it counts, and the sections that say so."""
        found = self.amount.to_dict() | {"count_of": self.count_of}
        found |= {
            name: True
            for name in ("conflict", "count_undocumented", "may_be_this_approval")
            if getattr(self, name)
        }
        return found | {"sections": sorted({each.section for each in self.statements})}


class Item(Struct, frozen=True):
    """One disputed item.

    Attributes:
        number: its place in the letter, from 1.
        title: as printed, without the closing "is".
        outcome: ``None`` where the letter does not state it, or states both.
        treatment: what the words name, as the rulebook calls it.
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
    prior_by_section: dict[Section, Prior]
    disciplines: tuple[str, ...]
    administrator: CitedBy
    reviewer: CitedBy
    findings: tuple[Statement, ...]
    limits_applied: tuple[Limit, ...]
    spans: dict[str, Span]
    cautions: tuple[str, ...] = ()

    @property
    def body_parts(self) -> tuple[BodyPart, ...]:
        """The parts of the body in dispute."""
        return self.request.in_dispute.body_parts

    def to_dict(self) -> dict[str, object]:
        """Return the item as plain data; its findings are added by the letter, which knows their places."""
        service, asked = self.request.in_dispute, self.request.asked
        flags = ("continuing", "initial", "retrospective", "postoperative", "evaluation", "acquisition")
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
            **{name: getattr(asked, name) or getattr(service, name) for name in flags},
            "administrator_citations": [citation.to_dict() for citation in self.administrator.citations],
            "administrator_cited_nothing": self.administrator.cited_nothing,
            "reviewer_citations": [citation.to_dict() for citation in self.reviewer.citations],
            "reviewer_cited_nothing": self.reviewer.cited_nothing,
            "reviewer_adopted_administrator_citations": self.reviewer.adopted,
            "limits_applied": [limit.to_dict() for limit in self.limits_applied],
            "left_over": list(service.left_over),
            "cautions": list(self.cautions),
            "spans": {name: span.to_dict() for name, span in self.spans.items()},
        }


def _dict(part: Quantity | Prior | None) -> dict[str, object] | None:
    return None if part is None else part.to_dict()


def read_item(
    letter: LetterText,
    sections: Sections,
    number: int,
    raw: RawItem,
    summary: Sequence[Statement],
    reader: SentenceReader,
    injured: str | None,
) -> Item:
    """Return an item with its words read: quantities, visits before, citations and findings."""
    request = read_line(raw.title, reader.vocabulary.names)
    title_span = letter.span(*raw.title_at)
    named = reader.visit_care(request.asked.text) or reader.visit_care(request.in_dispute.text)
    findings: list[Statement] = []
    limits: list[Limit] = []
    if raw.rationale is not None:
        findings = reader.read(letter.flat, *raw.rationale, section="rationale", injured=injured)
        limits = [*find_limits(letter, *raw.rationale, reader, by_visit=bool(named))]
    administrator = read_citations(letter, *raw.administrator) if raw.administrator is not None else CitedBy()
    bare = sections.layout == "professional_review"
    reviewer = read_citations(letter, *raw.reviewer, bare=bare) if raw.reviewer is not None else CitedBy()
    if reviewer.adopted and not reviewer.citations:
        reviewer = replace(reviewer, citations=administrator.citations)
    asked, in_dispute = _quantity(request.asked, title_span), _quantity(request.in_dispute, title_span)
    if in_dispute is None and not request.in_dispute.quantity_unspecified and named:
        in_dispute = _asked_in_summary(letter, sections, named[0], request, reader)
        asked = asked or in_dispute
    relevant = [each for each in (*summary, *findings) if _counts_for(each, named, request, reader)]
    by_section: dict[Section, Prior] = {}
    for section in {each.section: None for each in relevant}:
        alone = _prior([each for each in relevant if each.section == section], request)
        if alone is not None:
            by_section[section] = alone
    stretches = {"outcome": raw.outcome_at, "rationale": raw.rationale}
    return Item(
        number=number,
        title=without_names(raw.title, degrees=False),
        outcome=raw.outcome,
        treatment=request.asked.treatment,
        asked=asked,
        authorized=_quantity(request.authorized, title_span) if request.authorized is not None else None,
        in_dispute=in_dispute,
        request=request,
        prior=_prior(relevant, request),
        prior_by_section=by_section,
        disciplines=named,
        administrator=administrator,
        reviewer=reviewer,
        findings=tuple(findings),
        limits_applied=tuple(limits),
        spans={"title": title_span}
        | {name: letter.span(*at) for name, at in stretches.items() if at is not None},
        cautions=(*request.in_dispute.doubts, *((raw.doubt,) if raw.doubt is not None else ())),
    )


def _quantity(service: ServiceLine, span: Span) -> Quantity | None:
    stated = (service.quantity, service.frequency, service.duration)
    if all(each is None for each in stated) and not service.quantity_unspecified:
        return None
    return Quantity(service.quantity, service, "title", span)


def _asked_in_summary(
    letter: LetterText, sections: Sections, name: str, request: RequestLine, reader: SentenceReader
) -> Quantity | None:
    """Return the visits that the summary's account of the request gives, where the title gives none.

    Words about another part of the body are passed over.
    """
    parts = request.in_dispute.body_parts
    for section in sections.of("summary"):
        for sentence in sentences(letter.flat, section.start, section.end):
            mentions = reader.mentions(sentence.text) if sentence.asks else []
            for mention, stop in zip(mentions, [*(each.start for each in mentions), None][1:], strict=True):
                words = sentence.text[mention.start : stop]
                words = words.replace(". ", "; ").split("; ")[0]
                line = read_service(words, reader.vocabulary.names)
                if mention.name != name or line.quantity is None or line.quantity.unit != "visit":
                    continue
                if not parts or not line.body_parts or meet(parts, line.body_parts):
                    amount = replace(
                        line.quantity, method=f"{line.quantity.method}, in the account of the request"
                    )
                    start = sentence.start + mention.start
                    return Quantity(
                        amount, ServiceLine(text=""), "summary", letter.span(start, start + len(words))
                    )
    return None


def _counts_for(
    told: Statement, named: tuple[str, ...], request: RequestLine, reader: SentenceReader
) -> bool:
    """Return whether a course counts as visits before this item: its kind of care, no other body part."""
    if told.fact not in ("course", "prior_visits") or not named:
        return False
    here = told.section == "rationale"
    if not any(alike(reader.vocabulary, told.treatment, name, of_this_item=here) for name in named):
        return False
    parts = request.in_dispute.body_parts
    return not (told.body_parts and parts) or meet(told.body_parts, parts)


def _prior(told: list[Statement], request: RequestLine) -> Prior | None:
    """Return what the statements allow together: attended visits where counted, else those approved earlier."""
    silent = any(each.fact == "prior_visits" for each in told)
    allowed = request.authorized.quantity if request.authorized is not None else None
    known = [
        each for each in told if each.fact == "course" and each.status == "known" and each.amount is not None
    ]
    attended = [each for each in known if each.count_of == "attended"]
    authorized = [each for each in known if each.count_of == "authorized"]
    counted = any(each.amount is not None and each.amount.counted for each in attended)
    count_of: CountOf = "authorized" if authorized and not counted else "attended"
    basis = authorized if count_of == "authorized" else attended
    merged = merge_counts(each.amount for each in basis if each.amount is not None)
    if merged is None:
        return None
    amount, conflict = merged
    same = count_of == "authorized" and allowed is not None and amount.value == allowed.value
    return Prior(
        amount, count_of, tuple(basis), conflict=conflict, count_undocumented=silent and not counted,
        may_be_this_approval=same,
    )  # fmt: skip
