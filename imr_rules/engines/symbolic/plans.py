"""What a plan comes to over a symbolic row: statuses, tier and suggestion, in the order the reference has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, get_args

import z3

from imr_rules.engines.symbolic.trees import rails
from imr_rules.engines.symbolic.values import (
    FALSE,
    TRUE,
    SymbolicRow,
    SymbolicValue,
    Words,
    all_of,
    any_of,
    negation,
    stepped,
)
from imr_rules.expression.reference import Judgeable, Status
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import ALWAYS, TIERS, Plan, TableLimit
from imr_rules.rulebook.suggestion import ReviewReason, Suggestion

Statuses = Mapping[Status, z3.BoolRef]
"""When a criterion has each status; exactly one of them holds over any row."""


class Encoded(NamedTuple):
    """What a plan comes to over a row, as terms.

    Attributes:
        plan: the plan.
        row: the row, with the plan's tables of limits added.
        statuses: of each criterion, in the plan's order.
        suggestion: when each is suggested; exactly one of them is.
        grounds: when each criterion is a ground, in the plan's order.
        reasons: when each reason for review is given.
        tiers: when each tier of the search sequence decides; under None, when none does.
        governing: when each criterion is heard, in the plan's order.
    """

    plan: Plan
    row: SymbolicRow
    statuses: tuple[Statuses, ...]
    suggestion: Mapping[Suggestion, z3.BoolRef]
    grounds: tuple[z3.BoolRef, ...]
    reasons: Mapping[ReviewReason, z3.BoolRef]
    tiers: Mapping[str | None, z3.BoolRef]
    governing: tuple[z3.BoolRef, ...]

    def status(self, criterion: str) -> Statuses:
        """Return when the criterion with a full name has each status.

        Raises:
            KeyError: the plan has no such criterion.
        """
        for planned, found in zip(self.plan.criteria, self.statuses, strict=True):
            if planned.id == criterion:
                return found
        raise KeyError(criterion)


def encode(plan: Plan, row: SymbolicRow, words: Words | None = None, *, settled: bool = True) -> Encoded:
    """Return what ``plan`` comes to over ``row``.

    Args:
        plan: what can govern.
        row: a value for each of the plan's facts; its tables of limits are worked out here.
        words: the numbers of the words that choices may be; those the row was made with.
        settled: False where the request's days fall under more than one edition.
    """
    words = Words() if words is None else words
    whole = dict(row)
    for table in plan.tables:
        whole[table.name] = _table(table, whole, words)
    statuses = tuple(encode_criterion(criterion, whole, words) for criterion in plan.criteria)
    tiers, silent = _tiers(plan, whole, words, statuses)
    governing = tuple(
        TRUE if each.guideline.source.tier == "statute" else tiers[each.guideline.source.tier]
        for each in plan.criteria
    )
    return _suggest(plan, whole, statuses, tiers, governing, silent, settled)


def encode_criterion(criterion: Judgeable, row: SymbolicRow, words: Words) -> Statuses:
    """Return when one criterion has each status: :func:`imr_rules.expression.reference.judge`, for every row."""
    governs = rails(criterion.condition, row, words)
    shown = rails(criterion.require, row, words)
    held = rails(criterion.require, row, words, silence=False)
    taken = rails(criterion.require, row, words, silence=True)
    met, unmet = all_of((governs.true, shown.true)), all_of((governs.true, shown.false))
    undocumented = all_of((governs.true, shown.open, held.false, taken.true))
    others = (governs.false, met, unmet, undocumented)
    return {
        "met": met,
        "unmet": unmet,
        "undocumented": undocumented,
        "not_applicable": governs.false,
        "unknown": all_of(negation(each) for each in others),
    }


def _table(table: TableLimit, row: SymbolicRow, words: Words) -> SymbolicValue:
    """Return one number of a limit with rows: :meth:`~imr_rules.rulebook.plan.TableLimit.value`."""
    sure: dict[int, list[z3.BoolRef]] = {}
    possible: dict[int, list[z3.BoolRef]] = {}
    for each in table.limit.rows:
        amount, fits = each.amounts[table.plural][table.end], rails(each.when, row, words)
        sure.setdefault(amount, []).append(fits.true)
        possible.setdefault(amount, []).append(negation(fits.false))
    none_sure = negation(any_of(term for terms in sure.values() for term in terms))
    if table.limit.otherwise is not None:
        amount = table.limit.otherwise.amounts[table.plural][table.end]
        possible.setdefault(amount, []).append(none_sure)
    falling = sorted(possible, reverse=True)
    high = stepped([(any_of(possible[each]), each) for each in falling], table.type.high)
    least = stepped([(any_of(possible[each]), each) for each in reversed(falling)], table.type.low)
    low = stepped([(any_of(sure[each]), each) for each in sorted(sure, reverse=True)], least)
    exists = any_of(term for terms in possible.values() for term in terms)
    return SymbolicValue.number(low, high, exact=z3.And(low == high, exists))


def _tiers(
    plan: Plan, row: SymbolicRow, words: Words, statuses: tuple[Statuses, ...]
) -> tuple[Mapping[str | None, z3.BoolRef], z3.BoolRef]:
    """Return when each tier decides, and when a guideline of unknown contents governs in it."""
    found: dict[str | None, z3.BoolRef] = {}
    free = TRUE
    silent_somewhere: list[z3.BoolRef] = []
    for tier in TIERS:
        silent = any_of(
            _governs(plan, guideline, row, words)
            for guideline in plan.guidelines
            if guideline.source.tier == tier and not guideline.known
        )
        speaks = any_of(
            negation(status["not_applicable"])
            for planned, status in zip(plan.criteria, statuses, strict=True)
            if planned.guideline.source.tier == tier
        )
        here = any_of((silent, speaks))
        found[tier] = all_of((free, here))
        silent_somewhere.append(all_of((found[tier], silent)))
        free = all_of((free, negation(here)))
    found[None] = free
    return found, any_of(silent_somewhere)


def _governs(plan: Plan, guideline: Guideline, row: SymbolicRow, words: Words) -> z3.BoolRef:
    applies = TRUE if guideline.by_analogy else negation(rails(guideline.applies_when, row, words).false)
    replaced = [rails(when, row, words).true for _, when in plan.superseded.get(guideline.id, ())]
    return all_of((applies, *(negation(each) for each in replaced)))


def _suggest(
    plan: Plan, row: SymbolicRow, statuses: tuple[Statuses, ...], tiers: Mapping[str | None, z3.BoolRef],
    governing: tuple[z3.BoolRef, ...], contents_unknown: z3.BoolRef, settled: bool,
) -> Encoded:  # fmt: skip
    """Return the suggestion and what it rests on: :func:`imr_rules.rulebook.suggestion.suggest`."""
    counted = tuple(
        heard if planned.criterion.kind == "ground" else FALSE
        for planned, heard in zip(plan.criteria, governing, strict=True)
    )

    def each_with(*wanted: Status) -> tuple[z3.BoolRef, ...]:
        return tuple(
            all_of((heard, any_of(status[name] for name in wanted)))
            for heard, status in zip(counted, statuses, strict=True)
        )

    settles = TRUE if settled else FALSE
    failing, meeting = each_with("unmet", "undocumented"), each_with("met")
    against, unknown = any_of(failing), any_of(each_with("unknown"))
    documented = [row[name].yes if name in row else FALSE for name in ALWAYS]
    uphold = all_of((settles, against, negation(any_of(documented))))
    spoken = any_of(
        met
        for met, planned in zip(meeting, plan.criteria, strict=True)
        if planned.guideline.source.tier != "statute"
    )
    waits = FALSE
    if "follows_principal" in row and "principal_supported" in row:
        waits = all_of((row["follows_principal"].yes, negation(row["principal_supported"].exact)))
    nothing_against = all_of((settles, negation(against)))
    clear = all_of((nothing_against, negation(unknown), negation(contents_unknown), negation(tiers[None])))
    overturn = all_of((clear, spoken))
    reasons: dict[ReviewReason, z3.BoolRef] = dict.fromkeys(get_args(ReviewReason), FALSE)
    reasons["edition_not_settled"] = negation(settles)
    for name, term in zip(ALWAYS, documented, strict=True):
        reasons[name] = all_of((settles, against, term))  # type: ignore[index]  # the facts bear the reasons' names
    reasons["principal_needs_review"] = all_of((nothing_against, unknown, waits))
    reasons["facts_missing"] = all_of((nothing_against, unknown, negation(waits)))
    reasons["criteria_not_known"] = all_of((nothing_against, contents_unknown))
    reasons["nothing_governs"] = all_of((nothing_against, tiers[None]))
    reasons["nothing_met"] = all_of((clear, negation(spoken)))
    return Encoded(
        plan, row, statuses,
        {
            "uphold": uphold, "overturn": overturn,
            "needs_review": all_of((negation(uphold), negation(overturn))),
        },
        tuple(_ground(uphold, fails, overturn, meets) for fails, meets in zip(failing, meeting, strict=True)),
        reasons, tiers, governing,
    )  # fmt: skip


def _ground(*pairs: z3.BoolRef) -> z3.BoolRef:
    uphold, fails, overturn, meets = pairs
    return any_of((all_of((uphold, fails)), all_of((overturn, meets))))
