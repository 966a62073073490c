"""The facts that block a decision, and those on which a request is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from imr_rules.expression import names
from imr_rules.expression.reference import Status, open_facts, truth
from imr_rules.expression.values import Row
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.suggestion import Suggested
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.screening.prepared_item import PreparedItem
from imr_rules.screening.result import MissingFact


def missing_facts(
    question: PreparedItem, statuses: list[Status], suggested: Suggested, vocabulary: Vocabulary
) -> tuple[MissingFact, ...]:
    """Return the facts that keep an item from being decided; none where it is decided."""
    if suggested.suggestion != "needs_review":
        return ()
    plan, row = question.plan, question.row
    found: dict[str, None] = {}
    for place in suggested.governing:
        planned = plan.criteria[place]
        if statuses[place] == "unknown" and planned.criterion.kind != "caution":
            found.update((name, None) for name in open_facts(planned.condition, row))
            if truth(planned.condition, row) is not False:
                found.update((name, None) for name in open_facts(planned.require, row))
    if not question.settled:
        found["request_date"] = None
    return _facts(found, plan, row, vocabulary)


def silent_facts(
    question: PreparedItem, statuses: list[Status], suggested: Suggested, vocabulary: Vocabulary
) -> tuple[MissingFact, ...]:
    """Return the facts whose silence is a ground: what a request would have to document."""
    found = {
        name: None
        for place in suggested.grounds
        if statuses[place] == "undocumented"
        for name in open_facts(question.plan.criteria[place].require, question.row)
    }
    return _facts(found, question.plan, question.row, vocabulary)


def _facts(
    wanted: Mapping[str, None], plan: Plan, row: Row, vocabulary: Vocabulary
) -> tuple[MissingFact, ...]:
    return tuple(
        MissingFact(name, spec.label, spec.asks, row[name].state if name in row else "missing")
        for name in _ask_about(list(wanted), plan, vocabulary)
        for spec in (vocabulary.facts[name],)
        if name not in row or not row[name].exact
    )


def _ask_about(wanted: Sequence[str], plan: Plan, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return names of the dictionary: a table of limits stands for the facts its rows ask for."""
    found: dict[str, None] = {}
    tables = {table.name: table for table in plan.tables}
    for name in wanted:
        table = tables.get(name)
        if table is None:
            found[name] = None
        else:
            found.update((each, None) for row in table.limit.rows for each in names(row.when))
    return tuple(name for name in found if name in vocabulary.facts)
