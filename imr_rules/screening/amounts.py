"""Three quantities of an item, and how much of what is in dispute the limits leave room for."""

from __future__ import annotations

from functools import cache

from imr_rules.case import MOST
from imr_rules.expression import Compare, reference
from imr_rules.expression.reference import Status
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.quantities import asked, granted, in_dispute
from imr_rules.facts.record import Record
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.suggestion import Suggested
from imr_rules.screening.prepared_item import PreparedItem
from imr_rules.screening.result import Quantity


def within_limits(question: PreparedItem, statuses: list[Status], suggested: Suggested) -> Quantity | None:
    """Return how much of what is in dispute the limits leave room for, or None where that cannot be said."""
    plan, row = question.plan, question.row
    least: int | None = None
    unit = ""
    for place in suggested.governing:
        planned = plan.criteria[place]
        if statuses[place] in ("not_applicable", "unknown") or planned.criterion.kind == "caution":
            continue
        if planned.quantity is None:
            continue
        tree = planned.require
        assert isinstance(tree, Compare)
        low, high = reference.bounds(tree.form, row)
        if low != high:
            return None
        unit = str(plan.types[planned.quantity].unit)
        disputed = in_dispute(question.record, _amount_in(unit))
        times = dict(tree.form.terms)[planned.quantity]
        if not disputed.exact:
            return None
        over = -(-max(0, high + (tree.op == "<")) // times)
        room = max(0, disputed.low - over)
        least = room if least is None else min(least, room)
    return None if least is None else Quantity(least, least, unit)


def amounts(record: Record) -> tuple[Quantity, Quantity, Quantity]:
    """Return what was asked, authorized and remains in dispute, in the treatment's unit."""
    unit = record.unit
    spec = _amount_in(unit)
    return tuple(  # type: ignore[return-value]  # three of them
        _quantity(amount(record, spec), unit) for amount in (asked, granted, in_dispute)
    )


@cache
def _amount_in(unit: str) -> FactSpec:
    """Return an amount in a unit as if it were a fact of the dictionary."""
    return FactSpec("amount", "amount", FactType.integer(0, 100_000, unit), "", "unknown", "", True)


def _quantity(value: Value, unit: str) -> Quantity:
    if value.state in ("missing", "undocumented"):
        return Quantity(None, None, unit)
    high = None if value.high >= MOST else value.high
    return Quantity(value.low, high, unit, value.assumed)
