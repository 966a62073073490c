"""A recorded corpus through two rulebooks: how many suggestions an edit flips, of which treatments.

For corpora too large to be screened one by one: the facts of each item are read, or worked out, once, and both
rulebooks judge them in record batches.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from imr_rules.batch.inputs import Format, cut, find
from imr_rules.batch.records import Reading
from imr_rules.evaluators.columnar import ColumnarEvaluator
from imr_rules.facts.dictionary import FactSpec, Treatment
from imr_rules.rulebook import Rulebook
from imr_rules.screening.suggestion import Suggestion

__all__ = ["Replayed", "replay", "replayed"]

_COLUMNS = ("treatment", "suggestion", "rejected")


class Replayed(NamedTuple):
    """What two rulebooks say of a corpus.

    Attributes:
        items: items that both judged.
        rejects: items that one of them could not read, and records that are no items.
        transitions: (treatment, old, new) → items, of those whose suggestion changed; None for a treatment that
            neither knows.
        examples: the same → the file and record of the first such item.
    """

    items: int
    rejects: int
    transitions: Mapping[tuple[str | None, Suggestion, Suggestion], int]
    examples: Mapping[tuple[str | None, Suggestion, Suggestion], tuple[str, int]]

    @property
    def flips(self) -> int:
        """How many items changed."""
        return sum(self.transitions.values())

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "items": self.items,
            "rejects": self.rejects,
            "flips": [
                {"treatment": key[0], "from": key[1], "to": key[2], "items": count,
                 "example": {"file": self.examples[key][0], "row": self.examples[key][1]}}
                for key, count in self.transitions.items()
            ],
        }  # fmt: skip


def replay(
    batches: Iterable[pa.RecordBatch], old: Rulebook, new: Rulebook, columns: Sequence[str] = _COLUMNS
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Yield what two rulebooks say of each record batch of flat facts.

    Args:
        batches: flat facts; the columns of either dictionary.
        old, new: the rulebooks.
        columns: those wanted of :data:`~imr_rules.evaluators.columnar.OUTPUT`.
    """
    before, after = ColumnarEvaluator(old, columns), ColumnarEvaluator(new, columns)
    for batch in batches:
        yield before(batch), after(batch)


def replayed(inputs: Sequence[str], old: Rulebook, new: Rulebook, *, given: Format | None = None) -> Replayed:
    """Return what two rulebooks say of the items of some files.

    Args:
        inputs: files, patterns or directories, of flat facts or whole cases, as for a batch. Whole cases are read
            by the old rulebook's dictionary.
        old, new: the rulebooks.
        given: the format, where it is not to be told from names.

    Raises:
        CaseError: a file cannot be read, or a table has columns that the old dictionary does not declare.
    """
    wanted: dict[str, tuple[FactSpec, ...]] = {}

    def asked(treatment: Treatment) -> tuple[FactSpec, ...]:
        found = wanted.get(treatment.name)
        if found is None:
            theirs = new.vocabulary.treatments.get(treatment.name)
            names = [each.name for each in old.facts_for(treatment)]
            names += [each.name for each in new.facts_for(theirs)] if theirs else []
            known = old.vocabulary.facts
            found = wanted[treatment.name] = tuple(
                known[each] for each in dict.fromkeys(names) if each in known
            )
        return found

    items = rejects = 0
    transitions: Counter[tuple[str | None, Suggestion, Suggestion]] = Counter()
    examples: dict[tuple[str | None, Suggestion, Suggestion], tuple[str, int]] = {}
    before, after = ColumnarEvaluator(old, _COLUMNS), ColumnarEvaluator(new, _COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        sources = find(inputs, given, Path(folder) / "stdin")
        reading = Reading(sources, old, asked=asked)
        reading.check()
        records: Counter[int] = Counter()
        for unit in cut(sources):
            done = records[unit.source]
            for chunk in reading.read(unit):
                records[unit.source] += chunk.total
                one, other = before(chunk.batch), after(chunk.batch)
                good = _good(one) & _good(other)
                items += int(good.sum())
                rejects += len(chunk.rejects) + int((~good).sum())
                ours, theirs = (
                    each.column("suggestion").indices.fill_null(-1).to_numpy() for each in (one, other)
                )
                for row in np.flatnonzero(good & (ours != theirs)).tolist():
                    treatment = one.column("treatment")[row].as_py() or other.column("treatment")[row].as_py()
                    key = (
                        treatment,
                        one.column("suggestion")[row].as_py(),
                        other.column("suggestion")[row].as_py(),
                    )
                    transitions[key] += 1
                    place = sources[unit.source].name, done + int(chunk.records[row]) + 1
                    examples.setdefault(key, place)
    ordered = sorted(transitions.items(), key=lambda each: (-each[1], str(each[0])))
    return Replayed(items, rejects, dict(ordered), examples)


def _good(batch: pa.RecordBatch) -> Any:
    return batch.column("rejected").is_null().to_numpy(zero_copy_only=False)
