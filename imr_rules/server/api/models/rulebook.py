"""Rulebooks, as the service shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.model import CriterionKind, Tier
from imr_rules.screening import RulebookName
from imr_rules.server.api.models.shape import Period, Shape

__all__ = [
    "CriterionShown",
    "FactList",
    "FactShown",
    "GuidelineShown",
    "LimitShown",
    "ListedRulebook",
    "RulebookList",
    "RulebookShown",
]


class ListedRulebook(Shape):
    """A rulebook that answered here since `added`."""

    digest: str
    version: str
    added: str
    current: bool


class RulebookList(Shape):
    """Every rulebook that ever answered here."""

    rulebooks: list[ListedRulebook]


class LimitShown(Shape):
    """A limit in words."""

    name: str
    amounts: str
    status: CitationStatus
    pages: list[int]
    note: str | None


class CriterionShown(Shape):
    """A criterion as it is written."""

    id: str
    require: str
    when: str | None
    kind: CriterionKind
    status: CitationStatus
    source: str
    section: str | None
    pages: list[int]


class GuidelineShown(Shape):
    """A guideline: its limits, dates and citations."""

    guideline: str
    title: str
    tier: Tier
    treatments: list[str]
    requests: Period
    citation: str
    when: str | None
    by_analogy: bool
    known: bool
    note: str | None
    limits: list[LimitShown]
    criteria: list[CriterionShown]
    supersedes: list[str]


class RulebookShown(Shape):
    """A rulebook, guideline by guideline."""

    digest: str
    version: str
    current: bool
    guidelines: list[GuidelineShown]


class FactShown(BaseModel):
    """A fact: the question that supplies it, its type, and what silence about it means."""

    model_config = ConfigDict(extra="forbid")

    name: str
    label: str
    type: Literal["boolean", "integer", "date", "choice"]
    unit: str | None = None
    between: list[int] | None = None
    one_of: list[str] | None = None
    asks: str
    silence: Literal["against_request", "absent", "unknown"]
    domain: str
    derived: bool
    source: str | None


class FactList(Shape):
    """What to send about a treatment, in the order a form should ask.

    A fact that is `derived` is worked out from the structured parts of a case; any other goes under `findings`.
    """

    treatment: str
    label: str
    unit: str
    rulebook: RulebookName
    facts: list[FactShown]
