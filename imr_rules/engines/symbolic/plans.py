"""What a plan comes to over a symbolic row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import z3

from imr_rules.case import Suggestion
from imr_rules.engines.judging import Statuses, grounds_of, judge, lean_towards, suggest
from imr_rules.engines.shape import shape_of
from imr_rules.engines.symbolic.facts import SymbolicFacts
from imr_rules.engines.symbolic.values import SymbolicRow, Words, all_of, any_of, negation
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.suggestion import RestsOn, ReviewReason


class Encoded(NamedTuple):
    """What a plan comes to over a row, as terms.

    Attributes:
        plan: the plan.
        row: the row, with the plan's tables of limits added.
        statuses: of each criterion, in the plan's order; exactly one of them holds over any row.
        suggestion: when each is suggested; exactly one of them is.
        grounds: when each criterion is a ground, in the plan's order.
        reasons: when each reason for review is given.
        lean: when an item under review leans which way, by its own row; under ``none``, when it leans neither way.
        lean_grounds: when each criterion is a ground of the lean.
        rests_on: when the lean rests on practice, and when on adapted content.
        tiers: when each tier of the search sequence decides; under None, when none does.
        in_scope: when each criterion is heard, in the plan's order.
    """

    plan: Plan
    row: SymbolicRow
    statuses: tuple[Statuses[z3.BoolRef], ...]
    suggestion: Mapping[Suggestion, z3.BoolRef]
    grounds: tuple[z3.BoolRef, ...]
    reasons: Mapping[ReviewReason, z3.BoolRef]
    lean: Mapping[str, z3.BoolRef]
    lean_grounds: tuple[z3.BoolRef, ...]
    rests_on: Mapping[RestsOn, z3.BoolRef]
    tiers: Mapping[str | None, z3.BoolRef]
    in_scope: tuple[z3.BoolRef, ...]

    def status(self, criterion: str) -> Statuses[z3.BoolRef]:
        """Return when the criterion with a full name has each status.

        Raises:
            KeyError: the plan has no such criterion.
        """
        for planned, found in zip(self.plan.criteria, self.statuses, strict=True):
            if planned.id == criterion:
                return found
        raise KeyError(criterion)


def encode(
    plan: Plan,
    row: SymbolicRow,
    words: Words | None = None,
    *,
    settled: bool = True,
    contradicted: bool = False,
) -> Encoded:
    """Return what ``plan`` comes to over ``row``.

    Args:
        plan: what can govern.
        row: a value for each of the plan's facts; its tables of limits are worked out here.
        words: the numbers of the words that choices may be; those the row was made with.
        settled: False where the request's days fall under more than one edition.
        contradicted: whether the case contradicts itself in something that every answer turns on.
    """
    shape, binding = shape_of(plan, settled)
    facts = SymbolicFacts(
        row, binding, Words() if words is None else words, plan.types, contradicted=contradicted
    )
    judged = judge(shape, facts)
    found, leaning = suggest(shape, judged, facts), lean_towards(shape, judged, facts.algebra)
    ways = {
        "uphold": all_of((found.may_lean, leaning.uphold)), "overturn": all_of((found.may_lean, leaning.overturn)),
    }  # fmt: skip
    return Encoded(
        plan=plan,
        row=facts.row,
        statuses=judged.statuses,
        suggestion=found.suggestion,
        grounds=grounds_of(shape, judged, found, facts.algebra),
        reasons=found.reasons,
        lean={**ways, "none": negation(any_of(ways.values()))},
        lean_grounds=tuple(
            any_of((all_of((ways["uphold"], fails)), all_of((ways["overturn"], shows))))
            for fails, shows in zip(judged.failing, judged.shown, strict=True)
        ),
        rests_on={name: all_of((found.may_lean, term)) for name, term in leaning.rests_on.items()},
        tiers=judged.tiers,
        in_scope=judged.in_scope,
    )
