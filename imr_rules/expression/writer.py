"""A tree as text that reads back as the same tree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from imr_rules.expression.tree import AllOf, AnyOf, Compare, Constant, Node, Not, OneOf, Truth
from imr_rules.expression.values import FactType


def write(node: Node, types: Mapping[str, FactType]) -> str:
    """Return a tree as text that :func:`~imr_rules.expression.parse` reads back as the same tree, limits written as their numbers.

    Args:
        node: the tree.
        types: type of each name in it, to tell dates from numbers.
    """
    if isinstance(node, Constant):
        return "true" if node.value else "false"
    if isinstance(node, Truth):
        return node.name
    if isinstance(node, OneOf):
        return f"{node.name} in [{', '.join(str(each) for each in sorted(node.values, key=_in_order))}]"
    if isinstance(node, Compare):
        return _write_comparison(node, types)
    if isinstance(node, Not):
        inner = write(node.inner, types)
        return f"not ({inner})" if isinstance(node.inner, (AllOf, AnyOf)) else f"not {inner}"
    parts = [
        f"({write(part, types)})" if isinstance(part, (AllOf, AnyOf)) else write(part, types)
        for part in node.parts
    ]
    return (" and " if isinstance(node, AllOf) else " or ").join(parts)


def _in_order(word: str | int) -> tuple[int, str]:
    return (word, "") if isinstance(word, int) else (0, word)


def _write_comparison(node: Compare, types: Mapping[str, FactType]) -> str:
    """Write ``form op 0`` with what is added on the left and what is taken away on the right."""
    terms, constant = node.form.terms, node.form.constant
    left = [_multiple(name, factor) for name, factor in terms if factor > 0]
    right = [_multiple(name, -factor) for name, factor in terms if factor < 0]
    dates = sum(factor for name, factor in terms if types[name].kind == "date")
    if abs(dates) == 1:  # dates that do not cancel out are compared with a day
        day = min(max(-dates * constant, date.min.toordinal()), date.max.toordinal())
        (right if dates > 0 else left).append(str(date.fromordinal(day)))
        constant += dates * day
    if constant:
        (left if constant > 0 else right).append(str(abs(constant)))
    return f"{' + '.join(left) or '0'} {node.op} {' + '.join(right) or '0'}"


def _multiple(name: str, factor: int) -> str:
    return name if factor == 1 else f"{factor} * {name}"
