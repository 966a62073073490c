"""The bibliography: sources, and the citations that several guidelines share."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules._dates import Period
from imr_rules._reading import Document
from imr_rules.case.due import DueRule
from imr_rules.rulebook import files
from imr_rules.rulebook.dictionary import Law
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import PRACTICE, STATUTE, Citation, Source


def period(text: files.InForce) -> Period:
    """Return a period as written."""
    return Period(text.from_, text.to)


def _source(name: str, text: files.SourceFile) -> Source:
    return Source(
        name,
        text.document,
        text.regulation,
        text.tier,
        text.family,
        text.edition,
        period(text.in_force) if text.in_force else None,
        tuple(f"part {number} {title}".lower() for number, title in text.parts.items()),
        tuple(words.lower() for words in text.cited_as),
        text.note,
        text.stands_alone,
        text.adapted,
    )


def sources(text: files.SourcesFile) -> dict[str, Source]:
    """Return the bibliography by id."""
    return {name: _source(name, each) for name, each in text.sources.items()}


def tiers(text: files.SourcesFile, document: Document, problems: Problems) -> dict[str, str]:
    """Return the search sequence in its order → what readers are told of each tier; practice comes last."""
    for name in text.tiers.keys() & {STATUTE, PRACTICE}:
        where = document.place(("tiers", name), key=True)
        problems.add("reserved", f"`{name}` stands outside the search sequence", where, "leave it out")
    used = {each.tier: name for name, each in text.sources.items() if each.tier not in (STATUTE, PRACTICE)}
    sequence = dict(text.tiers)
    if not sequence and len(used) == 1:
        sequence = {tier: tier.replace("_", " ") for tier in used}
    for tier, name in used.items():
        if tier not in sequence:
            problems.unknown("tier", tier, sequence, document.place(("sources", name, "tier")))
    return sequence | {PRACTICE: "reviewers' practice, where no guideline has a criterion"}


def law(text: files.SourcesFile) -> Law:
    """Return the law that the engine speaks of itself."""
    found = text.law
    if found is None:
        return Law()
    due = DueRule(found.due.days, found.due.expedited, found.due.rule) if found.due else None
    return Law(
        found.heading, found.denial_alone, found.functional_improvement, found.ranking, found.ranked, due
    )


def citations(
    text: files.SourcesFile, document: Document, bibliography: Mapping[str, Source], problems: Problems
) -> dict[str, Citation]:
    """Return the citations that several guidelines share, by name."""
    found = {}
    for name, each in text.citations.items():
        source = bibliography.get(each.source)
        if source is None:
            problems.unknown(
                "source", each.source, bibliography, document.place(("citations", name, "source"))
            )
            continue
        found[name] = Citation(
            source.id,
            source.document,
            source.regulation,
            each.section,
            each.pages,
            each.status,
            source.in_force,
            each.note,
        )
    return found
