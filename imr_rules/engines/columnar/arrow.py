"""Arrow columns as NumPy arrays. Values at nulls are undefined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

EPOCH = 719_163
"""Ordinal of 1970-01-01, from which Arrow counts days."""


def valid(column: pa.Array) -> Any:
    """Return where a column is not null."""
    if not column.null_count:
        return np.ones(len(column), bool)
    return _bits(column.buffers()[0], column)


def numbers(column: pa.Array) -> Any:
    """Return the integers, dates (as ordinals) or truths of a column."""
    if pa.types.is_boolean(column.type):
        return _bits(column.buffers()[1], column)
    if pa.types.is_date32(column.type):
        return _plain(column.cast(pa.int32())) + np.int32(EPOCH)
    return _plain(column if column.type in (pa.int32(), pa.int64()) else column.cast(pa.int64()))


def dates(column: pa.Array) -> tuple[Any, Any]:
    """Return a column of dates as ordinals, 0 where there is none, and where there is one."""
    given = valid(column)
    return numbers(column) * given, given


def texts(column: pa.Array) -> tuple[Any, list[str | None]]:
    """Return a column of words as codes (-1 for none) and the words they stand for."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes, words = _plain(column.indices), column.dictionary.to_pylist()
    if column.null_count:
        codes = codes.astype(np.int32) | -(~valid(column)).view(np.int8)  # -1 has every bit
    if None in words:  # a dictionary may hold a null of its own
        codes = np.where(codes == words.index(None), -1, codes)
    return codes, words


def _plain(column: pa.Array) -> Any:
    if column.null_count:
        column = pa.Array.from_buffers(
            column.type, len(column), [None, column.buffers()[1]], offset=column.offset
        )
    return column.to_numpy(zero_copy_only=False)


def _bits(buffer: pa.Buffer, column: pa.Array) -> Any:
    """Return the truths that Arrow keeps as bits; many times faster than Arrow's own way."""
    first, skipped = divmod(column.offset, 8)
    taken = np.frombuffer(buffer, np.uint8, -(-(skipped + len(column)) // 8), first)
    return np.unpackbits(taken, count=skipped + len(column), bitorder="little")[skipped:].view(bool)
