"""What is sent to the service beside a case, and what it answers: each declared once, JSON and OpenAPI with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from imr_rules._results import Result
from imr_rules._validation import StrictModel
from imr_rules.case import Decision, Suggestion
from imr_rules.case.statement import Identifier, Text, Word
from imr_rules.rulebook.overview import FactShown, GuidelineShown
from imr_rules.rulebook.suggestion import ReviewReason
from imr_rules.screening import RulebookName, Screening

ReviewStatus = Literal["pending", "partly_signed", "signed", "purged"]

Position = Literal["agree", "override", "no_suggestion"]
"""How the outcome stands to the suggestion; ``no_suggestion`` where the item needed review and had none."""


def position_of(outcome: Decision, suggestion: Suggestion) -> Position:
    """Return how an outcome stands to a suggestion."""
    if suggestion == "needs_review":
        return "no_suggestion"
    return "agree" if suggestion == outcome else "override"


ReasonCode = Literal[
    "record_shows_otherwise",
    "fact_not_in_case",
    "guideline_misapplied",
    "guideline_outdated",
    "exceptional_factors",
    "guideline_rebutted",
    "body_part_mismatch",
    "other",
]
"""Why a suggestion was overridden."""

StoredAnswer = Screening | dict[str, Any]
"""A screening as it was stored: plain data, perhaps by an earlier release."""


# -- what is sent --------------------------------------------------------------------------------------------


class EvidenceOpened(StrictModel):
    """A place of the record the reviewer looked at."""

    document: Identifier
    page: Annotated[int, Field(ge=1, le=100_000)] | None = None


class SignOff(StrictModel):
    """One physician's outcome for one disputed item."""

    item: Identifier
    outcome: Decision
    position: Position
    reason_code: ReasonCode | None = None
    """Needed for an override."""
    reason: Text | None = None
    """In words; needed for an override."""
    specialty: Word
    """The reviewer's specialty: ``psychology``, ``pain_medicine``."""
    reviewer: Identifier | None = None
    """An opaque id of the reviewer, who stays confidential outside."""
    credentials_attested: bool | None = None
    """Whether the reviewer attests a current license and competence in what is at issue."""
    lean_before: Decision | None = None
    """The reviewer's own lean before the suggestion was shown, where it was hidden at first."""
    seconds_on_case: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    evidence_opened: Annotated[tuple[EvidenceOpened, ...], Field(strict=False, max_length=1000)] = ()

    @model_validator(mode="after")
    def _reasoned(self) -> SignOff:
        if self.position == "override" and (self.reason_code is None or self.reason is None):
            raise ValueError("an override needs `reason_code` and `reason`")
        if self.position != "override" and self.reason_code is not None:
            raise ValueError("`reason_code` belongs to an override")
        return self


class Amendment(StrictModel):
    """What changes about a case, and why."""

    reason: Text
    changes: Annotated[dict[str, Any], Field(min_length=1)]
    """A JSON Merge Patch (RFC 7396) of the case: null removes a key, a list replaces the one that was there."""


# -- problems ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProblemEntry(Result):
    """One thing that is wrong: where (a JSON pointer into the body), a stable code, and what to do."""

    pointer: str
    code: str
    detail: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class LineProblem(Result):
    """What is wrong with a line of a batch. Values of a case are never repeated.

    Attributes:
        type: a URN that ends in the problem's stable code.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[ProblemEntry, ...]

    @property
    def code(self) -> str:
        """The problem's stable code."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class ProblemDetails(LineProblem):
    """What is wrong with a request: RFC 9457 problem details.

    Attributes:
        instance: a URN that ends in the request's id.
    """

    instance: str


# -- screenings ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item(Result):
    """A disputed item: what was suggested, and the outcome last signed."""

    item: str
    treatment: str | None
    suggestion: Suggestion
    outcome: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanReview(Result):
    """Whether people have looked: a suggestion decides nothing."""

    required: Literal[True] = True
    status: ReviewStatus

    @classmethod
    def of(cls, items: Iterable[Item]) -> HumanReview:
        """Return how far items are signed."""
        signed = [item.outcome is not None for item in items]
        # No item at all is nothing that a person could have signed.
        status: ReviewStatus = "pending" if not any(signed) else "signed" if all(signed) else "partly_signed"
        return cls(status=status)


@dataclass(frozen=True, slots=True)
class AmendmentDone(Result):
    """Why a case was changed, and what of it: a JSON Merge Patch."""

    reason: str
    changes: dict[str, Any]


class SignOffDone(SignOff):
    """A sign-off as it was given: by which key, when, and against which suggestion."""

    id: str
    at: str
    signed_by: str
    suggestion: Suggestion
    letter: str | None = None
    """The digest of the determination that was signed with it, where it was written here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningHead(Result):
    """What is said of a stored screening before its sign-offs and its answer."""

    id: str
    version: int
    created: str
    case: str | None
    decision_support_only: Literal[True] = True
    human_review: HumanReview
    amends: str | None
    amendment: AmendmentDone | None
    amended_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningReceipt(Result):
    """What is answered to a key that may change a screening and may not read one: that it was done."""

    id: str
    version: int
    human_review: HumanReview


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningDocument(ScreeningHead):
    """A stored screening with what was done about it since.

    Its sign-offs and its answer go out byte for byte as they were stored, so this whole is written by
    :func:`~imr_rules.server.tasks.document.document` and never made in memory.
    """

    signoffs: tuple[SignOffDone, ...]
    screening: Screening


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedScreening(Result):
    """A screening in a list; one that was purged has no case and no items."""

    id: str
    version: int
    created: str
    case: str | None
    items: tuple[Item, ...]
    human_review: HumanReview
    amends: str | None
    amended_by: str | None
    input_digest: str
    rulebook_digest: str
    purged: str | None


@dataclass(frozen=True, slots=True)
class ScreeningList(Result):
    """A page of screenings; `next` is the cursor of the following one."""

    screenings: tuple[ListedScreening, ...]
    next: str | None


# -- batches -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineItem(Result):
    """What is suggested for an item of a line's case."""

    item: str
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class LineStored(Result):
    """A line whose case was stored."""

    line: int
    status: Literal[201]
    id: str
    items: tuple[LineItem, ...]


@dataclass(frozen=True, slots=True)
class LineStoredWhole(Result):
    """A line whose case was stored, with the whole screening."""

    line: int
    status: Literal[201]
    id: str
    screening: ScreeningDocument | dict[str, Any]


@dataclass(frozen=True, slots=True)
class LineRefused(Result):
    """A line whose case was not stored, and why."""

    line: int
    status: int
    problem: LineProblem


@dataclass(frozen=True, slots=True)
class BatchDone(Result):
    """The last line: how many lines were stored and how many were refused."""

    done: Literal[True]
    stored: int
    refused: int


@dataclass(frozen=True, slots=True)
class BatchBroken(Result):
    """The last line where the rest of the batch could not be read."""

    done: Literal[False]
    status: int
    problem: LineProblem


BatchAnswer = LineStored | LineStoredWhole | LineRefused | BatchDone | BatchBroken
"""A line of the answer to a batch: what became of a case, or, in the last line, of all of them."""


# -- replays -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReplayThen(Result):
    """The stored answer, and whether this release still gives it to the byte."""

    rulebook: RulebookName
    reproduced: bool
    stored: StoredAnswer


@dataclass(frozen=True, slots=True)
class ReplayNow(Result):
    """The answer by the rulebook in use now; null where the case cannot be screened by it."""

    rulebook: RulebookName
    screening: Screening | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared(Result):
    """What carries an item's suggestion."""

    suggestion: Suggestion
    grounds: tuple[str, ...]
    review_reasons: tuple[ReviewReason, ...]


@dataclass(frozen=True, slots=True)
class Change(Result):
    """An item whose suggestion, grounds or reasons differ."""

    item: str
    then: Compared
    now: Compared


@dataclass(frozen=True, slots=True)
class Replay(Result):
    """The same input by the rulebook of then and by the one of now."""

    id: str
    input_digest: str
    same_rulebook: bool
    then: ReplayThen
    now: ReplayNow
    changes: tuple[Change, ...]


# -- rulebooks and health ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedRulebook(Result):
    """A rulebook that answered here since `added`."""

    digest: str
    version: str
    added: str
    current: bool


@dataclass(frozen=True, slots=True)
class RulebookList(Result):
    """Every rulebook that ever answered here."""

    rulebooks: tuple[ListedRulebook, ...]


@dataclass(frozen=True, slots=True)
class RulebookShown(Result):
    """A rulebook, guideline by guideline."""

    digest: str
    version: str
    current: bool
    guidelines: tuple[GuidelineShown, ...]


@dataclass(frozen=True, slots=True)
class FactList(Result):
    """What to send about a treatment, in the order a form should ask.

    A fact that is `derived` is worked out from the structured parts of a case; any other goes under `findings`.
    """

    treatment: str
    label: str
    unit: str
    rulebook: RulebookName
    facts: tuple[FactShown, ...]


@dataclass(frozen=True, slots=True)
class Health(Result):
    """The process answers."""

    status: Literal["ok"] = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Result):
    """The service can work."""

    status: Literal["ready"] = "ready"
    rulebook: RulebookName
    rulebook_stale: bool
    engine: str
