"""The figures: how many agree, of which outcome, overall and by class of treatment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainSerializer

from imr_rules._results import Result
from imr_rules.agreement.intervals import Estimate, Share, balanced, kappa, share
from imr_rules.agreement.items import Decided
from imr_rules.case import OUTCOME_OF, Outcome, Suggestion

SUGGESTIONS: tuple[Suggestion, ...] = ("uphold", "overturn", "needs_review")
OUTCOMES: tuple[Outcome, ...] = tuple(OUTCOME_OF.values())


def _by_pair(confusion: Mapping[tuple[Suggestion, Outcome], int]) -> dict[str, int]:
    return {f"{suggested}/{outcome}": count for (suggested, outcome), count in confusion.items()}


Confusion = Annotated[
    Mapping[tuple[Suggestion, Outcome], int], PlainSerializer(_by_pair, return_type=dict[str, int])
]
"""(suggestion, outcome) → count."""


@dataclass(frozen=True, slots=True)
class Figures(Result):
    """The figures of one class of items.

    Attributes:
        items: how many have a recorded outcome.
        review: share left to review.
        agree: share of the decided that agree.
        upheld_recall, overturned_recall: of the decided with that outcome, the share suggested so.
        overturned_found: of all that were overturned, those left to review too, the share suggested so.
        false_overturns: of the decided, the share suggested overturned that was upheld.
        balanced: mean of the two recalls.
        kappa: Cohen's kappa over the decided.
        always_uphold: what agreement would be if every decided item were suggested upheld.
    """

    items: int
    review: Share
    agree: Annotated[Share, Field(alias="agreement")]
    upheld_recall: Share
    overturned_recall: Share
    overturned_found: Annotated[Share, Field(alias="overturned_found_of_all")]
    false_overturns: Share
    balanced: Annotated[Estimate, Field(alias="balanced_accuracy")]
    kappa: Estimate
    always_uphold: Share
    confusion: Confusion


@dataclass(frozen=True, slots=True)
class Agreement(Result):
    """The figures overall, for items decided inside and outside the first tier of the rulebook, and by class of treatment.

    ``leans`` are the figures of the items left to review, each counted as it leans: a lean is weaker than a
    suggestion, and never counted among them.
    """

    overall: Figures
    leans: Figures
    inside: Figures
    outside: Figures
    by_group: Annotated[Mapping[str, Figures], Field(alias="by_treatment")]
    disagreements: tuple[Decided, ...]
    left_to_review: tuple[Decided, ...]


def agreement(items: Iterable[Decided]) -> Agreement:
    """Return the figures over some decided items."""
    every = list(items)
    groups = sorted({each.group for each in every})
    return Agreement(
        figures(every),
        figures_of(Counter((each.leans, each.outcome) for each in every if each.agrees is None)),
        figures([each for each in every if each.inside]),
        figures([each for each in every if not each.inside]),
        {group: figures([each for each in every if each.group == group]) for group in groups},
        tuple(each for each in every if each.agrees is False),
        tuple(each for each in every if each.agrees is None),
    )


def figures(items: Iterable[Decided]) -> Figures:
    """Return the figures of one class of items."""
    return figures_of(Counter((each.suggestion, each.outcome) for each in items))


def figures_of(counts: Mapping[tuple[Suggestion, Outcome], int]) -> Figures:
    """Return the figures of one class of items, from how many were suggested so and came out so."""
    confusion = {
        (suggested, outcome): counts.get((suggested, outcome), 0)
        for suggested in SUGGESTIONS
        for outcome in OUTCOMES
    }
    items = sum(confusion.values())
    up, false_over = confusion["uphold", "upheld"], confusion["overturn", "upheld"]
    false_up, over = confusion["uphold", "overturned"], confusion["overturn", "overturned"]
    decided = up + over + false_up + false_over
    upheld, overturned = share(up, up + false_over), share(over, over + false_up)
    left = confusion["needs_review", "overturned"]
    return Figures(
        items=items,
        review=share(items - decided, items),
        agree=share(up + over, decided),
        upheld_recall=upheld,
        overturned_recall=overturned,
        overturned_found=share(over, over + false_up + left),
        false_overturns=share(false_over, decided),
        balanced=balanced(upheld, overturned),
        kappa=kappa(upheld, overturned),
        always_uphold=share(up + false_over, decided),
        confusion=confusion,
    )
