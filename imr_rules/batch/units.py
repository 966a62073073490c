"""Units of work: how each file is cut into parts that are judged apart.

Rows of one case that stand together are never parted, for one may follow another: where a case goes on behind a row
group or record batch, its rows belong to the unit in which it began (:mod:`imr_rules.batch.tables`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from imr_rules.batch.inputs import Source, opened, readable
from imr_rules.batch.lines import pieces_of_text

UNIT_ROWS = 200_000
"""Rows of an Arrow file in one unit, about."""


class Unit(Struct, frozen=True):
    """A part of one file that is judged as a whole: done, or to be done again.

    Attributes:
        number: its place among all units; the output keeps this order.
        source: place of its file among the sources.
        start, stop: row groups of Parquet, record batches of Arrow, bytes of text; the whole file of a case.
        size: how much work it is, in bytes.
    """

    number: int
    source: int
    start: int
    stop: int
    size: int


def cut(sources: Sequence[Source]) -> list[Unit]:
    """Return the units of all sources. The same files are always cut alike.

    Raises:
        CaseError: a file cannot be read.
    """
    found: list[Unit] = []
    for place, source in enumerate(sources):
        whole = source.path.stat().st_size
        if source.format == "case":
            found.append(Unit(len(found), place, 0, whole, whole))
        elif source.format in ("csv", "ndjson"):
            for start, stop in pieces_of_text(source):
                found.append(Unit(len(found), place, start, stop, stop - start))
        else:
            with readable(source):
                pieces = list(pairwise(_parquet(source) if source.format == "parquet" else _arrow(source)))
            for start, stop in pieces:
                found.append(Unit(len(found), place, start, stop, max(1, whole // len(pieces))))
    return found


def _parquet(source: Source) -> Iterator[int]:
    """Yield where units begin and end: each row group is one."""
    with pq.ParquetFile(source.path) as file:
        yield from range(file.num_row_groups + 1)


def _arrow(source: Source) -> Iterator[int]:
    """Yield where units begin and end, by record batches; a stream is one unit to its end."""
    with pa.memory_map(str(source.path)) as stream:
        reader = opened(stream)
        count = getattr(reader, "num_record_batches", None)
        yield 0
        if count is None:
            yield -1
            return
        rows = 0
        for place in range(count):
            rows += reader.get_batch(place).num_rows
            if rows >= UNIT_ROWS or place == count - 1:
                yield place + 1
                rows = 0
