"""The shapes of what the service answers, for its OpenAPI description. Tests hold real answers to them."""

from imr_rules.screening import Screening
from imr_rules.server.api.models.health import Health, Readiness
from imr_rules.server.api.models.problem import ProblemDetails, ProblemEntry
from imr_rules.server.api.models.replay import Change, Compared, Replay, ReplayNow, ReplayThen
from imr_rules.server.api.models.rulebook import (
    CriterionShown,
    FactList,
    FactShown,
    GuidelineShown,
    LimitShown,
    ListedRulebook,
    RulebookList,
    RulebookShown,
)
from imr_rules.server.api.models.shape import Period
from imr_rules.server.api.models.stored import (
    AmendmentDone,
    BatchAnswer,
    HumanReview,
    ListedItem,
    ListedScreening,
    ScreeningList,
    SignOffDone,
    StoredScreening,
)

__all__ = [
    "AmendmentDone",
    "BatchAnswer",
    "Change",
    "Compared",
    "CriterionShown",
    "FactList",
    "FactShown",
    "GuidelineShown",
    "Health",
    "HumanReview",
    "LimitShown",
    "ListedItem",
    "ListedRulebook",
    "ListedScreening",
    "Period",
    "ProblemDetails",
    "ProblemEntry",
    "Readiness",
    "Replay",
    "ReplayNow",
    "ReplayThen",
    "RulebookList",
    "RulebookShown",
    "Screening",
    "ScreeningList",
    "SignOffDone",
    "StoredScreening",
]
