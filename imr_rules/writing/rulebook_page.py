"""The rulebook on one page to begin with: how well it is known, its treatments and its sources.

``python -m imr_rules.writing.rulebook_page docs`` writes ``rulebook.md`` and one page a treatment into
``treatments/`` (:mod:`imr_rules.writing.treatment_pages`); a test fails where one of them is stale.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import CitationStatus
from imr_rules.rulebook.model import Guideline, Source
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
)
from imr_rules.writing.markdown import markdown
from imr_rules.writing.treatment_pages import by_class, days, rows_of, tier, treatment_page
from imr_rules.writing.words import capital

MADE = (
    "Made from the files in `rulesets/` by `python -m imr_rules.writing.rulebook_page docs`; "
    "correct the files, not the page."
)
_STATUSES: dict[CitationStatus, str] = {
    "read": "in the official text or the statute",
    "secondary": "in another source that quotes it, which is named",
    "recalled": "from memory of the guideline, still to be verified against the official text",
    "practice": "the way named determinations reason; no guideline text says it",
}


def pages(rulebook: Rulebook) -> Mapping[str, Report]:
    """Return every page by its path in the documentation. The same rulebook always gives the same pages."""
    classes = by_class(rulebook)
    return {
        "rulebook.md": rulebook_page(rulebook),
        **{
            f"treatments/{slug(name)}.md": treatment_page(name, guidelines, rulebook, MADE)
            for name, guidelines in classes.items()
        },
    }


def rulebook_page(rulebook: Rulebook) -> Report:
    """Return the page to begin with."""
    classes = by_class(rulebook)
    return Report(
        "The rulebook",
        (
            Paragraph(
                "What this package knows of each treatment stands on a page of its own: what applies when, with "
                "limits, criteria, dates and citations. What is asked of every treatment stands on the last one."
            ),
            Table(
                ("Treatment", "Guidelines", "Numbers and rules", "of them recalled", "Chapters not read"),
                tuple(_class(name, guidelines) for name, guidelines in classes.items()),
                frozenset({1, 2, 3, 4}),
            ),
            Heading("How well it is known"),
            Table(("Status", "How a number or rule is known"), tuple(_STATUSES.items())),
            *_summary(rulebook),
            *_sources(rulebook),
        ),
        MADE,
    )


def _class(name: str, guidelines: list[Guideline]) -> tuple[Line, ...]:
    statuses = [row.status for each in guidelines for _, row in rows_of(each)]
    statuses += [rule.citation.status for each in guidelines for rule in each.criteria]
    return (
        Span(capital(name), link=f"treatments/{slug(name)}.md"),
        str(len(guidelines)),
        str(len(statuses)),
        str(statuses.count("recalled")),
        str(sum(not each.known for each in guidelines)),
    )


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
    in_force = days(source.in_force) if source.in_force else ""
    return code(source.id), f"{document}.{note}", tier(source.tier, rulebook), in_force, str(guidelines)


def write(folder: Path, rulebook: Rulebook) -> None:
    """Write every page into a folder of documentation, and remove pages of treatments there are no longer."""
    written = pages(rulebook)
    for path, page in written.items():
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(markdown(page), encoding="utf-8")
    for old in (folder / "treatments").glob("*.md"):
        if f"treatments/{old.name}" not in written:
            old.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1]), Rulebook.load(*map(Path, sys.argv[2:3])))
