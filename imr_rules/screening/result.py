"""The frozen answer: the screening of a case, item by item and criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from imr_rules._dates import Window
from imr_rules.case import Evidence
from imr_rules.expression.reference import Status
from imr_rules.rulebook.edition import Edition
from imr_rules.rulebook.model import Citation
from imr_rules.rulebook.suggestion import ReviewReason, Suggestion
from imr_rules.screening.shown import ShownFact, Working, fact_as_data

__all__ = [
    "CriterionResult",
    "ItemScreening",
    "MissingFact",
    "Quantity",
    "Screening",
    "Superseded",
    "citation_as_data",
    "evidence_as_data",
]


class Quantity(NamedTuple):
    """A count in a unit: exact, bounded, or not known (then ``low`` and ``high`` are None).

    ``assumed`` where the record says nothing and that means none.
    """

    low: int | None
    high: int | None
    unit: str
    assumed: bool = False

    def to_dict(self) -> dict[str, Any] | None:
        """Return it as plain data; None where it is not known."""
        if self.low is None and self.high is None:
            return None
        if self.low == self.high:
            return {"value": self.low, "unit": self.unit}
        bounds = {"at_least": self.low, "at_most": self.high, "unit": self.unit}
        return {name: each for name, each in bounds.items() if each is not None}


class CriterionResult(NamedTuple):
    """One criterion, judged.

    Attributes:
        id: ``<guideline>#<criterion>``.
        kind: a ``ground`` counts towards the suggestion; a ``caution`` only warns.
        by_analogy: how the case differs from the guideline's situation; None where it does not.
        working: the trees that were judged, and over which facts.
    """

    id: str
    status: Status
    kind: str
    reason: str
    citation: Citation
    facts: tuple[ShownFact, ...]
    require: str
    when: str | None
    by_analogy: str | None
    working: Working

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The statements of the record that this rests on."""
        found = dict.fromkeys(each for fact in self.facts for each in fact.value.evidence)
        return tuple(each for each in found if isinstance(each, Evidence))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.id,
            "status": self.status,
            "kind": self.kind,
            "reason": self.reason,
            "citation": citation_as_data(self.citation),
            "evidence": evidence_as_data(self.evidence),
            "facts": {fact.name: fact_as_data(fact.value, fact.type) for fact in self.facts},
            "require": self.require,
            "when": self.when,
            "by_analogy": self.by_analogy,
        }


class MissingFact(NamedTuple):
    """A fact that blocks a decision, with the question that supplies it."""

    fact: str
    label: str
    asks: str
    state: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return self._asdict()


class Superseded(NamedTuple):
    """A guideline that another one, which is cited, replaces here."""

    guideline: str
    by: str
    citation: Citation

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"guideline": self.guideline, "by": self.by, "citation": citation_as_data(self.citation)}


class ItemScreening(NamedTuple):
    """What is suggested for one disputed item, and why.

    Attributes:
        grounds: ids of criteria: unmet and undocumented ones for uphold, met ones for overturn.
        headline: the suggestion in words, never as a verdict.
        missing: facts that block a decision.
        ask_for: what a request would have to document, where a ground is silence.
        tier: the tier of the search sequence that decided.
        quantity_within_limits: how much would be within the limits; None where that cannot be said.
        rebuttals: exceptional factors and rebuttals of the guidelines that the record documents.
    """

    item: str
    service: str
    treatment: str | None
    suggestion: Suggestion
    headline: str
    grounds: tuple[str, ...]
    review_reasons: tuple[ReviewReason, ...]
    criteria: tuple[CriterionResult, ...]
    superseded: tuple[Superseded, ...]
    missing: tuple[MissingFact, ...]
    ask_for: tuple[MissingFact, ...]
    warnings: tuple[str, ...]
    asked: Quantity
    authorized: Quantity
    in_dispute: Quantity
    quantity_within_limits: Quantity | None
    edition: Edition
    tier: str | None
    guidelines: tuple[str, ...]
    rebuttals: tuple[ShownFact, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        within = self.quantity_within_limits
        return {
            "item": self.item,
            "service": self.service,
            "treatment": self.treatment,
            "suggestion": self.suggestion,
            "headline": self.headline,
            "grounds": list(self.grounds),
            "review_reasons": list(self.review_reasons),
            "criteria": [each.to_dict() for each in self.criteria],
            "superseded": [each.to_dict() for each in self.superseded],
            "missing": [each.to_dict() for each in self.missing],
            "ask_for": [each.to_dict() for each in self.ask_for],
            "warnings": list(self.warnings),
            "asked": self.asked.to_dict(),
            "authorized": self.authorized.to_dict(),
            "in_dispute": self.in_dispute.to_dict(),
            "quantity_within_limits": within.to_dict() if within else None,
            "edition": {
                "basis": self.edition.basis,
                "from": str(self.edition.window.first) if self.edition.window else None,
                "to": _end(self.edition.window),
                "sources": list(self.edition.sources),
            },
            "tier": self.tier,
            "guidelines": list(self.guidelines),
            "rebuttals": [
                {"fact": each.name, "label": each.label, "evidence": evidence_as_data(each.value.evidence)}
                for each in self.rebuttals
            ],
        }


class Screening(NamedTuple):
    """The screening of a case: one entry an item, and what made it.

    The same case and rulebook always give the same screening, to the byte of its JSON.
    """

    items: tuple[ItemScreening, ...]
    rulebook_digest: str
    rulebook_version: str
    input_digest: str
    engine: str
    case: str | None = None
    as_of: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, as ``imr-rules screen --format json`` prints it."""
        return {
            "case": self.case,
            "items": [each.to_dict() for each in self.items],
            "human_review": "required",
            "as_of": self.as_of,
            "rulebook": {"digest": self.rulebook_digest, "version": self.rulebook_version},
            "input_digest": self.input_digest,
            "engine": self.engine,
        }


def citation_as_data(citation: Citation) -> dict[str, Any]:
    """Return a citation as plain data."""
    period = citation.in_force
    return {
        "source": citation.source,
        "document": citation.document,
        "regulation": citation.regulation,
        "section": citation.section,
        "pages": list(citation.pages),
        "status": citation.status,
        "in_force": {"from": str(period.first), "to": str(period.last) if period.last else None}
        if period
        else None,
        "note": citation.note,
    }


def evidence_as_data(evidence: Iterable[object]) -> list[dict[str, Any]]:
    """Return statements of the record as plain data."""
    return [
        each.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        for each in evidence
        if isinstance(each, Evidence)
    ]


def _end(window: Window | None) -> str | None:
    return str(window.last) if window is not None and window.last < date.max else None
