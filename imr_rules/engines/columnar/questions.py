"""What to find out about rows under review: the very questions that a screening asks, a row at a time.

They are asked of the reference, which supposes each open fact known, both ways. That takes far longer
than judging a row in columns, so it is done for the rows under review alone, and only where the column is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from imr_rules._dates import Window
from imr_rules.case import Recorded
from imr_rules.engines.columnar.codes import REVIEW
from imr_rules.engines.columnar.column import Column, exact
from imr_rules.expression.reference import Status, judge
from imr_rules.expression.values import Row, Value
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.questions import UNTOLD, Contradictions, facts_asked_about, questions
from imr_rules.rulebook.suggestion import Suggested, suggest

if TYPE_CHECKING:
    from imr_rules.engines.columnar.catalogue import Catalogue
    from imr_rules.engines.columnar.items import Items


class FlatItem(NamedTuple):
    """A row of flat facts, ready to be asked about."""

    plan: Plan
    treatment: Treatment
    settled: bool
    row: Row
    others: Row
    contradicted: Contradictions

    def suggest(self, row: Row, statuses: Sequence[Status]) -> Suggested:
        """Return the suggestion over a row, by the reference."""
        return suggest(self.plan, statuses, row, settled=self.settled, contradicted=bool(self.contradicted))

    def value(self, spec: FactSpec) -> Value:
        """Return what is known of any fact."""
        return self.others.get(spec.name) or Value("missing", spec.type.low, spec.type.high)

    def statements(self, name: str) -> Sequence[Recorded]:
        """Return nothing: flat facts have no places."""
        return ()


def facts_to_find_out(items: Items, suggestion: Any, catalogue: Catalogue) -> Iterator[tuple[int, list[int]]]:
    """Yield each row that was judged and needs review, with the numbers of the facts to find out about it.

    Args:
        items: the rows.
        suggestion: of each of them.
        catalogue: of the rulebook.
    """
    chosen = items.judgeable(suggestion == REVIEW)
    if not len(chosen):
        return
    vocabulary, names = catalogue.rulebook.vocabulary, list(catalogue.treatments)
    keys = np.stack([items.treatment[chosen], items.begin[chosen], items.end[chosen]])
    kinds, of_row = np.unique(keys, axis=1, return_inverse=True)
    contradicted = np.broadcast_to(items.facts.contradicted, items.count)
    for place, (number, begin, end) in enumerate(kinds.T.tolist()):
        rows = chosen[of_row.reshape(-1) == place]
        treatment = vocabulary.treatments[names[number]]
        window = Window(date.fromordinal(begin), date.fromordinal(end))
        selection = catalogue.rulebook.select(treatment, window, lambda _: False)  # remarks ask nothing
        plan = selection.plan
        own = _values(plan.facts, items, rows)
        others = _values(tuple(facts_asked_about(plan, treatment, vocabulary)), items, rows)
        for row, facts, more in zip(rows.tolist(), own, others, strict=True):
            against = UNTOLD if contradicted[row] else ()
            item = FlatItem(plan, treatment, not selection.open, plan.complete(facts), more, against)
            statuses = [judge(each, item.row) for each in plan.criteria]
            asked = questions(item, statuses, item.suggest(item.row, statuses), vocabulary)
            yield row, [catalogue.fact_numbers[each.fact] for each in asked if each.fact]


def _values(specs: Sequence[FactSpec], items: Items, rows: Any) -> Iterator[Row]:
    """Yield what some rows say of some facts, row by row."""
    columns = [_column(spec, items, rows) for spec in specs]
    for place in range(len(rows)):
        yield {spec.name: column[place] for spec, column in zip(specs, columns, strict=True)}


def _column(spec: FactSpec, items: Items, rows: Any) -> list[Value]:
    column: Column = items.facts[spec.name].at(rows)
    count = len(rows)

    def each(mask: Any) -> list[Any]:
        return np.broadcast_to(np.asarray(mask), count).tolist()  # type: ignore[no-any-return]

    silent, assumed, told, sure = (
        each(column.silent),
        each(column.assumed),
        each(column.told),
        each(exact(column)),
    )
    disagree = items.in_conflict(spec.name)[rows].tolist()
    if spec.type.kind == "choice":
        words = [*column.words, None]  # -1 is the last
        texts_ = [words[code] for code in each(column.codes)]
        low = high = [0] * count
    else:
        texts_ = [None] * count
        low, high = ([int(value) for value in each(end)] for end in (column.low, column.high))
    return [
        Value(
            "known" if known else "bounded" if stated else "undocumented" if quiet else "missing",
            least, most, text, silent=quiet, assumed=taken, conflict=conflict,
        )
        for known, stated, quiet, taken, conflict, least, most, text in zip(
            sure, told, silent, assumed, disagree, low, high, texts_, strict=True
        )
    ]  # fmt: skip
