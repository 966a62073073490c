"""From the statuses of criteria to a suggestion, and to the lean beside a review: the steps, in their order.

Only what stands in a statute or guideline text decides a suggestion. What reviewers practice, and what another
edition or another state's adaptation of a guideline says, makes a lean at most. So does silence in what was
read of a record that was not read whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from imr_rules.case import Suggestion
from imr_rules.expression.reference import Status, truth
from imr_rules.expression.values import Row, Value
from imr_rules.rulebook.model import Guideline, Strength
from imr_rules.rulebook.plan import ALWAYS, Carries, Plan, recorded_names

ReviewReason = Literal[
    "record_holds_only_the_denial",
    "treatment_not_recognized",
    "edition_not_known",
    "edition_not_settled",
    "contradiction",
    "exceptional_factors",
    "rebuttal_documented",
    "facts_missing",
    "principal_needs_review",
    "criteria_not_known",
    "nothing_governs",
    "no_indication",
    "practice_against",
]
"""Why an item needs review, for machines to read."""

RestsOn = Literal["silence", "practice", "adapted"]
"""What a lean rests on beside guideline text: why it is not a suggestion."""


class Suggested(NamedTuple):
    """A suggestion and what it rests on.

    Attributes:
        grounds: places of criteria in the plan: unmet and undocumented ones for uphold, indications met for
            overturn, none for needs_review.
        tier: the tier of the search sequence that decided; None where none has a criterion for the item.
        governing: places of every criterion that was heard: statutes', and the deciding tier's.
        unknown_contents: guidelines that govern and whose criteria this rulebook does not know.
    """

    suggestion: Suggestion
    grounds: tuple[int, ...]
    reasons: tuple[ReviewReason, ...]
    tier: str | None
    governing: tuple[int, ...]
    unknown_contents: tuple[Guideline, ...]


class Lean(NamedTuple):
    """Which way an item under review leans, and what that rests on beside guideline text."""

    suggestion: Literal["uphold", "overturn"]
    grounds: tuple[int, ...]
    rests_on: tuple[RestsOn, ...]


def suggest(
    plan: Plan, statuses: Sequence[Status], row: Row, *, settled: bool = True, contradicted: bool = False
) -> Suggested:
    """Return the suggestion for one item.

    1. That the record holds only the denial is seen before any criterion is heard, by the caller.
    2. A contradiction of the case that bears on every answer needs review.
    3. An unmet or undocumented criterion of guideline text supports upholding, unless exceptional factors or
       a rebuttal are documented: a guideline is presumed correct, not conclusive. What practice has against the
       request stands beside it.
    4. Anything unknown, nothing governing, no indication met on a stated fact, or practice alone against the
       request (or an adapted guideline, by what is stated and not by silence) needs review.
    5. Otherwise the indications met support overturning. A limit that is kept, or a bar that does not hold,
       is only a precondition of that.

    Args:
        plan: what can govern.
        statuses: of its criteria, in its order.
        row: the facts.
        settled: False where the request's days fall under more than one edition.
        contradicted: the case contradicts itself in something that every answer turns on.
    """
    tier, unknown_contents = governing_tier(plan, statuses, row)
    governing = tuple(
        place
        for place, planned in enumerate(plan.criteria)
        if planned.tier in ("statute", tier)
        and (planned.situation is None or truth(planned.situation, row) is True)
    )

    def result(suggestion: Suggestion, grounds: tuple[int, ...], *reasons: ReviewReason) -> Suggested:
        return Suggested(suggestion, grounds, reasons, tier, governing, unknown_contents)

    if not settled or contradicted:
        reasons: list[ReviewReason] = [] if settled else ["edition_not_settled"]
        return result("needs_review", (), *reasons, *(("contradiction",) if contradicted else ()))
    heard = [place for place in governing if plan.criteria[place].criterion.kind != "caution"]
    text = [place for place in heard if plan.criteria[place].criterion.strength == "text"]
    against = tuple(place for place in heard if _counts_against(plan, statuses, place))
    if any(place in text for place in against):
        documented = _documented(row)
        if documented:
            return result("needs_review", (), *documented)
        adapted = {place for place in against if plan.criteria[place].criterion.strength == "adapted"}
        return result("uphold", tuple(place for place in against if place not in adapted))
    shown = _indications_shown(plan, statuses, row, text)
    reasons = []
    if any(statuses[place] == "unknown" for place in text):
        waits = "follows_principal" in row and row["follows_principal"].low == 1
        waits = waits and "principal_supported" in row and not row["principal_supported"].exact
        reasons.append("principal_needs_review" if waits else "facts_missing")
    if (
        unknown_contents and not shown
    ):  # a guideline with text decides beside one whose contents are not known
        reasons.append("criteria_not_known")
    if not reasons:
        if not any(statuses[place] != "not_applicable" for place in text):
            reasons.append("nothing_governs")
        elif not shown:
            reasons.append("no_indication")
    if not reasons and against:
        reasons.append("practice_against")
    if reasons:
        return result("needs_review", (), *reasons)
    return result("overturn", shown)


def counts_against(strength: Strength, status: Status) -> bool:
    """Whether a criterion of some strength counts against the request by its status.

    What an adapted guideline asks for does only where the record says that it is not so: that the record is silent about
    what a text asks that is not in force says nothing, and leaves the matter open.
    """
    return status == "unmet" or (status == "undocumented" and strength != "adapted")


def _counts_against(plan: Plan, statuses: Sequence[Status], place: int) -> bool:
    return counts_against(plan.criteria[place].criterion.strength, statuses[place])


def lean_towards(
    plan: Plan, statuses: Sequence[Status], row: Row, silence: tuple[Sequence[Status], Row] | None
) -> Lean | None:
    """Return which way an item under review leans, or None where nothing read so far leans either way.

    The rules of :func:`suggest`, with every criterion heard, whatever its strength. Silence in what was read
    is taken as silence only where that leans towards upholding: no lean to overturn rests on it.

    Args:
        plan: what can govern.
        statuses, row: what the suggestion was made from.
        silence: the same with silence in what was read taken as silence; None where that is no different.
    """
    found = _leaning(plan, statuses, row)
    if found is not None:
        return found
    if silence is None:
        return None
    found = _leaning(plan, *silence)
    if found is None or found.suggestion == "overturn":
        return None
    return found._replace(rests_on=("silence", *found.rests_on))


def _leaning(plan: Plan, statuses: Sequence[Status], row: Row) -> Lean | None:
    tier, _ = governing_tier(plan, statuses, row)
    heard = [
        place
        for place, planned in enumerate(plan.criteria)
        if planned.tier in ("statute", tier) and planned.criterion.kind != "caution"
    ]
    against = tuple(place for place in heard if _counts_against(plan, statuses, place))
    if against:
        return None if _documented(row) else Lean("uphold", against, _weaker(plan, against))
    shown = _indications_shown(plan, statuses, row, heard)
    if not shown or any(statuses[place] in ("unknown", "undocumented") for place in heard):
        return None
    return Lean("overturn", shown, _weaker(plan, shown))


def _weaker(plan: Plan, grounds: tuple[int, ...]) -> tuple[RestsOn, ...]:
    """Return on what grounds rest that are not guideline text; nothing where a text among them would do."""
    found = {plan.criteria[place].criterion.strength for place in grounds}
    weaker: tuple[RestsOn, ...] = ("practice", "adapted")
    return () if "text" in found else tuple(each for each in weaker if each in found)


def _documented(row: Row) -> tuple[ReviewReason, ...]:
    """Return which of exceptional factors and a rebuttal the record documents."""
    return tuple(name for name in ALWAYS if name in row and row[name].low == 1)  # type: ignore[misc]  # the facts bear the reasons' names


def _indications_shown(
    plan: Plan, statuses: Sequence[Status], row: Row, heard: Sequence[int]
) -> tuple[int, ...]:
    """Return the indications among ``heard`` that are met on a stated fact.

    A fact that is assumed, since nothing was said of it, can carry a limit or the absence of a bar. It can
    never carry an indication.
    """
    return tuple(
        place
        for place in heard
        if (carries := plan.criteria[place].carries) is not None
        and statuses[place] == "met"
        and on_stated_facts(plan, carries, row)
    )


def on_stated_facts(plan: Plan, carries: Carries, row: Row) -> bool:
    """Whether an indication that is met would be met if nothing were assumed, and rests on something stated."""
    assumed = {name: _opened(plan, name) for name in recorded_names(carries.tree) if row[name].assumed}
    if assumed and not truth(carries.tree, row | assumed):
        return False
    return any(row[name].told for name in carries.told)


def _opened(plan: Plan, name: str) -> Value:
    """Return a fact as if nothing were known of it."""
    kind = plan.types[name]
    return Value("missing", kind.low, kind.high)


def governing_tier(
    plan: Plan, statuses: Sequence[Status], row: Row
) -> tuple[str | None, tuple[Guideline, ...]]:
    """Return the first tier with a criterion for the item, and its guidelines of unknown contents.

    A guideline that governs and whose contents are not known holds its tier: a lower one is not asked. It governs
    where its own subject fits for sure; that it may fit something nobody mentioned is no reason to name it.
    """
    speaking = {
        planned.tier
        for planned, status in zip(plan.criteria, statuses, strict=True)
        if status != "not_applicable"
    }
    unknown = [guideline for guideline in plan.guidelines if not guideline.known]
    for tier in plan.tiers:
        silent = tuple(
            guideline
            for guideline in unknown
            if guideline.source.tier == tier
            and (guideline.by_analogy or truth(guideline.applies_when, row))
            and replaced_by(plan, guideline, row) is None
        )
        if silent or tier in speaking:
            return tier, silent
    return None, ()


def may_govern(plan: Plan, row: Row) -> tuple[Guideline, ...]:
    """Return the guidelines of unknown contents whose subject may fit: nothing said so far settles it."""
    return tuple(
        each
        for each in plan.guidelines
        if not each.known and not each.by_analogy and truth(each.applies_when, row) is None
    )


def replaced_by(plan: Plan, guideline: Guideline, row: Row) -> str | None:
    """Return the id of the guideline that replaces ``guideline`` here, or None."""
    for other, when in plan.superseded.get(guideline.id, ()):
        if truth(when, row):
            return other
    return None
