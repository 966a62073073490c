"""From a case to a suggestion for each disputed item, with cited reasons: :func:`screen`, and :func:`what_if`."""

from imr_rules.screening.answer import engine_name, screen
from imr_rules.screening.many import screen_many, to_frame
from imr_rules.screening.prepared_item import PreparedItem, prepare_item
from imr_rules.screening.result import (
    AskedFact,
    Change,
    CriterionResult,
    ItemScreening,
    ItemWhatIf,
    LayerName,
    MissingFact,
    Quantity,
    Rebuttal,
    RulebookName,
    Screening,
    Superseded,
    Way,
    rulebook_name,
)
from imr_rules.screening.what_if import what_if

__all__ = [
    "AskedFact",
    "Change",
    "CriterionResult",
    "ItemScreening",
    "ItemWhatIf",
    "LayerName",
    "MissingFact",
    "PreparedItem",
    "Quantity",
    "Rebuttal",
    "RulebookName",
    "Screening",
    "Superseded",
    "Way",
    "engine_name",
    "prepare_item",
    "rulebook_name",
    "screen",
    "screen_many",
    "to_frame",
    "what_if",
]
