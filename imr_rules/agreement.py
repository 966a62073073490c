"""How far suggestions agree with recorded outcomes, always beside *always uphold*.

Nine in ten determinations uphold, so agreement alone says little: recall per outcome, balanced accuracy
and kappa stand beside it, each with its interval and its n. Agreement with what reviewers decided is not
correctness: published determinations are a biased sample, and letters contradict themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from imr_rules.case import Case, Outcome
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, screen
from imr_rules.screening.suggestion import Suggestion

__all__ = [
    "Agreement",
    "Decided",
    "Estimate",
    "Figures",
    "Share",
    "agreement",
    "decided_items",
    "exact_interval",
    "share",
    "without_rationale",
]

CONFIDENCE = 0.95
_AGREES: Mapping[Suggestion, Outcome] = {"uphold": "upheld", "overturn": "overturned"}


class Decided(NamedTuple):
    """An item that was screened and whose real outcome is recorded.

    Attributes:
        case: the file or id it came from.
        group: its broadest treatment, the class figures are given by.
        inside_mtus: the reviewer decided it by the MTUS alone, as the citations have it.
        differs: why the suggestion differs, where the case says so.
    """

    case: str
    item: ItemScreening
    outcome: Outcome
    group: str
    inside_mtus: bool
    differs: str | None

    @property
    def agrees(self) -> bool | None:
        """Whether the suggestion agrees with the outcome; None where it is left to review."""
        suggested = _AGREES.get(self.item.suggestion)
        return None if suggested is None else suggested == self.outcome


class Share(NamedTuple):
    """So many of so many, with an interval; ``value`` is None where there were none to count."""

    hits: int
    total: int
    low: float | None
    high: float | None

    @property
    def value(self) -> float | None:
        """The share, from 0 to 1."""
        return self.hits / self.total if self.total else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"value": self.value, "count": self.hits, "n": self.total, "low": self.low, "high": self.high}


class Estimate(NamedTuple):
    """A figure with an approximate interval; None where it cannot be worked out."""

    value: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return self._asdict()


class Figures(NamedTuple):
    """The figures of one class of items.

    Attributes:
        items: how many have a recorded outcome.
        review: share left to review.
        agree: share of the decided that agree.
        upheld_recall, overturned_recall: of the decided with that outcome, the share suggested so.
        false_overturns: of the decided, the share suggested overturned that was upheld.
        balanced: mean of the two recalls; normal approximation.
        kappa: Cohen's kappa over the decided; asymptotic interval.
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
    """The figures overall, for items decided inside and outside the MTUS, and by class of treatment."""

    overall: Figures
    inside_mtus: Figures
    outside_mtus: Figures
    by_group: Mapping[str, Figures]
    disagreements: tuple[Decided, ...]
    left_to_review: tuple[Decided, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "overall": self.overall.to_dict(),
            "inside_mtus": self.inside_mtus.to_dict(),
            "outside_mtus": self.outside_mtus.to_dict(),
            "by_treatment": {name: figures.to_dict() for name, figures in self.by_group.items()},
            "disagreements": [_as_data(each) for each in self.disagreements],
            "left_to_review": [_as_data(each) for each in self.left_to_review],
        }


def _as_data(decided: Decided) -> dict[str, Any]:
    return {
        "case": decided.case,
        "item": decided.item.item,
        "treatment": decided.item.treatment,
        "suggestion": decided.item.suggestion,
        "outcome": decided.outcome,
        "grounds": list(decided.item.grounds),
        "review_reasons": list(decided.item.review_reasons),
        "missing": [fact.fact for fact in decided.item.missing],
        "differs": decided.differs,
    }


def decided_items(name: str, case: Case, rulebook: Rulebook) -> list[Decided]:
    """Screen a case and return its items whose real outcome is recorded.

    Args:
        name: how the case is called in reports.
        case: the case, with ``expect``.
        rulebook: the rulebook to judge by.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
    """
    expected = case.expect.items if case.expect else {}
    if not any(each.outcome for each in expected.values()):
        return []
    given = dict(case.named_items)
    treatments = rulebook.vocabulary.treatments
    found = []
    for item in screen(case, rulebook).items:
        entry = expected.get(item.item)
        if entry is None or entry.outcome is None:
            continue
        group = treatments[item.treatment].lineage[-1] if item.treatment else "not_recognised"
        cited = given[item.item].cited.reviewer
        inside = bool(cited) and all("mtus" in each.document.lower() for each in cited)
        found.append(Decided(name, item, entry.outcome, group, inside, entry.differs))
    return found


def without_rationale(case: Case) -> Case:
    """Return a case without the statements whose only evidence is the determination's rationale.

    What a reviewer found while deciding is not in hand before the review; what the letter's summary reports is.
    """

    def kept(part: Any) -> Any:
        if isinstance(part, dict):
            inner = {name: kept(each) for name, each in part.items()}
            return {name: each for name, each in inner.items() if each != []}
        if isinstance(part, list):
            return [kept(each) for each in part if not _only_rationale(each)]
        return part

    return Case.from_data(kept(case.model_dump(mode="json", exclude_defaults=True)))


def _only_rationale(part: Any) -> bool:
    evidence = part.get("evidence", ()) if isinstance(part, dict) else ()
    return bool(evidence) and all(each.get("place") == "rationale" for each in evidence)


def agreement(items: Iterable[Decided]) -> Agreement:
    """Return the figures over some decided items."""
    every = list(items)
    groups = sorted({each.group for each in every})
    return Agreement(
        figures(every),
        figures([each for each in every if each.inside_mtus]),
        figures([each for each in every if not each.inside_mtus]),
        {group: figures([each for each in every if each.group == group]) for group in groups},
        tuple(each for each in every if each.agrees is False),
        tuple(each for each in every if each.agrees is None),
    )


def figures(items: list[Decided]) -> Figures:
    """Return the figures of one class of items."""
    confusion: dict[tuple[Suggestion, Outcome], int] = {
        (suggested, outcome): 0
        for suggested in ("uphold", "overturn", "needs_review")
        for outcome in ("upheld", "overturned")
    }
    for each in items:
        confusion[each.item.suggestion, each.outcome] += 1
    up, false_over = confusion["uphold", "upheld"], confusion["overturn", "upheld"]
    false_up, over = confusion["uphold", "overturned"], confusion["overturn", "overturned"]
    decided = up + over + false_up + false_over
    upheld, overturned = share(up, up + false_over), share(over, over + false_up)
    left = confusion["needs_review", "overturned"]
    return Figures(
        items=len(items),
        review=share(len(items) - decided, len(items)),
        agree=share(up + over, decided),
        upheld_recall=upheld,
        overturned_recall=overturned,
        overturned_found=share(over, over + false_up + left),
        false_overturns=share(false_over, decided),
        balanced=_balanced(upheld, overturned),
        kappa=_kappa(up, false_up, false_over, over),
        always_uphold=share(up + false_over, decided),
        confusion=confusion,
    )


def share(count: int, total: int) -> Share:
    """Return a share with its exact (Clopper-Pearson) interval."""
    return Share(count, total, *(exact_interval(count, total) if total else (None, None)))


def exact_interval(count: int, total: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share: the limits at which ``count`` is just not surprising."""
    tail = (1 - confidence) / 2

    def at_most(number: int, chance: float) -> float:
        return math.fsum(
            math.comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in range(number + 1)
        )

    low = 0.0 if count == 0 else _where(lambda chance: 1 - at_most(count - 1, chance) >= tail)
    high = 1.0 if count == total else _where(lambda chance: at_most(count, chance) <= tail)
    return low, high


def _where(holds: Callable[[float], bool]) -> float:
    """Return the least number from 0 to 1 at which a condition begins to hold, by halving."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _within(value: float, error: float, least: float) -> Estimate:
    reach = 1.959964 * error
    return Estimate(value, max(least, value - reach), min(1.0, value + reach))


def _balanced(upheld: Share, overturned: Share) -> Estimate:
    if upheld.value is None or overturned.value is None:
        return Estimate(None, None, None)
    variance = math.fsum(
        each * (1 - each) / part.total for part in (upheld, overturned) if (each := part.value) is not None
    )
    return _within((upheld.value + overturned.value) / 2, math.sqrt(variance) / 2, 0.0)


def _kappa(up: int, false_up: int, false_over: int, over: int) -> Estimate:
    total = up + false_up + false_over + over
    if not total:
        return Estimate(None, None, None)
    observed = (up + over) / total
    chance = ((up + false_up) * (up + false_over) + (over + false_over) * (over + false_up)) / total**2
    if chance == 1:
        return Estimate(None, None, None)
    error = math.sqrt(observed * (1 - observed) / (total * (1 - chance) ** 2))
    return _within((observed - chance) / (1 - chance), error, -1.0)
