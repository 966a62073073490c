"""A recorded corpus through two rulebooks: how many answers an edit changes, of which treatments, on what grounds.

For corpora too large to be screened one by one: the facts of each item are read, or worked out, once, and both
rulebooks judge them in record batches.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from imr_rules.batch.counting import counted
from imr_rules.batch.inputs import Format, Source, find
from imr_rules.batch.pool import each_done
from imr_rules.batch.records import Chunk, Reading
from imr_rules.batch.units import Unit, cut
from imr_rules.engines.columnar import ColumnarEvaluator
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.screening.turns import Turn

_COLUMNS = ("treatment", "suggestion", "lean", "lean_rests_on", "grounds", "rejected")
_KEY = ["treatment", *Turn._fields]

_Key = tuple[str | None, Turn]
"""A treatment, None for one that neither rulebook knows; and how its answer changes."""


class Flip(NamedTuple):
    """The items of one treatment whose answer changes in one way.

    Attributes:
        treatment: None for one that neither rulebook knows.
        turn: from what to what. Of a lean, its way and what it rests on are compared.
        items: how many flip so, ``of`` how many items of the treatment.
        before, after: criterion → how many of these items it is a ground of, by either rulebook.
        example: the file and the record of the first.
    """

    treatment: str | None
    turn: Turn
    items: int
    of: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    example: tuple[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "treatment": self.treatment, **self.turn.to_dict(), "items": self.items, "of": self.of,
            "grounds": {"before": dict(self.before), "after": dict(self.after)},
            "example": {"file": self.example[0], "row": self.example[1]},
        }  # fmt: skip


class Replayed(NamedTuple):
    """What two rulebooks say of a corpus.

    Attributes:
        items: items that both judged.
        rejects: items that one of them could not read, and records that are no items.
        flips: what changed, the most frequent first.
    """

    items: int
    rejects: int
    flips: tuple[Flip, ...]

    @property
    def flipped(self) -> int:
        """How many items changed."""
        return sum(each.items for each in self.flips)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "items": self.items,
            "rejects": self.rejects,
            "flips": [each.to_dict() for each in self.flips],
        }


def replay(
    batches: Iterable[pa.RecordBatch], old: Rulebook, new: Rulebook, columns: Sequence[str] = _COLUMNS
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Yield what two rulebooks say of each record batch of flat facts.

    Args:
        batches: flat facts; the columns of either dictionary.
        old, new: the rulebooks.
        columns: those wanted of :data:`~imr_rules.engines.columnar.OUTPUT`.
    """
    before, after = ColumnarEvaluator(old, columns), ColumnarEvaluator(new, columns)
    for batch in batches:
        yield before(batch), after(batch)


def replayed(
    inputs: Sequence[str], old: Rulebook, new: Rulebook, *, given: Format | None = None, workers: int = 1
) -> Replayed:
    """Return what two rulebooks say of the items of some files.

    Args:
        inputs: files, patterns or directories, of flat facts or whole cases, as for a batch. Whole cases are read
            by the old rulebook's dictionary.
        old, new: the rulebooks.
        given: the format, where it is not to be told from names.
        workers: processes to work with.

    Raises:
        CaseError: a file cannot be read, or a table has columns that the old dictionary does not declare.
    """
    with tempfile.TemporaryDirectory() as folder:
        sources = find(inputs, given, Path(folder) / "stdin")
        Reading(sources, old).check()
        found, records = _Tally(), Counter[int]()
        plan = _Plan(tuple(sources), old, new)
        for unit, part in each_done(_Worker, plan, cut(sources), workers):
            found.add(part, sources[unit.source].name, records[unit.source])
            records[unit.source] += part.records
    return found.total()


class _Plan(NamedTuple):
    """All that a worker needs."""

    sources: tuple[Source, ...]
    old: Rulebook
    new: Rulebook


class _Part:
    """What was counted in one unit."""

    def __init__(self) -> None:
        self.records = self.rejects = 0
        self.of: Counter[str | None] = Counter()
        self.flips: Counter[_Key] = Counter()
        self.before: Counter[tuple[_Key, str]] = Counter()
        self.after: Counter[tuple[_Key, str]] = Counter()
        self.first: dict[_Key, int] = {}


class _Tally(_Part):
    """The parts of a corpus put together, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.examples: dict[_Key, tuple[str, int]] = {}

    def add(self, part: _Part, file: str, before: int) -> None:
        """Add a unit's part, ``before`` which so many records of its file came."""
        self.rejects += part.rejects
        for name in ("of", "flips", "before", "after"):
            getattr(self, name).update(getattr(part, name))
        for key, record in part.first.items():
            self.examples.setdefault(key, (file, before + record + 1))

    def total(self) -> Replayed:
        """Return what the corpus came to."""
        flips = [
            Flip(*key, count, self.of[key[0]], _grounds(self.before, key), _grounds(self.after, key), self.examples[key])
            for key, count in self.flips.items()
        ]  # fmt: skip
        ordered = sorted(flips, key=lambda each: (-each.items, str(each[:2])))
        return Replayed(self.of.total(), self.rejects, tuple(ordered))


def _grounds(counts: Counter[tuple[_Key, str]], key: _Key) -> dict[str, int]:
    found = [(ground, count) for (its, ground), count in counts.items() if its == key]
    return dict(sorted(found, key=lambda each: (-each[1], each[0])))


class _Worker:
    """Counts what flips in a unit."""

    def __init__(self, plan: _Plan) -> None:
        self.old, self.new = plan.old, plan.new
        self.reading = Reading(plan.sources, plan.old, asked=self._asked)
        self.judges = ColumnarEvaluator(plan.old, _COLUMNS), ColumnarEvaluator(plan.new, _COLUMNS)
        self.wanted: dict[str, tuple[FactSpec, ...]] = {}

    def __call__(self, unit: Unit) -> _Part:
        found = _Part()
        for chunk in self.reading.read(unit):
            found.records += chunk.total
            found.rejects += len(chunk.rejects)
            self._count(chunk, found)
        return found

    def _asked(self, treatment: Treatment) -> tuple[FactSpec, ...]:
        """Return the facts that either rulebook asks for of a treatment."""
        found = self.wanted.get(treatment.name)
        if found is None:
            theirs = self.new.vocabulary.treatments.get(treatment.name)
            names = [each.name for each in self.old.facts_for(treatment)]
            names += [each.name for each in self.new.facts_for(theirs)] if theirs else []
            known = self.old.vocabulary.facts
            found = tuple(known[each] for each in dict.fromkeys(names) if each in known)
            self.wanted[treatment.name] = found
        return found

    def _count(self, chunk: Chunk, found: _Part) -> None:
        one, other = (judge(chunk.batch) for judge in self.judges)
        good = pc.and_(one.column("rejected").is_null(), other.column("rejected").is_null())
        found.rejects += chunk.batch.num_rows - good.true_count
        treatment = _either(one.column("treatment"), other.column("treatment"))
        for name, count in counted(pa.table({"treatment": treatment.filter(good)})):
            found.of[name["treatment"]] += count
        turns = _turns(one, other)
        changed = pc.and_(good, turns[0].is_valid())
        if not changed.true_count:
            return
        records = pa.array(chunk.records, pa.int64())
        arrays = [each.filter(changed) for each in (treatment.cast(pa.string()), *turns, records)]
        flips = pa.table(arrays, [*_KEY, "record"])
        for row in flips.group_by(_KEY).aggregate([([], "count_all"), ("record", "min")]).to_pylist():
            key = _key(row)
            found.flips[key] += row["count_all"]
            found.first.setdefault(key, row["record_min"])
        for side, batch in ((found.before, one), (found.after, other)):
            lists = batch.column("grounds").filter(changed)
            each = (
                flips.select(_KEY)
                .take(pc.list_parent_indices(lists))
                .append_column("ground", lists.flatten())
            )
            for row, count in counted(each):
                side[_key(row), row["ground"]] += count


def _either(one: pa.Array, other: pa.Array) -> pa.Array:
    """Return the treatments that either rulebook knows; dictionaries where the first knows them all."""
    return pc.coalesce(one.cast(pa.string()), other.cast(pa.string())) if one.null_count else one


def _key(row: Mapping[str, Any]) -> _Key:
    return row["treatment"], Turn(*(row[name] for name in Turn._fields))


def _turns(one: pa.RecordBatch, other: pa.RecordBatch) -> list[pa.Array]:
    """Return how each answer changes, as the columns of a :class:`Turn`; what changes is null where nothing does."""
    old, new = (each.column("suggestion").cast(pa.string()) for each in (one, other))
    leaned, leans = (pc.fill_null(each.column("lean").cast(pa.string()), "none") for each in (one, other))
    suggestion = pc.not_equal(old, new)
    lean = pc.or_(pc.not_equal(leaned, leans), _unlike_lists(one, other, "lean_rests_on"))
    grounds = _unlike_lists(one, other, "grounds")
    none, nothing = pa.scalar("none"), pa.scalar(None, pa.string())
    change = pc.if_else(grounds, "grounds", nothing)
    change = pc.if_else(suggestion, "suggestion", pc.if_else(lean, "lean", change))
    of_lean = pc.fill_null(pc.equal(change, "lean"), fill_value=False)
    return [change, old, new, pc.if_else(of_lean, leaned, none), pc.if_else(of_lean, leans, none)]


def _unlike_lists(one: pa.RecordBatch, other: pa.RecordBatch, column: str) -> pa.Array:
    """Return where two lists of words differ, in whatever order they stand."""
    ours, theirs = (
        pc.fill_null(pc.binary_join(each.column(column).cast(pa.list_(pa.string())), " "), "")
        for each in (one, other)
    )
    pairs = pa.table({"ours": ours, "theirs": theirs}).group_by(["ours", "theirs"]).aggregate([]).to_pylist()
    alike = [
        each for each in pairs
        if each["ours"] != each["theirs"] and sorted(each["ours"].split()) == sorted(each["theirs"].split())
    ]  # fmt: skip
    differ = pc.not_equal(ours, theirs)
    for each in alike:
        differ = pc.and_not(differ, pc.and_(pc.equal(ours, each["ours"]), pc.equal(theirs, each["theirs"])))
    return differ
