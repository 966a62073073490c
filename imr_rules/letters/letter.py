"""A determination letter as data, and the verb that reads one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imr_rules.errors import LetterError
from imr_rules.letters.citations import CitedBy, read_citations
from imr_rules.letters.courses import find_requested
from imr_rules.letters.disciplines import disciplines, same_discipline
from imr_rules.letters.facts import CountOf, Fact, FactSection, merge_counts
from imr_rules.letters.header import Header, Reviewer, read_header, read_reviewer
from imr_rules.letters.items import Outcome, RawItem, find_items
from imr_rules.letters.layout import Layout, Sections, find_sections
from imr_rules.letters.pdf import Limits, PdfReader, letter_error
from imr_rules.letters.prose import sentences
from imr_rules.letters.rationale import Limit, read_rationale
from imr_rules.letters.summary import find_person, read_summary
from imr_rules.letters.text import LetterText, Span, join_pages
from imr_rules.service_text import Amount, BodyPart, Request, ServiceText, overlap, read_request

__all__ = ["Item", "Letter", "Prior", "Quantity", "Recogniser", "read_letter", "read_letters", "read_text"]

#: Tells which treatment a title names: its id, or ``None``.
Recogniser = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a service: the amount, and the frequency and duration it was written in.

    Attributes:
        amount: how many; ``None`` where only frequency or duration is written.
        service: the words it was read from, taken apart.
        section, span: where those words stand.
    """

    amount: Amount | None
    service: ServiceText
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
        count_of: ``attended``; or ``authorised``, where the letter tells only how many were approved earlier.
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
        treatment: what the recogniser made of the service's words.
        asked, authorised, in_dispute: three quantities, never one for another.
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
    authorised: Quantity | None
    in_dispute: Quantity | None
    request: Request
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
            "service": asked.service,
            "asked": _dict(self.asked),
            "authorised": _dict(self.authorised),
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
            "unrecognised": list(service.unrecognised),
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


# --- reading ------------------------------------------------------------------------------------------------


def read_letter(
    path: Path | str, recognise: Recogniser | None = None, *, limits: Limits | None = None
) -> Letter:
    """Read one letter, a PDF or a text file.

    Args:
        path: the file. A text file is UTF-8; a form feed begins a page.
        recognise: tells which treatment a service's words name.
        limits: what the letter may cost.

    Raises:
        LetterError: the file cannot be read within the limits, or is not a determination letter.
    """
    with PdfReader(limits) as reader:
        return _read(Path(path), recognise, reader)


def read_letters(
    paths: Iterable[Path | str], recognise: Recogniser | None = None, *, limits: Limits | None = None
) -> Iterator[Letter | LetterError]:
    """Read many letters; each one gives a :class:`Letter`, or the error that stopped it and nothing else.

    One confined process serves all PDFs, so this is much faster than :func:`read_letter` in a loop.
    """
    with PdfReader(limits) as reader:
        for path in paths:
            try:
                yield _read(Path(path), recognise, reader)
            except LetterError as error:
                yield error


def _read(path: Path, recognise: Recogniser | None, reader: PdfReader) -> Letter:
    return read_text(_pages(path, reader), recognise, file=path, limits=reader.limits)


def _pages(path: Path, reader: PdfReader) -> list[str]:
    limits = reader.limits
    try:
        if not path.is_file():
            raise letter_error(
                path, "no-file", "there is no such file" if not path.exists() else "this is not a file"
            )
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise letter_error(
                path, "too-big", f"the file has {size} bytes; a letter has at most {limits.file_bytes}"
            )
        with path.open("rb") as file:
            head = file.read(1024)
            if not head:
                raise letter_error(path, "empty", "the file is empty", "download it again")
            if b"%PDF-" in head or path.suffix.lower() == ".pdf":
                return reader.pages(path)
            raw = head + file.read(limits.characters * 4 + 1)
    except OSError as error:
        raise letter_error(path, "unreadable", f"the file cannot be read ({type(error).__name__})") from None
    if b"\x00" in raw:
        raise letter_error(path, "not-text", "this is neither a PDF nor a text file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return text.split("\f")


_FEWEST_LETTERS = 200


def read_text(
    pages: list[str],
    recognise: Recogniser | None = None,
    *,
    file: Path | str = "letter",
    limits: Limits | None = None,
) -> Letter:
    """Read a letter whose text is at hand, page by page.

    Raises:
        LetterError: it has no text, is not a determination letter, or goes beyond the limits.
    """
    limits = limits or Limits()
    if len(pages) > limits.pages:
        raise letter_error(
            file, "too-many-pages", f"the file has {len(pages)} pages; a letter has at most {limits.pages}"
        )
    if sum(map(len, pages)) > limits.characters:
        raise letter_error(
            file,
            "too-much-text",
            f"the file holds more than {limits.characters} characters",
            "this is no letter",
        )
    letter = join_pages(pages)
    if sum(character.isalpha() for character in letter.text[:20_000]) < _FEWEST_LETTERS:
        raise letter_error(
            file,
            "no-text",
            "the file holds no text; its pages may be images",
            "run it through text recognition first",
        )
    sections = find_sections(letter)
    if sections.layout is None:
        raise letter_error(
            file,
            "not-a-letter",
            "this does not read as a determination letter",
            "see the layouts in the documentation",
        )
    header = read_header(letter, sections)
    raw_items = find_items(letter, sections)
    if not raw_items:
        raise letter_error(
            file,
            "no-items",
            "no disputed item can be found in the letter",
            "it may be truncated; download it again",
        )
    facts = [fact for section in sections.of("summary") for fact in read_summary(letter, section)]
    items = tuple(
        _item(letter, sections, number, raw, facts, recognise)
        for number, raw in enumerate(raw_items, start=1)
    )
    return Letter(
        file=str(file),
        layout=sections.layout,
        pages=len(pages),
        header=header,
        reviewer=read_reviewer(letter),
        items=items,
        facts=tuple(facts + _person_elsewhere(letter, raw_items, facts)),
        cautions=_cautions(header, facts),
        text=letter.text,
    )


def _person_elsewhere(letter: LetterText, items: list[RawItem], facts: list[Fact]) -> list[Fact]:
    """Return the age or sex that only a rationale states."""
    known = {fact.fact for fact in facts}
    found: dict[str, Fact] = {}
    for item in items:
        if item.rationale is not None:
            for fact in find_person(letter, *item.rationale, "rationale"):
                if fact.fact not in known and fact.method == "stated":
                    found.setdefault(fact.fact, fact)
    return list(found.values())


def _cautions(header: Header, facts: list[Fact]) -> tuple[str, ...]:
    cautions = []
    told = {fact.date for fact in facts if fact.fact == "injury_date" and fact.date is not None}
    injury = header.date_of_injury
    if injury is not None and told and not any(injury.startswith(day) for day in told):
        cautions.append("injury-date-differs-from-narrative")
    order = [day for day in (injury, header.ur_denial_date, header.decision_date) if day is not None]
    if order != sorted(order):
        cautions.append("dates-out-of-order")
    return tuple(cautions)


def _item(
    letter: LetterText,
    sections: Sections,
    number: int,
    raw: RawItem,
    facts: list[Fact],
    recognise: Recogniser | None,
) -> Item:
    request = read_request(raw.title)
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
        elsewhere = _asked_in_summary(letter, sections, named[0], request)
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
        treatment=recognise(request.asked.service or raw.title) if recognise is not None else None,
        asked=asked,
        authorised=_quantity(request.authorised, title_span) if request.authorised is not None else None,
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
        cautions=(*request.in_dispute.cautions, *((raw.doubt,) if raw.doubt is not None else ())),
    )


def _quantity(service: ServiceText, span: Span) -> Quantity | None:
    if (
        service.quantity is None
        and service.frequency is None
        and service.duration is None
        and not service.quantity_unspecified
    ):
        return None
    return Quantity(service.quantity, service, "title", span)


def _asked_in_summary(
    letter: LetterText, sections: Sections, discipline: str, request: Request
) -> Quantity | None:
    """Return the visits that the summary's account of the request gives, where the title gives none."""
    for section in sections.of("summary"):
        for sentence in sentences(letter, section.start, section.end):
            if not sentence.asks:
                continue
            found = find_requested(sentence.text, discipline, request.in_dispute.body_parts)
            if found is not None:
                amount, start, end = found
                span = letter.span(sentence.start + start, sentence.start + end)
                amount = Amount(
                    amount.at_least,
                    amount.at_most,
                    amount.unit,
                    f"{amount.method}, in the account of the request",
                )
                return Quantity(amount, ServiceText(text=""), "summary", span)
    return None


def _counts_for(fact: Fact, named: tuple[str, ...], request: Request) -> bool:
    """Return whether a course counts as visits before this item: its discipline, no other body part."""
    if fact.fact not in ("course", "prior_visits") or not named:
        return False
    if not any(
        same_discipline(fact.discipline, name, of_this_item=fact.section == "rationale") for name in named
    ):
        return False
    parts = request.in_dispute.body_parts
    return not (fact.body_parts and parts) or any(overlap(a, b) for a in fact.body_parts for b in parts)


def _prior(facts: list[Fact], request: Request) -> Prior | None:
    """Return what the statements allow together: attended visits where counted, else those approved earlier."""
    silent = any(fact.fact == "prior_visits" for fact in facts)
    allowed = request.authorised.quantity if request.authorised is not None else None
    by_count: dict[CountOf, list[tuple[Fact, Amount]]] = {"attended": [], "authorised": [], "requested": []}
    for fact in facts:
        if fact.fact == "course" and fact.status == "known" and fact.amount is not None and fact.count_of:
            by_count[fact.count_of].append((fact, fact.amount))
    attended = by_count["attended"]
    authorised = by_count["authorised"]
    counted = any(amount.at_most is not None or (amount.at_least or 0) > 1 for _, amount in attended)
    count_of: CountOf = "authorised" if authorised and not counted else "attended"
    basis = authorised if count_of == "authorised" else attended
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
        may_be_this_approval=count_of == "authorised"
        and allowed is not None
        and amount.value == allowed.value,
    )
