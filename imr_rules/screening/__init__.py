"""From a case to a suggestion for each disputed item, with cited reasons: :func:`screen`, and :func:`what_if`."""

from imr_rules.screening.answer import engine_name, screen
from imr_rules.screening.question import Question, pose
from imr_rules.screening.result import (
    AskedFact,
    Change,
    CriterionResult,
    ItemScreening,
    ItemWhatIf,
    MissingFact,
    Quantity,
    Rebuttal,
    RulebookName,
    Screening,
    Superseded,
    Way,
)
from imr_rules.screening.what_if import what_if

__all__ = [
    "AskedFact",
    "Change",
    "CriterionResult",
    "ItemScreening",
    "ItemWhatIf",
    "MissingFact",
    "Quantity",
    "Question",
    "Rebuttal",
    "RulebookName",
    "Screening",
    "Superseded",
    "Way",
    "engine_name",
    "pose",
    "screen",
    "what_if",
]
