"""The rulebook as one page that a clinician can check: every guideline, limit and criterion, with its status.

``python -m imr_rules.writing.rulebook_page > docs/rulebook.md`` writes the page; a test fails where it is stale.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_rules._dates import Period
from imr_rules._units import count_in_words
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import CitationStatus
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.model import Citation, Criterion, Guideline, Limit, LimitRow, Source, Template
from imr_rules.rulebook.overview import say_amounts
from imr_rules.writing.document import (
    Block,
    Bullets,
    Heading,
    Line,
    Paragraph,
    Report,
    Span,
    Table,
    code,
    slug,
    strong,
)
from imr_rules.writing.markdown import markdown

_MADE = (
    "Made from the files in `rulesets/mtus` by `python -m imr_rules.writing.rulebook_page > docs/rulebook.md`; "
    "correct the files, not the page."
)
_EVERY = "every treatment"
_STATUSES: dict[CitationStatus, str] = {
    "read": "in the official text or the statute",
    "secondary": "in another source that quotes it, which is named",
    "recalled": "from memory of the guideline, still to be verified against the official text",
    "practice": "the way named determinations reason; no guideline text says it",
}


def rulebook_page(rulebook: Rulebook) -> Report:
    """Return the page. The same rulebook always gives the same page."""
    classes = _by_class(rulebook)
    return Report(
        "The rulebook",
        (
            Paragraph("Every guideline this package knows, with its limits, criteria, dates and citations."),
            Table(("Status", "How a number or rule is known"), tuple(_STATUSES.items())),
            *_summary(rulebook),
            Heading("Classes"),
            Bullets.of(
                (Span(name, link=f"#{slug(name)}"), f": {len(guidelines)}")
                for name, guidelines in classes.items()
            ),
            *(block for name, guidelines in classes.items() for block in _class(name, guidelines, rulebook)),
            *_sources(rulebook),
        ),
        _MADE,
    )


def _class(name: str, guidelines: list[Guideline], rulebook: Rulebook) -> Iterator[Block]:
    yield Heading(_capital(name))
    for guideline in guidelines:
        yield from _guideline(guideline, rulebook)


def _summary(rulebook: Rulebook) -> Iterator[Block]:
    guidelines = rulebook.guidelines.values()
    limits = Counter(row.status for guideline in guidelines for _, row in rows_of(guideline))
    criteria = Counter(each.citation.status for guideline in guidelines for each in guideline.criteria)
    unknown = sum(not guideline.known for guideline in guidelines)
    yield Paragraph(
        f"Version {rulebook.version}: {len(guidelines)} guidelines, {unknown} of them dated with contents that are not "
        "known."
    )
    if rulebook.layers:
        yield Bullets.of(
            f"With the layer {each.name} {each.version}: {each.title}" for each in rulebook.layers
        )
    yield Table(
        ("", *_STATUSES, "all"),
        tuple(
            (label, *(str(found[status]) for status in _STATUSES), str(found.total()))
            for label, found in (("limits", limits), ("criteria", criteria))
        ),
        frozenset(range(1, len(_STATUSES) + 2)),
    )


def rows_of(guideline: Guideline) -> Iterator[tuple[str, LimitRow | Limit]]:
    """Yield every number of a guideline with its name: limits, and the rows of those that are tables."""
    for limit in guideline.limits.values():
        if not limit.rows:
            yield limit.name, limit
        for row in limit.every_row:
            yield f"{limit.name}, {row.label}", row


def _by_class(rulebook: Rulebook) -> dict[str, list[Guideline]]:
    """Return label of the broadest treatment → its guidelines, in order of name, then of date."""
    treatments = rulebook.vocabulary.treatments
    found: dict[str, list[Guideline]] = {}
    for guideline in rulebook.guidelines.values():
        roots = {
            _EVERY if name == ANY_TREATMENT else treatments[treatments[name].lineage[-1]].label
            for name in guideline.treatments
        }
        for root in roots:
            found.setdefault(root, []).append(guideline)
    ordered = sorted(found, key=lambda label: (label == _EVERY, label))
    return {
        label: sorted(found[label], key=lambda each: (each.treatments, each.requests.first, each.id))
        for label in ordered
    }


def _guideline(guideline: Guideline, rulebook: Rulebook) -> Iterator[Block]:
    treatments = (
        "every treatment" if ANY_TREATMENT in guideline.treatments else ", ".join(guideline.treatments)
    )
    about: list[Line] = [
        f"Requests: {_days(guideline.requests)}",
        f"Source: {_place(guideline.citation)} ({_tier(guideline.source.tier, rulebook)})",
        f"For: {treatments.replace('_', ' ')}{_situation(guideline)}",
    ]
    if guideline.layer:
        why = f", in place of the rulebook's own: {guideline.replaces}" if guideline.replaces else ""
        about.append(("Layer: ", code(guideline.layer), why))
    about += [
        ("Replaces: ", code(each.guideline), f" when {each.when_text}") for each in guideline.supersedes
    ]
    if guideline.note:
        about.append(f"Note: {guideline.note}")
    if not guideline.known:
        about.append((strong("Contents not known"), ": a request it governs needs review."))
    yield Heading(guideline.title, 3)
    yield Paragraph(code(guideline.id))
    yield Bullets.of(about)
    limits = tuple(
        (_words(name), say_amounts(row.amounts), row.status, _pages(row.pages or ()), row.note or "")
        for name, row in rows_of(guideline)
    )
    if limits:
        yield Table(("Limit", "Number", "Status", "Pages", "Note"), limits)
    if guideline.criteria:
        yield Table(
            ("Criterion", "In words, where it is not met", "When", "Requires", "Status", "Citation"),
            tuple(_criterion(each, guideline, rulebook) for each in guideline.criteria),
        )


def _situation(guideline: Guideline) -> str:
    if guideline.applies_text is None:
        return ""
    return f", when {guideline.applies_text}" + ("; else by analogy" if guideline.by_analogy else "")


def _criterion(criterion: Criterion, guideline: Guideline, rulebook: Rulebook) -> tuple[Line, ...]:
    require: Line = code(criterion.require_text)
    when: Line = code(criterion.when_text) if criterion.when_text else "always"
    if criterion.recommendation:
        no, _, yes = (criterion.when_text or "").partition(" / ")
        parts: list[str | Span] = ["not recommended where ", code(no)] if no != "false" else []
        if yes:
            parts += ["; " if parts else "", "recommended where ", code(yes)]
        require, when = tuple(parts), "always"
    citation = criterion.citation
    own = citation.source == guideline.source.id
    section = citation.section if citation.section not in (None, guideline.citation.section) else ""
    pages = _pages(citation.pages) if citation.pages != guideline.pages else ""
    return (
        _words(criterion.name) + (" (caution)" if criterion.kind == "caution" else ""),
        _in_words(criterion, guideline, rulebook),
        when,
        require,
        citation.status,
        ", ".join(filter(None, (section, pages))) if own else _place(citation),
    )


def _in_words(criterion: Criterion, guideline: Guideline, rulebook: Rulebook) -> str:
    """Return what is said where the criterion is not met, with the names of facts for their values."""
    says = criterion.says
    template = next((says[each] for each in ("unmet", "undocumented", "met") if each in says), Template(()))
    words = []
    for piece in template.pieces:
        if isinstance(piece, str):
            words.append(piece)
        elif piece[0] == "fact":
            words.append(f"[{rulebook.vocabulary.facts[piece[1]].label}]")
        else:
            words.append(_limit_in_words(guideline.limits[piece[1]], piece[2], piece[3]))
    return "".join(words)


def _limit_in_words(limit: Limit, plural: str, end: str) -> str:
    if limit.rows:
        return f"[{_words(limit.name)}, by row]"
    low, high = limit.amounts[plural]
    return count_in_words(low, high) if not end else str(low if end == "min" else high)


def _sources(rulebook: Rulebook) -> Iterator[Block]:
    guidelines = Counter(guideline.source.id for guideline in rulebook.guidelines.values())
    named = [each for each in rulebook.sources.values() if each.tier != "practice" or guidelines[each.id]]
    practice = sorted(
        name for name, each in rulebook.sources.items() if each.tier == "practice" and not guidelines[name]
    )
    yield Heading("Sources")
    yield Table(
        ("Source", "Document", "Tier", "In force", "Guidelines"),
        tuple(_source(each, guidelines[each.id], rulebook) for each in named),
        frozenset({4}),
    )
    listed: list[str | Span] = ["Determinations cited as practice: "]
    for number, name in enumerate(practice):
        listed += [", ", code(name)] if number else [code(name)]
    yield Paragraph((*listed, "."))


def _source(source: Source, guidelines: int, rulebook: Rulebook) -> tuple[Line, ...]:
    document = source.document + (f", {source.regulation}" if source.regulation else "")
    note = f" {source.note}" if source.note else ""
    in_force = _days(source.in_force) if source.in_force else ""
    return code(source.id), f"{document}.{note}", _tier(source.tier, rulebook), in_force, str(guidelines)


def _tier(tier: str, rulebook: Rulebook) -> str:
    """Return in a few words what a tier is."""
    return rulebook.vocabulary.tiers.get(tier, tier).partition(",")[0]


def _place(citation: Citation) -> str:
    parts = (citation.document, citation.regulation, citation.section, _pages(citation.pages, "page"))
    return ", ".join(filter(None, parts))


def _pages(pages: Iterable[int], word: str = "") -> str:
    """Return ``46, 47``, or ``pages 46, 47`` with the word before it."""
    listed = [str(page) for page in pages]
    before = f"{word}{'s' if len(listed) > 1 else ''} " if word else ""
    return before + ", ".join(listed) if listed else ""


def _days(period: Period) -> str:
    return f"{period.first} to {period.last}" if period.last else f"from {period.first}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


if __name__ == "__main__":
    sys.stdout.write(markdown(rulebook_page(Rulebook.load(*map(Path, sys.argv[1:2])))))
