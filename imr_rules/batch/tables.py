"""The rows of a unit of Parquet or Arrow, as record batches of which none parts a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from imr_rules.batch.inputs import Source, opened, readable, sound
from imr_rules.batch.units import Unit

BATCH_ROWS = 262_144
"""Most rows judged at once, but for a case that has more."""
_AT_ONCE_BEHIND = 8_192
"""Rows read at once behind a unit, to the end of its last case."""
_ALL_DIFFERENT = ("case", "item")
"""Columns of words that are not a few words over and over."""


def read_table(source: Source, unit: Unit, ignored: frozenset[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a unit of Parquet or Arrow, without some columns.

    Raises:
        CaseError: they cannot be read.
    """
    with readable(source):
        if source.format == "parquet":
            yield from _parquet(source, unit, ignored)
            return
        for batch in _arrow(source, unit):
            for part in sliced(batch):
                wanted = [name for name in part.schema.names if name not in ignored]
                yield part.select(wanted) if ignored else part


def _parquet(source: Source, unit: Unit, ignored: frozenset[str]) -> Iterator[pa.RecordBatch]:
    schema = pq.read_schema(source.path)
    columns = [name for name in schema.names if name not in ignored]
    words = [name for name in columns if _is_words(schema.field(name).type) and name not in _ALL_DIFFERENT]
    with pq.ParquetFile(source.path, read_dictionary=words) as file:

        def read(groups: Sequence[int], at_once: int) -> Iterator[pa.RecordBatch]:
            missing = sum(file.metadata.row_group(group).num_rows for group in groups)
            for batch in sound(file.iter_batches(at_once, row_groups=groups, columns=columns)):
                missing -= batch.num_rows
                yield batch
            if missing:
                raise pa.ArrowInvalid("its groups hold another number of rows than they say")

        def last_case(group: int) -> str | None:
            cases = [*file.iter_batches(BATCH_ROWS, row_groups=[group], columns=["case"])]
            return cases[-1].column("case")[-1].as_py() if cases else None

        inside = read(range(unit.start, unit.stop), BATCH_ROWS)
        if not _cases_matter(columns):
            yield from inside
            return
        groups = (group for group in reversed(range(unit.start)) if file.metadata.row_group(group).num_rows)
        before = next(groups, None)
        behind = read(range(unit.stop, file.num_row_groups), _AT_ONCE_BEHIND)
        yield from _of_the_unit(None if before is None else last_case(before), inside, behind)


def _is_words(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _arrow(source: Source, unit: Unit) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(str(source.path)) as stream:
        reader = opened(stream)
        count = getattr(reader, "num_record_batches", None)
        if count is None:
            yield from sound(reader)
            return
        inside = sound(map(reader.get_batch, range(unit.start, unit.stop)))
        if not _cases_matter(reader.schema.names):
            yield from inside
            return
        batches = (reader.get_batch(place) for place in reversed(range(unit.start)))
        before = next((batch for batch in batches if batch.num_rows), None)
        behind = sound(map(reader.get_batch, range(unit.stop, count)))
        yield from _of_the_unit(None if before is None else before.column("case")[-1].as_py(), inside, behind)


def _of_the_unit(
    before: str | None, inside: Iterable[pa.RecordBatch], behind: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a unit: without what is left of a case begun before it, and with all of the one open at its end.

    Args:
        before: the case of the last row before the unit.
        inside, behind: the rows of its own parts, and those that follow.
    """
    begun, last = False, None
    for batch in inside:
        left = 0 if begun else _begins_with(batch.column("case"), before)
        if left < batch.num_rows:
            begun, last = True, batch.column("case")[-1].as_py()
            yield batch.slice(left)
    for batch in behind if last is not None else ():
        run = _begins_with(batch.column("case"), last)
        if run:
            yield batch.slice(0, run)
        if run < batch.num_rows:
            return


def _cases_matter(columns: Iterable[str]) -> bool:
    """Whether the rows of a table may follow others of their case, so that a case must not be parted."""
    return {"case", "follows"} <= set(columns)


def _begins_with(cases: pa.Array, case: str | None) -> int:
    """Return how many rows at the beginning are of a case; none are of no case."""
    if case is None:
        return 0
    first = pc.index(pc.fill_null(pc.equal(cases.cast(pa.string()), case), False), False).as_py()
    return len(cases) if first < 0 else first


def sliced(batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    """Return a batch as batches of at most BATCH_ROWS."""
    return [batch.slice(first, BATCH_ROWS) for first in range(0, max(1, batch.num_rows), BATCH_ROWS)]


def together(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the batches of a table such that rows of one case that stand together come together."""
    held: pa.RecordBatch | None = None
    for batch in batches:
        if not _cases_matter(batch.schema.names):
            yield batch
            continue
        if held is not None:
            run = _begins_with(batch.column("case"), held.column("case")[-1].as_py())
            if run:
                held = _joined([held, batch.slice(0, run)])
            if run == batch.num_rows:
                continue
            yield held
            batch = batch.slice(run)
        begin = _last_case_begins(batch)
        if begin:
            yield batch.slice(0, begin)
        held = batch.slice(begin) if begin < batch.num_rows else None
    if held is not None:
        yield held


def _last_case_begins(batch: pa.RecordBatch) -> int:
    """Return the row at which the last case begins; the end of the batch where the last row is of none."""
    cases = batch.column("case").cast(pa.string())
    if not batch.num_rows or not cases[-1].is_valid:
        return int(batch.num_rows)
    same = pc.fill_null(pc.equal(cases, cases[-1]), False).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~same)
    return int(others[-1]) + 1 if len(others) else 0


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).unify_dictionaries().combine_chunks().to_batches()[0]
