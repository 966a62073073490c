"""How far from each limit the facts of an item lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from imr_rules._units import PLURALS, counted_as
from imr_rules.expression import Compare, leaves, parse
from imr_rules.expression.reference import bounds
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.model import Guideline, Limit
from imr_rules.rulebook.plan import governing_rows


class Comparison(NamedTuple):
    """A comparison of a guideline with one of its limits.

    Attributes:
        limit: the limit.
        plural, end: which of its numbers: the unit, and ``min`` or ``max``.
        name: the limit's name in the comparison's form.
        tree: the comparison, with the limit still a name in it.
    """

    limit: Limit
    plural: str
    end: str
    name: str
    tree: Compare


class Distance(NamedTuple):
    """How far the facts of an item lie from a limit, and which number that is.

    Attributes:
        row: label of the row that governs; empty for a limit without rows.
        number: the limit.
        away: the facts less the limit, in the limit's unit.
    """

    row: str
    number: int
    away: int


def comparisons(guideline: Guideline, facts: Mapping[str, FactSpec]) -> Iterator[Comparison]:
    """Yield each comparison that a guideline makes with a limit of its own."""

    def resolve(name: str) -> tuple[str, FactType] | None:
        if name.startswith("limits."):
            return name, FactType.integer(0, 1_000_000, counted_as(PLURALS[name.split(".")[2]]))
        spec = facts.get(name)
        return None if spec is None else (name, spec.type)

    texts = [guideline.applies_text, *(each.when_text for each in guideline.supersedes)]
    for criterion in guideline.criteria:
        if not criterion.recommendation:
            texts += [criterion.when_text, criterion.require_text]
    for text in dict.fromkeys(filter(None, texts)):
        for leaf in leaves(parse(text, resolve)):
            if isinstance(leaf, Compare):
                for name, factor in leaf.form.terms:
                    if name.startswith("limits.") and abs(factor) == 1:
                        _, limit, plural, *end = name.split(".")
                        yield Comparison(
                            guideline.limits[limit], plural, end[0] if end else "max", name, leaf
                        )


def distance(comparison: Comparison, row: Row) -> Distance | None:
    """Return how far the facts lie from a limit; None where they, or the row that governs, are not settled."""
    limit = comparison.limit
    amounts, label = limit.amounts, ""
    if limit.rows:
        governs, _ = governing_rows(limit, row)
        if governs is None:
            return None
        amounts, label = governs.amounts, governs.label
    if comparison.plural not in amounts:
        return None
    number = amounts[comparison.plural][0 if comparison.end == "min" else 1]
    form = comparison.tree.form
    names = [name for name, _ in form.terms if name != comparison.name]
    if any(name.startswith("limits.") or name not in row or not row[name].exact for name in names):
        return None
    low, high = bounds(form, {**row, comparison.name: Value("known", number, number)})
    if low != high:
        return None
    # The limit stands on the right of the comparison where its factor is negative.
    return Distance(label, number, low if dict(form.terms)[comparison.name] < 0 else -low)
