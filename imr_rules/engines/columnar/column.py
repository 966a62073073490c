"""What is known of one fact in every row of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np

from imr_rules.engines.columnar.masks import Mask, mask

if TYPE_CHECKING:
    from imr_rules.rulebook.dictionary import FactSpec


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
        silent: where it is open for silence that counts against the request; None for nowhere.
        exact: where one value alone is possible; None where ``low == high`` says so.
        most: the largest absolute value within.
    """

    __slots__ = ("_high", "_low", "codes", "exact", "known", "most", "silent", "unknown", "values", "words")

    def __init__(
        self,
        low: Numbers = None,
        high: Numbers = None,
        *,
        values: Any = None,
        known: Any = None,
        unknown: tuple[int, int] = (0, 0),
        silent: Numbers = None,
        exact: Numbers = None,
        codes: Numbers = None,
        words: tuple[str, ...] = (),
        most: int = 1,
    ) -> None:
        self._low, self._high, self.silent, self.exact = low, high, silent, exact
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
        silent = None if self.silent is None else _at(self.silent, rows)
        exact = None if self.exact is None else _at(self.exact, rows)
        codes = None if self.codes is None else _at(self.codes, rows)
        return Column(
            low, high, values=values, known=known, unknown=self.unknown, silent=silent, exact=exact, codes=codes,
            words=self.words, most=self.most,
        )  # fmt: skip


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


def default(spec: FactSpec) -> Column:
    """Return a fact that no row mentions."""
    kind = spec.type
    if not spec.derived and spec.silence == "absent" and kind.kind != "choice":
        return Column(0, 0)
    if kind.kind == "choice":
        absent = not spec.derived and spec.silence == "absent"
        return Column(0, 0 if absent else 1, codes=-1, exact=absent)
    exact = False if kind.low == kind.high else None
    return Column(kind.low, kind.high, exact=exact, most=max(abs(kind.low), abs(kind.high)))


def picked(columns: Sequence[Column], where: Sequence[Any]) -> Column:
    """Return one column that is each of ``columns`` in its own rows.

    Args:
        columns: facts of one kind, over the same rows. Of choices, the codes keep the meaning they had.
        where: for each of them a mask of its rows; each row is in one.
    """

    def pick(values: Sequence[Numbers]) -> Any:
        # the sum of products is many times faster than a choice, row by row, that no processor can foresee
        return reduce(add, (each * here for each, here in zip(values, where, strict=True)))

    first = columns[0]
    most = max(each.most for each in columns)
    silent = only = None
    if any(each.silent is not None for each in columns):
        silent = pick([False if each.silent is None else each.silent for each in columns])
    if any(each.exact is not None for each in columns):
        only = pick([exact(each) for each in columns])
    if first.codes is not None:
        return Column(0, 1, codes=pick([each.codes for each in columns]), exact=only, silent=silent)
    if all(each.known is not None and each.unknown == first.unknown for each in columns):
        values, known = (pick([getattr(each, name) for each in columns]) for name in ("values", "known"))
        return Column(values=values, known=known, unknown=first.unknown, silent=silent, exact=only, most=most)
    low = pick([each.low for each in columns])
    same = all(each.high is each.low for each in columns)
    high = low if same else pick([each.high for each in columns])
    return Column(low, high, silent=silent, exact=only, most=most)
