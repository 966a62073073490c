"""``screen()`` beside other engines, beside parsing the case, and as the rulebook grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.contestants import BareHost, ZenExpressions, ZenTables
from benchmarks.side_by_side import compare
from benchmarks.workload import Workload, against_in, context, make_cases, make_workload, question, screen_one
from imr_rules import Case, Rulebook, durable, screen, what_if
from imr_rules.screening.answer import answer

CASES = 200
"""Cases screened in one round."""


@pytest.fixture(scope="module")
def data() -> list[dict[str, Any]]:
    return make_cases(CASES)


def parsed(data: list[dict[str, Any]]) -> list[Case]:
    return [Case.from_data(each) for each in data]


def prepared(data: list[dict[str, Any]], rulebook: Rulebook) -> list[tuple[str, dict[str, Any]]]:
    return [(str(case.items[0].treatment), context(case, rulebook)) for case in parsed(data)]


def refuse_other_findings(contestants: list[Any], rulebook: Rulebook) -> None:
    """Before any is timed: on 1,000 random cases each finds what ``screen()`` finds."""
    found = 0
    for case in parsed(make_cases(1000, seed=3)):
        expected = against_in(screen_one(case, rulebook))
        treatment, facts = str(case.items[0].treatment), context(case, rulebook)
        assert [each.findings(treatment, facts) for each in contestants] == [expected] * len(contestants)
        found += len(expected)
    assert found > 1000, "hardly anything was found: the rules prove nothing"


@pytest.mark.skipif(not durable.available(), reason="the bare engine needs durable-rules")
def test_beside_other_engines(
    benchmark: Any, workload: Workload, rulebook: Rulebook, data: list[dict[str, Any]]
) -> None:
    rows = prepared(data, rulebook)
    facts = [(treatment, each | {"kind": "item", "sid": "0", "id": "1"}) for treatment, each in rows]
    table, quiet = ZenTables(workload, trace=True), ZenTables(workload, trace=False)
    expressions, host = ZenExpressions(workload), BareHost(workload)
    refuse_other_findings([table, quiet, expressions, host], rulebook)

    def run(contestant: Any, rows: list[tuple[str, dict[str, Any]]]) -> Any:
        return lambda: [contestant.evaluate(treatment, each) for treatment, each in rows]

    compare(
        benchmark,
        "screen(), a parsed item, 5 of 150 criteria, cross-checked",
        lambda cases: [screen(case, rulebook) for case in cases],
        {
            "ZEN decision table with trace": run(table, rows),
            "ZEN decision table without trace": run(quiet, rows),
            "ZEN expression array": run(expressions, rows),
            "bare durable-rules Host": run(host, facts),
            "Case.from_data": lambda: parsed(data),
        },
        prepare=lambda: parsed(data),
        of=CASES,
        targets={"ZEN decision table with trace": 1.0},
    )


@pytest.mark.skipif(not durable.available(), reason="nothing is cross-checked without durable-rules")
def test_judging_what_the_other_engines_judge(
    benchmark: Any, workload: Workload, rulebook: Rulebook, data: list[dict[str, Any]]
) -> None:
    """What ZEN is given too: facts that are worked out already. All the rest of an answer is made of them."""
    rows = prepared(data, rulebook)
    table = ZenTables(workload, trace=True)
    questions = [(case, question(case, rulebook)) for case in parsed(data)]
    compare(
        benchmark,
        "answer(), the facts worked out, 5 of 150 criteria, cross-checked",
        lambda: [answer(case, asked, rulebook) for case, asked in questions],
        {"ZEN decision table with trace": lambda: [table.evaluate(name, each) for name, each in rows]},
        of=CASES,
        targets={"ZEN decision table with trace": 1.0},
    )


def test_as_the_rulebook_grows(
    benchmark: Any, tmp_path: Path, rulebook: Rulebook, data: list[dict[str, Any]]
) -> None:
    """The same cases under ten times the treatments and criteria."""
    larger = Rulebook.load(make_workload(tmp_path, treatments=300).directory)
    cases = parsed(data)
    for case in cases:
        assert [each.status for each in screen_one(case, larger).criteria] == [
            each.status for each in screen_one(case, rulebook).criteria
        ]
    compare(
        benchmark,
        "screen() with 1,500 criteria in the rulebook",
        lambda: [screen(case, larger) for case in cases],
        {"screen() with 150": lambda: [screen(case, rulebook) for case in cases]},
        of=CASES,
        targets={"screen() with 150": 1.1},
    )


def test_what_if(benchmark: Any, rulebook: Rulebook, data: list[dict[str, Any]]) -> None:
    cases = parsed(data[:20])
    compare(
        benchmark,
        "what_if(), an item",
        lambda: [what_if(case, rulebook) for case in cases],
        {"screen()": lambda: [screen(case, rulebook) for case in cases]},
        of=len(cases),
        rounds=5,
    )
