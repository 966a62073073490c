"""What the solver says of a rulebook, for the lints that ask it. What is impossible over any row of facts is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import z3

from imr_rules._dates import Period, Window
from imr_rules.engines.symbolic import AnyRow, encode
from imr_rules.engines.symbolic.values import any_of, negation
from imr_rules.expression.reference import Status
from imr_rules.rulebook.model import Criterion, Guideline
from imr_rules.rulebook.plan import Plan, make_plan
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.witness.sites import periods


class Judged(NamedTuple):
    """A criterion and when it has each status, its guideline taken alone."""

    criterion: Criterion
    statuses: Mapping[Status, z3.BoolRef]

    @property
    def is_statement(self) -> bool:
        """Whether it has words for being met and none for failing: it is meant to be a statement."""
        says = self.criterion.says
        return bool(says) and not says.keys() & {"unmet", "undocumented"}

    @property
    def fails(self) -> z3.BoolRef:
        """When it speaks against the request."""
        return any_of((self.statuses["unmet"], self.statuses["undocumented"]))

    @property
    def answered(self) -> z3.BoolRef:
        """When it is asked, and the record answers."""
        return any_of((self.statuses["met"], self.fails))

    @property
    def governs(self) -> z3.BoolRef:
        """When it may be heard."""
        return negation(self.statuses["not_applicable"])


@lru_cache(maxsize=2)
def judged(book: Book) -> tuple[AnyRow, tuple[tuple[Guideline, tuple[Judged, ...]], ...]]:
    """Return every guideline that is to be checked with its criteria as terms, and the rows that they are over."""
    rows = AnyRow()
    found = []
    for guideline in book.guidelines:
        plan = make_plan([guideline], book.rulebook.vocabulary)
        statuses = encode(plan, rows.row(plan.facts), rows.words).statuses
        criteria = tuple(
            Judged(planned.criterion, each) for planned, each in zip(plan.criteria, statuses, strict=True)
        )
        found.append((guideline, criteria))
    return rows, tuple(found)


def plans(book: Book) -> Iterator[tuple[str, Period, Plan]]:
    """Yield each set of guidelines that can govern together, with one treatment and period it governs.

    At least one of the guidelines is to be checked.
    """
    ours = {guideline.id for guideline in book.guidelines}
    seen: set[tuple[str, ...]] = set()
    for name, treatment in book.rulebook.vocabulary.treatments.items():
        for period in periods((book.rulebook,), name):
            plan = book.rulebook.select(treatment, Window(period.first, period.first)).plan
            key = tuple(guideline.id for guideline in plan.guidelines)
            if key not in seen and not ours.isdisjoint(key):
                seen.add(key)
                yield name, period, plan
