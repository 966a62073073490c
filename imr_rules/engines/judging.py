"""From the facts of a shape to statuses, the deciding tier and the suggestion, over any kind of truth values.

The same steps, in the same order, as :func:`imr_rules.expression.reference.judge` and
:mod:`imr_rules.rulebook.suggestion`, which say it for one row; property tests hold both engines that use this to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, cast, get_args

from imr_rules.case import Suggestion
from imr_rules.engines.algebra import T, Valuation
from imr_rules.engines.shape import Criterion, Shape, Silent
from imr_rules.expression.reference import Status
from imr_rules.rulebook.plan import TIERS
from imr_rules.rulebook.suggestion import ReviewReason

Statuses = Mapping[Status, T]
"""Where a criterion has each status: exactly one of them, everywhere."""


class Judged(NamedTuple, Generic[T]):
    """What a shape comes to.

    Attributes:
        statuses: of each criterion, in the shape's order.
        in_scope: where each criterion is heard: those of statutes, and those of the deciding tier.
        failing, meeting: where each criterion counts against the request, and where for it.
        tiers: where each tier decides; under None, where none does.
        suggestion: where each is suggested: exactly one of them, everywhere.
        reasons: where each reason for review is given.
    """

    statuses: tuple[Statuses[T], ...]
    in_scope: tuple[T, ...]
    failing: tuple[T, ...]
    meeting: tuple[T, ...]
    tiers: Mapping[str | None, T]
    suggestion: Mapping[Suggestion, T]
    reasons: Mapping[ReviewReason, T]


def judge(shape: Shape, facts: Valuation[T]) -> Judged[T]:
    """Return what a shape comes to over some facts."""
    for table in shape.tables:
        facts.work_out(table)
    statuses = tuple(status(each, facts) for each in shape.criteria)
    tiers, unknown_contents = deciding_tiers(shape, statuses, facts)
    true = facts.algebra.true
    in_scope = tuple(true if each.tier == "statute" else tiers[each.tier] for each in shape.criteria)
    return _suggest(shape, statuses, in_scope, tiers, unknown_contents, facts)


def status(criterion: Criterion, facts: Valuation[T]) -> Statuses[T]:
    """Return where a criterion has each status."""
    every, some, negated = facts.algebra.every, facts.algebra.some, facts.algebra.negated
    false = facts.algebra.false
    condition, require = criterion.condition, criterion.require
    governs, outside = facts.rail(condition, "true"), facts.rail(condition, "false")
    met = unmet = undocumented = false
    if governs is not false:
        met, unmet = (
            every((governs, facts.rail(require, "true"))),
            every((governs, facts.rail(require, "false"))),
        )
        open_ = every((governs, facts.open(require)))
        if open_ is not false and any(facts.silent(fact) is not false for fact in criterion.asks):
            shown = facts.rail(require, "false_or_silent"), facts.rail(require, "true_if_shown")
            undocumented = every((open_, *shown))
    unknown = negated(some((met, unmet, undocumented, outside)))
    return {
        "met": met,
        "unmet": unmet,
        "undocumented": undocumented,
        "unknown": unknown,
        "not_applicable": outside,
    }


def deciding_tiers(
    shape: Shape, statuses: Sequence[Statuses[T]], facts: Valuation[T]
) -> tuple[Mapping[str | None, T], T]:
    """Return where each tier is the first with a criterion for the item, and where one with unknown contents is.

    A guideline that governs and whose contents are not known holds its tier: a lower one is not asked.
    """
    every, some, negated, plain = (
        facts.algebra.every, facts.algebra.some, facts.algebra.negated, facts.algebra.plain,
    )  # fmt: skip
    found: dict[str | None, T] = {}
    unknown_contents: list[T] = []
    undecided = facts.algebra.true
    for tier in TIERS:
        silent = some(governs(each, facts) for each in shape.silent if each.tier == tier)
        speaks = some(
            negated(each["not_applicable"])
            for criterion, each in zip(shape.criteria, statuses, strict=True)
            if criterion.tier == tier
        )
        here = some((silent, speaks))
        if here is facts.algebra.false:
            found[tier] = here
            continue
        found[tier] = plain(every((undecided, here)))
        unknown_contents.append(every((found[tier], silent)))
        undecided = plain(every((undecided, negated(here))))
    found[None] = undecided
    return found, some(unknown_contents)


def governs(guideline: Silent, facts: Valuation[T]) -> T:
    """Return where a guideline of unknown contents governs: it applies, and nothing surely replaces it."""
    negated = facts.algebra.negated
    applies = [] if guideline.applies is None else [facts.rail(guideline.applies, "true")]
    return facts.algebra.every(
        (*applies, *(negated(facts.rail(each, "true")) for each in guideline.replaced))
    )


def _suggest(
    shape: Shape, statuses: tuple[Statuses[T], ...], in_scope: tuple[T, ...], tiers: Mapping[str | None, T],
    unknown_contents: T, facts: Valuation[T],
) -> Judged[T]:  # fmt: skip
    every, some, negated = facts.algebra.every, facts.algebra.some, facts.algebra.negated
    true, false = facts.algebra.true, facts.algebra.false
    counted = [heard if each.counts else false for each, heard in zip(shape.criteria, in_scope, strict=True)]

    def where(*wanted: Status) -> tuple[T, ...]:
        """Return where each criterion counts and has one of some statuses."""
        return tuple(
            every((heard, some(each[name] for name in wanted)))
            for heard, each in zip(counted, statuses, strict=True)
        )

    settled = true if shape.settled else false
    failing, meeting = where("unmet", "undocumented"), where("met")
    against, unknown = some(failing), some(where("unknown"))
    documented = {name: facts.yes(fact) for name, fact in shape.always}
    # A statutory cap that is not reached says what may not be exceeded, not that care is needed.
    spoken = some(met for met, each in zip(meeting, shape.criteria, strict=True) if each.tier != "statute")
    waits = false
    if shape.waits is not None:
        follows, supported = shape.waits
        waits = every((facts.yes(follows), negated(facts.exact(supported))))
    calm = every((settled, negated(against)))
    clear = every((calm, negated(some((unknown, unknown_contents, tiers[None])))))
    uphold = every((settled, against, negated(some(documented.values()))))
    overturn = every((clear, spoken))
    reasons: dict[ReviewReason, T] = dict.fromkeys(get_args(ReviewReason), false)
    reasons["edition_not_settled"] = negated(settled)
    for name, stated in documented.items():  # the facts bear the reasons' names
        reasons[cast(ReviewReason, name)] = every((settled, against, stated))
    reasons["principal_needs_review"] = every((calm, unknown, waits))
    reasons["facts_missing"] = every((calm, unknown, negated(waits)))
    reasons["criteria_not_known"] = every((calm, unknown_contents))
    reasons["nothing_governs"] = every((calm, tiers[None]))
    reasons["nothing_met"] = every((clear, negated(spoken)))
    suggestion: dict[Suggestion, T] = {
        "uphold": uphold, "overturn": overturn, "needs_review": negated(some((uphold, overturn))),
    }  # fmt: skip
    return Judged(statuses, in_scope, failing, meeting, tiers, suggestion, reasons)
