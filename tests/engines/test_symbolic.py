"""The symbolic evaluator says of every row what the reference says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from imr_rules.engines.symbolic import AnyRow, Encoded, encode, pins
from imr_rules.engines.symbolic.values import all_of, negation
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


def told(
    plan: Plan, encoded: Encoded, row: Row, *, settled: bool, contradicted: bool
) -> Iterator[tuple[str, z3.BoolRef]]:
    """Yield all that must hold where a row has the answer that the reference gives it, by name."""

    def chosen(
        name: str, terms: Mapping[Any, z3.BoolRef], *found: object
    ) -> Iterator[tuple[str, z3.BoolRef]]:
        for key, term in terms.items():
            yield f"{name}: {key}", term if key in found else negation(term)

    statuses = [reference.judge(criterion, row) for criterion in plan.criteria]
    for planned, terms, status in zip(plan.criteria, encoded.statuses, statuses, strict=True):
        yield from chosen(planned.id, terms, status)
    expected = suggest(plan, statuses, row, settled=settled, contradicted=contradicted)
    yield from chosen("suggestion", encoded.suggestion, expected.suggestion)
    yield from chosen("grounds", dict(enumerate(encoded.grounds)), *expected.grounds)
    yield from chosen("in scope", dict(enumerate(encoded.in_scope)), *expected.governing)
    yield from chosen("reasons", encoded.reasons, *expected.reasons)
    yield from chosen("tier", encoded.tiers, expected.tier)
    may_lean = expected.suggestion == "needs_review" and settled and not contradicted
    lean = lean_towards(plan, statuses, row, None) if may_lean else None
    yield from chosen("lean", encoded.lean, lean.suggestion if lean else "none")
    yield from chosen(
        "grounds of the lean", dict(enumerate(encoded.lean_grounds)), *(lean.grounds if lean else ())
    )
    yield from chosen("rests on", encoded.rests_on, *(lean.rests_on if lean else ()))


def same(
    plan: Plan, encoded: Encoded, model: z3.ModelRef, row: Row, *, settled: bool, contradicted: bool
) -> None:
    """Hold every part of an answer against the reference's: all at once, which is fast, and each where that fails."""
    every = list(told(plan, encoded, row, settled=settled, contradicted=contradicted))
    if not holds(model, all_of(term for _, term in every)):
        assert [name for name, term in every if not holds(model, term)] == [], row


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
