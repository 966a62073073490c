"""What a batch reads: files, patterns, directories or standard input."""

from __future__ import annotations

import codecs
import glob
import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar, get_args

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from imr_rules.batch.plain_csv import is_plain, write_plain
from imr_rules.errors import CaseError, Place, Problem

_Read = TypeVar("_Read", pa.RecordBatch, pa.Array)

Format = Literal["parquet", "arrow", "csv", "ndjson", "case"]
"""How a file holds items: the first four as tables or lines, ``case`` as one whole case in YAML or JSON."""

FORMATS: tuple[Format, ...] = get_args(Format)
_BY_SUFFIX: dict[str, Format] = {
    ".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow", ".csv": "csv",
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".yaml": "case", ".yml": "case", ".json": "case",
}  # fmt: skip


_NAMES = f"name it {', '.join('*' + suffix for suffix in _BY_SUFFIX)}"


class Source(Struct, frozen=True):
    """One file to read.

    Attributes:
        path: what is read.
        name: how it is called in what comes out.
        original: the file that ``path`` is a plain copy of, where it had to be made plain.
    """

    path: Path
    format: Format
    name: str
    original: Path | None = None

    @property
    def given(self) -> Path:
        """The file as it was given."""
        return self.original or self.path

    def digest(self) -> str:
        """Return the SHA-256 of the file as it was given, as ``sha256:...``."""
        with self.given.open("rb") as stream:
            return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()


def format_of(path: Path) -> Format:
    """Return the format that a file's name tells.

    Raises:
        CaseError: it tells none.
    """
    found = _BY_SUFFIX.get(path.suffix.lower())
    if found is None:
        hint = f"{_NAMES}, or give --from"
        raise CaseError(
            Problem("unknown-format", "its name does not tell its format", Place(str(path)), hint)
        )
    return found


def find(names: Iterable[str], given: Format | None, spool: Path) -> list[Source]:
    """Return the files that some names stand for: themselves, what a pattern or a directory holds, or ``-``.

    Args:
        names: as given on the command line.
        given: the format, where it is not to be told from each name.
        spool: where standard input is kept, so that it can be read twice; CSV that is not plain is made so beside it.

    Raises:
        CaseError: a name stands for nothing, or a file of CSV has no header.
    """
    return [_plain(each, place, spool) for place, each in enumerate(_found(names, given, spool))]


def _plain(source: Source, place: int, spool: Path) -> Source:
    """Return a source whose CSV is plain."""
    if source.format != "csv" or is_plain(source.path):
        return source
    path = spool.with_name(f"plain-{place}.csv")
    try:
        write_plain(source.path, path)
    except CaseError as error:
        raise CaseError(
            [Problem(each.code, each.what, Place(source.name), each.hint) for each in error.problems]
        ) from None
    return Source(path, "csv", source.name, source.path)


def _found(names: Iterable[str], given: Format | None, spool: Path) -> list[Source]:
    found: list[Source] = []
    for name in names:
        if name == "-":
            with spool.open("wb") as stream:
                shutil.copyfileobj(sys.stdin.buffer, stream)
            found.append(Source(spool, given or _format_within(spool), "-"))
            continue
        paths = list(_files(name))
        if not paths:
            what, hint = "there is no such file", "name a file or a pattern"
            if Path(name).is_dir():
                what, hint = "no file in this directory is named as one that can be read", _NAMES
            raise CaseError(Problem("cannot-read", what, Place(name), hint))
        found += [Source(path, given or format_of(path), str(path)) for path in paths]
    return found


def _format_within(path: Path) -> Format:
    """Return the format that the beginning of standard input tells.

    Raises:
        CaseError: it tells none: CSV could be anything.
    """
    with path.open("rb") as stream:
        begin = stream.read(4096)
    if begin.startswith(b"PAR1"):
        return "parquet"
    if begin.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return "arrow"
    if begin.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"{", b""):
        return "ndjson"
    hint = "say what it is: --from csv, --from ndjson or --from case"
    raise CaseError(Problem("unknown-format", "standard input does not tell its format", Place("-"), hint))


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


def records_in(source: Source) -> int:
    """Return how many records a file holds, counted without reading them.

    Raises:
        CaseError: the file is not what its format says.
    """
    with readable(source):
        if source.format == "parquet":
            about = pq.read_metadata(source.path)
            in_groups = sum(about.row_group(group).num_rows for group in range(about.num_row_groups))
            if about.num_rows != in_groups:
                raise pa.ArrowInvalid("its groups hold another number of rows than the file says")
            return int(in_groups)
        if source.format == "arrow":
            with pa.memory_map(str(source.path)) as stream:
                reader = opened(stream)
                count = getattr(reader, "num_record_batches", None)
                batches = reader if count is None else map(reader.get_batch, range(count))
                rows: int = sum(batch.num_rows for batch in batches)
                if count is None and stream.tell() < stream.size():
                    what = "more follows behind the end of the Arrow stream, which nobody would read"
                    hint = "give each stream as a file of its own"
                    raise CaseError(Problem("more-behind", what, Place(source.name), hint))
                return rows
    if source.format == "case":
        return 1
    with source.path.open("rb") as lines:
        if source.format == "csv":
            return max(0, sum(1 for line in lines if line.rstrip(b"\r\n")) - 1)
        return sum(1 for line in lines if line.removeprefix(codecs.BOM_UTF8).strip())


def schema_of(source: Source) -> pa.Schema | None:
    """Return the columns of a table; None for text, which says nothing of types.

    Raises:
        CaseError: the file is not what its format says.
    """
    with readable(source):
        if source.format == "parquet":
            return _named(pq.read_schema(source.path))
        if source.format == "arrow":
            with pa.memory_map(str(source.path)) as stream:
                return _named(opened(stream).schema)
    return None


def _named(schema: pa.Schema) -> pa.Schema:
    """Return a schema whose names were all read: one that is no text is found out here, and not far from the file."""
    _ = schema.names
    return schema


def sound(read: Iterable[_Read]) -> Iterator[_Read]:
    """Yield what was read of Arrow or Parquet, each part after everything in it was checked.

    An offset or an index that leads out of a damaged file is found nowhere else: it would end the process.

    Raises:
        pa.ArrowInvalid: a part is damaged.
    """
    for part in read:
        part.validate(full=True)
        yield part


@contextmanager
def readable(source: Source) -> Iterator[None]:
    """Say of a file whose content cannot be read that it is damaged, or not what its format says."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, PermissionError):
            what, hint = "it may not be read", None
        else:
            what = f"this is no {source.format} file, or it is damaged or cut short"
            hint = "write it anew, or say with --from what it is"
        raise CaseError(Problem("cannot-read", what, Place(source.name), hint)) from None


def opened(stream: pa.NativeFile) -> pa.ipc.RecordBatchFileReader | pa.ipc.RecordBatchStreamReader:
    """Return what reads an Arrow file or, from its beginning to its end, an Arrow stream."""
    try:
        return pa.ipc.open_file(stream)
    except pa.ArrowInvalid:
        stream.seek(0)
        return pa.ipc.open_stream(stream)
