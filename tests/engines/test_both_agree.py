"""The reference and durable-rules agree on every criterion, and neither costs memory for ever."""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from imr_rules import durable
from imr_rules.durable import DurableEvaluator
from imr_rules.errors import EngineError
from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Linear, OneOf, Truth, reference
from imr_rules.expression.normal_form import TooManyAlternatives
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook.plan import Plan
from tests import strategies

pytestmark = pytest.mark.skipif(
    not durable.available(),
    reason="SKIPPED LOUDLY: durable-rules is not available, so nothing here can be compared with the reference",
)

ROWS = 20
"""Rows judged under each random rulebook: four drawn so that they shrink, the rest drawn fast."""
QUICK, WHOLE = 1_000, 20_000
ON_DEMAND = int(os.environ.get("IMR_RULES_PAIRS", "0"))
"""Pairs to compare in the run on demand: ``IMR_RULES_PAIRS=1000000 python -m pytest -k on_demand``."""


def compare(plan: Plan, rows: list[Row]) -> set[str]:
    """Hold both to each other; return what statuses came up."""
    seen: set[str] = set()
    try:
        evaluator = DurableEvaluator(plan.criteria)
    except TooManyAlternatives:  # loading such a rulebook is refused: tests/evaluators/test_normal_form.py
        reject()
    for row in rows:
        ours = [reference.judge(criterion, row) for criterion in plan.criteria]
        theirs = evaluator.judge(row)
        differences = {
            criterion.id: (mine, other, criterion.condition, criterion.require)
            for criterion, mine, other in zip(plan.criteria, ours, theirs, strict=True)
            if mine != other
        }
        assert not differences, (differences, row)
        seen.update(ours)
    return seen


def run(pairs: int) -> None:
    compared = 0
    statuses: set[str] = set()

    @settings(
        max_examples=-(-pairs // ROWS),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    @given(st.data(), strategies.plans(), st.integers(0, 2**32))
    def agree(data: st.DataObject, plan: Plan, seed: int) -> None:
        nonlocal compared
        rows = [data.draw(strategies.rows_for(plan)) for _ in range(4)]
        rows += strategies.random_rows(plan, seed, ROWS - len(rows))
        statuses.update(compare(plan, rows))
        compared += len(rows) if plan.criteria else 0

    while compared < pairs:
        agree()
    assert statuses == {"met", "unmet", "undocumented", "unknown", "not_applicable"}


def test_a_thousand_random_pairs_agree() -> None:
    run(QUICK)


@pytest.mark.long
def test_twenty_thousand_random_pairs_agree() -> None:
    run(WHOLE)


@pytest.mark.long
@pytest.mark.skipif(not ON_DEMAND, reason="on demand: set IMR_RULES_PAIRS to a number of pairs")
def test_as_many_pairs_agree_as_are_asked_for_on_demand() -> None:
    run(ON_DEMAND)


# -- shapes that need care in durable-rules ------------------------------------------------------------------


def judged(*requires: object, condition: object = Constant(True)) -> list[strategies.Judged]:
    return [strategies.Judged(f"test#{n}", condition, each) for n, each in enumerate(requires)]  # type: ignore[arg-type]


def agree_everywhere(criteria: list[strategies.Judged], types: dict[str, FactType], times: int = 200) -> None:
    evaluator, chance = DurableEvaluator(criteria), random.Random(7)
    for _ in range(times):
        row = {name: strategies.random_value(kind, chance) for name, kind in types.items()}
        assert evaluator.judge(row) == [reference.judge(each, row) for each in criteria]


@pytest.mark.parametrize("joined", [AllOf, AnyOf])
@pytest.mark.parametrize("count", [5, 12, 30])
def test_many_facts_in_one_requirement(joined: Callable[..., object], count: int) -> None:
    types = {f"f{n}": FactType.boolean() for n in range(count)}
    agree_everywhere(judged(joined(tuple(Truth(name) for name in types))), types)


def test_many_facts_in_one_rulebook_take_several_shards() -> None:
    types = {f"n{n}": FactType.integer(0, 9) for n in range(150)}
    requires = [
        AllOf(tuple(Compare("<=", Linear(((f"n{3 * n + m}", 1),), -4)) for m in range(3))) for n in range(50)
    ]
    criteria = judged(*requires)
    assert len(DurableEvaluator(criteria)._shards) > 3
    agree_everywhere(criteria, types, 50)


def test_exactly_as_many_rules_end_in_one_condition_as_lose_one_in_the_engine() -> None:
    # 256 rules over one condition, of which the engine by itself drops one; shards keep them apart.
    agree_everywhere(judged(*[Truth("flare_up")] * 256), {"flare_up": FactType.boolean()}, 20)


@pytest.mark.parametrize("factor", [1, -1, 3])
def test_numbers_as_large_as_are_exact(factor: int) -> None:
    top = durable.MOST_NUMBER // abs(factor)
    criteria = judged(
        *(Compare(op, Linear((("n", factor),), -factor * top)) for op in ("<", "<=", ">=", ">"))
    )
    evaluator = DurableEvaluator(criteria)
    for number in (top - 1, top):
        row = {"n": Value("known", number, number)}
        assert evaluator.judge(row) == [reference.judge(each, row) for each in criteria]


def test_a_number_too_large_to_be_exact_is_refused() -> None:
    evaluator = DurableEvaluator(judged(Compare("<", Linear((("n", 1),), 0))))
    with pytest.raises(EngineError, match="too large"):
        evaluator.judge({"n": Value("known", 2**53 + 1, 2**53 + 1)})


def test_words_and_numbers_that_only_look_alike() -> None:
    row = {
        "word": Value("known", 0, 0, text="yes"),
        "other": Value("known", 0, 0, text="yesterday"),
        "number": Value("known", 1, 1),
    }
    criteria = judged(
        OneOf("word", frozenset({"yes"})), OneOf("other", frozenset({"yes"})), OneOf("number", frozenset({1}))
    )
    assert DurableEvaluator(criteria).judge(row) == ["met", "unmet", "met"]


# -- memory --------------------------------------------------------------------------------------------------


def resident_kilobytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


measured = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="SKIPPED LOUDLY: resident memory is read from /proc"
)


def growth(work: Callable[[], object], times: int) -> int:
    """Return by how many kilobytes the process grows while ``work`` is done ``times`` times over."""
    for _ in range(times // 4):
        work()
    gc.collect()
    before = resident_kilobytes()
    for _ in range(times):
        work()
    gc.collect()
    return resident_kilobytes() - before


SOME = judged(
    Truth("a"), AllOf((Compare("<=", Linear((("n", 1),), -10)), Truth("b"))), condition=Compare(">", Linear((("n", 1),)))
)  # fmt: skip
SOME_ROWS = [
    {"a": Value("undocumented", 0, 1, silent=True), "b": Value("known", 1, 1), "n": Value("known", n, n)}
    for n in range(20)
]


@measured
def test_memory_is_flat_over_many_evaluations() -> None:
    evaluator = DurableEvaluator(SOME)
    assert growth(lambda: [evaluator.judge(row) for row in SOME_ROWS], 1_000) < 2_000


@measured
def test_memory_is_flat_over_many_compiled_rulebooks() -> None:
    # Freeing a ruleset alone leaves its state behind, some 500 kilobytes each time.
    assert growth(lambda: DurableEvaluator(SOME).judge(SOME_ROWS[3]), 200) < 4_000
