"""A fault in either evaluator is caught: it ends in a disagreement, and never in an answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from imr_rules import Case, Rulebook, durable, screen
from imr_rules.durable import DurableEvaluator, fields
from imr_rules.durable.rules import rule
from imr_rules.errors import DisagreementError, EngineError
from imr_rules.expression import (
    AllOf,
    AnyOf,
    Compare,
    Constant,
    Linear,
    Node,
    Not,
    OneOf,
    Truth,
    normal_form,
    reference,
)
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.screening.answer import cross_check
from tests.strategies import TYPES, Judged, random_value

pytestmark = pytest.mark.skipif(
    not durable.available(),
    reason="SKIPPED LOUDLY: durable-rules is not available, so no fault can be caught by comparing with it",
)

FLIPPED: dict[str, Any] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
LOOSENED: dict[str, Any] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "<=", "!=": "<"}

Change = Callable[[Node], Node]


def flipped(node: Node) -> Node:
    return replace(node, op=FLIPPED[node.op]) if isinstance(node, Compare) else node


def loosened(node: Node) -> Node:
    return replace(node, op=LOOSENED[node.op]) if isinstance(node, Compare) else node


def off_by_one(node: Node) -> Node:
    if not isinstance(node, Compare):
        return node
    return replace(node, form=Linear(node.form.terms, node.form.constant + 1))


def swapped(node: Node) -> Node:
    if isinstance(node, AllOf):
        return AnyOf(node.parts)
    return AllOf(node.parts) if isinstance(node, AnyOf) else node


def not_dropped(node: Node) -> Node:
    return node.inner if isinstance(node, Not) else node


def last_dropped(node: Node) -> Node:
    return type(node)(node.parts[:-1]) if isinstance(node, (AllOf, AnyOf)) else node


def other_words(node: Node) -> Node:
    if not isinstance(node, OneOf):
        return node
    other: Any = frozenset(each + 1 if isinstance(each, int) else "low_back" for each in node.values)
    return OneOf(node.name, other)


CHANGES: dict[str, Change] = {
    "operator flipped": flipped, "strict for not strict": loosened, "off by one": off_by_one,
    "and for or": swapped, "not dropped": not_dropped, "last part dropped": last_dropped,
    "other words": other_words,
}  # fmt: skip

CRITERIA = [
    Judged("faults#within", Compare(">", Linear((("weeks", 1),), -6)), Compare("<=", Linear((("attended", 1), ("in_dispute", 1)), -20))),
    Judged("faults#equal", Constant(True), AllOf((Compare("==", Linear((("level", 1),), -2)), Truth("rationale")))),
    Judged("faults#some", OneOf("region", frozenset({"neck", "knee"})), AnyOf((Truth("response"), Not(Truth("goals_met"))))),
    Judged("faults#differs", Not(AnyOf((Truth("flare_up"), Truth("goals_met")))), Compare("!=", Linear((("gain", 1),), -1))),
    Judged("faults#numbers", Constant(True), OneOf("level", frozenset({1, 3}))),
    Judged("faults#less", Constant(True), Compare(">", Linear((("attended", 1), ("in_dispute", -1)), -2))),
    Judged("faults#silent", Constant(True), AllOf((Truth("rationale"), Truth("response")))),
]  # fmt: skip


def rows(count: int = 400) -> Iterator[Row]:
    chance = random.Random(11)
    for _ in range(count):
        yield {name: random_value(kind, chance) for name, kind in TYPES.items()}


def caught() -> bool:
    """Whether the check that every screening makes catches a fault on some row."""
    evaluator = DurableEvaluator(CRITERIA)
    rulebook, plan = SimpleNamespace(second_evaluator=lambda _: evaluator), SimpleNamespace(criteria=CRITERIA)
    for row in rows():
        statuses = [reference.judge(each, row) for each in CRITERIA]
        try:
            cross_check(rulebook, plan, row, statuses)  # type: ignore[arg-type]
        except EngineError:  # they disagree, or the run was void: no answer either way
            return True
    return False


def test_without_a_fault_nothing_is_caught() -> None:
    assert not caught()


@pytest.mark.parametrize("name", CHANGES)
def test_a_fault_of_the_reference_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reference.truth
    monkeypatch.setattr(reference, "truth", lambda node, row, **rest: whole(CHANGES[name](node), row, **rest))
    assert caught()


@pytest.mark.parametrize("name", CHANGES)
def test_a_fault_of_the_second_evaluator_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = normal_form.alternatives
    monkeypatch.setattr(normal_form, "alternatives", lambda node, rail: whole(CHANGES[name](node), rail))
    assert caught()


def bounds_mixed_up(form: Linear, row: Row) -> tuple[int, int]:
    low = high = form.constant
    for name, factor in form.terms:
        low, high = low + factor * row[name].low, high + factor * row[name].high
    return (low, high) if low <= high else (high, low + 1)


_truth = fields._truth
FAULTS: dict[str, tuple[Any, str, Any]] = {
    "silence is not read by the second": (fields, "_turned", lambda values, reading: False),
    "all silence is alike to the second": (
        fields, "_turned", lambda values, reading: reading != "plain" and any(value.silent for value in values),
    ),
    "unknown is false to the second": (
        fields, "_truth", lambda leaf, row: bool(_truth(leaf, row)),
    ),
    "the reference takes the wrong end": (reference, "bounds", bounds_mixed_up),
    "the second takes the wrong end": (fields, "bounds", lambda form, row: reference.bounds(form, row)[::-1]),
    "unknown is false to the reference": (
        reference, "_open_leaf", lambda values, silence, positive: False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_how_facts_are_read_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[name])
    assert caught()


def test_two_statuses_of_one_criterion_are_no_answer() -> None:
    evaluator = DurableEvaluator([Judged("test#0", Constant(True), Truth("flare_up"))])
    (shard,) = evaluator._shards
    # A rule that always fires, and says of a met criterion what its own rule does not.
    shard.meaning["r9"] = (0, "not_applicable")
    shard.rules["r9"] = rule([])
    with pytest.raises(EngineError, match="`test#0` more than one status"):
        evaluator.judge({"flare_up": Value("known", 1, 1)})


def test_a_disagreement_is_no_answer(monkeypatch: pytest.MonkeyPatch, seed: Case) -> None:
    whole = reference.truth
    monkeypatch.setattr(reference, "truth", lambda node, row, **rest: whole(flipped(node), row, **rest))
    with pytest.raises(DisagreementError) as raised:
        screen(seed, Rulebook.load())
    assert "mtus/chronic-pain-2009/behavioral-interventions#within-total" in raised.value.differences


# -- every leaf of real criteria -----------------------------------------------------------------------------


def once_changed(node: Node, change: Change) -> Iterator[Node]:
    """Yield ``node`` with one part of it changed, for each part that the change can be made to."""
    after = change(node)
    if after != node:
        yield after
    if isinstance(node, Not):
        yield from (Not(inner) for inner in once_changed(node.inner, change))
    elif isinstance(node, (AllOf, AnyOf)):
        for place, part in enumerate(node.parts):
            for each in once_changed(part, change):
                yield type(node)((*node.parts[:place], each, *node.parts[place + 1 :]))


def near(kind: FactType, turns: list[int], chance: random.Random) -> Value:
    """Return a value of a fact, mostly near where some criterion turns."""
    if kind.kind == "choice" and not kind.choices:
        return Value("missing", 0, 1)
    if kind.kind in ("integer", "date") and turns and chance.random() < 0.8:
        number = min(max(chance.choice(turns) + chance.randint(-2, 2), kind.low), kind.high)
        return Value("known", number, number)
    return random_value(kind, chance)


@pytest.mark.parametrize("name", CHANGES)
def test_every_single_change_of_a_real_criterion_is_caught(name: str, rulebook: Rulebook, seed: Case) -> None:
    from imr_rules.screening import PreparedItem, prepare_item

    question = prepare_item(seed, *seed.named_items[0], rulebook, None)
    assert isinstance(question, PreparedItem)
    plan, chance = question.plan, random.Random(5)
    some = []
    for _ in range(300):
        row = {spec.name: near(spec.type, [0, 3, 4, 10, 24], chance) for spec in plan.facts}
        some.append(plan.complete(row))
    changed = 0
    for planned in plan.criteria:
        ours = [reference.judge(planned, row) for row in some]
        for require in once_changed(planned.require, CHANGES[name]):
            mutant = Judged(planned.id, planned.condition, require)
            if [reference.judge(mutant, row) for row in some] == ours:
                continue  # the same answer everywhere, as far as these rows tell
            evaluator = DurableEvaluator([mutant])
            assert any(evaluator.judge(row) != [status] for row, status in zip(some, ours, strict=True))
            changed += 1
    assert changed or name == "other words"
