"""What one leaf comes to over many rows: where it is surely true, and where surely false."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from imr_rules.engines.columnar.column import Column
from imr_rules.engines.columnar.masks import Mask, mask, negated
from imr_rules.engines.shape import Compared, Fixed, Leaf, NumberAmong, Truthful, WordAmong
from imr_rules.expression import Comparator

if TYPE_CHECKING:
    from imr_rules.engines.columnar.rows import Rows


def decide(leaf: Leaf, rows: Rows) -> tuple[Mask, Mask]:
    """Return where a leaf is surely true, and where surely false."""
    if isinstance(leaf, Compared):
        return _compared(leaf, rows)
    if isinstance(leaf, WordAmong):
        return _word_among(leaf, rows)
    if isinstance(leaf, Fixed):
        return leaf.value, not leaf.value
    column = rows.column(leaf.facts[0])
    if isinstance(leaf, NumberAmong):
        return _number_among(leaf.numbers, column)
    assert isinstance(leaf, Truthful)
    return _truthful(column)


def _truthful(column: Column) -> tuple[Mask, Mask]:
    if column.known is not None:
        true = column.values & column.known
        return true, column.known > true
    low, high = column.low, column.high
    if isinstance(low, np.ndarray) and low.dtype != bool:
        return (low == high) & (low != 0), (low == high) & (low == 0)
    if isinstance(high, np.ndarray) and high.dtype != bool:
        high = high != 0
    return mask(low), negated(mask(high))


def _compared(leaf: Compared, rows: Rows) -> tuple[Mask, Mask]:
    columns = [rows.column(fact) for fact in leaf.facts]
    if leaf.factors == (1,):
        (column,) = columns
        if column.known is not None:
            return _known_against(leaf.op, column, leaf.number, rows)
        return _against(leaf.op, column.low, column.high, rows.number(leaf.number))
    low, high = _sums(zip(columns, leaf.factors, strict=True))
    return _against(leaf.op, low, high, rows.number(leaf.number))


def _sums(terms: Iterable[tuple[Column, int]]) -> tuple[Any, Any]:
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


def _known_against(op: Comparator, column: Column, number: int, rows: Rows) -> tuple[Mask, Mask]:
    """Decide a comparison of values that are known or are not with a number."""
    hit, known = _COMPARE[op](column.values, rows.number(number)), column.known
    always, never = (
        rows.spread(each) for each in _against(op, *column.unknown, rows.bindings.number(number))
    )
    if always is True:
        true = hit | ~known
    else:
        true = hit & known
        if always is not False:
            true |= always > known
    if always is True or never is True:
        return true, ~true
    false = known > hit
    return true, false if never is False else false | (never > known)


_COMPARE: Mapping[Comparator, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def _against(op: Comparator, low: Any, high: Any, limit: Any) -> tuple[Mask, Mask]:
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


def _number_among(numbers: frozenset[int], column: Column) -> tuple[Mask, Mask]:
    if column.codes is not None:
        return False, isinstance(column.codes, np.ndarray)  # numbers are asked of words: never
    ordered = sorted(numbers)
    if not isinstance(column.low, np.ndarray) and not isinstance(column.high, np.ndarray):
        within = [number for number in ordered if column.low <= number <= column.high]
        return len(within) == column.high - column.low + 1, not within
    low = np.asarray(column.low, np.int64)
    high = low if column.high is column.low else np.asarray(column.high, np.int64)
    values = np.array(ordered, np.int64)
    count = values.searchsorted(high, "right") - values.searchsorted(low, "left")
    return count == high - low + 1, count == 0


def _word_among(leaf: WordAmong, rows: Rows) -> tuple[Mask, Mask]:
    codes = rows.column(leaf.facts[0]).codes
    if codes is None:
        return False, True  # words are asked of numbers: never
    if not isinstance(codes, np.ndarray):
        return False, False
    true = rows.among(leaf.facts[0], leaf.words)
    return true, (codes >= 0) & ~true
