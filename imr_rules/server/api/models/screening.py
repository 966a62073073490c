"""The answer to a case: its items, their criteria and citations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from imr_rules.case import Suggestion
from imr_rules.expression.reference import Status
from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.model import Tier
from imr_rules.rulebook.suggestion import ReviewReason
from imr_rules.server.api.models.shape import Period, Shape

__all__ = [
    "Citation",
    "Criterion",
    "Edition",
    "EvidencePlace",
    "Missing",
    "Quantity",
    "Rebuttal",
    "RulebookName",
    "ScreenedItem",
    "ScreeningAnswer",
    "Superseded",
]


class Citation(Shape):
    """What carries a criterion, and how it is known."""

    source: str
    document: str
    regulation: str | None
    section: str | None
    pages: list[int]
    status: CitationStatus
    in_force: Period | None
    note: str | None


class EvidencePlace(BaseModel):
    """Where in the record something stands."""

    model_config = ConfigDict(extra="forbid")

    document: str | None = None
    date: str | None = None
    page: int | None = None
    place: str | None = None


class Criterion(Shape):
    """A criterion, judged."""

    id: str
    status: Status
    kind: Literal["ground", "caution"]
    reason: str
    citation: Citation
    evidence: list[EvidencePlace]
    facts: dict[str, Any]
    require: str
    when: str | None
    by_analogy: str | None


class Superseded(Shape):
    """A guideline that another one replaces here."""

    guideline: str
    by: str
    citation: Citation


class Missing(Shape):
    """A fact that is missing, and the question that supplies it."""

    fact: str
    label: str
    asks: str
    state: str


class Quantity(BaseModel):
    """A count in a unit: a value, or bounds."""

    model_config = ConfigDict(extra="forbid")

    value: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    unit: str


class Edition(Shape):
    """Which edition governed, and how that was established."""

    basis: str
    from_: str | None = Field(alias="from")
    to: str | None
    sources: list[str]


class Rebuttal(Shape):
    """An exceptional factor, or a rebuttal of the guidelines, that the record documents."""

    fact: str
    label: str
    evidence: list[EvidencePlace]


class ScreenedItem(Shape):
    """What is suggested for one disputed item, and why."""

    item: str
    service: str
    treatment: str | None
    suggestion: Suggestion
    headline: str
    grounds: list[str]
    review_reasons: list[ReviewReason]
    criteria: list[Criterion]
    superseded: list[Superseded]
    missing: list[Missing]
    ask_for: list[Missing]
    warnings: list[str]
    asked: Quantity | None
    authorized: Quantity | None
    in_dispute: Quantity | None
    quantity_within_limits: Quantity | None
    edition: Edition
    tier: Tier | None
    guidelines: list[str]
    rebuttals: list[Rebuttal]


class RulebookName(Shape):
    """Which rulebook: SHA-256 over its files, and the version it states."""

    digest: str
    version: str


class ScreeningAnswer(Shape):
    """The answer to a case: the same case and rulebook give the same bytes."""

    case: str | None
    items: list[ScreenedItem]
    human_review: Literal["required"]
    as_of: str | None
    rulebook: RulebookName
    input_digest: str
    engine: str
