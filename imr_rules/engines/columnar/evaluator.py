"""The one function: a record batch of flat facts in, a record batch of suggestions out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from imr_rules.engines.columnar.answers import Answers
from imr_rules.engines.columnar.blocks import blocks
from imr_rules.engines.columnar.catalogue import Catalogue
from imr_rules.engines.columnar.following import passes
from imr_rules.engines.columnar.items import Items
from imr_rules.engines.columnar.judge import judge_rows
from imr_rules.engines.columnar.schema import AT_ONCE, OUTPUT

if TYPE_CHECKING:
    from imr_rules.rulebook import Rulebook


class ColumnarEvaluator:
    """Judges millions of items: equal to the reference on every column, whatever the batches.

    It holds no state of its runs, so that one of them serves for ever, in any thread; a pickle of it is a
    pickle of its rulebook.

    Args:
        rulebook: the rulebook to judge by.
        columns: those of OUTPUT that are wanted, all that are worked out for many rows at once unless given; what
            only the others need is not worked out.
    """

    def __init__(self, rulebook: Rulebook, columns: Sequence[str] = AT_ONCE) -> None:
        self.rulebook = rulebook
        self.schema = pa.schema([OUTPUT.field(name) for name in columns])
        self._wanted = frozenset(columns)
        self._catalogue = Catalogue(rulebook)

    def __reduce__(self) -> tuple[object, ...]:
        return ColumnarEvaluator, (self.rulebook, self.schema.names)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the suggestion for each row of flat facts.

        Args:
            batch: the columns of :mod:`imr_rules.facts.flat`, any of them left out, checked by
                :func:`~imr_rules.engines.columnar.check_schema`. Where an item follows another, the rows
                of its case are in one batch.
        """
        items = Items(batch, self._catalogue)
        answers = Answers(items)
        for rows in passes(items, answers.suggestion):
            for shape, block in blocks(items, rows, self._catalogue):
                answers.add(block.places, judge_rows(shape, block, items, self._wanted))
        return answers.batch(self._catalogue, self.schema)
