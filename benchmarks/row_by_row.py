"""The generated rules for engines that take one item at a time: rule-engine and JSON Logic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.workload import Against, Workload


class RuleEngine:
    """rule-engine: one compiled rule a criterion."""

    def __init__(self, workload: Workload) -> None:
        import rule_engine

        context = rule_engine.Context(default_value=None)
        self.rules = {
            name: [(each.id, rule_engine.Rule(_expression(each), context=context)) for each in against]
            for name, against in workload.against.items()
        }

    def evaluate(self, treatment: str, context: Any) -> Any:
        return [name for name, rule in self.rules[treatment] if rule.matches(context)]

    def findings(self, treatment: str, context: Any) -> set[str]:
        return set(self.evaluate(treatment, context))


class JsonLogic:
    """JSON Logic, in its Python implementation by Panzenböck: one tree a criterion."""

    def __init__(self, workload: Workload) -> None:
        from json_logic import jsonLogic

        self.apply: Callable[[Any, Any], Any] = jsonLogic
        self.trees = {
            name: [(each.id, _tree(each)) for each in against] for name, against in workload.against.items()
        }

    def evaluate(self, treatment: str, context: Any) -> Any:
        return [name for name, tree in self.trees[treatment] if self.apply(tree, context)]

    def findings(self, treatment: str, context: Any) -> set[str]:
        return set(self.evaluate(treatment, context))


def _expression(against: Against) -> str:
    parts = []
    for name, (op, value) in against.tests.items():
        if op == "in":
            parts.append("(" + " or ".join(f"{name} == {_literal(each)}" for each in value) + ")")
        else:
            parts.append(f"({name} != null and {name} {op} {value})")
    return " and ".join(parts)


def _literal(value: Any) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f'"{value}"'
        if isinstance(value, str)
        else str(value)
    )


def _tree(against: Against) -> Any:
    parts: list[Any] = []
    for name, (op, value) in against.tests.items():
        fact = {"var": name}
        if op == "in":
            parts.append({"or": [{"===": [fact, each]} for each in value]})
        else:
            parts.append({"and": [{"!==": [fact, None]}, {op: [fact, value]}]})
    return {"and": parts}
