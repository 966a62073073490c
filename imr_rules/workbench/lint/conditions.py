"""Conditions of a guideline as terms of the solver: which of them can hold together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from imr_rules.expression import Constant, Node
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import make_plan

if TYPE_CHECKING:
    import z3

    from imr_rules.engines.symbolic import AnyRow


def as_terms(
    conditions: Sequence[Node], guideline: Guideline, rulebook: Rulebook
) -> tuple[AnyRow, tuple[z3.BoolRef, ...]]:
    """Return when each of some conditions surely holds, and the rows of facts that this is over.

    Args:
        conditions: over the facts of a guideline with criteria.
        guideline: that guideline.
        rulebook: that it is of.
    """
    from imr_rules.engines.symbolic import AnyRow, encode

    one = guideline.criteria[0]
    always = Constant(True)
    posed = tuple(
        replace(
            one, id=f"{guideline.id}#condition-{place}", name=f"condition-{place}", when=always, require=each
        )
        for place, each in enumerate(conditions)
    )
    alone = replace(guideline, applies_when=always, criteria=posed, supersedes=())
    plan = make_plan([alone], rulebook.vocabulary)
    rows = AnyRow()
    encoded = encode(plan, rows.row(plan.facts), rows.words)
    return rows, tuple(each["met"] for each in encoded.statuses)
