"""A boundary case of one row of a table, turned into that of another row.

A table of seventy procedures has seventy times the same boundaries: what the solver found for one row is
carried over to the next by exchanging the row's word and its numbers, and is kept only if it holds there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from imr_rules.expression import OneOf
from imr_rules.rulebook.model import Guideline, Limit, LimitRow
from imr_rules.rulebook.plan import governing_rows
from imr_rules.workbench.mutation.judging import Posed


def grafts(
    original: Guideline, mutant: Guideline, item: Mapping[str, Any], posed: Posed
) -> Iterator[dict[str, Any]]:
    """Yield an item as it would be for the rows that a mutant changes.

    Args:
        original, mutant: the guideline, and the mutant.
        item: a boundary case, as plain data.
        posed: the same, posed.
    """
    if all(each.id != original.id for each in posed.question.plan.guidelines):
        return
    for name, limit in original.limits.items():
        if not limit.rows or name not in mutant.limits:
            continue
        governs, _ = governing_rows(limit, posed.question.row)
        if governs is None or not isinstance(governs.when, OneOf):
            continue
        for row in _changed(limit, mutant.limits[name]):
            if isinstance(row.when, OneOf) and row is not governs and row.when.name == governs.when.name:
                yield _carried_over(item, governs, row, row.when)


def _changed(limit: Limit, other: Limit) -> Iterator[LimitRow]:
    """Yield the rows of a limit that another form of it does not have as they are."""
    theirs = [(row.label, row.when, row.amounts) for row in other.rows]
    return (row for row in limit.rows if (row.label, row.when, row.amounts) not in theirs)


def _carried_over(item: Mapping[str, Any], before: LimitRow, after: LimitRow, when: OneOf) -> dict[str, Any]:
    def number(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        for plural, (_, old) in before.amounts.items():
            if plural in after.amounts:
                new = after.amounts[plural][1]
                for then, now in ((old, new), ((old + 1) // 2, (new + 1) // 2)):  # the limit, and its half
                    if abs(value - then) <= 1:
                        return now + value - then
        return value

    findings = {name: number(value) for name, value in item.get("findings", {}).items()}
    findings[when.name] = min(str(each) for each in when.values)
    amounts = {key: number(item[key]) for key in ("in_dispute", "authorized") if key in item}
    return {**item, **amounts, "findings": findings}
