"""From the statuses of criteria to a suggestion: the four steps, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from imr_rules.expression.reference import Status, truth
from imr_rules.expression.values import Row
from imr_rules.rulebook.model import Guideline, Tier
from imr_rules.rulebook.plan import ALWAYS, TIERS, Plan

__all__ = ["ReviewReason", "Suggested", "Suggestion", "governing_tier", "replaced_by", "suggest"]

Suggestion = Literal["uphold", "overturn", "needs_review"]

ReviewReason = Literal[
    "record_holds_only_the_denial",
    "treatment_not_recognized",
    "edition_not_known",
    "edition_not_settled",
    "exceptional_factors",
    "rebuttal_documented",
    "facts_missing",
    "principal_needs_review",
    "criteria_not_known",
    "nothing_governs",
    "nothing_met",
]
"""Why an item needs review, for machines to read."""


class Suggested(NamedTuple):
    """A suggestion and what it rests on.

    Attributes:
        grounds: places of criteria in the plan: unmet and undocumented ones for uphold, met ones for
            overturn, none for needs_review.
        tier: the tier of the search sequence that decided; None where none has a criterion for the item.
        governing: places of every criterion that was heard: statutes', and the deciding tier's.
        unknown_contents: guidelines that govern and whose criteria this rulebook does not know.
    """

    suggestion: Suggestion
    grounds: tuple[int, ...]
    reasons: tuple[ReviewReason, ...]
    tier: Tier | None
    governing: tuple[int, ...]
    unknown_contents: tuple[Guideline, ...]


def suggest(plan: Plan, statuses: Sequence[Status], row: Row, *, settled: bool = True) -> Suggested:
    """Return the suggestion for one item.

    1. That the record holds only the denial is seen before any criterion is heard, by the caller.
    2. An unmet or undocumented criterion supports upholding, unless exceptional factors or a rebuttal
       are documented: the MTUS is presumed correct, not conclusive.
    3. Anything unknown, nothing governing or nothing met needs review.
    4. Otherwise the criteria met support overturning.

    Args:
        plan: what can govern.
        statuses: of its criteria, in its order.
        row: the facts.
        settled: False where the request's days fall under more than one edition.
    """
    tier, unknown_contents = governing_tier(plan, statuses, row)
    heard = {"statute", tier}
    governing = tuple(
        place for place, planned in enumerate(plan.criteria) if planned.guideline.source.tier in heard
    )
    counted = [place for place in governing if plan.criteria[place].criterion.kind != "caution"]
    against = tuple(place for place in counted if statuses[place] in ("unmet", "undocumented"))

    def review(*reasons: ReviewReason) -> Suggested:
        return Suggested("needs_review", (), reasons, tier, governing, unknown_contents)

    if not settled:
        return review("edition_not_settled")
    if against:
        documented = tuple(name for name in ALWAYS if name in row and row[name].low == 1)
        if documented:
            return review(*documented)  # type: ignore[arg-type]  # the facts bear the reasons' names
        return Suggested("uphold", against, (), tier, governing, unknown_contents)
    reasons: list[ReviewReason] = []
    if any(statuses[place] == "unknown" for place in counted):
        waits = "follows_principal" in row and row["follows_principal"].low == 1
        waits = waits and "principal_supported" in row and not row["principal_supported"].exact
        reasons.append("principal_needs_review" if waits else "facts_missing")
    if unknown_contents:
        reasons.append("criteria_not_known")
    met = tuple(place for place in counted if statuses[place] == "met")
    if tier is None:
        reasons.append("nothing_governs")
    # A statutory cap that is not reached says what may not be exceeded, not that care is needed.
    elif not reasons and not any(plan.criteria[place].guideline.source.tier != "statute" for place in met):
        reasons.append("nothing_met")
    if reasons:
        return review(*reasons)
    return Suggested("overturn", met, (), tier, governing, unknown_contents)


def governing_tier(
    plan: Plan, statuses: Sequence[Status], row: Row
) -> tuple[Tier | None, tuple[Guideline, ...]]:
    """Return the first tier with a criterion for the item, and its guidelines of unknown contents.

    A guideline that governs and whose contents are not known holds its tier: a lower one is not asked.
    """
    for tier in TIERS:
        silent = tuple(
            guideline
            for guideline in plan.guidelines
            if guideline.source.tier == tier
            and not guideline.known
            and (guideline.by_analogy or truth(guideline.applies_when, row) is not False)
            and replaced_by(plan, guideline, row) is None
        )
        speaks = any(
            status != "not_applicable" and planned.guideline.source.tier == tier
            for planned, status in zip(plan.criteria, statuses, strict=True)
        )
        if silent or speaks:
            return tier, silent
    return None, ()


def replaced_by(plan: Plan, guideline: Guideline, row: Row) -> str | None:
    """Return the id of the guideline that replaces ``guideline`` here, or None."""
    for other, when in plan.superseded.get(guideline.id, ()):
        if truth(when, row):
            return other
    return None
