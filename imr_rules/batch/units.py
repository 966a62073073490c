"""Units of work: how each file is cut into parts that are judged apart.

Rows of one case that stand together are never parted, for one may follow another: where a case goes on behind a row
group or record batch, its rows belong to the unit in which it began.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from msgspec import Struct

from imr_rules.batch.inputs import Source, opened, readable, sound
from imr_rules.batch.lines import pieces_of_text

__all__ = ["Unit", "begins_with", "cases_matter", "cut"]

UNIT_ROWS = 200_000
"""Rows of an Arrow file in one unit, about."""
_CASES = 65_536
"""Rows of which only the case is read at once."""


class Unit(Struct, frozen=True):
    """A part of one file that is judged as a whole: done, or to be done again.

    Attributes:
        number: its place among all units; the output keeps this order.
        source: place of its file among the sources.
        start, stop: row groups of Parquet, record batches of Arrow, bytes of text; the whole file of a case.
        size: how much work it is, in bytes.
        skip: rows of a table at its start that belong to the unit before.
        more: rows behind its stop that belong to it.
    """

    number: int
    source: int
    start: int
    stop: int
    size: int
    skip: int = 0
    more: int = 0


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
                pieces = list(_parquet(source) if source.format == "parquet" else _arrow(source))
            for start, stop, skip, more in pieces:
                size = max(1, whole // len(pieces))
                found.append(Unit(len(found), place, start, stop, size, skip, more))
    return found


_Piece = tuple[int, int, int, int]
"""Start, stop, skip and more of a unit."""


def _parquet(source: Source) -> Iterator[_Piece]:
    with pq.ParquetFile(source.path) as file:
        about = file.metadata
        rows = [about.row_group(group).num_rows for group in range(about.num_row_groups)]
        ends = list(range(1, len(rows) + 1))
        if cases_matter(file.schema_arrow):
            cases = (
                sound(
                    batch.column("case")
                    for batch in file.iter_batches(_CASES, row_groups=[group], columns=["case"])
                )
                for group in range(len(rows))
            )
            yield from _between_cases(rows, ends, cases)
        else:
            yield from _between_parts(ends)


def _arrow(source: Source) -> Iterator[_Piece]:
    with pa.memory_map(str(source.path)) as stream:
        reader = opened(stream)
        count = getattr(reader, "num_record_batches", None)
        if count is None:
            yield 0, -1, 0, 0  # a stream: from its beginning to its end
            return
        rows, ends, begun = [], [], 0
        for place in range(count):
            rows.append(reader.get_batch(place).num_rows)
            begun += rows[-1]
            if begun >= UNIT_ROWS or place == count - 1:
                ends.append(place + 1)
                begun = 0
        if cases_matter(reader.schema):
            cases = (sound([reader.get_batch(place).column("case")]) for place in range(count))
            yield from _between_cases(rows, ends, cases)
        else:
            yield from _between_parts(ends)


def cases_matter(schema: pa.Schema) -> bool:
    """Whether the rows of a table may follow others of their case, so that a case must not be parted."""
    return {"case", "follows"} <= set(schema.names)


def _between_parts(ends: Sequence[int]) -> Iterator[_Piece]:
    """Yield units that end with the parts (row groups, record batches) that stand before ``ends``."""
    for start, stop in zip([0, *ends], ends, strict=False):
        yield start, stop, 0, 0


def _between_cases(
    rows: Sequence[int], ends: Sequence[int], cases: Iterator[Iterator[pa.Array]]
) -> Iterator[_Piece]:
    """Yield units that end where the case ends that is open at each end.

    Args:
        rows: how many rows each part has.
        ends: where units end but for that.
        cases: the cases of each part's rows, some at a time.
    """
    sums = np.cumsum([0, *rows])
    begin = 0
    for end in dict.fromkeys(_case_ends(ends, cases)):
        if end > begin:
            start = int(sums.searchsorted(begin, "right")) - 1
            stop = int(sums.searchsorted(end, "right")) - 1
            yield start, stop, int(begin - sums[start]), int(end - sums[stop])
        begin = end


def _case_ends(ends: Sequence[int], cases: Iterator[Iterator[pa.Array]]) -> Iterator[int]:
    """Yield for each end the row at which the case ends that is open there; the last is the end of all rows."""
    open_at = {*ends}
    row, last = 0, None
    waiting = False
    for part, arrays in enumerate(cases, 1):
        for array in arrays:
            if not len(array):
                continue
            run = begins_with(array, last) if waiting else 0
            if waiting and run < len(array):
                yield row + run
                waiting = False
            row += len(array)
            last = array[-1].as_py()
        if part in open_at and not waiting:
            waiting = last is not None
            if not waiting:
                yield row
    yield row


def begins_with(cases: pa.Array, case: str | None) -> int:
    """Return how many rows at the beginning are of a case; none are of no case."""
    if case is None:
        return 0
    first = pc.index(pc.fill_null(pc.equal(cases.cast(pa.string()), case), False), False).as_py()
    return len(cases) if first < 0 else first
