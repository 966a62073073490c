"""What a criteria tree means: the evaluator every other one is held to.

Written to be read against the definitions in ``docs/criteria.md``. A tree is evaluated
to True, False or None (unknown) over a row of facts; a criterion is judged from its condition and its
requirement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Linear, Node, Not, OneOf, Truth
from imr_rules.expression.values import Row, Value

Status = Literal["met", "unmet", "undocumented", "unknown", "not_applicable"]


class Judgeable(Protocol):
    """What an evaluator needs of a criterion."""

    @property
    def id(self) -> str:
        """Its full name, ``<guideline>#<criterion>``."""

    @property
    def condition(self) -> Node:
        """When it governs: applies, is not superseded, and ``when``."""

    @property
    def require(self) -> Node:
        """What it demands."""


def judge(criterion: Judgeable, row: Row) -> Status:
    """Return the status of one criterion.

    * ``not_applicable``: the condition is false.
    * ``met`` / ``unmet``: the condition is true, and the requirement is true / false.
    * ``undocumented``: the condition is true, and only facts whose silence counts against the request
      keep the requirement from being true: with that silence held against the request it is false, and
      with those facts shown it is true.
    * ``unknown``: otherwise.
    """
    governs = truth(criterion.condition, row)
    if governs is False:
        return "not_applicable"
    if governs is None:
        return "unknown"
    shown = truth(criterion.require, row)
    if shown is not None:
        return "met" if shown else "unmet"
    if truth(criterion.require, row, silence=False) is False and truth(criterion.require, row, silence=True):
        return "undocumented"
    return "unknown"


def truth(node: Node, row: Row, *, silence: bool | None = None, positive: bool = True) -> bool | None:
    """Return what ``node`` is over ``row``: True, False, or None while it is unknown.

    Args:
        node: the tree.
        row: a value for every fact the tree names.
        silence: how a leaf stands that is open for silence which counts against the request: None leaves
            it unknown, False holds the silence against the request, True takes the fact as shown.
        positive: False below an odd number of ``not``, where holding something against the request means
            taking the leaf as true.
    """
    return _TRUTH[type(node)](node, row, silence, positive)


def _parts(node: AllOf | AnyOf, row: Row, silence: bool | None, positive: bool) -> bool | None:
    decisive = type(node) is AnyOf
    result: bool | None = not decisive
    for part in node.parts:
        found = _TRUTH[type(part)](part, row, silence, positive)
        if found is decisive:
            return decisive
        if found is None:
            result = None
    return result


def _not(node: Not, row: Row, silence: bool | None, positive: bool) -> bool | None:
    inner = _TRUTH[type(node.inner)](node.inner, row, silence, not positive)
    return None if inner is None else not inner


def _constant(node: Constant, row: Row, silence: bool | None, positive: bool) -> bool | None:
    return node.value


def _fact(node: Truth, row: Row, silence: bool | None, positive: bool) -> bool | None:
    value = row[node.name]
    if value.low == value.high:
        return value.low == 1
    return _open_leaf((value,), silence, positive)


def _compare(node: Compare, row: Row, silence: bool | None, positive: bool) -> bool | None:
    low, high = bounds(node.form, row)
    match node.op:
        case "<=":
            always, never = high <= 0, low > 0
        case "<":
            always, never = high < 0, low >= 0
        case ">=":
            always, never = low >= 0, high < 0
        case ">":
            always, never = low > 0, high <= 0
        case "==":
            always, never = low == high == 0, low > 0 or high < 0
        case "!=":
            always, never = low > 0 or high < 0, low == high == 0
    if always or never:
        return always
    return _open_leaf([row[name] for name, _ in node.form.terms], silence, positive)


def _one_of(node: OneOf, row: Row, silence: bool | None, positive: bool) -> bool | None:
    value = row[node.name]
    if value.text is not None:
        return value.text in node.values
    if not isinstance(next(iter(node.values)), str):
        within = sum(value.low <= number <= value.high for number in node.values if isinstance(number, int))
        if not within:
            return False
        if within == value.high - value.low + 1:
            return True
    return _open_leaf((value,), silence, positive)


def _open_leaf(values: Sequence[Value], silence: bool | None, positive: bool) -> bool | None:
    """Return how a leaf stands that its facts leave open: see :func:`truth`."""
    if silence is None or not any(value.silent for value in values):
        return None
    if not silence:
        return not positive
    return positive if all(value.silent or value.exact for value in values) else None


_TRUTH: Mapping[type[Node], Callable[[Any, Row, bool | None, bool], bool | None]] = {
    AllOf: _parts, AnyOf: _parts, Not: _not,
    Constant: _constant, Truth: _fact, Compare: _compare, OneOf: _one_of,
}  # fmt: skip
"""The kind of a tree → what it is over a row, as :func:`truth` says: by a table, because every answer asks it often."""


def bounds(form: Linear, row: Row) -> tuple[int, int]:
    """Return the least and the greatest value ``form`` may have. Exact: each fact occurs once in it."""
    low = high = form.constant
    for name, factor in form.terms:
        value = row[name]
        if factor > 0:
            low += factor * value.low
            high += factor * value.high
        else:
            low += factor * value.high
            high += factor * value.low
    return low, high


def open_facts(node: Node, row: Row) -> list[str]:
    """Return the facts that keep ``node`` from being decided, in order, each once; none if it is decided."""
    found: dict[str, None] = {}
    _open(node, row, found)
    return list(found)


def _open(node: Node, row: Row, found: dict[str, None]) -> None:
    if truth(node, row) is not None:
        return
    if isinstance(node, (AllOf, AnyOf)):
        for part in node.parts:
            _open(part, row, found)
    elif isinstance(node, Not):
        _open(node.inner, row, found)
    elif isinstance(node, Compare):
        found.update((name, None) for name, _ in node.form.terms if not row[name].exact)
    elif not isinstance(node, Constant):
        found[node.name] = None


class Traced(NamedTuple):
    """A tree with what each part of it came to, for showing why."""

    node: Node
    truth: bool | None
    parts: tuple[Traced, ...]


def trace(node: Node, row: Row) -> Traced:
    """Return ``node`` with the truth of each of its parts over ``row``; nothing is cut short."""
    if isinstance(node, (AllOf, AnyOf)):
        inner = node.parts
    else:
        inner = (node.inner,) if isinstance(node, Not) else ()
    return Traced(node, truth(node, row), tuple(trace(part, row) for part in inner))
