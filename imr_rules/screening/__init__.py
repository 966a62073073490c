"""From a case to a suggestion for each disputed item, with cited reasons: :func:`screen`, and :func:`what_if`."""

from imr_rules.screening.answer import engine_name, screen
from imr_rules.screening.question import Question, pose
from imr_rules.screening.result import (
    CriterionResult,
    ItemScreening,
    MissingFact,
    Quantity,
    Screening,
    Superseded,
)
from imr_rules.screening.what_if import ItemWhatIf, what_if

__all__ = [
    "CriterionResult",
    "ItemScreening",
    "ItemWhatIf",
    "MissingFact",
    "Quantity",
    "Question",
    "Screening",
    "Superseded",
    "engine_name",
    "pose",
    "screen",
    "what_if",
]
