"""One unit of a batch, from its records to a part of the result that is kept."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from imr_rules.batch.inputs import Source
from imr_rules.batch.output import RESULT
from imr_rules.batch.records import Chunk, Reading
from imr_rules.batch.units import Unit
from imr_rules.engines.columnar import AT_ONCE, OUTPUT, ColumnarEvaluator
from imr_rules.errors import EngineError
from imr_rules.rulebook import Rulebook


class Plan(NamedTuple):
    """All that a worker needs, sent to it once.

    Attributes:
        sources: the files.
        digests: of each.
        directory: where the parts go.
        questions: whether to ask what to find out about each item under review.
    """

    rulebook: Rulebook
    sources: tuple[Source, ...]
    digests: tuple[str, ...]
    ignored: frozenset[str]
    directory: Path
    questions: bool = False


class Done(NamedTuple):
    """What a finished unit came to.

    Attributes:
        lines: how many lines or rows it had, blank ones included.
        records: how many records.
        rows: how many items were judged.
        rejects: how many rows or cases were not.
    """

    lines: int
    records: int
    rows: int
    rejects: int


def part_of(directory: Path, unit: Unit) -> Path:
    """Return where the rows of a unit are kept."""
    return directory / f"{unit.number:08d}.arrow"


def rejects_of(directory: Path, unit: Unit) -> Path:
    """Return where the rejects of a unit are kept."""
    return directory / f"{unit.number:08d}.rejects"


def _mark_of(directory: Path, unit: Unit) -> Path:
    return directory / f"{unit.number:08d}.done"


def done(directory: Path, unit: Unit) -> Done | None:
    """Return what a unit came to, or None where it is still to be done."""
    try:
        return Done(*json.loads(_mark_of(directory, unit).read_text()))
    except FileNotFoundError:
        return None


class Worker:
    """Judges units. What it writes appears whole or not at all, and the mark that it is done comes last."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reading = Reading(plan.sources, plan.rulebook, plan.ignored)
        self.evaluate = ColumnarEvaluator(plan.rulebook, OUTPUT.names if plan.questions else AT_ONCE)
        self.files = pa.array([source.name for source in plan.sources], pa.string())

    def __call__(self, unit: Unit) -> Done:
        """Judge one unit."""
        directory = self.plan.directory
        lines = records = rows = rejected = accounted = 0
        part, rejects = _unfinished(part_of(directory, unit)), _unfinished(rejects_of(directory, unit))
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with part.open("wb") as stream, rejects.open("w", encoding="utf-8") as refused:
            with pa.ipc.new_file(stream, RESULT, options=options) as writer:
                for chunk in self.reading.read(unit):
                    good, bad = self._judged(chunk, unit)
                    if good.num_rows:
                        writer.write_batch(good)
                    for record, reason in bad:
                        refused.write(json.dumps([record, reason]) + "\n")
                    lines += chunk.total
                    records += chunk.total - chunk.blank
                    accounted += _accounted(chunk, good, bad)
                    rows += good.num_rows
                    rejected += len(bad)
            for each in (stream, refused):
                each.flush()
                os.fsync(each.fileno())
        if accounted != records:
            raise EngineError(
                f"{records:,} records were read and {accounted:,} are accounted for: this is a fault of the program"
            )
        part.replace(part_of(directory, unit))
        rejects.replace(rejects_of(directory, unit))
        found = Done(lines, records, rows, rejected)
        mark = _unfinished(_mark_of(directory, unit))
        mark.write_text(json.dumps(found))
        mark.replace(_mark_of(directory, unit))
        return found

    def _judged(self, chunk: Chunk, unit: Unit) -> tuple[pa.RecordBatch, list[tuple[int, str]]]:
        found = self.evaluate(chunk.batch)
        records, count = chunk.records, chunk.batch.num_rows
        file = np.full(count, unit.source, np.int32)
        columns = {name: found.column(name) for name in found.schema.names}
        columns["file"] = pa.DictionaryArray.from_arrays(pa.array(file), self.files)
        columns["row"] = pa.array(records, pa.int64())
        if chunk.cases is not None:
            columns["case"] = chunk.cases
        if not self.plan.questions:
            columns["questions"] = pa.nulls(count, RESULT.field("questions").type)
        if columns["input_digest"].null_count == count:
            columns["input_digest"] = pa.repeat(pa.scalar(self.plan.digests[unit.source]), count)
        rejects = list(chunk.rejects)
        batch = pa.RecordBatch.from_arrays([columns[name] for name in RESULT.names], schema=RESULT)
        refused = found.column("rejected")
        if refused.null_count < count:
            bad = refused.is_valid().to_numpy(zero_copy_only=False)
            places = np.flatnonzero(bad).tolist()
            items = columns["item"].to_pylist() if chunk.cases is not None else [None] * count
            for place, reason in zip(places, refused.drop_null().to_pylist(), strict=True):
                prefix = f"{items[place]}: " if items[place] else ""
                rejects.append((int(records[place]), prefix + reason))
            batch = batch.filter(pa.array(~bad))
        return batch, sorted(rejects)


def _accounted(chunk: Chunk, good: pa.RecordBatch, bad: list[tuple[int, str]]) -> int:
    """Return how many records of a chunk were judged or rejected: each row is one, and a case may have several."""
    if chunk.cases is None:
        return int(good.num_rows) + len(bad)
    return len({*good.column("row").to_pylist(), *(record for record, _ in bad)})


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")
