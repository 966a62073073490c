"""Shares and figures made of them, with intervals that are exact or err on the safe side.

Clopper and Pearson's interval of a share is exact: it covers the true share at least as often as it says. Balanced
accuracy and kappa rise with either recall, so a region that covers both recalls covers them: the two recalls are
of different items, and each gets an interval of the square root of the confidence. For kappa the outcomes that
reviewers gave are taken as they are. So no figure has an interval narrower than its n allows, however few the items.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from imr_rules._results import Result

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share(Result):
    """A share from 0 to 1 with its interval, and what was counted; None where there was nothing to count."""

    value: float | None
    hits: Annotated[int, Field(alias="count")]
    total: Annotated[int, Field(alias="n")]
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Estimate(Result):
    """A figure with an interval that covers at least as often as it says; None where there is none."""

    value: float | None
    low: float | None
    high: float | None


def share(count: int, total: int) -> Share:
    """Return a share with its exact (Clopper-Pearson) interval."""
    if not total:
        return Share(None, count, total, None, None)
    return Share(count / total, count, total, *exact_interval(count, total))


def exact_interval(count: int, total: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share: the limits at which ``count`` is just not surprising."""
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else _where(lambda chance: _at_least(count, total, chance) >= tail)
    high = 1.0 if count == total else _where(lambda chance: _at_most(count, total, chance) <= tail)
    return low, high


def _at_most(count: int, total: int, chance: float) -> float:
    """Return how likely it is that at most ``count`` of ``total`` hit."""
    return _at_least(total - count, total, 1 - chance)


def _at_least(count: int, total: int, chance: float) -> float:
    """Return how likely it is that at least ``count`` of ``total`` hit, from 0 < ``count``.

    Terms are added away from the middle, where they fall ever faster, until they no longer count.
    """
    if chance <= 0:
        return 0.0
    if chance >= 1:
        return 1.0
    if count <= total * chance:
        return 1 - _at_least(total - count + 1, total, 1 - chance)
    term = math.exp(
        math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
        + count * math.log(chance) + (total - count) * math.log1p(-chance)
    )  # fmt: skip
    if not term:  # the largest of them is too small to be told from nothing
        return 0.0
    found, odds = 0.0, chance / (1 - chance)
    for hits in range(count, total + 1):
        found += term
        term *= (total - hits) / (hits + 1) * odds
        if term < found * 1e-17:
            break
    return min(1.0, found)


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


def balanced(upheld: Share, overturned: Share) -> Estimate:
    """Return the mean of the two recalls; none where either outcome does not occur."""
    return _of_both(upheld, overturned, lambda up, over: (up + over) / 2)


def kappa(upheld: Share, overturned: Share) -> Estimate:
    """Return Cohen's kappa of suggestions and outcomes; none where either outcome does not occur."""
    total = upheld.total + overturned.total
    if not total:
        return Estimate(None, None, None)
    common = upheld.total / total

    def of(up: float, over: float) -> float:
        observed = common * up + (1 - common) * over
        suggested = common * up + (1 - common) * (1 - over)
        chance = common * suggested + (1 - common) * (1 - suggested)
        return (observed - chance) / (1 - chance)

    return _of_both(upheld, overturned, of)


def _of_both(upheld: Share, overturned: Share, of: Callable[[float, float], float]) -> Estimate:
    """Return a figure that rises with either recall, between its values at their limits."""
    if upheld.value is None or overturned.value is None:
        return Estimate(None, None, None)
    limits = [exact_interval(each.hits, each.total, math.sqrt(CONFIDENCE)) for each in (upheld, overturned)]
    (low_up, high_up), (low_over, high_over) = limits
    return Estimate(of(upheld.value, overturned.value), of(low_up, low_over), of(high_up, high_over))
