"""Items that follow another: judged after it, and told what was suggested for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from imr_rules.engines.columnar.arrow import texts, valid
from imr_rules.engines.columnar.codes import OVERTURN, REVIEW
from imr_rules.engines.columnar.column import Column
from imr_rules.engines.columnar.items import Items
from imr_rules.engines.columnar.masks import Masks
from imr_rules.facts.flat import STATE

_FOLLOWS, _PRINCIPAL = "follows_principal", "principal_supported"


def passes(items: Items, suggestion: Any) -> Iterator[Any]:
    """Yield the places of rows to be judged, pass by pass: those that follow an item after that item.

    Args:
        items: the batch.
        suggestion: of each row, to be filled in by the caller before the next pass.
    """
    follows = items.columns.get("follows")
    behind = np.zeros(items.count, bool)
    if follows is not None:
        behind = valid(follows)
    if _FOLLOWS in items.facts.specs:
        _say_who_follows(items, behind)
    waiting = np.flatnonzero(behind & ~items.faults.bad)
    if not len(waiting):
        yield items.judgeable(~behind)
        return
    assert follows is not None
    principals = _principals(items, waiting, follows)
    yield items.judgeable(~behind)
    while len(waiting):
        ready = ~behind[principals]
        if not ready.any():
            items.faults.add(_mask(items, waiting), "follows: items that follow one another in a circle")
            return
        rows, before = waiting[ready], principals[ready]
        failed = items.faults.bad[before]
        if failed.any():
            lost = _mask(items, rows[failed])
            items.faults.add(lost, "follows: the item that this one follows was rejected")
        _tell(items, rows, suggestion[before])
        yield items.judgeable(_mask(items, rows))
        behind[rows] = False
        waiting, principals = waiting[~ready], principals[~ready]


def _mask(items: Items, rows: Any) -> Any:
    found = np.zeros(items.count, bool)
    found[rows] = True
    return found


def _principals(items: Items, waiting: Any, follows: pa.Array) -> Any:
    """Return the row of the item that each waiting row follows; one that is not there is a fault."""
    case, item = items.columns.get("case"), items.columns.get("item")
    codes = np.full(items.count, -1) if case is None else texts(case)[0]
    concerned = np.zeros(int(codes.max(initial=-1)) + 2, bool)
    concerned[codes[waiting]] = True
    concerned[-1] = False  # a row without a case
    rows = np.flatnonzero(concerned[codes])
    named: dict[tuple[int, str], int | None] = {}
    if item is not None:
        for row, name in zip(rows.tolist(), item.take(pa.array(rows)).to_pylist(), strict=True):
            key = int(codes[row]), str(name)
            named[key] = None if key in named else row
    found = []
    lost = np.zeros(items.count, bool)
    for row, name in zip(waiting.tolist(), follows.take(pa.array(waiting)).to_pylist(), strict=True):
        principal = named.get((int(codes[row]), str(name)))
        lost[row] = principal is None
        found.append(row if principal is None else principal)
    items.faults.add(lost, "follows: it must name one item of the same case, beside this row")
    return np.array(found, np.int64)


def _say_who_follows(items: Items, behind: Any) -> None:
    fresh = np.ones(items.count, bool)
    for told in (items.columns.get(_FOLLOWS), items.columns.get(_FOLLOWS + STATE)):
        if told is not None:
            fresh &= ~valid(told)
    column = items.facts[_FOLLOWS]
    low = np.where(fresh, behind, column.low).astype(bool)
    high = np.where(fresh, behind, column.high).astype(bool)
    items.put(_FOLLOWS, Column(low, high, silent=column.silent, told=column.told | fresh))


def _tell(items: Items, rows: Any, suggested: Any) -> None:
    """Say of rows what was suggested for the items that they follow."""
    if _PRINCIPAL not in items.facts.specs:
        return
    column = items.facts[_PRINCIPAL]
    low, high, silent = (
        np.broadcast_to(np.asarray(each, bool), (items.count,)).copy()
        for each in (column.low, column.high, column.silent)
    )
    decided = suggested != REVIEW
    rows, supported = rows[decided], suggested[decided] == OVERTURN
    open_ = low[rows] != high[rows]
    against = ~open_ & (low[rows] != supported)
    told = open_ & ~items.in_conflict(_PRINCIPAL)[rows]
    low[rows] = np.where(told, supported, low[rows] & ~against)
    high[rows] = np.where(told, supported, high[rows] | against)
    silent[rows] &= ~told
    found = Column(low, high, silent=Masks.plain(silent), told=column.told | (low == high))
    items.put(_PRINCIPAL, found, _mask(items, rows[against]))
