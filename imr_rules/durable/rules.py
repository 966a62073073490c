"""From an alternative of plain tests to rules in the engine's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from imr_rules.durable.fields import Fields, Form, asks, reading
from imr_rules.expression import Compare, OneOf
from imr_rules.expression.normal_form import Conjunction, Test

_Plain = dict[str, Any]
"""One test in the engine's own words."""


def rule(tests: Sequence[_Plain]) -> dict[str, Any]:
    """Return the rule that fires where every one of some tests holds."""
    kind: _Plain = {"kind": "item"}
    return {"all": [{"m": {"$and": [kind, *tests]} if tests else kind}]}


def spread_of(conjunction: Conjunction) -> int:
    """Return how many of the engine's rules one alternative takes: a number that is to differ takes two."""
    return 1 << sum(
        isinstance(leaf, Compare) and (leaf.op, asks(rail)) in (("!=", True), ("==", False))
        for leaf, rail in conjunction
    )


def spread(conjunction: Conjunction, fields: Fields) -> list[list[_Plain]]:
    """Return a conjunction as the engine's own: that a number differs is an *or* of two plain tests."""
    found: list[list[_Plain]] = [[]]
    for test in sorted(conjunction, key=repr):
        choices = _plain(test, fields)
        found = [[*each, *choice] for each in found for choice in choices]
    return found


def _plain(test: Test, fields: Fields) -> list[list[_Plain]]:
    """Return one test as alternatives of the engine's plain tests."""
    leaf, rail = test
    if isinstance(leaf, Compare):
        return _compare(leaf, fields.form(leaf, reading(rail)), asks(rail))
    if reading(rail) != "plain":
        return [[{fields.passing(test): True}]]
    if isinstance(leaf, OneOf) and len(leaf.values) == 1:
        word = next(iter(leaf.values))
        if isinstance(word, str):
            field = fields.word(leaf.name)
            return [[{field: word}]] if asks(rail) else [[{"$neq": {field: word}}]]
    return [[{fields.flag(leaf): asks(rail)}]]


def _compare(leaf: Compare, form: Form, truth: bool) -> list[list[_Plain]]:
    limit = -leaf.form.constant
    low, high = form.low, form.high
    match (leaf.op, truth):
        case ("<=", True) | (">", False):
            return [[{"$lte": {high: limit}}]]
        case ("<=", False) | (">", True):
            return [[{"$gt": {low: limit}}]]
        case ("<", True) | (">=", False):
            return [[{"$lt": {high: limit}}]]
        case ("<", False) | (">=", True):
            return [[{"$gte": {low: limit}}]]
        case ("==", True) | ("!=", False):
            return [[{"$gte": {low: limit}}, {"$lte": {high: limit}}]]
        case _:
            return [[{"$gt": {low: limit}}], [{"$lt": {high: limit}}]]
