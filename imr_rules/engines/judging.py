"""From the facts of a shape to statuses, the deciding tier, the suggestion and the lean, over any kind of truth values.

The same steps, in the same order, as :func:`imr_rules.expression.reference.judge` and
:mod:`imr_rules.rulebook.suggestion`, which say it for one row; property tests hold both engines that use this to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, cast, get_args

from imr_rules.case import Suggestion
from imr_rules.engines.algebra import Algebra, T, Valuation
from imr_rules.engines.shape import Criterion, Shape, Silent
from imr_rules.expression.reference import Status
from imr_rules.rulebook.model import Strength
from imr_rules.rulebook.suggestion import RestsOn, ReviewReason

Statuses = Mapping[Status, T]
"""Where a criterion has each status: exactly one of them, everywhere."""


class Judged(NamedTuple, Generic[T]):
    """What the criteria of a shape come to, in its order.

    Attributes:
        statuses: of each criterion.
        tiers: where each tier decides; under None, where none does.
        in_scope: where each criterion is heard: those of statutes, and those of the deciding tier.
        unknown_contents: where the deciding tier has a guideline of unknown contents.
        counted: where each criterion is heard and is no caution.
        failing: where each counts against the request.
        shown: where each is an indication that is met on a stated fact.
        documented: where the record documents each fact that turns a ground into a matter for review.
    """

    statuses: tuple[Statuses[T], ...]
    tiers: Mapping[str | None, T]
    in_scope: tuple[T, ...]
    unknown_contents: T
    counted: tuple[T, ...]
    failing: tuple[T, ...]
    shown: tuple[T, ...]
    documented: Mapping[str, T]

    def counting(self, status: Status, algebra: Algebra[T]) -> tuple[T, ...]:
        """Return where each criterion counts and has a status."""
        return tuple(
            algebra.every((where, each[status]))
            for where, each in zip(self.counted, self.statuses, strict=True)
        )


class Suggested(NamedTuple, Generic[T]):
    """What is suggested.

    Attributes:
        suggestion: where each is suggested: exactly one of them, everywhere.
        reasons: where each reason for review is given.
        may_lean: where an item under review may lean either way.
    """

    suggestion: Mapping[Suggestion, T]
    reasons: Mapping[ReviewReason, T]
    may_lean: T


class Lean(NamedTuple, Generic[T]):
    """Which way items lean, whatever is suggested for them.

    Attributes:
        uphold, overturn: where.
        rests_on: where the lean rests on each of these; silence is the caller's to add.
    """

    uphold: T
    overturn: T
    rests_on: Mapping[RestsOn, T]


# -- what the criteria come to -------------------------------------------------------------------------------


def judge(shape: Shape, facts: Valuation[T]) -> Judged[T]:
    """Return what the criteria of a shape come to over some facts."""
    every, some, false = facts.algebra.every, facts.algebra.some, facts.algebra.false
    for table in shape.tables:
        facts.work_out(table)
    criteria = shape.criteria
    statuses = tuple(status(each, facts) for each in criteria)
    tiers, unknown_contents = deciding_tiers(shape, statuses, facts)
    in_scope = tuple(
        every(
            (
                facts.algebra.true if each.tier == "statute" else tiers[each.tier],
                *(() if each.situation is None else (facts.rail(each.situation, "true"),)),
            )
        )
        for each in criteria
    )
    counted = tuple(
        heard if each.kind != "caution" else false for each, heard in zip(criteria, in_scope, strict=True)
    )
    # silence about what an adapted guideline asks for says nothing against the request
    failing = tuple(
        every(
            (
                where,
                each["unmet"]
                if criterion.strength == "adapted"
                else some((each["unmet"], each["undocumented"])),
            )
        )
        for criterion, where, each in zip(criteria, counted, statuses, strict=True)
    )
    shown = tuple(
        every((where, each["met"], is_stated(criterion, facts))) if criterion.carries else false
        for criterion, where, each in zip(criteria, counted, statuses, strict=True)
    )
    documented = {name: facts.yes(fact) for name, fact in shape.always}
    return Judged(statuses, tiers, in_scope, unknown_contents, counted, failing, shown, documented)


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
        "met": met, "unmet": unmet, "undocumented": undocumented, "unknown": unknown, "not_applicable": outside,
    }  # fmt: skip


def is_stated(criterion: Criterion, facts: Valuation[T]) -> T:
    """Return where a criterion that is met would be met if nothing were assumed, and rests on something stated."""
    assert criterion.carries is not None
    tree, asked, told = criterion.carries
    stated = facts.algebra.some(facts.told(fact) for fact in told)
    if all(facts.assumed(fact) is facts.algebra.false for fact in asked):
        return stated
    return facts.algebra.every((stated, facts.stated().rail(tree, "true")))


def deciding_tiers(
    shape: Shape, statuses: Sequence[Statuses[T]], facts: Valuation[T]
) -> tuple[Mapping[str | None, T], T]:
    """Return where each tier is the first with a criterion for the item, and where one with unknown contents is.

    A guideline that governs and whose contents are not known holds its tier: a lower one is not asked.
    """
    algebra = facts.algebra
    every, some, negated, plain = algebra.every, algebra.some, algebra.negated, algebra.plain
    found: dict[str | None, T] = {}
    unknown_contents: list[T] = []
    undecided = algebra.true
    for tier in shape.tiers:
        silent = some(governs(each, facts) for each in shape.silent if each.tier == tier)
        speaks = some(
            negated(each["not_applicable"])
            for criterion, each in zip(shape.criteria, statuses, strict=True)
            if criterion.tier == tier
        )
        here = some((silent, speaks))
        if here is algebra.false:
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


# -- what follows from them ----------------------------------------------------------------------------------


def suggest(shape: Shape, judged: Judged[T], facts: Valuation[T]) -> Suggested[T]:
    """Return what is suggested: :func:`imr_rules.rulebook.suggestion.suggest`."""
    every, some, negated = facts.algebra.every, facts.algebra.some, facts.algebra.negated
    true, false = facts.algebra.true, facts.algebra.false

    def text(found: Sequence[T]) -> T:
        """Return where some criterion of guideline text is found."""
        return _some_of(found, "text", shape, facts.algebra)

    settled, contradicted = true if shape.settled else false, facts.contradicted()
    clear = every((settled, negated(contradicted)))
    against = text(judged.failing)
    speaking = some(
        fails
        for criterion, fails in zip(shape.criteria, judged.failing, strict=True)
        if criterion.strength != "text"
    )
    calm = every((clear, negated(against)))
    unknown = text(judged.counting("unknown", facts.algebra))
    governed = text(
        [
            every((where, negated(each["not_applicable"])))
            for where, each in zip(judged.counted, judged.statuses, strict=True)
        ]
    )
    shown = text(judged.shown)
    waits = false
    if shape.waits is not None:
        follows, supported = shape.waits
        waits = every((facts.yes(follows), negated(facts.exact(supported))))
    unread = every((judged.unknown_contents, negated(shown)))  # text decides beside what was not read
    decided = every((calm, negated(unknown), negated(unread)))
    uphold = every((clear, against, negated(some(judged.documented.values()))))
    overturn = every((decided, shown, negated(speaking)))
    reasons: dict[ReviewReason, T] = dict.fromkeys(get_args(ReviewReason), false)
    reasons["edition_not_settled"], reasons["contradiction"] = negated(settled), contradicted
    for name, stated in judged.documented.items():  # the facts bear the reasons' names
        reasons[cast(ReviewReason, name)] = every((clear, against, stated))
    reasons["principal_needs_review"] = every((calm, unknown, waits))
    reasons["facts_missing"] = every((calm, unknown, negated(waits)))
    reasons["criteria_not_known"] = every((calm, unread))
    reasons["nothing_governs"] = every((decided, negated(governed)))
    reasons["no_indication"] = every((decided, governed, negated(shown)))
    reasons["practice_against"] = every((decided, shown, speaking))
    review = negated(some((uphold, overturn)))
    return Suggested(
        {"uphold": uphold, "overturn": overturn, "needs_review": review}, reasons, every((review, clear))
    )


def grounds_of(
    shape: Shape, judged: Judged[T], suggested: Suggested[T], algebra: Algebra[T]
) -> tuple[T, ...]:
    """Return where each criterion is a ground of what is suggested.

    Practice may stand beside a text ground for upholding, adapted content never; overturning rests on text alone.
    """
    uphold, overturn = suggested.suggestion["uphold"], suggested.suggestion["overturn"]
    return tuple(
        algebra.some(
            (
                algebra.false if each.strength == "adapted" else algebra.every((uphold, fails)),
                algebra.every((overturn, shows)) if each.strength == "text" else algebra.false,
            )
        )
        for each, fails, shows in zip(shape.criteria, judged.failing, judged.shown, strict=True)
    )


def lean_towards(shape: Shape, judged: Judged[T], algebra: Algebra[T]) -> Lean[T]:
    """Return which way items lean: :func:`imr_rules.rulebook.suggestion.lean_towards`, silence apart."""
    every, some, negated = algebra.every, algebra.some, algebra.negated
    failing, shown = some(judged.failing), some(judged.shown)
    unknown = some((*judged.counting("unknown", algebra), *judged.counting("undocumented", algebra)))
    uphold = every((failing, negated(some(judged.documented.values()))))
    overturn = every((shown, negated(failing), negated(unknown)))
    weaker: dict[RestsOn, T] = {}
    for name in ("practice", "adapted"):
        ways = ((uphold, judged.failing), (overturn, judged.shown))
        weaker[name] = some(
            every(
                (
                    way,
                    _some_of(grounds, name, shape, algebra),
                    negated(_some_of(grounds, "text", shape, algebra)),
                )
            )
            for way, grounds in ways
        )
    return Lean(uphold, overturn, weaker)


def _some_of(found: Sequence[T], strength: Strength, shape: Shape, algebra: Algebra[T]) -> T:
    """Return where some criterion of a strength is found."""
    return algebra.some(
        where for where, each in zip(found, shape.criteria, strict=True) if each.strength == strength
    )
