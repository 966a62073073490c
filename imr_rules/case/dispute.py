"""The disputed items, and the steps of the dispute about them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imr_rules._dates import Date
from imr_rules._validation import StrictModel
from imr_rules.case.circumstances import BodyPart
from imr_rules.case.statement import MOST, Amounts, EvidenceList, Findings, Identifier, Text, Word


class Request(StrictModel):
    """A dated step of the dispute: the request for authorization, or the application for review."""

    date: Date | None = None
    received: Date | None = None
    evidence: EvidenceList = ()


class CitedGuideline(StrictModel):
    """A guideline as one side cited it."""

    document: Text
    edition: Annotated[int, Field(ge=1990, le=2199)] | None = None
    """Year of the edition, where the citation gives it."""
    part: Text | None = None
    section: Text | None = None
    pages: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(strict=False)] = ()


CitedList = Annotated[tuple[CitedGuideline, ...], Field(strict=False)]


class Cited(StrictModel):
    """The guidelines each side relied on."""

    administrator: CitedList = ()
    reviewer: CitedList = ()


class UtilizationReview(StrictModel):
    """The decision in dispute."""

    decision: Literal["denied", "modified", "delayed", "conditionally_denied"] | None = None
    date: Date | None = None
    rationale: Text | None = None
    """Why, in the decision's own words; no rule reads it."""
    evidence: EvidenceList = ()


class Frequency(StrictModel):
    """So many times per day, week or month."""

    times: Amounts
    per: Literal["day", "week", "month"]


class Span(StrictModel):
    """A length of time."""

    value: Annotated[int, Field(ge=0, le=MOST)]
    unit: Literal["day", "week", "month", "year"]


class DisputedItem(StrictModel):
    """One treatment in dispute. Asked, authorized and in dispute are three numbers."""

    id: Identifier | None = None
    """How other items and the answer name this one; ``item-1``, ``item-2`` ... unless given."""
    service: Text
    """The request in its own words."""
    treatment: Word | None = None
    """A treatment of the rulebook's vocabulary; recognized from ``service`` and ``codes`` when left out."""
    codes: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-Z0-9]\d{3}[A-Z0-9]$", examples=["97110"])], ...],
        Field(strict=False),
    ] = ()
    """CPT or HCPCS code numbers."""
    body_part: BodyPart | None = None
    asked: Amounts | None = None
    authorized: Amounts | None = None
    in_dispute: Amounts | None = None
    frequency: Frequency | None = None
    duration: Span | None = None
    course: Literal["initial", "continuing"] | None = None
    follows: Identifier | None = None
    """The item this one stands or falls with: therapy after a disputed surgery, an adjunct."""
    utilization_review: UtilizationReview | None = None
    cited: Cited = Cited.model_construct()
    findings: Findings = {}
    """Facts about this item alone; they come before the case's own findings."""
    evidence: EvidenceList = ()

    @property
    def states_its_quantity(self) -> bool:
        """Whether the case itself says how much is asked for, in whatever way."""
        return any(each is not None for each in (self.asked, self.in_dispute, self.frequency)) or bool(
            self.codes
        )
