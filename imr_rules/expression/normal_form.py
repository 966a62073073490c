"""A criterion as lists of alternatives, each a list of plain tests: disjunctive normal form.

durable-rules matches conjunctions, so each status of a criterion becomes the alternatives under which it
holds. The number of alternatives is bounded when a rulebook is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Literal, NamedTuple

from imr_rules.expression import AllOf, AnyOf, Constant, Leaf, Node, Not
from imr_rules.expression.reference import Judgeable, Status

MOST_ALTERNATIVES = 128
"""Most alternatives one status of one criterion may have."""

Rail = Literal["true", "false", "true_or_silent", "false_or_silent", "true_if_shown", "false_if_shown"]
"""What is asked of a leaf: that it is surely true or false; or that, or open for silence held against the
request; or that, or open for nothing but such silence."""

OPPOSITE: dict[Rail, Rail] = {
    "true": "false",
    "true_or_silent": "false_or_silent",
    "true_if_shown": "false_if_shown",
}
OPPOSITE |= {other: one for one, other in OPPOSITE.items()}
"""The rail of a part below ``not``."""


class Test(NamedTuple):
    """One plain test: a leaf on one rail."""

    leaf: Leaf
    rail: Rail


Conjunction = frozenset[Test]


class TooManyAlternatives(Exception):
    """A tree has more alternatives than :data:`MOST_ALTERNATIVES`."""


def statuses(criterion: Judgeable) -> dict[Status, list[Conjunction]]:
    """Return the alternatives under which each decided status of a criterion holds; none of them is ``unknown``.

    Raises:
        TooManyAlternatives: where a status has more than the bound.
    """
    governs = alternatives(criterion.condition, "true")
    require = criterion.require
    return {
        "not_applicable": alternatives(criterion.condition, "false"),
        "met": _both(governs, alternatives(require, "true")),
        "unmet": _both(governs, alternatives(require, "false")),
        "undocumented": _both(
            governs, _both(alternatives(require, "false_or_silent"), alternatives(require, "true_if_shown"))
        ),
    }


def alternatives(node: Node, rail: Rail) -> list[Conjunction]:
    """Return the alternatives under which ``node`` passes on ``rail``: empty for never, one empty for always."""
    if isinstance(node, Constant):
        return [frozenset()] if node.value == rail.startswith("true") else []
    if isinstance(node, Not):
        return alternatives(node.inner, OPPOSITE[rail])
    if isinstance(node, (AllOf, AnyOf)):
        parts = [alternatives(part, rail) for part in node.parts]
        if isinstance(node, AllOf) == rail.startswith("true"):
            total: list[Conjunction] = [frozenset()]
            for part in parts:
                total = _both(total, part)
            return total
        return _simplest(each for part in parts for each in part)
    return [frozenset({Test(node, rail)})]


def _both(left: list[Conjunction], right: list[Conjunction]) -> list[Conjunction]:
    if len(left) * len(right) > 64 * MOST_ALTERNATIVES:
        raise TooManyAlternatives
    return _simplest(one | other for one, other in product(left, right))


def _simplest(found: Iterable[Conjunction]) -> list[Conjunction]:
    """Drop alternatives that cannot hold or that a shorter one already covers."""
    possible = [each for each in dict.fromkeys(found) if not _contradicts(each)]
    possible.sort(key=len)
    kept: list[Conjunction] = []
    for each in possible:
        if not any(shorter <= each for shorter in kept):
            kept.append(each)
    if len(kept) > MOST_ALTERNATIVES:
        raise TooManyAlternatives
    return kept


def _contradicts(tests: Conjunction) -> bool:
    return any(test.rail == "true" and Test(test.leaf, "false") in tests for test in tests)
