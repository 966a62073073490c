"""Integer codes for statuses, suggestions and reasons."""

from __future__ import annotations

from typing import get_args

from imr_rules.case import Suggestion
from imr_rules.expression.reference import Status
from imr_rules.rulebook.suggestion import RestsOn, ReviewReason

STATUSES: tuple[Status, ...] = get_args(Status)
SUGGESTIONS: tuple[Suggestion, ...] = get_args(Suggestion)
REASONS: tuple[ReviewReason, ...] = get_args(ReviewReason)
RESTS_ON: tuple[RestsOn, ...] = get_args(RestsOn)
"""A row's reasons, and what its lean rests on, are the bits of a number, and are told in this order."""

UPHOLD, OVERTURN, REVIEW = (SUGGESTIONS.index(each) for each in ("uphold", "overturn", "needs_review"))


def bit(reason: ReviewReason) -> int:
    """Return the bit that stands for a reason."""
    return 1 << REASONS.index(reason)
