"""One page a treatment: what applies when, and then each guideline with its limits, criteria and citations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from imr_rules._dates import Period
from imr_rules._units import count_in_words
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.model import Citation, Criterion, Guideline, Limit, LimitRow, Template
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
    lines,
    slug,
    strong,
)
from imr_rules.writing.words import capital

EVERY = "every treatment"
"""The class of what is asked of every treatment."""
_MANY = 24
"""A class of more guidelines than these is told by its kinds, so that a page is read in a sitting."""
_LONG = 20
"""A guideline for several classes with more numbers than these has a page of its own, and stands on that alone."""
_NOT_READ = "Not read"
"""The heading over the guidelines whose contents are not known."""
_LIMIT = re.compile(r"limits\.(\w+)\.(\w+)(?:\.(min|max))?")
_FEW_ROWS = 5
"""A table of more rows than these is told by its length in the timeline."""


def treatment_page(name: str, guidelines: list[Guideline], rulebook: Rulebook, made: str) -> Report:
    """Return the page of a class of treatments.

    Args:
        name: of the class, in words.
        guidelines: of the class.
        rulebook: that they stand in.
        made: how the page was made.
    """
    labels = _labels(rulebook)
    told = [each for each in guidelines if each.known and _page(each, name, labels) == name]
    ordered = sorted(guidelines, key=lambda each: (each.requests.first, each.treatments, each.id))
    return Report(
        capital(name),
        (
            *_broader(name, labels, rulebook),
            Paragraph("What applies when, by the day of the request:"),
            Table(
                ("Requests", "Guideline", "For", "Numbers"),
                tuple(_when(name, each, labels) for each in ordered),
            ),
            *(block for each in told for block in _guideline(each, rulebook)),
            *_not_read([each for each in ordered if not each.known]),
        ),
        made,
    )


def _broader(name: str, labels: Mapping[str, str], rulebook: Rulebook) -> Iterator[Block]:
    """Yield where the page of a kind of treatment leads, to what is asked of the broader one too."""
    treatments = rulebook.vocabulary.treatments
    broad = {treatments[each.lineage[-1]].label for each in treatments.values() if labels[each.name] == name}
    for label in sorted((broad & by_class(rulebook).keys()) - {name}):
        yield Paragraph(
            ("What is asked of each ", Span(label, link=f"{slug(label)}.md"), " stands on its page.")
        )


def _page(guideline: Guideline, name: str, labels: Mapping[str, str]) -> str:
    """Return the class on whose page a guideline of the class ``name`` is told."""
    shared = guideline.known and len(_classes(guideline, labels)) > 1
    return guideline.title if shared and len([*rows_of(guideline)]) > _LONG else name


def _when(name: str, guideline: Guideline, labels: Mapping[str, str]) -> tuple[Line, ...]:
    """Return a guideline's line in the timeline of a class."""
    own = _page(guideline, name, labels)
    page = "" if own == name else f"{slug(own)}.md"
    title: Line = Span(guideline.title, link=f"{page}#{slug(guideline.id if guideline.known else _NOT_READ)}")
    kinds = [
        each for each in guideline.treatments if name == guideline.title or labels[each] == name != EVERY
    ]
    before = _words(", ".join(kinds)) + ": " if kinds else ""
    situation = _words(_with_numbers(guideline.applies_text or "every case", guideline))
    return days(guideline.requests), title, before + situation, lines(_numbers(guideline))


def _not_read(guidelines: list[Guideline]) -> Iterator[Block]:
    """Yield one table of the guidelines whose contents are not known."""
    if guidelines:
        yield Heading(_NOT_READ)
        yield Paragraph(
            "These were adopted, and their limits and criteria were not read: a request they govern needs review."
        )
        yield Table(
            ("Requests", "Guideline", "Place", "Id", "Note"),
            tuple(
                (days(each.requests), each.title, _place(each.citation), code(each.id), each.note or "")
                for each in guidelines
            ),
        )


def _with_numbers(text: str, guideline: Guideline) -> str:
    """Return a condition with the numbers of limits for their names, where a limit is no table."""

    def number(found: re.Match[str]) -> str:
        limit = guideline.limits.get(found[1])
        if limit is None or limit.rows or found[2] not in limit.amounts:
            return found[0]
        low, high = limit.amounts[found[2]]
        return str(low if found[3] == "min" else high)

    return _LIMIT.sub(number, text)


def _labels(rulebook: Rulebook) -> Mapping[str, str]:
    """Return treatment → the label of its class: that of the broadest treatment it is a kind of.

    Where there are many guidelines of that, the label of the kind directly below it.
    """
    treatments = rulebook.vocabulary.treatments
    broad = {name: treatments[each.lineage[-1]].label for name, each in treatments.items()}
    broad[ANY_TREATMENT] = EVERY
    several = Counter(label for each in rulebook.guidelines.values() for label in _classes(each, broad))
    narrow = {
        name: treatments[each.lineage[-2:][0]].label
        for name, each in treatments.items()
        if several[broad[name]] > _MANY
    }
    return broad | narrow


def _classes(guideline: Guideline, labels: Mapping[str, str]) -> set[str]:
    return {labels[each] for each in guideline.treatments}


def _numbers(guideline: Guideline) -> Iterator[str]:
    """Yield each number of a guideline in a few words."""
    if not guideline.known:
        yield "not read"
    for limit in guideline.limits.values():
        rows = limit.every_row if limit.rows else (limit,)
        if len(rows) > _FEW_ROWS:
            yield f"{_words(limit.name)}: {len(rows)} rows"
            continue
        for row in rows:
            label = f", {row.label}" if isinstance(row, LimitRow) else ""
            yield f"{_words(limit.name)}{label}: {say_amounts(row.amounts)} ({row.status})"


def rows_of(guideline: Guideline) -> Iterator[tuple[str, LimitRow | Limit]]:
    """Yield every number of a guideline with its name: limits, and the rows of those that are tables."""
    for limit in guideline.limits.values():
        if not limit.rows:
            yield limit.name, limit
        for row in limit.every_row:
            yield f"{limit.name}, {row.label}", row


def by_class(rulebook: Rulebook) -> dict[str, list[Guideline]]:
    """Return the label of each class → its guidelines, in order of name, then of date."""
    labels = _labels(rulebook)
    found: dict[str, list[Guideline]] = {}
    for guideline in rulebook.guidelines.values():
        classes = _classes(guideline, labels)
        for label in classes | {_page(guideline, label, labels) for label in classes}:
            found.setdefault(label, []).append(guideline)
    ordered = sorted(found, key=lambda label: (label == EVERY, label.lower()))
    return {
        label: sorted(found[label], key=lambda each: (each.treatments, each.requests.first, each.id))
        for label in ordered
    }


def _guideline(guideline: Guideline, rulebook: Rulebook) -> Iterator[Block]:
    treatments = (
        "every treatment" if ANY_TREATMENT in guideline.treatments else ", ".join(guideline.treatments)
    )
    about: list[Line] = [
        f"Requests: {days(guideline.requests)}",
        f"Source: {_place(guideline.citation)} ({tier(guideline.source.tier, rulebook)})",
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
    yield Heading(guideline.id)
    yield Paragraph(strong(guideline.title))
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
    elsewhere = (
        "; else by analogy" if guideline.by_analogy else "; else left out" if guideline.left_out else ""
    )
    return f", when {_with_numbers(guideline.applies_text, guideline)}{elsewhere}"


def _criterion(criterion: Criterion, guideline: Guideline, rulebook: Rulebook) -> tuple[Line, ...]:
    require: Line = code(_with_numbers(criterion.require_text, guideline))
    when: Line = code(_with_numbers(criterion.when_text, guideline)) if criterion.when_text else "always"
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
        in_words(criterion, guideline, rulebook),
        when,
        require,
        citation.status,
        ", ".join(filter(None, (section, pages))) if own else _place(citation),
    )


def in_words(criterion: Criterion, guideline: Guideline, rulebook: Rulebook) -> str:
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


def tier(tier: str, rulebook: Rulebook) -> str:
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


def days(period: Period) -> str:
    """Return a time in days."""
    return f"{period.first} to {period.last}" if period.last else f"from {period.first}"


def _words(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
