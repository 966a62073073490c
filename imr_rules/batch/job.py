"""A whole batch: done in units that are kept, put together at the end, and taken up again after any end."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
from filelock import FileLock, Timeout

from imr_rules._version import __version__
from imr_rules.batch.inputs import Format, Source, find, records_in
from imr_rules.batch.output import RESULT, OutputFormat, appearing, output_format, writing
from imr_rules.batch.pool import each_done
from imr_rules.batch.records import Reading
from imr_rules.batch.tables import BATCH_ROWS
from imr_rules.batch.units import Unit, cut
from imr_rules.batch.work import Done, Plan, Worker, done, part_of, rejects_of
from imr_rules.errors import CaseError, EngineError, Place, Problem
from imr_rules.rulebook import Rulebook

_MARK = "batch.json"
"""Says which batch the work in a directory belongs to."""


class Progress(NamedTuple):
    """How far a batch has come.

    Attributes:
        size, of: bytes of input done, and of all.
        rows: rows judged, those of an earlier start included.
        fresh: rows judged since this start.
    """

    size: int
    of: int
    rows: int
    fresh: int


class Total(NamedTuple):
    """What a batch came to.

    Attributes:
        records: rows, lines or cases that were read: each was judged or rejected.
        rows: items that were judged.
        rejects: rows or cases that were not, or items of a case.
        resumed: how many units an earlier start had done.
    """

    records: int
    rows: int
    rejects: int
    units: int
    resumed: int


def rejects_beside(output: Path) -> Path:
    """Return where the rejects of an output go: ``out.parquet`` has ``out.parquet.rejects.ndjson``."""
    return output.with_name(output.name + ".rejects.ndjson")


def work_beside(output: Path) -> Path:
    """Return the directory where an output is worked on, until it is there."""
    return output.with_name(output.name + ".work")


def batch(
    inputs: Sequence[str],
    output: Path,
    rulebook: Rulebook,
    *,
    workers: int = 1,
    given: Format | None = None,
    ignored: frozenset[str] = frozenset(),
    restart: bool = False,
    questions: bool = False,
    told: Callable[[Progress], None] = lambda progress: None,
) -> Total:
    """Judge every item of some files and write one file of suggestions.

    The work is kept beside the output until the output is there: a batch that was interrupted, however, goes
    on where it was when it is started again, and ends with the same bytes.

    Args:
        inputs: files, patterns, directories, or ``-`` for standard input.
        output: the file to write; its name tells the format. Rejects go beside it.
        rulebook: the rulebook to judge by.
        workers: processes to work with.
        given: the format of the inputs, where it is not to be told from their names.
        ignored: columns of tables that are not to be read.
        restart: throw away what an earlier start with other inputs left.
        questions: whether to ask what to find out about each item under review; the column is empty otherwise.
        told: is called as the work goes on.

    Raises:
        CaseError: a file cannot be read, or has columns that nobody declared; the output cannot be written;
            or the work beside it is that of another batch.
        InputError: a worker was ended from outside.
    """
    kind = output_format(output)
    directory = work_beside(output)
    if output.is_dir():
        raise CaseError(Problem("cannot-write", "it is a directory", Place(str(output)), "name a file"))
    with _locked(directory), _writable(output):
        sources = find(inputs, given, directory / "stdin")
        if any(source.given.resolve() == output.resolve() for source in sources):
            what, hint = "it is also one of the files to read", "write to another file"
            raise CaseError(Problem("same-file", what, Place(str(output)), hint))
        Reading(sources, rulebook, ignored).check()
        digests = tuple(source.digest() for source in sources)
        about = {
            "version": __version__,
            "rulebook_version": rulebook.version,
            "rulebook_digest": rulebook.digest,
        }
        named = [[source.name, source.format, each] for source, each in zip(sources, digests, strict=True)]
        _settle(directory, output, json.dumps([about, named, sorted(ignored), questions]), restart)
        plan = Plan(rulebook, tuple(sources), digests, ignored, directory, questions)
        units = cut(sources)
        every, resumed = _do(plan, units, workers, told)
        _check_none_lost(sources, units, every)
        metadata = about | {"inputs": json.dumps(named, ensure_ascii=False)}
        with appearing(output, directory / "result") as stream:
            _write_rows(stream, kind, plan, units, every, metadata)
        rejected = sum(each.rejects for each in every)
        if rejected:
            with appearing(rejects_beside(output), directory / "result") as stream:
                _write_rejects(stream, plan, units, every)
        else:
            rejects_beside(output).unlink(missing_ok=True)
        shutil.rmtree(directory)
    return Total(
        sum(each.records for each in every), sum(each.rows for each in every), rejected, len(units), resumed
    )


def commonest(rejects: Path, most: int = 3) -> list[tuple[str, int]]:
    """Return the reasons that stand most often among rejects, each with how often."""
    with rejects.open(encoding="utf-8") as lines:
        return Counter(json.loads(line)["reason"] for line in lines).most_common(most)


@contextmanager
def _writable(output: Path) -> Iterator[None]:
    """Say of an output that it cannot be written where the system says so, as when a disk is full."""
    try:
        yield
    except OSError as error:
        what, hint = (
            f"it cannot be written: {error.strerror}",
            "what is done is kept: mend that, and start again",
        )
        raise CaseError(Problem("cannot-write", what, Place(str(output)), hint)) from None


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold a directory for one process at a time."""
    lock = FileLock(directory / "lock", blocking=False)
    try:
        directory.mkdir(exist_ok=True)
        lock.acquire()
    except Timeout:
        what = "another process is at work on this output"
        raise CaseError(Problem("busy", what, Place(str(directory)), "wait for it to end")) from None
    except OSError as error:
        what = f"it cannot be written: {error.strerror}"
        hint = None if directory.parent.is_dir() else f"make the directory {directory.parent}"
        raise CaseError(Problem("cannot-write", what, Place(str(directory)), hint)) from None
    try:
        yield
    finally:
        if not (directory / _MARK).exists():  # nothing was begun
            shutil.rmtree(directory, ignore_errors=True)
        lock.release()


def _settle(directory: Path, output: Path, told: str, restart: bool) -> None:
    """Make sure that what lies in the directory is the work of this very batch."""
    mark = directory / _MARK
    before = mark.read_text(encoding="utf-8") if mark.exists() else None
    if before is not None and before != told:
        if not restart:
            hint = f"give --restart to begin anew, or remove {work_beside(output)}"
            what = "an unfinished batch of other files, or by another rulebook, is there"
            raise CaseError(Problem("other-batch", what, Place(str(directory)), hint))
        for path in directory.iterdir():
            if path.name not in ("lock", "stdin") and not path.name.startswith("plain-"):
                path.unlink()
        before = None
    if before is None:
        unfinished = directory / f".batch.json.{os.getpid()}"
        unfinished.write_text(told, encoding="utf-8")
        unfinished.replace(mark)


def _do(
    plan: Plan, units: Sequence[Unit], workers: int, told: Callable[[Progress], None]
) -> tuple[list[Done], int]:
    found = {unit.number: mark for unit in units if (mark := done(plan.directory, unit)) is not None}
    resumed = len(found)
    of = sum(unit.size for unit in units)
    size = sum(unit.size for unit in units if unit.number in found)
    rows, fresh = sum(each.rows + each.rejects for each in found.values()), 0
    told(Progress(size, of, rows, 0))
    left = [unit for unit in units if unit.number not in found]
    for unit, mark in each_done(Worker, plan, left, workers):
        found[unit.number] = mark
        size += unit.size
        fresh += mark.rows + mark.rejects
        told(Progress(size, of, rows + fresh, fresh))
    return [found[unit.number] for unit in units], resumed


def _check_none_lost(sources: Sequence[Source], units: Sequence[Unit], every: Sequence[Done]) -> None:
    """Hold the records that were judged or rejected against those that each file holds, counted by themselves.

    Raises:
        EngineError: they are not as many.
    """
    for place, source in enumerate(sources):
        read = sum(mark.records for unit, mark in zip(units, every, strict=True) if unit.source == place)
        held = records_in(source)
        if read != held:
            raise EngineError(
                f"{source.name}: it holds {held:,} records, and {read:,} were judged or rejected: "
                "nothing was written, and this is a fault of the program"
            )


def _offsets(units: Sequence[Unit], every: Sequence[Done]) -> Iterator[tuple[Unit, int]]:
    """Yield each unit with how many records of its file came before it."""
    before: dict[int, int] = {}
    for unit, mark in zip(units, every, strict=True):
        yield unit, before.get(unit.source, 0)
        before[unit.source] = before.get(unit.source, 0) + mark.lines


def _write_rows(
    stream: BinaryIO, kind: OutputFormat, plan: Plan, units: Sequence[Unit], every: Sequence[Done],
    about: dict[str, str],
) -> None:  # fmt: skip
    with writing(stream, kind, about) as write:
        held: list[pa.RecordBatch] = []
        for batch in _parts(plan, units, every):
            if held and sum(each.num_rows for each in held) + batch.num_rows > BATCH_ROWS:
                write(pa.concat_batches(held))
                held = []
            held.append(batch)
        if held:
            write(pa.concat_batches(held))


def _parts(plan: Plan, units: Sequence[Unit], every: Sequence[Done]) -> Iterator[pa.RecordBatch]:
    place = RESULT.get_field_index("row")
    for unit, before in _offsets(units, every):
        with pa.memory_map(str(part_of(plan.directory, unit))) as part:
            reader = pa.ipc.open_file(part)
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                rows = pa.array(batch.column(place).to_numpy() + (before + 1))
                yield batch.set_column(place, RESULT.field(place), rows)


def _write_rejects(stream: BinaryIO, plan: Plan, units: Sequence[Unit], every: Sequence[Done]) -> None:
    for unit, before in _offsets(units, every):
        name = plan.sources[unit.source].name
        with rejects_of(plan.directory, unit).open(encoding="utf-8") as lines:
            for line in lines:
                record, reason = json.loads(line)
                row = {"file": name, "row": before + record + 1, "reason": reason}
                stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
