"""Agreement over a corpus too large to be screened one by one: the same figures, counted in record batches."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from imr_rules._results import Result
from imr_rules.agreement.figures import OUTCOMES, Figures, figures_of
from imr_rules.batch.counting import counted
from imr_rules.batch.inputs import Source, find
from imr_rules.batch.output import RESULT, Write, appearing, output_format, writing
from imr_rules.batch.pool import each_done
from imr_rules.batch.records import Chunk, Reading
from imr_rules.batch.units import Unit, cut
from imr_rules.case import OUTCOME_OF, Outcome, Suggestion
from imr_rules.engines.columnar import ColumnarEvaluator
from imr_rules.errors import CaseError, Place, Problem
from imr_rules.rulebook import Rulebook

MOST = 20
"""Items listed of each kind, of those that do not agree."""

UNLIKE = pa.schema([
    *(RESULT.field(name) for name in ("file", "row", "case", "item", "treatment", "suggestion")),
    pa.field("outcome", pa.string()),
    *(RESULT.field(name) for name in ("grounds", "review_reasons", "missing")),
])  # fmt: skip
"""The columns of a table of items that do not agree."""


@dataclass(frozen=True, slots=True)
class Unlike(Result):
    """An item of a corpus whose suggestion does not agree with its outcome, or is left to review.

    Attributes:
        file, row: where it is: the file, and the record in it, counted from 1.
    """

    file: str
    row: int
    case: str | None
    item: str | None
    treatment: str | None
    suggestion: Suggestion
    outcome: Outcome
    grounds: list[str]
    review_reasons: list[str]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class CorpusAgreement(Result):
    """The figures overall and by class of treatment.

    Attributes:
        without_outcome: items whose outcome is not recorded.
        rejects: records that could not be judged.
        disagreements, left_to_review: the first MOST items of either kind.
    """

    overall: Figures
    by_group: Annotated[Mapping[str, Figures], Field(alias="by_treatment")]
    without_outcome: int
    rejects: int
    disagreements: tuple[Unlike, ...]
    left_to_review: tuple[Unlike, ...]


def corpus_agreement(
    inputs: Sequence[str], rulebook: Rulebook, *, workers: int = 1, items: Path | None = None
) -> CorpusAgreement:
    """Return how far suggestions agree with the outcomes recorded in the column ``outcome`` of some files.

    Args:
        inputs: files, patterns or directories, as for a batch.
        rulebook: the rulebook to judge by.
        workers: processes to work with.
        items: a file to write with every item that does not agree, of the columns UNLIKE; its name tells the format.

    Raises:
        CaseError: a file cannot be read, or has columns that nobody declared; or ``items`` cannot be written.
    """
    found = _Part()
    listed: tuple[list[Unlike], list[Unlike]] = [], []
    with tempfile.TemporaryDirectory() as folder, _table(items) as write:
        sources = find(inputs, None, Path(folder) / "stdin")
        Reading(sources, rulebook).check()
        plan = _Plan(tuple(sources), rulebook, whole=items is not None)
        records: Counter[int] = Counter()
        for unit, part in each_done(_Worker, plan, cut(sources), workers):
            found.counts.update(part.counts)
            found.without += part.without
            found.rejects += part.rejects
            for batch in part.unlike:
                moved = _moved(batch, records[unit.source])
                write(moved)
                for each, unlike in zip(listed, _kinds(moved), strict=True):
                    each += [Unlike(**row) for row in unlike.slice(0, MOST - len(each)).to_pylist()]
            records[unit.source] += part.records
    groups = sorted({group for group, _, _ in found.counts})
    return CorpusAgreement(
        figures_of(_over(found.counts)),
        {group: figures_of(_over(found.counts, group)) for group in groups},
        found.without,
        found.rejects,
        *map(tuple, listed),
    )


@contextmanager
def _table(path: Path | None) -> Iterator[Write]:
    """Give what writes the items that do not agree; nowhere, where there is no file for them."""
    if path is None:
        yield lambda batch: None
        return
    kind = output_format(path)
    try:
        unfinished = path.with_name(f".{path.name}.unfinished")
        with appearing(path, unfinished) as stream, writing(stream, kind, {}, UNLIKE) as write:
            yield write
    except OSError as error:
        what = f"it cannot be written: {error.strerror}"
        raise CaseError(Problem("cannot-write", what, Place(str(path)))) from None


def _moved(batch: pa.RecordBatch, before: int) -> pa.RecordBatch:
    """Return items of a unit with their places in the file, ``before`` of whose records came earlier."""
    place = UNLIKE.get_field_index("row")
    return batch.set_column(place, UNLIKE.field(place), pc.add(batch.column(place), before + 1))


def _kinds(batch: pa.RecordBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return the items that disagree, and those left to review."""
    review = pc.equal(batch.column("suggestion").cast(pa.string()), "needs_review")
    return batch.filter(pc.invert(review)), batch.filter(review)


class _Plan(NamedTuple):
    """All that a worker needs.

    Attributes:
        whole: whether every item that does not agree is wanted, and not only the first.
    """

    sources: tuple[Source, ...]
    rulebook: Rulebook
    whole: bool


class _Part:
    """What was counted in one unit, with the items that do not agree; their records begin at 0."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, Suggestion, Outcome]] = Counter()
        self.records = self.without = self.rejects = 0
        self.unlike: list[pa.RecordBatch] = []


class _Worker:
    """Counts a unit."""

    def __init__(self, plan: _Plan) -> None:
        self.whole = plan.whole
        self.treatments = plan.rulebook.vocabulary.treatments
        self.reading = Reading(plan.sources, plan.rulebook)
        columns = [name for name in UNLIKE.names if name not in ("file", "row", "outcome")]
        self.evaluate = ColumnarEvaluator(plan.rulebook, (*columns, "rejected"))
        self.files = pa.array([source.name for source in plan.sources], pa.string())

    def __call__(self, unit: Unit) -> _Part:
        found = _Part()
        for chunk in self.reading.read(unit):
            found.records += chunk.total
            found.rejects += len(chunk.rejects)
            self._count(chunk, unit, found)
        return found

    def _count(self, chunk: Chunk, unit: Unit, found: _Part) -> None:
        judged = self.evaluate(chunk.batch)
        good = judged.column("rejected").is_null()
        found.rejects += judged.num_rows - good.true_count
        if "outcome" not in chunk.batch.schema.names:
            found.without += good.true_count
            return
        outcome = chunk.batch.column("outcome").cast(pa.string())
        table = pa.table([judged.column("treatment"), judged.column("suggestion"), outcome],
                         ["treatment", "suggestion", "outcome"])  # fmt: skip
        for row, count in counted(table.filter(good)):
            if row["outcome"] is None:
                found.without += count
            elif row["outcome"] not in OUTCOMES:
                found.rejects += count
            else:
                treatment = row["treatment"]
                group = self.treatments[treatment].lineage[-1] if treatment else "not_recognized"
                found.counts[group, row["suggestion"], row["outcome"]] += count
        unlike = self._unlike(chunk, judged, outcome, good, unit)
        if self.whole:
            found.unlike.append(unlike)
        else:
            found.unlike += [each.slice(0, MOST) for each in _kinds(unlike)]

    def _unlike(
        self, chunk: Chunk, judged: pa.RecordBatch, outcome: pa.Array, good: pa.Array, unit: Unit
    ) -> pa.RecordBatch:
        """Return the items that do not agree."""
        suggestion = judged.column("suggestion").cast(pa.string())
        agrees = [
            pc.and_(pc.equal(suggestion, one), pc.equal(outcome, other)) for one, other in OUTCOME_OF.items()
        ]
        recorded = pc.is_in(outcome, pa.array(OUTCOMES))
        wanted = pc.and_(pc.and_(good, recorded), pc.invert(pc.or_(*agrees)))
        columns = {name: judged.column(name) for name in judged.schema.names} | {"outcome": outcome}
        columns["row"] = pa.array(chunk.records, pa.int64())
        if chunk.cases is not None:
            columns["case"] = chunk.cases
        codes = pa.repeat(pa.scalar(unit.source, pa.int32()), judged.num_rows)
        columns["file"] = pa.DictionaryArray.from_arrays(codes, self.files)
        arrays = [columns[name] for name in UNLIKE.names]
        return pa.RecordBatch.from_arrays(arrays, schema=UNLIKE).filter(wanted)


def _over(
    counts: Mapping[tuple[str, Suggestion, Outcome], int], group: str | None = None
) -> Counter[tuple[Suggestion, Outcome]]:
    found: Counter[tuple[Suggestion, Outcome]] = Counter()
    for (its_group, suggestion, outcome), count in counts.items():
        if group in (None, its_group):
            found[suggestion, outcome] += count
    return found
