"""What a tree is over a symbolic row: two rails, surely true and surely false."""

from __future__ import annotations

from typing import NamedTuple

import z3

from imr_rules.engines.symbolic.values import (
    FALSE,
    TRUE,
    SymbolicRow,
    SymbolicValue,
    Words,
    all_of,
    any_of,
    negation,
)
from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Leaf, Linear, Node, Not, OneOf, Truth


class Rails(NamedTuple):
    """When a tree is surely true, and when surely false; while neither holds, it is unknown."""

    true: z3.BoolRef
    false: z3.BoolRef

    @property
    def open(self) -> z3.BoolRef:
        """When it is unknown."""
        return all_of((negation(self.true), negation(self.false)))


def rails(
    node: Node, row: SymbolicRow, words: Words, *, silence: bool | None = None, positive: bool = True
) -> Rails:
    """Return what ``node`` is over ``row``: :func:`imr_rules.expression.reference.truth`, for every row.

    Args:
        node: the tree.
        row: a value for every fact the tree names.
        words: the numbers of the words that choices may be.
        silence, positive: as :func:`~imr_rules.expression.reference.truth` has them.
    """
    if isinstance(node, (AllOf, AnyOf)):
        parts = [rails(part, row, words, silence=silence, positive=positive) for part in node.parts]
        true, false = [part.true for part in parts], [part.false for part in parts]
        if isinstance(node, AllOf):
            return Rails(all_of(true), any_of(false))
        return Rails(any_of(true), all_of(false))
    if isinstance(node, Not):
        inner = rails(node.inner, row, words, silence=silence, positive=not positive)
        return Rails(inner.false, inner.true)
    found = _leaf(node, row, words)
    if silence is None:
        return found
    values = _values(node, row)
    turned = all_of((found.open, any_of(value.silent for value in values)))
    if silence:
        turned = all_of((turned, *(any_of((value.silent, value.exact)) for value in values)))
    if turned is FALSE:
        return found
    if silence == positive:
        return Rails(any_of((found.true, turned)), found.false)
    return Rails(found.true, any_of((found.false, turned)))


def _values(node: Leaf, row: SymbolicRow) -> list[SymbolicValue]:
    if isinstance(node, Compare):
        return [row[name] for name, _ in node.form.terms]
    return [] if isinstance(node, Constant) else [row[node.name]]


def _leaf(node: Leaf, row: SymbolicRow, words: Words) -> Rails:
    if isinstance(node, Constant):
        return Rails(TRUE, FALSE) if node.value else Rails(FALSE, TRUE)
    if isinstance(node, Truth):
        return Rails(row[node.name].yes, row[node.name].no)
    if isinstance(node, OneOf):
        return _one_of(node, row[node.name], words)
    low, high = bounds(node.form, row)
    match node.op:
        case "<=":
            return Rails(high <= 0, low > 0)
        case "<":
            return Rails(high < 0, low >= 0)
        case ">=":
            return Rails(low >= 0, high < 0)
        case ">":
            return Rails(low > 0, high <= 0)
    equal, differ = z3.And(low == 0, high == 0), z3.Or(low > 0, high < 0)
    return Rails(equal, differ) if node.op == "==" else Rails(differ, equal)


def bounds(form: Linear, row: SymbolicRow) -> tuple[z3.ArithRef, z3.ArithRef]:
    """Return the least and the greatest value a sum may have."""
    low: list[z3.ArithRef] = [z3.IntVal(form.constant)]
    high: list[z3.ArithRef] = [z3.IntVal(form.constant)]
    for name, factor in form.terms:
        value = row[name]
        least, most = (value.low, value.high) if factor > 0 else (value.high, value.low)
        low.append(least if factor == 1 else factor * least)
        high.append(most if factor == 1 else factor * most)
    return z3.Sum(low), z3.Sum(high)


def _one_of(node: OneOf, value: SymbolicValue, words: Words) -> Rails:
    named = [each for each in node.values if isinstance(each, str)]
    if named:
        among = any_of(value.word == words.number(each) for each in sorted(named))
        return Rails(all_of((value.known, among)), all_of((value.known, negation(among))))
    runs = _runs(sorted(each for each in node.values if isinstance(each, int)))
    within = [z3.And(first <= value.low, value.high <= last) for first, last in runs]
    apart = [z3.Or(value.high < first, last < value.low) for first, last in runs]
    return Rails(any_of(within), all_of(apart))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as runs without a gap, each with its first and last."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found
