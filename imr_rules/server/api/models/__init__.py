"""The shapes of what the service answers, for its OpenAPI description. Tests hold real answers to them."""

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
from imr_rules.server.api.models.screening import (
    Citation,
    Criterion,
    Edition,
    EvidencePlace,
    Missing,
    Quantity,
    Rebuttal,
    RulebookName,
    ScreenedItem,
    ScreeningAnswer,
    Superseded,
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
    "Citation",
    "Compared",
    "Criterion",
    "CriterionShown",
    "Edition",
    "EvidencePlace",
    "FactList",
    "FactShown",
    "GuidelineShown",
    "Health",
    "HumanReview",
    "LimitShown",
    "ListedItem",
    "ListedRulebook",
    "ListedScreening",
    "Missing",
    "Period",
    "ProblemDetails",
    "ProblemEntry",
    "Quantity",
    "Readiness",
    "Rebuttal",
    "Replay",
    "ReplayNow",
    "ReplayThen",
    "RulebookList",
    "RulebookName",
    "RulebookShown",
    "ScreenedItem",
    "ScreeningAnswer",
    "ScreeningList",
    "SignOffDone",
    "StoredScreening",
    "Superseded",
]
