"""A stored screening with what was done about it, alone, in a list and in a batch."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from imr_rules.case import Suggestion
from imr_rules.screening import Screening
from imr_rules.server.api.models.shape import Shape
from imr_rules.server.tasks.signing import SignOff

__all__ = [
    "AmendmentDone",
    "BatchAnswer",
    "HumanReview",
    "ListedItem",
    "ListedScreening",
    "ScreeningList",
    "SignOffDone",
    "StoredScreening",
]

Outcome = Literal["uphold", "overturn"]
ReviewStatus = Literal["pending", "partly_signed", "signed", "purged"]


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
    screening: Screening


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
