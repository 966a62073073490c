"""The files that a batch writes: Parquet, Arrow, CSV or NDJSON, a record batch at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from imr_rules.engines.columnar import OUTPUT
from imr_rules.errors import CaseError, Place, Problem

OutputFormat = Literal["parquet", "arrow", "csv", "ndjson"]
_BY_SUFFIX: dict[str, OutputFormat] = {
    ".parquet": "parquet", ".arrow": "arrow", ".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"
}  # fmt: skip

RESULT = pa.schema(
    [
        pa.field("file", pa.dictionary(pa.int32(), pa.string())),
        pa.field("row", pa.int64()),
        *(field for field in OUTPUT if field.name != "rejected"),
    ]
)
"""The columns of a result: the file and the record (counted from 1) each row came from, then what is suggested."""


Write = Callable[[pa.RecordBatch], None]
"""Writes one record batch of what a file holds."""


def output_format(path: Path) -> OutputFormat:
    """Return the format that the name of an output file tells.

    Raises:
        CaseError: it tells none.
    """
    found = _BY_SUFFIX.get(path.suffix.lower())
    if found is None:
        hint = "name it *.parquet, *.arrow, *.csv or *.ndjson"
        raise CaseError(
            Problem("unknown-format", "its name does not tell its format", Place(str(path)), hint)
        )
    return found


@contextmanager
def appearing(path: Path, unfinished: Path) -> Iterator[BinaryIO]:
    """Give a stream whose content appears as ``path`` when it is whole; until then it is ``unfinished``."""
    try:
        with unfinished.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def writing(
    stream: BinaryIO, kind: OutputFormat, about: Mapping[str, str], columns: pa.Schema = RESULT
) -> Iterator[Write]:
    """Give what writes record batches into a stream.

    Args:
        stream: where to; left open.
        kind: how.
        about: what to keep with the file, where its format can: versions and digests.
        columns: the columns of each batch.
    """
    schema = columns.with_metadata({f"imr_rules.{name}": value for name, value in about.items()})
    if kind == "parquet":
        with pq.ParquetWriter(stream, schema, compression="zstd", compression_level=1) as parquet:
            yield lambda batch: parquet.write_batch(batch.replace_schema_metadata(schema.metadata))
    elif kind == "arrow":
        with pa.ipc.new_file(stream, schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as arrow:
            yield lambda batch: arrow.write_batch(batch.replace_schema_metadata(schema.metadata))
    elif kind == "csv":
        with csv.CSVWriter(stream, _plain_batch(pa.RecordBatch.from_pylist([], columns)).schema) as lines:
            yield lambda batch: lines.write(_plain_batch(batch))
    else:
        yield lambda batch: _write_ndjson(stream, batch)


def _write_ndjson(stream: BinaryIO, batch: pa.RecordBatch) -> None:
    for row in batch.to_pylist(maps_as_pydicts="strict"):
        stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _plain_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch without lists: what was in them is joined with semicolons."""
    return pa.RecordBatch.from_pydict({name: _plain(batch.column(name)) for name in batch.schema.names})


def _plain(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_map(kind):
        return pa.array(
            [None if row is None else ";".join(f"{name}={status}" for name, status in row) for row in column.to_pylist()],
            pa.string(),
        )  # fmt: skip
    if pa.types.is_list(kind):
        return pa.array([None if row is None else ";".join(row) for row in column.to_pylist()], pa.string())
    plain = column.dictionary_decode() if pa.types.is_dictionary(kind) else column
    return _defused(plain) if pa.types.is_string(plain.type) else plain


def _defused(words: pa.Array) -> pa.Array:
    """Return words of which no spreadsheet takes one for a formula: an apostrophe stands before those it would."""
    return pc.replace_substring_regex(words, pattern=r"^([=+\-@\t\r])", replacement=r"'\1")
