"""What a batch reads: files, patterns, directories or standard input, and how each is cut into units of work."""

from __future__ import annotations

import glob
import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from imr_rules.errors import CaseError, Place, Problem

__all__ = ["FORMATS", "Format", "Source", "Unit", "cut", "find", "format_of", "rows_in", "schema_of"]

Format = Literal["parquet", "arrow", "csv", "ndjson", "case"]
"""How a file holds items: the first four as tables or lines, ``case`` as one whole case in YAML or JSON."""

FORMATS: tuple[Format, ...] = get_args(Format)
_BY_SUFFIX: dict[str, Format] = {
    ".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".csv": "csv",
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".yaml": "case", ".yml": "case", ".json": "case",
}  # fmt: skip

UNIT_BYTES = 8_000_000
"""Bytes of text in one unit, about."""
UNIT_ROWS = 200_000
"""Rows of an Arrow file in one unit, about."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read; ``name`` is how it is called in what comes out."""

    path: Path
    format: Format
    name: str

    def digest(self) -> str:
        """Return the SHA-256 of the file, as ``sha256:...``."""
        with self.path.open("rb") as stream:
            return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Unit:
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


def format_of(path: Path) -> Format:
    """Return the format that a file's name tells.

    Raises:
        CaseError: it tells none.
    """
    found = _BY_SUFFIX.get(path.suffix.lower())
    if found is None:
        hint = f"name it {', '.join('*' + suffix for suffix in _BY_SUFFIX)}, or give --from"
        raise CaseError(
            Problem("unknown-format", "its name does not tell its format", Place(str(path)), hint)
        )
    return found


def find(names: Iterable[str], given: Format | None, spool: Path) -> list[Source]:
    """Return the files that some names stand for: themselves, what a pattern or a directory holds, or ``-``.

    Args:
        names: as given on the command line.
        given: the format, where it is not to be told from each name.
        spool: where standard input is kept, so that it can be read twice.

    Raises:
        CaseError: a name stands for nothing.
    """
    found: list[Source] = []
    for name in names:
        if name == "-":
            with spool.open("wb") as stream:
                shutil.copyfileobj(sys.stdin.buffer, stream)
            found.append(Source(spool, given or "ndjson", "-"))
            continue
        paths = list(_files(name))
        if not paths:
            raise CaseError(
                Problem("cannot-read", "there is no such file", Place(name), "name a file or a pattern")
            )
        found += [Source(path, given or format_of(path), str(path)) for path in paths]
    return found


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        every = sorted(
            each for each in path.rglob("*") if each.suffix.lower() in _BY_SUFFIX and each.is_file()
        )
        yield from every
    elif path.exists():
        yield path
    else:
        yield from (Path(each) for each in sorted(glob.glob(name, recursive=True)) if Path(each).is_file())


def schema_of(source: Source) -> pa.Schema | None:
    """Return the columns of a table; None for text, which says nothing of types.

    Raises:
        CaseError: the file is not what its format says.
    """
    try:
        if source.format == "parquet":
            return pq.read_schema(source.path)
        if source.format == "arrow":
            with pa.memory_map(str(source.path)) as stream:
                return _reader(stream).schema
    except (pa.ArrowInvalid, OSError) as error:
        what = (
            f"this is no {source.format} file" if isinstance(error, pa.ArrowInvalid) else "it cannot be read"
        )
        raise CaseError(Problem("cannot-read", what, Place(source.name))) from None
    return None


def _reader(stream: pa.NativeFile) -> pa.ipc.RecordBatchFileReader | pa.ipc.RecordBatchStreamReader:
    try:
        return pa.ipc.open_file(stream)
    except pa.ArrowInvalid:
        stream.seek(0)
        return pa.ipc.open_stream(stream)


def rows_in(source: Source) -> int | None:
    """Return how many rows a Parquet file has; None where only reading tells."""
    return int(pq.read_metadata(source.path).num_rows) if source.format == "parquet" else None


def cut(sources: Sequence[Source]) -> list[Unit]:
    """Return the units of all sources. The same files are always cut alike.

    A table in which items follow others is one unit: the rows of a case must not be parted.
    """
    found: list[Unit] = []
    for place, source in enumerate(sources):
        for start, stop, size in _pieces(source):
            found.append(Unit(len(found), place, start, stop, size))
    return found


def _pieces(source: Source) -> Iterator[tuple[int, int, int]]:
    schema = schema_of(source)
    whole = source.path.stat().st_size
    together = schema is not None and "follows" in schema.names
    if source.format == "case":
        yield 0, whole, whole
    elif source.format == "parquet":
        about = pq.read_metadata(source.path)
        groups = about.num_row_groups
        if together and groups:
            yield 0, groups, whole
        else:
            for group in range(groups):
                yield group, group + 1, max(1, whole // groups)
    elif source.format == "arrow":
        yield from _batches(source, whole, together)
    else:
        yield from _lines(source, whole)


def _batches(source: Source, whole: int, together: bool) -> Iterator[tuple[int, int, int]]:
    with pa.memory_map(str(source.path)) as stream:
        reader = _reader(stream)
        count = getattr(reader, "num_record_batches", None)
        if count is None or together:
            yield 0, -1, whole  # a stream, or a case's rows together: from its beginning to its end
            return
        first = rows = 0
        for place in range(count):
            rows += reader.get_batch(place).num_rows
            if rows >= UNIT_ROWS or place == count - 1:
                yield first, place + 1, max(1, whole * (place + 1 - first) // count)
                first, rows = place + 1, 0


def _lines(source: Source, whole: int) -> Iterator[tuple[int, int, int]]:
    """Cut text after lines; a line end within the quotes of CSV is none."""
    quoted = source.format == "csv"
    with source.path.open("rb") as stream:
        start = len(stream.readline()) if quoted else 0
        if _keeps_together(source):
            if whole > start:
                yield start, whole, whole - start
            return
        stream.seek(start)
        at = start
        while block := stream.read(UNIT_BYTES):
            while not (end := _last_end(block, quoted)):
                more = stream.read(UNIT_BYTES)
                if not more:
                    end = len(block)
                    break
                block += more
            yield at, at + end, end
            at += end
            stream.seek(at)


def _last_end(block: bytes, quoted: bool) -> int:
    """Return the place behind the last line end that is outside quotes; 0 where there is none."""
    end = len(block)
    while (end := block.rfind(b"\n", 0, end)) >= 0:
        if not quoted or block.count(b'"', 0, end) % 2 == 0:
            return end + 1
    return 0


def _keeps_together(source: Source) -> bool:
    """Whether rows of one case must be read together: flat rows that follow others."""
    with source.path.open("rb") as stream:
        first = stream.readline()
        if source.format == "csv":
            return b"follows" in first
        if b'"items"' in first:
            return False
        stream.seek(0)
        return any(b'"follows"' in line for line in stream)
