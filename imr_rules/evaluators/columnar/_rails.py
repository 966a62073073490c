"""Criteria trees over many rows at once, on rails: where a tree is surely true, and where it is surely false.

A rail is an array of truths, one a row, or one plain ``bool`` where every row agrees. Open is what is on
neither rail. The rails that hear silence are those of :mod:`imr_rules.evaluators.normal_form`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from imr_rules.evaluators.columnar._columns import Column
from imr_rules.evaluators.normal_form import OPPOSITE, Rail
from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Leaf, Node, Not, OneOf, Truth

__all__ = ["Compiler", "Mask", "Part", "Rows", "both", "either", "exact", "negated"]

Mask = Any
"""An array of truths, or one ``bool`` for all rows."""


def both(one: Mask, other: Mask) -> Mask:
    """Return ``one and other``."""
    if one is True or other is False:
        return other
    if one is False or other is True:
        return one
    return one & other


def either(one: Mask, other: Mask) -> Mask:
    """Return ``one or other``."""
    if one is False or other is True:
        return other
    if one is True or other is False:
        return one
    return one | other


def negated(mask: Mask) -> Mask:
    """Return ``not mask``."""
    if mask is True or mask is False:
        return not mask
    return ~mask


def mask(found: Any) -> Mask:
    """Return what a comparison gave as a rail: one of plain numbers gives a plain ``bool``."""
    return found if isinstance(found, np.ndarray) else bool(found)


class Rows:
    """Some rows of a batch, and what was worked out about them: each part of a tree on each rail once."""

    def __init__(self, columns: Mapping[str, Column], rows: Any) -> None:
        self._columns = columns
        self.places = rows
        self.count = len(rows)
        self.memo: dict[tuple[int, Rail | None], Mask] = {}
        self._found: dict[str, Column] = {}

    def column(self, name: str) -> Column:
        """Return what these rows say of a fact."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._columns[name].at(self.places)
        return found

    def add(self, name: str, column: Column) -> None:
        """Add a fact worked out from others."""
        self._found[name] = column


class Part:
    """A compiled part of a tree, shared wherever the same part occurs."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place

    def rail(self, which: Rail, rows: Rows) -> Mask:
        """Return where this part is on a rail."""
        key = (self.place, which)
        found = rows.memo.get(key)
        if found is None:
            found = rows.memo[key] = self._rail(which, rows)
        return found

    def open(self, rows: Rows) -> Mask:
        """Return where this part is neither true nor false."""
        key = (self.place, None)
        found = rows.memo.get(key)
        if found is None:
            found = negated(either(self.rail("true", rows), self.rail("false", rows)))
            rows.memo[key] = found
        return found

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        raise NotImplementedError

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[str, Mask]]:
        """Yield each fact that keeps this part open, with the rows where it does, in the reference's order."""
        raise NotImplementedError


class _Joined(Part):
    __slots__ = ("all", "parts")

    def __init__(self, place: int, parts: tuple[Part, ...], every: bool) -> None:
        super().__init__(place)
        self.parts, self.all = parts, every

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        join = both if self.all == which.startswith("true") else either
        result: Mask = join is both
        for part in self.parts:
            result = join(result, part.rail(which, rows))
            if isinstance(result, bool) and result is (join is either):
                break
        return result

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[str, Mask]]:
        within = both(within, self.open(rows))
        if within is not False:
            for part in self.parts:
                yield from part.open_facts(rows, within)


class _Opposite(Part):
    __slots__ = ("inner",)

    def __init__(self, place: int, inner: Part) -> None:
        super().__init__(place)
        self.inner = inner

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        return self.inner.rail(OPPOSITE[which], rows)

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[str, Mask]]:
        yield from self.inner.open_facts(rows, within)


class _Leaf(Part):
    __slots__ = ("decide", "names", "terms")

    def __init__(self, place: int, leaf: Leaf) -> None:
        super().__init__(place)
        self.names: tuple[str, ...] = ()
        self.terms = isinstance(leaf, Compare)
        if isinstance(leaf, Constant):
            value = leaf.value
            self.decide: Callable[[Rows], tuple[Mask, Mask]] = lambda rows: (value, not value)
        elif isinstance(leaf, Compare):
            self.names = tuple(name for name, _ in leaf.form.terms)
            self.decide = lambda rows: _compare(leaf, rows)
        elif isinstance(leaf, Truth):
            self.names = (leaf.name,)
            self.decide = lambda rows: _truth(rows.column(leaf.name))
        else:
            self.names = (leaf.name,)
            self.decide = lambda rows: _one_of(leaf, rows.column(leaf.name))

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        if which in ("true", "false"):
            true, false = self.decide(rows)
            rows.memo[self.place, "true"], rows.memo[self.place, "false"] = true, false
            return true if which == "true" else false
        decided = self.rail("true" if which.startswith("true") else "false", rows)
        columns = [rows.column(name) for name in self.names]
        heard: Mask = False
        for column in columns:
            if column.silent is not None:
                heard = either(heard, mask(column.silent))
        if heard is False:
            return decided
        if which.endswith("if_shown"):
            for column in columns:
                alone = either(exact(column), False if column.silent is None else mask(column.silent))
                heard = both(heard, alone)
        return either(decided, both(heard, self.open(rows)))

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[str, Mask]]:
        within = both(within, self.open(rows))
        if within is False:
            return
        for name in self.names:
            yield name, both(within, negated(exact(rows.column(name)))) if self.terms else within


def exact(column: Column) -> Mask:
    """Return where one value alone is possible."""
    if column.exact is not None:
        return mask(column.exact)
    if column.known is not None:
        return True if column.unknown[0] == column.unknown[1] else column.known
    return True if column.high is column.low else mask(column.low == column.high)


class Compiler:
    """Compiles trees so that parts that are the same are worked out once."""

    def __init__(self) -> None:
        self._parts: dict[Node, Part] = {}

    def compile(self, node: Node) -> Part:
        """Return a tree compiled."""
        found = self._parts.get(node)
        if found is None:
            found = self._new(node)
            self._parts[node] = found
        return found

    def _new(self, node: Node) -> Part:
        if isinstance(node, (AllOf, AnyOf)):
            parts = tuple(self.compile(part) for part in node.parts)
            return _Joined(len(self._parts), parts, isinstance(node, AllOf))
        if isinstance(node, Not):
            inner = self.compile(node.inner)
            return _Opposite(len(self._parts), inner)
        return _Leaf(len(self._parts), node)


def _truth(column: Column) -> tuple[Mask, Mask]:
    if column.known is not None:
        true = column.values & column.known
        return true, ~true if column.unknown == (0, 0) else column.known > true
    low, high = column.low, column.high
    if isinstance(low, np.ndarray) and low.dtype != bool:
        return (low == high) & (low != 0), (low == high) & (low == 0)
    if isinstance(high, np.ndarray) and high.dtype != bool:
        high = high != 0
    return mask(low), negated(mask(high))


_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _compare(leaf: Compare, rows: Rows) -> tuple[Mask, Mask]:
    terms, constant = leaf.form.terms, leaf.form.constant
    if len(terms) == 1 and terms[0][1] in (1, -1):
        column, factor = rows.column(terms[0][0]), terms[0][1]
        op, limit = leaf.op if factor == 1 else _FLIPPED[leaf.op], -constant * factor
        if column.known is not None:
            return _known_against(op, column, limit)
        return _against(op, column.low, column.high, limit)
    low, high = _sums([(rows.column(name), factor) for name, factor in terms], constant)
    return _against(leaf.op, low, high, -constant)


def _sums(terms: Iterable[tuple[Column, int]], constant: int) -> tuple[Any, Any]:
    """Return the bounds of a sum of multiples, in numbers wide enough to be exact."""
    every = list(terms)
    largest = sum(abs(factor) * column.most for column, factor in every)
    kind: Any = np.int64 if largest < 2**63 else object
    low: Any = 0
    high: Any = 0
    same = all(column.high is column.low for column, _ in every)
    for column, factor in every:
        first, last = (column.low, column.high) if factor > 0 else (column.high, column.low)
        low = _plus(low, first, factor, kind)
        high = low if same else _plus(high, last, factor, kind)
    return low, high


def _plus(total: Any, values: Any, factor: int, kind: Any) -> Any:
    if isinstance(values, np.ndarray):
        if values.dtype != kind:
            values = values.astype(kind)
        if factor == 1:
            return values if isinstance(total, int) and total == 0 else total + values
        if factor == -1:
            return total - values
    return total + values * factor


def _known_against(op: str, column: Column, limit: int) -> tuple[Mask, Mask]:
    """Return the same for values that are known or are not."""
    hit, known = _COMPARE[op](column.values, limit), column.known
    always, never = _against(op, *column.unknown, limit)
    true = hit | ~known if always else hit & known
    return true, ~true if always or never else known > hit


_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def _against(op: str, low: Any, high: Any, limit: int) -> tuple[Mask, Mask]:
    """Return where values between ``low`` and ``high`` surely compare with ``limit``, and where surely not."""
    same = low is high
    if op == "<=":
        always, never = high <= limit, None if same else low > limit
    elif op == "<":
        always, never = high < limit, None if same else low >= limit
    elif op == ">=":
        always, never = low >= limit, None if same else high < limit
    elif op == ">":
        always, never = low > limit, None if same else high <= limit
    else:
        equal = low == limit if same else (low == limit) & (high == limit)
        other = ~equal if same and isinstance(equal, np.ndarray) else (low > limit) | (high < limit)
        always, never = (equal, other) if op == "==" else (other, equal)
    true = mask(always)
    return true, negated(true) if never is None else mask(never)


def _one_of(leaf: OneOf, column: Column) -> tuple[Mask, Mask]:
    if column.codes is not None:
        return _one_of_words(leaf, column)
    numbers = sorted(number for number in leaf.values if isinstance(number, int))
    if not isinstance(column.low, np.ndarray) and not isinstance(column.high, np.ndarray):
        within = [number for number in numbers if column.low <= number <= column.high]
        return len(within) == column.high - column.low + 1, not within
    if not numbers:
        return False, True
    low = np.asarray(column.low, np.int64)
    high = low if column.high is column.low else np.asarray(column.high, np.int64)
    values = np.array(numbers, np.int64)
    count = values.searchsorted(high, "right") - values.searchsorted(low, "left")
    return count == high - low + 1, count == 0


def _one_of_words(leaf: OneOf, column: Column) -> tuple[Mask, Mask]:
    if not isinstance(column.codes, np.ndarray):
        return False, False
    if not any(isinstance(word, str) for word in leaf.values):
        return False, True  # numbers are asked of words: never
    chosen = np.array([word in leaf.values for word in column.words] + [False])
    true = chosen.take(column.codes)
    return true, (column.codes >= 0) & ~true
