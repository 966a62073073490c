"""Guidelines and facts for people to read: limits, dates, citations, questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from imr_rules._dates import Days
from imr_rules._results import ABSENT_IF_NONE, Result
from imr_rules._units import PLURALS, count_in_words
from imr_rules.expression.values import Kind, Silence
from imr_rules.rulebook.dictionary import CitationStatus, FactSpec
from imr_rules.rulebook.model import CriterionKind, Guideline, Limit


@dataclass(frozen=True, slots=True)
class LimitShown(Result):
    """A limit in words."""

    name: str
    amounts: str
    status: CitationStatus
    pages: tuple[int, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class CriterionShown(Result):
    """A criterion as it is written."""

    id: str
    require: str
    when: str | None
    kind: CriterionKind
    status: CitationStatus
    source: str
    section: str | None
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GuidelineShown(Result):
    """A guideline: its limits, dates and citations.

    Attributes:
        layer: the layer of the rulebook that it stands in.
        replaces: why that layer puts it in the place of the guideline of this id below.
    """

    guideline: str
    title: str
    tier: str
    treatments: tuple[str, ...]
    requests: Days
    citation: str
    when: str | None
    by_analogy: bool
    known: bool
    note: str | None
    limits: tuple[LimitShown, ...]
    criteria: tuple[CriterionShown, ...]
    supersedes: tuple[str, ...]
    layer: Annotated[str | None, ABSENT_IF_NONE] = None
    replaces: Annotated[str | None, ABSENT_IF_NONE] = None

    @classmethod
    def of(cls, guideline: Guideline, status: str | None = None) -> GuidelineShown:
        """Return a guideline; with a ``status``, only limits and criteria that are known this way."""
        source = guideline.source
        pages = ""
        if guideline.pages:
            word = "page" if len(guideline.pages) == 1 else "pages"
            pages = f", {word} {', '.join(map(str, guideline.pages))}"
        regulation = f", {source.regulation}" if source.regulation else ""
        limits = [row for limit in guideline.limits.values() for row in _limit_rows(limit)]
        criteria = [
            CriterionShown(
                id=each.name,
                require=each.require_text,
                when=each.when_text,
                kind=each.kind,
                status=each.citation.status,
                source=each.citation.source,
                section=each.citation.section,
                pages=each.citation.pages,
            )
            for each in guideline.criteria
        ]
        return cls(
            guideline=guideline.id,
            title=guideline.title,
            tier=source.tier,
            treatments=guideline.treatments,
            requests=guideline.requests,
            citation=f"{source.document}{regulation}, {guideline.section or guideline.title}{pages}",
            when=guideline.applies_text,
            by_analogy=guideline.by_analogy,
            known=guideline.known,
            note=guideline.note,
            limits=tuple(each for each in limits if status in (None, each.status)),
            criteria=tuple(each for each in criteria if status in (None, each.status)),
            supersedes=tuple(each.guideline for each in guideline.supersedes),
            layer=guideline.layer,
            replaces=guideline.replaces,
        )


def _limit_rows(limit: Limit) -> Iterator[LimitShown]:
    if not limit.rows:
        yield LimitShown(limit.name, say_amounts(limit.amounts), limit.status, limit.pages or (), limit.note)
    for row in limit.every_row:
        name = f"{limit.name} ({row.label})"
        yield LimitShown(name, say_amounts(row.amounts), row.status, row.pages or (), row.note)


def say_amounts(amounts: dict[str, tuple[int, int]]) -> str:
    """Return the numbers of a limit in words: ``6 to 10 visits, 5 to 6 weeks``."""
    return ", ".join(count_in_words(low, high, PLURALS[plural]) for plural, (low, high) in amounts.items())


@dataclass(frozen=True, slots=True)
class FactShown(Result):
    """A fact of the dictionary: the question that supplies it, its type, and what silence about it means.

    Attributes:
        unit: of a number that has one.
        between: the least and the greatest value of a whole number.
        one_of: the words of a choice.
    """

    name: str
    label: str
    type: Kind
    unit: Annotated[str | None, ABSENT_IF_NONE]
    between: Annotated[tuple[int, int] | None, ABSENT_IF_NONE]
    one_of: Annotated[tuple[str, ...] | None, ABSENT_IF_NONE]
    asks: str
    silence: Silence
    domain: str
    derived: bool
    source: str | None

    @classmethod
    def of(cls, spec: FactSpec) -> FactShown:
        """Return a fact of the dictionary."""
        kind = spec.type
        return cls(
            name=spec.name,
            label=spec.label,
            type=kind.kind,
            unit=kind.unit,
            between=(kind.low, kind.high) if kind.kind == "integer" else None,
            one_of=tuple(sorted(kind.choices)) if kind.kind == "choice" else None,
            asks=spec.asks,
            silence=spec.silence,
            domain=spec.domain,
            derived=spec.derived,
            source=spec.source,
        )
