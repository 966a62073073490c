"""The figures: how many agree, of which outcome, overall and by class of treatment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from imr_rules.agreement.intervals import Estimate, Share, balanced, kappa, share
from imr_rules.agreement.items import Decided
from imr_rules.case import OUTCOME_OF, Outcome, Suggestion

__all__ = ["OUTCOMES", "SUGGESTIONS", "Agreement", "Figures", "agreement", "figures", "figures_of"]

SUGGESTIONS: tuple[Suggestion, ...] = ("uphold", "overturn", "needs_review")
OUTCOMES: tuple[Outcome, ...] = tuple(OUTCOME_OF.values())


class Figures(NamedTuple):
    """The figures of one class of items.

    Attributes:
        items: how many have a recorded outcome.
        review: share left to review.
        agree: share of the decided that agree.
        upheld_recall, overturned_recall: of the decided with that outcome, the share suggested so.
        false_overturns: of the decided, the share suggested overturned that was upheld.
        overturned_found: of all that were overturned, those left to review too, the share suggested so.
        balanced: mean of the two recalls.
        kappa: Cohen's kappa over the decided.
        always_uphold: what agreement would be if every decided item were suggested upheld.
        confusion: (suggestion, outcome) → count.
    """

    items: int
    review: Share
    agree: Share
    upheld_recall: Share
    overturned_recall: Share
    overturned_found: Share
    false_overturns: Share
    balanced: Estimate
    kappa: Estimate
    always_uphold: Share
    confusion: Mapping[tuple[Suggestion, Outcome], int]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "items": self.items,
            "review": self.review.to_dict(),
            "agreement": self.agree.to_dict(),
            "upheld_recall": self.upheld_recall.to_dict(),
            "overturned_recall": self.overturned_recall.to_dict(),
            "overturned_found_of_all": self.overturned_found.to_dict(),
            "false_overturns": self.false_overturns.to_dict(),
            "balanced_accuracy": self.balanced.to_dict(),
            "kappa": self.kappa.to_dict(),
            "always_uphold": self.always_uphold.to_dict(),
            "confusion": {
                f"{suggested}/{outcome}": count for (suggested, outcome), count in self.confusion.items()
            },
        }


class Agreement(NamedTuple):
    """The figures overall, for items decided inside and outside the MTUS, and by class of treatment.

    ``leans`` are the figures of the items left to review, each counted as it leans: a lean is weaker than a
    suggestion, and never counted among them.
    """

    overall: Figures
    leans: Figures
    inside_mtus: Figures
    outside_mtus: Figures
    by_group: Mapping[str, Figures]
    disagreements: tuple[Decided, ...]
    left_to_review: tuple[Decided, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "overall": self.overall.to_dict(),
            "leans": self.leans.to_dict(),
            "inside_mtus": self.inside_mtus.to_dict(),
            "outside_mtus": self.outside_mtus.to_dict(),
            "by_treatment": {name: figures.to_dict() for name, figures in self.by_group.items()},
            "disagreements": [each.to_dict() for each in self.disagreements],
            "left_to_review": [each.to_dict() for each in self.left_to_review],
        }


def agreement(items: Iterable[Decided]) -> Agreement:
    """Return the figures over some decided items."""
    every = list(items)
    groups = sorted({each.group for each in every})
    return Agreement(
        figures(every),
        figures_of(Counter((each.leans, each.outcome) for each in every if each.agrees is None)),
        figures([each for each in every if each.inside_mtus]),
        figures([each for each in every if not each.inside_mtus]),
        {group: figures([each for each in every if each.group == group]) for group in groups},
        tuple(each for each in every if each.agrees is False),
        tuple(each for each in every if each.agrees is None),
    )


def figures(items: Iterable[Decided]) -> Figures:
    """Return the figures of one class of items."""
    return figures_of(Counter((each.item.suggestion, each.outcome) for each in items))


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
