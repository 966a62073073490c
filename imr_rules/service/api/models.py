"""The shapes of what the service answers, for its OpenAPI description. Tests hold real answers to them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from imr_rules.case import Suggestion
from imr_rules.evaluators.reference import Status
from imr_rules.facts.dictionary import CitationStatus
from imr_rules.rulebook.model import Tier
from imr_rules.screening.suggestion import ReviewReason
from imr_rules.service.tasks.signing import SignOff

Outcome = Literal["uphold", "overturn"]
ReviewStatus = Literal["pending", "partly_signed", "signed", "purged"]


class Shape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ProblemEntry(Shape):
    """One thing that is wrong: where (a JSON pointer into the body), a stable code, and what to do."""

    pointer: str
    code: str
    detail: str
    hint: str | None


class ProblemDetails(Shape):
    """RFC 9457 problem details. Values of a case are never repeated."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemEntry]


class Period(Shape):
    """Days, both included; open where `to` is null."""

    from_: str | None = Field(alias="from")
    to: str | None


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
    authorised: Quantity | None
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


class HumanReview(Shape):
    """Whether people have looked: a suggestion decides nothing."""

    required: Literal[True]
    status: ReviewStatus


class AmendmentDone(Shape):
    """Why a case was changed, and what of it: a JSON Merge Patch."""

    reason: str
    changes: dict[str, Any]


class SignOffDone(SignOff):
    """A sign-off as it was given: by which key, when, and against which suggestion."""

    id: str
    at: str
    signed_by: str
    suggestion: Suggestion


class StoredScreening(Shape):
    """A screening with what was done about it since."""

    id: str
    version: int
    created: str
    case: str | None
    decision_support_only: Literal[True]
    human_review: HumanReview
    amends: str | None
    amendment: AmendmentDone | None
    amended_by: str | None
    signoffs: list[SignOffDone]
    screening: ScreeningAnswer


class ListedItem(Shape):
    """A disputed item in a list, with the outcome last signed."""

    item: str
    treatment: str | None
    suggestion: Suggestion
    outcome: Outcome | None


class ListedScreening(Shape):
    """A screening in a list; one that was purged has no case and no items."""

    id: str
    version: int
    created: str
    case: str | None
    items: list[ListedItem]
    human_review: HumanReview
    amends: str | None
    amended_by: str | None
    input_digest: str
    rulebook_digest: str
    purged: str | None


class ScreeningList(Shape):
    """A page of screenings; `next` is the cursor of the following one."""

    screenings: list[ListedScreening]
    next: str | None


class ReplayThen(Shape):
    """The stored answer, and whether this release still gives it to the byte."""

    rulebook: RulebookName
    reproduced: bool
    stored: ScreeningAnswer


class ReplayNow(Shape):
    """The answer by the rulebook in use now; null where the case cannot be screened by it."""

    rulebook: RulebookName
    screening: ScreeningAnswer | None
    problems: list[str]


class Compared(Shape):
    """What carries an item's suggestion."""

    suggestion: Suggestion
    grounds: list[str]
    review_reasons: list[ReviewReason]


class Change(Shape):
    """An item whose suggestion, grounds or reasons differ."""

    item: str
    then: Compared
    now: Compared


class Replay(Shape):
    """The same input by the rulebook of then and by the one of now."""

    id: str
    input_digest: str
    same_rulebook: bool
    then: ReplayThen
    now: ReplayNow
    changes: list[Change]


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
    kind: Literal["ground", "caution"]
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


class Health(Shape):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Shape):
    """The service can work."""

    status: Literal["ready"]
    rulebook: RulebookName
    rulebook_stale: bool
    engine: str


class BatchAnswer(BaseModel):
    """A line of the answer to a batch: what became of a case, or, in the last line, of all of them."""

    model_config = ConfigDict(extra="forbid")

    line: int | None = None
    status: int | None = None
    id: str | None = None
    items: list[dict[str, str]] | None = None
    screening: StoredScreening | None = None
    problem: dict[str, Any] | None = None
    done: bool | None = None
    stored: int | None = None
    refused: int | None = None
