"""What is known of one fact in every row of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from imr_rules.engines.columnar.masks import Mask, mask
from imr_rules.expression.values import FactType

Numbers = Any
"""A NumPy array with one number a row, or one Python number that stands for every row."""

Places = Any
"""Some rows of a batch: an array of their places, or a slice where they follow one another."""


class Column:
    """What is known of one fact, row by row: bounds, or for a choice the code of its word.

    Attributes:
        values, known: values, and where they are known; elsewhere the fact lies within ``unknown``, and the value
            means nothing. None where there are bounds row by row instead, or one for all rows.
        unknown: the least and greatest value of a fact that is not known.
        codes: for a choice, the place of the word in ``words``, or -1 while it is not known.
        silent: where it is open for silence that counts against the request.
        assumed: where it is known only because nothing was said of it.
        told: where a value, or bounds, are stated.
        exact: where one value alone is possible; None where ``low == high`` says so.
        most: the largest absolute value within.
    """

    __slots__ = (
        "_high", "_low", "assumed", "codes", "exact", "known", "most", "silent", "told", "unknown", "values", "words",
    )  # fmt: skip

    def __init__(
        self,
        low: Numbers = None,
        high: Numbers = None,
        *,
        values: Any = None,
        known: Any = None,
        unknown: tuple[int, int] = (0, 0),
        silent: Mask = False,
        assumed: Mask = False,
        told: Mask = False,
        exact: Numbers = None,
        codes: Numbers = None,
        words: tuple[str, ...] = (),
        most: int = 1,
    ) -> None:
        self._low, self._high, self.silent, self.exact = low, high, silent, exact
        self.assumed, self.told = assumed, told
        self.values, self.known, self.unknown = values, known, unknown
        self.codes, self.words, self.most = codes, words, most

    @property
    def low(self) -> Numbers:
        """The least value possible; the same object as ``high`` where every row is exact."""
        if self._low is None:
            self._low = np.where(self.known, self.values, self.unknown[0])
        return self._low

    @property
    def high(self) -> Numbers:
        """The greatest value possible."""
        if self._high is None:
            least, most = self.unknown
            self._high = self.low if least == most else np.where(self.known, self.values, most)
        return self._high

    def at(self, rows: Places) -> Column:
        """Return the column at some rows; those that follow one another are not copied."""
        low = high = known = values = None
        if self.known is None:
            low = _at(self._low, rows)
            high = low if self._high is self._low else _at(self._high, rows)
        else:
            values, known = _at(self.values, rows), _at(self.known, rows)
        return Column(
            low, high, values=values, known=known, unknown=self.unknown, words=self.words, most=self.most,
            **{name: _at(getattr(self, name), rows) for name in ("silent", "assumed", "told", "exact", "codes")},
        )  # fmt: skip

    def opened(self, kind: FactType) -> Column:
        """Return what would be known if nothing were assumed."""
        if self.assumed is False:
            return self
        sure = np.logical_not(self.assumed)
        only = None if self.exact is None else sure & self.exact
        if self.codes is not None:
            return Column(
                0, 1, codes=np.where(sure, self.codes, -1), words=self.words, exact=only, silent=self.silent
            )
        low, high = np.where(sure, self.low, kind.low), np.where(sure, self.high, kind.high)
        most = max(self.most, abs(kind.low), abs(kind.high))
        return Column(low, high, exact=only, silent=self.silent, told=self.told, most=most)


def _at(values: Numbers, rows: Places) -> Numbers:
    if not isinstance(values, np.ndarray):
        return values
    return values[rows] if isinstance(rows, slice) else values.take(rows)


def exact(column: Column) -> Mask:
    """Return where one value alone is possible."""
    if column.exact is not None:
        return mask(column.exact)
    if column.known is not None:
        return True if column.unknown[0] == column.unknown[1] else column.known
    return True if column.high is column.low else mask(column.low == column.high)


def unmentioned(kind: FactType, absent: Mask, silent: Mask) -> Column:
    """Return a fact that no row mentions.

    Args:
        kind: its type.
        absent: where that means that it is not so.
        silent: where that counts against the request.
    """
    if kind.kind == "choice":
        return Column(0, 1, codes=-1, exact=False, silent=silent)
    if kind.kind == "boolean":
        high = (not absent) if isinstance(absent, bool) else ~absent
        return Column(False, high, silent=silent, assumed=absent)
    only = False if kind.low == kind.high else None
    return Column(kind.low, kind.high, exact=only, silent=silent, most=max(abs(kind.low), abs(kind.high)))


def picked(columns: Sequence[Column], where: Sequence[Any]) -> Column:
    """Return one column that is each of ``columns`` in its own rows.

    Args:
        columns: facts of one kind, over the same rows. Of choices, the codes keep the meaning they had.
        where: for each of them a mask of its rows; each row is in one.
    """

    def pick(values: Sequence[Numbers]) -> Any:
        # the sum of products is many times faster than a choice, row by row, that no processor can foresee
        return reduce(add, (each * here for each, here in zip(values, where, strict=True)))

    def masks(name: str) -> Mask:
        every = [getattr(each, name) for each in columns]
        return every[0] if all(isinstance(each, bool) and each is every[0] for each in every) else pick(every)

    first = columns[0]
    most = max(each.most for each in columns)
    only = None
    if any(each.exact is not None for each in columns):
        only = pick([exact(each) for each in columns])
    rest = {"silent": masks("silent"), "assumed": masks("assumed"), "told": masks("told"), "exact": only}
    if first.codes is not None:
        return Column(0, 1, codes=pick([each.codes for each in columns]), **rest)
    if all(each.known is not None and each.unknown == first.unknown for each in columns):
        values, known = (pick([getattr(each, name) for each in columns]) for name in ("values", "known"))
        return Column(values=values, known=known, unknown=first.unknown, most=most, **rest)
    low = pick([each.low for each in columns])
    same = all(each.high is each.low for each in columns)
    high = low if same else pick([each.high for each in columns])
    return Column(low, high, most=most, **rest)
