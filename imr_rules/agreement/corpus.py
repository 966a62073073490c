"""Agreement over a corpus too large to be screened one by one: the same figures, counted in record batches."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from imr_rules.agreement.figures import OUTCOMES, Figures, figures_of
from imr_rules.batch.inputs import cut, find
from imr_rules.batch.records import Reading
from imr_rules.case import Outcome
from imr_rules.evaluators.columnar import ColumnarEvaluator
from imr_rules.rulebook import Rulebook
from imr_rules.screening.suggestion import Suggestion

__all__ = ["CorpusAgreement", "corpus_agreement"]


class CorpusAgreement(NamedTuple):
    """The figures overall and by class of treatment.

    Attributes:
        without_outcome: items whose outcome is not recorded.
        rejects: records that could not be judged.
    """

    overall: Figures
    by_group: Mapping[str, Figures]
    without_outcome: int
    rejects: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "overall": self.overall.to_dict(),
            "by_treatment": {name: figures.to_dict() for name, figures in self.by_group.items()},
            "without_outcome": self.without_outcome,
            "rejects": self.rejects,
        }


def corpus_agreement(inputs: Sequence[str], rulebook: Rulebook) -> CorpusAgreement:
    """Return how far suggestions agree with the outcomes recorded in the column ``outcome`` of some files.

    Args:
        inputs: files, patterns or directories, as for a batch.
        rulebook: the rulebook to judge by.

    Raises:
        CaseError: a file cannot be read, or has columns that nobody declared.
    """
    treatments = rulebook.vocabulary.treatments
    evaluate = ColumnarEvaluator(rulebook, ("treatment", "suggestion", "rejected"))
    counts: Counter[tuple[str, Suggestion, Outcome]] = Counter()
    without = rejects = 0
    with tempfile.TemporaryDirectory() as folder:
        sources = find(inputs, None, Path(folder) / "stdin")
        reading = Reading(sources, rulebook)
        reading.check()
        for unit in cut(sources):
            for chunk in reading.read(unit):
                rejects += len(chunk.rejects)
                found = evaluate(chunk.batch)
                good = found.column("rejected").is_null().to_numpy(zero_copy_only=False)
                rejects += int((~good).sum())
                if "outcome" not in chunk.batch.schema.names:
                    without += int(good.sum())
                    continue
                table = found.select(["treatment", "suggestion"]).append_column(
                    "outcome", chunk.batch.column("outcome").cast("string")
                )
                for (treatment, suggestion, outcome), count in _counted(
                    table.take(np.flatnonzero(good))
                ).items():
                    if outcome is None:
                        without += count
                    elif outcome not in OUTCOMES:
                        rejects += count
                    else:
                        group = treatments[treatment].lineage[-1] if treatment else "not_recognised"
                        counts[group, suggestion, outcome] += count
    return CorpusAgreement(
        figures_of(_over(counts)),
        {group: figures_of(_over(counts, group)) for group in sorted({each[0] for each in counts})},
        without,
        rejects,
    )


def _counted(rows: Any) -> dict[tuple[str | None, Suggestion, Any], int]:
    """Count the rows of a batch by their three columns."""
    names = ["treatment", "suggestion", "outcome"]
    grouped = pa.Table.from_batches([rows]).group_by(names).aggregate([([], "count_all")])
    return {
        (row["treatment"], row["suggestion"], row["outcome"]): row["count_all"] for row in grouped.to_pylist()
    }


def _over(
    counts: Mapping[tuple[str, Suggestion, Outcome], int], group: str | None = None
) -> Counter[tuple[Suggestion, Outcome]]:
    found: Counter[tuple[Suggestion, Outcome]] = Counter()
    for (its_group, suggestion, outcome), count in counts.items():
        if group in (None, its_group):
            found[suggestion, outcome] += count
    return found
