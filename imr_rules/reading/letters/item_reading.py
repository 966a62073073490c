"""One disputed item: its title taken apart, its quantities, the visits before it, what each side cited."""

from __future__ import annotations

from imr_rules.reading import Amount, RequestLine, ServiceLine, TreatmentNames, overlap, read_line
from imr_rules.reading.letters.citations import CitedBy, read_citations
from imr_rules.reading.letters.courses import find_requested
from imr_rules.reading.letters.disciplines import disciplines, same_discipline
from imr_rules.reading.letters.facts import CountOf, Fact, FactSection, merge_counts
from imr_rules.reading.letters.items import RawItem
from imr_rules.reading.letters.layout import Sections
from imr_rules.reading.letters.letter import Item, Prior, Quantity
from imr_rules.reading.letters.prose import sentences
from imr_rules.reading.letters.rationale import Limit, read_rationale
from imr_rules.reading.letters.text import LetterText, Span


def read_item(
    letter: LetterText,
    sections: Sections,
    number: int,
    raw: RawItem,
    facts: list[Fact],
    names: TreatmentNames | None,
) -> Item:
    """Return an item with its words read: quantities, visits before, citations and findings."""
    request = read_line(raw.title, names)
    title_span = letter.span(*raw.title_at)
    named = disciplines(request.asked.text) or disciplines(request.in_dispute.text)
    findings: list[Fact] = []
    limits: list[Limit] = []
    if raw.rationale is not None:
        findings, limits = read_rationale(letter, *raw.rationale, by_visit=bool(named))
    administrator = read_citations(letter, *raw.administrator) if raw.administrator is not None else CitedBy()
    bare = sections.layout == "professional_review"
    reviewer = read_citations(letter, *raw.reviewer, bare=bare) if raw.reviewer is not None else CitedBy()
    if reviewer.adopted and not reviewer.citations:
        reviewer = CitedBy(
            administrator.citations, reviewer.cited_nothing, reviewer.outside_mtus, adopted=True
        )
    asked = _quantity(request.asked, title_span)
    in_dispute = _quantity(request.in_dispute, title_span)
    if in_dispute is None and not request.in_dispute.quantity_unspecified and named:
        elsewhere = _asked_in_summary(letter, sections, named[0], request, names)
        asked, in_dispute = asked or elsewhere, elsewhere
    relevant = [fact for fact in (*facts, *findings) if _counts_for(fact, named, request)]
    by_section: dict[FactSection, Prior] = {}
    sections_with_facts: tuple[FactSection, ...] = ("summary", "rationale")
    for section in sections_with_facts:
        alone = _prior([fact for fact in relevant if fact.section == section], request)
        if alone is not None:
            by_section[section] = alone
    spans = {"title": title_span}
    if raw.outcome_at is not None:
        spans["outcome"] = letter.span(*raw.outcome_at)
    if raw.rationale is not None:
        spans["rationale"] = letter.span(*raw.rationale)
    return Item(
        number=number,
        title=raw.title,
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
        spans=spans,
        cautions=(*request.in_dispute.doubts, *((raw.doubt,) if raw.doubt is not None else ())),
    )


def _quantity(service: ServiceLine, span: Span) -> Quantity | None:
    if (
        service.quantity is None
        and service.frequency is None
        and service.duration is None
        and not service.quantity_unspecified
    ):
        return None
    return Quantity(service.quantity, service, "title", span)


def _asked_in_summary(
    letter: LetterText,
    sections: Sections,
    discipline: str,
    request: RequestLine,
    names: TreatmentNames | None,
) -> Quantity | None:
    """Return the visits that the summary's account of the request gives, where the title gives none."""
    for section in sections.of("summary"):
        for sentence in sentences(letter, section.start, section.end):
            if not sentence.asks:
                continue
            found = find_requested(sentence.text, discipline, request.in_dispute.body_parts, names)
            if found is not None:
                amount, start, end = found
                span = letter.span(sentence.start + start, sentence.start + end)
                amount = Amount(
                    amount.at_least,
                    amount.at_most,
                    amount.unit,
                    f"{amount.method}, in the account of the request",
                )
                return Quantity(amount, ServiceLine(text=""), "summary", span)
    return None


def _counts_for(fact: Fact, named: tuple[str, ...], request: RequestLine) -> bool:
    """Return whether a course counts as visits before this item: its discipline, no other body part."""
    if fact.fact not in ("course", "prior_visits") or not named:
        return False
    if not any(
        same_discipline(fact.discipline, name, of_this_item=fact.section == "rationale") for name in named
    ):
        return False
    parts = request.in_dispute.body_parts
    return not (fact.body_parts and parts) or any(overlap(a, b) for a in fact.body_parts for b in parts)


def _prior(facts: list[Fact], request: RequestLine) -> Prior | None:
    """Return what the statements allow together: attended visits where counted, else those approved earlier."""
    silent = any(fact.fact == "prior_visits" for fact in facts)
    allowed = request.authorized.quantity if request.authorized is not None else None
    by_count: dict[CountOf, list[tuple[Fact, Amount]]] = {"attended": [], "authorized": [], "requested": []}
    for fact in facts:
        if fact.fact == "course" and fact.status == "known" and fact.amount is not None and fact.count_of:
            by_count[fact.count_of].append((fact, fact.amount))
    attended = by_count["attended"]
    authorized = by_count["authorized"]
    counted = any(amount.at_most is not None or (amount.at_least or 0) > 1 for _, amount in attended)
    count_of: CountOf = "authorized" if authorized and not counted else "attended"
    basis = authorized if count_of == "authorized" else attended
    merged = merge_counts(amount for _, amount in basis)
    if merged is None:
        return None
    amount, conflict = merged
    return Prior(
        amount,
        count_of,
        tuple(fact for fact, _ in basis),
        conflict=conflict,
        count_undocumented=silent and not counted,
        may_be_this_approval=count_of == "authorized"
        and allowed is not None
        and amount.value == allowed.value,
    )
