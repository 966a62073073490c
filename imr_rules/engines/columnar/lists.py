"""Lists of each row: made from masks for some rows, and put together for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from imr_rules.engines.columnar.column import Places
from imr_rules.engines.columnar.masks import Mask, both, either, negated


class Ragged(NamedTuple):
    """A list for each row: how many, and all of them one row after another.

    ``width`` is how long each is where all are as long; else None.
    """

    counts: Any
    values: Any
    width: int | None = None


def empty(count: int) -> Ragged:
    """Return an empty list for each row."""
    return Ragged(np.zeros(count, np.int32), np.zeros(0, np.int32), 0)


def once(found: Iterable[tuple[int, Mask]]) -> Iterator[tuple[int, Mask]]:
    """Leave out, row by row, what was named before."""
    before: dict[int, Mask] = {}
    for number, where in found:
        seen = before.get(number)
        before[number] = where if seen is None else either(seen, where)
        yield number, where if seen is None else both(where, negated(seen))


def named(found: Iterable[tuple[int, Mask]], codes: Any, which: Any, count: int) -> Ragged:
    """Return as lists what the masks choose, row by row, in the order given.

    Args:
        found: columns of ``codes``, and where each is in the list.
        codes: a row for each binding.
        which: for each row the place of its binding; None where there is but one.
        count: how many rows there are.
    """
    every = [(column, where) for column, where in found if where is not False]
    width = len(every)
    if not every:
        return empty(count)
    codes = codes[:, [column for column, _ in every]]
    if all(where is True for _, where in every):
        values = np.tile(codes[0], count) if which is None else codes.take(which, axis=0).reshape(-1)
        return Ragged(np.full(count, width, np.int32), values, width)
    matrix, counts = _matrix([where for _, where in every], count)
    cells = np.flatnonzero(matrix)
    offsets = np.arange(0, -width * count, -width)  # from a cell of the matrix to one of the codes
    if which is not None:
        offsets += which.astype(np.int64) * width
    cells += np.repeat(offsets, counts)
    return Ragged(counts, codes.reshape(-1).take(cells))


def chosen(values: Sequence[Any], where: Sequence[Mask], count: int) -> Ragged:
    """Return as lists those of some values that masks choose, row by row.

    Args:
        values: arrays of small numbers, one a row.
        where: which of them are in the list.
        count: how many rows there are.
    """
    every = [(value, on) for value, on in zip(values, where, strict=True) if on is not False]
    matrix = np.empty((count, len(every)), np.uint8)
    for place, (value, _) in enumerate(every):
        matrix[:, place] = value
    if all(on is True for _, on in every):
        return Ragged(np.full(count, len(every), np.int32), matrix.reshape(-1), len(every))
    masks, counts = _matrix([on for _, on in every], count)
    return Ragged(counts, matrix[masks])


def _matrix(masks: Sequence[Mask], count: int) -> tuple[Any, Any]:
    """Return masks side by side, and how many hold in each row."""
    matrix = np.empty((count, len(masks)), bool)
    counts = np.zeros(count, np.int32)
    for place, mask in enumerate(masks):
        matrix[:, place] = mask
        counts += mask
    return matrix, counts


def reordered(parts: Sequence[tuple[Places, Ragged]], rows: int) -> tuple[Any, Any]:
    """Return the offsets and values of all rows in their order; a row in no part has an empty list.

    Args:
        parts: places of rows, and their lists.
        rows: how many there are.
    """
    parts = sorted((each for each in parts if len(each[1].counts)), key=lambda each: _first(each[0]))
    if not parts:
        return np.zeros(rows + 1, np.int32), np.zeros(0, np.int32)
    values = np.concatenate([each.values for _, each in parts])
    counts = np.concatenate([each.counts for _, each in parts])
    if len(counts) == rows and all(isinstance(places, slice) for places, _ in parts):
        return offsets_of(counts), values  # slices that follow one another
    widths = {each.width for _, each in parts}
    (width,) = widths if len(widths) == 1 else (None,)
    places = np.concatenate([np.arange(rows)[each] if isinstance(each, slice) else each for each, _ in parts])
    if width and len(counts) == rows:
        table = np.empty((rows, width), values.dtype)
        table[places] = values.reshape(-1, width)
        return np.arange(rows + 1, dtype=np.int32) * np.int32(width), table.reshape(-1)
    lengths = np.zeros(rows, np.int32)
    lengths[places] = counts
    offsets = offsets_of(lengths)
    begins = np.zeros(rows, np.int32)
    begins[places] = offsets_of(counts)[:-1]
    total = int(offsets[-1])
    source = np.repeat(begins - offsets[:-1], lengths)
    source += np.arange(total, dtype=np.int32)
    return offsets, values.take(source)


def _first(places: Places) -> int:
    return int(places.start if isinstance(places, slice) else places[0])


def offsets_of(lengths: Any) -> Any:
    """Return where each list begins, and where the last ends."""
    found = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=found[1:])
    return found


def listed(offsets: Any, codes: Any, words: pa.Array) -> pa.ListArray:
    """Return lists of words."""
    return pa.ListArray.from_arrays(pa.array(offsets), pa.DictionaryArray.from_arrays(pa.array(codes), words))
