"""Reference, durable-rules, columnar and symbolic say the same of cases, over the whole shipped rulebook.

``screen()`` itself holds durable-rules to the reference in every screening: where they differ it gives no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="SKIPPED LOUDLY: the extra `batch` is not installed")
pytest.importorskip("z3", reason="SKIPPED LOUDLY: the extra `workbench` is not installed")

import z3
from msgspec.structs import replace

from imr_rules import Case, Rulebook, durable, screen
from imr_rules.engines.columnar import OUTPUT, ColumnarEvaluator
from imr_rules.engines.symbolic import AnyRow, encode, pinned
from imr_rules.expression.reference import Status
from imr_rules.expression.values import Row, Value
from imr_rules.rulebook.plan import Plan
from imr_rules.screening import ItemScreening, PreparedItem, prepare_item
from tests.engines.test_symbolic import same
from tests.engines.whole_cases import judged, said
from tests.paths import FIXTURES
from tests.random_cases import MANY, CaseMaker

READ = ("none", "part", "all")
FEW = 40


class SymbolicPlan:
    """A plan encoded once, over which real rows are laid one after another."""

    def __init__(self, plan: Plan, *, settled: bool, contradicted: bool) -> None:
        self.plan, self.settled, self.contradicted = plan, settled, contradicted
        self._free, self._solver = AnyRow(), z3.Solver()
        self._row = self._free.row(plan.facts)
        self._encoded = encode(plan, self._row, self._free.words, settled=settled, contradicted=contradicted)
        self._solver.add(self._free.constraints)
        self._pinned: dict[tuple[str, Value], list[z3.BoolRef]] = {}

    def check(self, row: Row) -> None:
        """Hold what it comes to over a row to the reference."""
        self._solver.push()
        for name, value in self._row.items():
            real = replace(row[name], note="", evidence=())
            if (name, real) not in self._pinned:
                self._pinned[name, real] = pinned(value, real, self._free.words)
            self._solver.add(self._pinned[name, real])
        assert self._solver.check() == z3.sat, "a real row lies outside every symbolic one"
        model = self._solver.model()
        same(self.plan, self._encoded, model, row, settled=self.settled, contradicted=self.contradicted)
        self._solver.pop()


def rows_of(prepared: PreparedItem) -> list[Row]:
    """Return the rows that an item is judged over: its own, and the one of silence where a lean asks for it."""
    found = [prepared.row]

    def judge(row: Row) -> list[Status]:
        found.append(row)
        return prepared.judge(row)

    statuses = prepared.judge(prepared.row)
    prepared.lean(statuses, prepared.suggest(prepared.row, statuses), judge)
    return found


class Symbolic:
    """What the symbolic evaluator says of cases."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook, self.rows = rulebook, 0
        self._plans: dict[tuple[int, bool, bool], SymbolicPlan] = {}

    def check(self, case: Case, items: Sequence[ItemScreening]) -> None:
        """Hold it to the reference on every row of a case."""
        suggested = {each.item: each.suggestion for each in items}
        for name, item in case.named_items:
            principal = suggested[item.follows] if item.follows else None
            prepared = prepare_item(case, name, item, self.rulebook, principal)
            if not isinstance(prepared, PreparedItem):
                continue
            key = id(prepared.plan), prepared.settled, bool(prepared.contradicted)
            if key not in self._plans:
                self._plans[key] = SymbolicPlan(prepared.plan, settled=key[1], contradicted=key[2])
            for row in rows_of(prepared):
                self._plans[key].check(row)
                self.rows += 1


def agree(cases: Iterable[Case], rulebook: Rulebook, symbolic_each: int = 1) -> Counter[str]:
    """Hold every evaluator to the reference on some cases; return how often each answer was given.

    Args:
        cases: the cases.
        rulebook: the rulebook to judge by.
        symbolic_each: of how many cases the symbolic evaluator, which is the slow one, judges one.
    """
    assert durable.available(), durable.why_unavailable()
    given: Counter[str] = Counter()
    evaluate, symbolic = ColumnarEvaluator(rulebook, OUTPUT.names), Symbolic(rulebook)
    every = iter(cases)
    while some := list(islice(every, 500 * symbolic_each)):
        expected: list[dict[str, Any]] = []
        for place, case in enumerate(some):
            items = screen(case, rulebook).items
            expected += [said(item) for item in items]
            for item in items:
                given[item.suggestion] += 1
                given[f"leans to {item.lean.suggestion if item.lean else None}"] += 1
                given.update(item.lean.rests_on if item.lean else ())
            if place % symbolic_each == 0:
                symbolic.check(case, items)
        found = judged(some, rulebook, evaluate)
        assert len(found) == len(expected)
        for ours, theirs in zip(found, expected, strict=True):
            assert ours == theirs
    given["symbolic rows"] = symbolic.rows
    return given


def made_up(numbers: range, rulebook: Rulebook) -> Iterable[Case]:
    """Yield made-up cases, each with nothing, a part and all of its record read, each of these first by turns."""
    maker = CaseMaker(rulebook)
    for number in numbers:
        data, first = maker.case(number), number % len(READ)
        for read in (*READ[first:], *READ[:first]):
            yield Case.from_data({**data, "record": {"read": read}})


def test_on_random_cases(rulebook: Rulebook) -> None:
    given = agree(made_up(range(FEW), rulebook), rulebook)
    assert min(given[each] for each in ("uphold", "overturn", "needs_review")) > 0


@pytest.mark.long
def test_on_every_fixture(rulebook: Rulebook) -> None:
    files = sorted(FIXTURES.rglob("*.yaml"))
    given = agree(map(Case.from_file, files), rulebook)
    assert min(given[each] for each in ("uphold", "overturn", "needs_review", "leans to uphold")) > 0


@pytest.mark.long
def test_on_many_random_cases(rulebook: Rulebook) -> None:
    """The symbolic evaluator judges each made-up case with nothing, a part or all of its record read, by turns."""
    made = made_up(range(FEW, FEW + -(-MANY // len(READ))), rulebook)
    given = agree(made, rulebook, symbolic_each=len(READ))
    assert min(given[each] for each in ("silence", "practice", "adapted", "leans to overturn")) > 0
