"""A number of a limit with rows, worked out for many rows of facts at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from imr_rules.engines.columnar.column import Column
from imr_rules.engines.columnar.masks import negated
from imr_rules.engines.columnar.rows import Rows
from imr_rules.engines.columnar.shape import Table


def limit(table: Table, rows: Rows) -> Column:
    """Return the largest number of the rows that fit, within what the open rows still allow."""
    count, none = rows.count, np.iinfo(np.int64)
    sure = np.full(count, none.min)
    least, most = np.full(count, none.max), np.full(count, none.min)
    for when, hole in table.rows:
        amount = rows.number(hole)
        fits, possible = when.rail("true", rows), negated(when.rail("false", rows))
        if fits is not False:
            np.maximum(sure, amount, out=sure, where=fits)
        if possible is not False:
            np.minimum(least, amount, out=least, where=possible)
            np.maximum(most, amount, out=most, where=possible)
    settled = sure > none.min
    if table.otherwise is not None:
        amount = rows.number(table.otherwise)
        np.minimum(least, amount, out=least, where=~settled)
        np.maximum(most, amount, out=most, where=~settled)
    nothing = most == none.min
    low = np.where(settled, sure, least)
    for values, hole in ((low, table.ends[0]), (most, table.ends[1])):
        np.copyto(values, rows.number(hole), where=nothing)
    exact = (low == most) & ~nothing
    return Column(low, most, exact=exact, most=max(_largest(rows, hole) for hole in table.ends))


def _largest(rows: Rows, hole: int) -> int:
    """Return the largest absolute value of the numbers that fill a hole."""
    found: Any = rows.fillings.number(hole)
    return int(abs(found).max()) if isinstance(found, np.ndarray) else abs(found)
