"""Columns of lists for Arrow, put together from groups of rows that were judged apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from imr_rules.evaluators.columnar._judge import Ragged

__all__ = ["listed", "offsets_of", "reordered"]


def reordered(parts: Sequence[tuple[Any, Ragged]], rows: int) -> tuple[Any, Any]:
    """Return the offsets and values of all rows in their order; a row in no part has an empty list.

    Args:
        parts: places of rows, and their lists.
        rows: how many there are.
    """
    if not parts:
        return np.zeros(rows + 1, np.int32), np.zeros(0, np.int32)
    widths = {each.width for _, each in parts}
    (width,) = widths if len(widths) == 1 else (None,)
    if width and sum(len(each) for each, _ in parts) == rows:
        table = np.empty((rows, width), parts[0][1].values.dtype)
        for place, each in parts:
            table[place] = each.values.reshape(-1, width)
        return np.arange(rows + 1, dtype=np.int32) * np.int32(width), table.reshape(-1)
    places = np.concatenate([each for each, _ in parts])
    counts = np.concatenate([each.counts for _, each in parts])
    values = np.concatenate([each.values for _, each in parts])
    lengths = np.zeros(rows, np.int32)
    lengths[places] = counts
    offsets = offsets_of(lengths)
    begins = np.zeros(rows, np.int32)
    begins[places] = offsets_of(counts)[:-1]
    total = int(offsets[-1])
    source = np.repeat(begins - offsets[:-1], lengths)
    source += np.arange(total, dtype=np.int32)
    return offsets, values.take(source)


def offsets_of(lengths: Any) -> Any:
    """Return where each list begins, and where the last ends."""
    found = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=found[1:])
    return found


def listed(offsets: Any, codes: Any, words: pa.Array) -> pa.ListArray:
    """Return lists of words."""
    return pa.ListArray.from_arrays(pa.array(offsets), pa.DictionaryArray.from_arrays(pa.array(codes), words))
