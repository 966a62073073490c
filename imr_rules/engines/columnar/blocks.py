"""Rows shared out to the shapes that judge them, block by block.

What a block costs whatever its size is spread over its rows, and its arrays are small enough to stay in the
processor's cache from one step to the next. Where one shape judges every row, as where all treatments are limited
alike, rows stay in their order and blocks are slices: nothing is sorted, copied out or put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from imr_rules.engines.columnar.bindings import Bindings, together
from imr_rules.engines.columnar.catalogue import Catalogue
from imr_rules.engines.columnar.items import Items
from imr_rules.engines.columnar.rows import Rows
from imr_rules.engines.shape import Binding, Shape

ROWS = 65_536
"""Rows of one block at most."""


def blocks(items: Items, rows: Any, catalogue: Catalogue) -> Iterator[tuple[Shape, Rows]]:
    """Yield what judges some rows, and those rows.

    Args:
        items: the batch.
        rows: the places of those to be judged, in order.
        catalogue: of the rulebook.
    """
    if not len(rows):
        return
    plans, of_row = _plans(items, rows, catalogue)
    gathered = list(_gathered(plans))
    group, place = np.empty((2, len(plans)), of_row.dtype)
    for number, (_, members, _) in enumerate(gathered):
        group[members], place[members] = number, np.arange(len(members))
    ends = [0, len(rows)]
    if len(gathered) > 1:
        of_group = group.take(of_row)
        sequence = of_group.argsort(kind="stable")
        rows, of_row = rows.take(sequence), of_row.take(sequence)
        ends = [0, *np.bincount(of_group, minlength=len(gathered)).cumsum().tolist()]
    for number, (shape, _, bindings) in enumerate(gathered):
        for first in range(ends[number], ends[number + 1], ROWS):
            last = min(first + ROWS, ends[number + 1])
            filled, which = _present(bindings, place.take(of_row[first:last]))
            yield shape, Rows(items.facts, _compact(rows[first:last]), last - first, filled, which)


def _plans(items: Items, rows: Any, catalogue: Catalogue) -> tuple[list[tuple[Shape, Binding]], Any]:
    """Return the shape and binding of each plan that governs some rows, and for each row the place of its own."""
    turns = catalogue.turns
    periods = len(turns) + 1
    first = turns.searchsorted(items.begin[rows], "right")
    last = first if items.end is items.begin else turns.searchsorted(items.end[rows], "right")
    keys = (items.treatment[rows].astype(np.int64) * periods + first) * periods + last
    present, of_row = _distinct(keys, len(catalogue.treatments) * periods * periods)
    names = list(catalogue.treatments)
    plans: dict[int, tuple[Shape, Binding]] = {}
    own = []
    for key in present.tolist():
        before, end = divmod(key, periods)
        treatment, begin = divmod(before, periods)
        plan = catalogue.planned(names[treatment], begin, end)
        plans[id(plan)] = plan
        own.append(id(plan))
    places = {each: place for place, each in enumerate(plans)}
    return list(plans.values()), np.array([places[each] for each in own], of_row.dtype).take(of_row)


def _distinct(keys: Any, space: int) -> tuple[Any, Any]:
    """Return the distinct keys, and for each key its place among them."""
    if space > 2**22:
        present, group = np.unique(keys, return_inverse=True)
    else:
        present = np.flatnonzero(np.bincount(keys, minlength=space))
        places = np.empty(space, np.int32)
        places[present] = np.arange(len(present), dtype=np.int32)
        group = places.take(keys)
    return present, group.astype(np.int16 if len(present) < 2**15 else np.int32)


def _gathered(plans: list[tuple[Shape, Binding]]) -> Iterator[tuple[Shape, list[int], Bindings]]:
    """Yield shapes, the places of the plans that each judges together, and their bindings."""
    shapes: dict[int, list[tuple[int, Binding]]] = {}
    for place, (shape, binding) in enumerate(plans):
        shapes.setdefault(id(shape), []).append((place, binding))
    for bindings in shapes.values():
        for part in together(bindings):
            members = [place for place, _ in part]
            yield plans[members[0]][0], members, Bindings([binding for _, binding in part])


def _present(bindings: Bindings, which: Any) -> tuple[Bindings, Any]:
    """Return only those bindings that some rows have, and for each row the place of its own, None where it is one."""
    if len(bindings) == 1:
        return bindings, None
    present = np.flatnonzero(np.bincount(which, minlength=len(bindings)))
    if len(present) == len(bindings):
        return bindings, which
    kept = Bindings([bindings.every[place] for place in present.tolist()])
    if len(kept) == 1:
        return kept, None
    places = np.zeros(len(bindings), which.dtype)
    places[present] = np.arange(len(present))
    return kept, places.take(which)


def _compact(places: Any) -> Any:
    """Return places in order as a slice where they follow one another."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if last - first == len(places) - 1 else places
