"""The one function: a record batch of flat facts in, a record batch of suggestions out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from imr_rules._dates import Window
from imr_rules.evaluators.columnar._judge import REASONS, STATUSES, SUGGESTIONS, Judge
from imr_rules.evaluators.columnar._run import Run
from imr_rules.evaluators.columnar._schema import OUTPUT
from imr_rules.facts.flat import columns_of
from imr_rules.rulebook.plan import TIERS
from imr_rules.screening.missing import FIRST

if TYPE_CHECKING:
    from imr_rules.facts.dictionary import FactSpec
    from imr_rules.rulebook import Rulebook

__all__ = ["ColumnarEvaluator"]


class ColumnarEvaluator:
    """Judges millions of items: equal to the reference on every column, whatever the batches.

    It holds no state of its runs, so that one of them serves for ever, in any thread; a pickle of it is a
    pickle of its rulebook.

    Args:
        rulebook: the rulebook to judge by.
        columns: those of OUTPUT that are wanted; what only the others need is not worked out.
    """

    def __init__(self, rulebook: Rulebook, columns: Sequence[str] = OUTPUT.names) -> None:
        self.rulebook = rulebook
        self.schema = pa.schema([OUTPUT.field(name) for name in columns])
        self.wanted = frozenset(columns)
        self._facts: dict[str, FactSpec] = dict(rulebook.vocabulary.facts)
        self._columns_of = {name: columns_of(spec) for name, spec in self._facts.items()}
        self._judges: dict[tuple[str, int, int], Judge] = {}
        self._shared: dict[tuple[tuple[str, ...], bool], Judge] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return ColumnarEvaluator, (self.rulebook, self.schema.names)

    @cached_property
    def _criteria(self) -> dict[str, int]:
        every = (each.id for guideline in self.rulebook.guidelines.values() for each in guideline.criteria)
        return {name: place for place, name in enumerate(sorted(every))}

    @cached_property
    def _fact_numbers(self) -> dict[str, int]:
        return {
            name: place
            for place, name in enumerate(sorted({*self._facts, *(each.fact for each in FIRST.values())}))
        }

    @cached_property
    def _treatments(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(sorted(self.rulebook.vocabulary.treatments))}

    @cached_property
    def _words(self) -> dict[str, pa.Array]:
        named = {"criteria": self._criteria, "facts": self._fact_numbers, "treatments": self._treatments}
        fixed = {"statuses": STATUSES, "suggestions": SUGGESTIONS, "reasons": REASONS, "tiers": TIERS}
        return {name: pa.array(list(words), pa.string()) for name, words in (named | fixed).items()}

    @cached_property
    def _turns(self) -> Any:
        """The ordinals of the days on which a guideline begins to govern, or has just ceased to."""
        days = set()
        for guideline in self.rulebook.guidelines.values():
            days.add(guideline.requests.first.toordinal())
            if guideline.requests.last is not None:
                days.add(guideline.requests.last.toordinal() + 1)
        return np.array(sorted(days), np.int64)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the suggestion for each row of flat facts.

        Args:
            batch: the columns of :mod:`imr_rules.facts.flat`, any of them left out, checked by
                :func:`~imr_rules.evaluators.columnar.check_schema`. Where an item follows another, the rows
                of its case are in one batch.
        """
        return Run(self, batch).result()

    def judge_for(self, treatment: str, begin: int, end: int, window: Window) -> Judge:
        """Return what judges a treatment requested within a window that lies between two turns."""
        key = treatment, begin, end
        found = self._judges.get(key)
        if found is None:
            selection = self.rulebook.select(self.rulebook.vocabulary.treatments[treatment], window)
            settled = not selection.open
            shared = tuple(guideline.id for guideline in selection.plan.guidelines), settled
            found = self._shared.get(shared)
            if found is None:
                dictionary = {name: self._fact_numbers[name] for name in self._facts}
                found = Judge(selection.plan, settled, self._criteria, dictionary)
                self._shared[shared] = found
            self._judges[key] = found
        return found
