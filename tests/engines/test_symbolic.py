"""The symbolic evaluator says of every row what the reference says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from imr_rules.engines.symbolic import AnyRow, Encoded, encode, pins
from imr_rules.expression import reference
from imr_rules.expression.values import Row
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.suggestion import lean_towards, suggest
from tests import strategies

QUICK, WHOLE = 1_000, 20_000
ROWS = 25
"""Rows judged under each random rulebook: four drawn so that they shrink, the rest drawn fast."""


def holds(model: z3.ModelRef, term: z3.BoolRef) -> bool:
    return bool(z3.is_true(model.eval(term, model_completion=True)))


def only(model: z3.ModelRef, terms: Mapping[Any, Any]) -> object:
    (found,) = [name for name, term in terms.items() if holds(model, term)]
    return found


def same(
    plan: Plan, encoded: Encoded, model: z3.ModelRef, row: Row, *, settled: bool, contradicted: bool
) -> None:
    """Hold every part of an answer against the reference's."""
    statuses = [reference.judge(criterion, row) for criterion in plan.criteria]
    assert [only(model, each) for each in encoded.statuses] == statuses, row
    expected = suggest(plan, statuses, row, settled=settled, contradicted=contradicted)
    assert only(model, encoded.suggestion) == expected.suggestion, row
    places = range(len(plan.criteria))
    assert tuple(n for n in places if holds(model, encoded.grounds[n])) == expected.grounds, row
    assert tuple(n for n in places if holds(model, encoded.in_scope[n])) == expected.governing, row
    reasons = {name for name, term in encoded.reasons.items() if holds(model, term)}
    assert reasons == set(expected.reasons), row
    assert only(model, encoded.tiers) == expected.tier, row
    may_lean = expected.suggestion == "needs_review" and settled and not contradicted
    lean = lean_towards(plan, statuses, row, None) if may_lean else None
    assert only(model, encoded.lean) == (lean.suggestion if lean else "none"), row
    assert tuple(n for n in places if holds(model, encoded.lean_grounds[n])) == (
        lean.grounds if lean else ()
    ), row
    rests_on = {name for name, term in encoded.rests_on.items() if holds(model, term)}
    assert rests_on == set(lean.rests_on if lean else ()), row


def compare(plan: Plan, rows: list[Row], *, settled: bool, contradicted: bool) -> None:
    free = AnyRow()
    # A random row may be silent where a dictionary would not have it so.
    symbolic = free.row(replace(spec, derived=True) for spec in plan.facts)
    encoded = encode(plan, symbolic, free.words, settled=settled, contradicted=contradicted)
    solver = z3.Solver()
    solver.add(free.constraints)
    for row in rows:
        solver.push()
        solver.add(pins(symbolic, row, free.words))
        assert solver.check() == z3.sat, "a real row lies outside every symbolic one"
        same(plan, encoded, solver.model(), row, settled=settled, contradicted=contradicted)
        solver.pop()


def run(pairs: int) -> None:
    compared = 0

    @settings(
        max_examples=-(-pairs // ROWS),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    @given(
        st.data(),
        strategies.plans(),
        st.integers(0, 2**32),
        st.sampled_from((False,) * 6 + (True,)),
        st.booleans(),
    )
    def agree(data: st.DataObject, plan: Plan, seed: int, odd: bool, which: bool) -> None:
        nonlocal compared
        rows = [data.draw(strategies.rows_for(plan)) for _ in range(4)]
        rows += strategies.random_rows(plan, seed, ROWS - len(rows))
        compare(plan, rows, settled=not (odd and which), contradicted=odd and not which)
        compared += len(rows)

    while compared < pairs:
        agree()


def test_a_thousand_random_rows_under_random_rulebooks() -> None:
    run(QUICK)


@pytest.mark.long
def test_twenty_thousand_random_rows_under_random_rulebooks() -> None:
    run(WHOLE)
