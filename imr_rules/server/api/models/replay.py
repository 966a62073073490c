"""The same input by the rulebook of then and by the one of now."""

from __future__ import annotations

from imr_rules.case import Suggestion
from imr_rules.rulebook.suggestion import ReviewReason
from imr_rules.screening import RulebookName, Screening
from imr_rules.server.api.models.shape import Shape

__all__ = ["Change", "Compared", "Replay", "ReplayNow", "ReplayThen"]


class ReplayThen(Shape):
    """The stored answer, and whether this release still gives it to the byte."""

    rulebook: RulebookName
    reproduced: bool
    stored: Screening


class ReplayNow(Shape):
    """The answer by the rulebook in use now; null where the case cannot be screened by it."""

    rulebook: RulebookName
    screening: Screening | None
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
