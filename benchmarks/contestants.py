"""The same rules for ZEN and for the bare durable-rules Host, each given only those of the item's treatment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.workload import Against, Workload

Evaluate = Callable[[str, Any], set[str]]
"""A treatment and a prepared context to the criteria that count against the request."""


class ZenTables:
    """ZEN, a decision table for each treatment: a row a criterion, a column a fact, hit policy *collect*.

    The tables are in a static loader and evaluated by key. In zen-engine 2.1 that is its fastest way by far: a
    decision object (``create_decision``, ``get_decision``) takes about 0.2 ms more a call, with or without a
    trace, which is the price of handing each call to another thread.
    """

    def __init__(self, workload: Workload, *, trace: bool) -> None:
        import zen

        tables = {name: _graph(_table(against)) for name, against in workload.against.items()}
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": tables}})
        self.options: Any = {"trace": trace}

    def evaluate(self, treatment: str, context: Any) -> Any:
        return self.engine.evaluate(treatment, context, self.options)

    def findings(self, treatment: str, context: Any) -> set[str]:
        return {each["finding"] for each in self.evaluate(treatment, context)["result"]}


class ZenExpressions:
    """ZEN at its best: one compiled expression for each treatment, an array of truths."""

    def __init__(self, workload: Workload) -> None:
        import zen

        self.ids = {name: [each.id for each in against] for name, against in workload.against.items()}
        self.compiled = {
            name: zen.compile_expression(f"[{', '.join(_expression(each) for each in against)}]")
            for name, against in workload.against.items()
        }

    def evaluate(self, treatment: str, context: Any) -> Any:
        return self.compiled[treatment].evaluate(context)

    def findings(self, treatment: str, context: Any) -> set[str]:
        found = self.evaluate(treatment, context)
        return {name for name, holds in zip(self.ids[treatment], found, strict=True) if holds}


class BareHost:
    """durable-rules as its README drives it: a Host, a callback a rule, ``assert_fact``, then ``delete_state``.

    The item is asserted, not posted: an event is used up by the first rule that fires. A rule that always fires is
    added, because ``delete_state`` crashes the process where none did.
    """

    def __init__(self, workload: Workload) -> None:
        from durable.engine import Host

        self.found: list[str] = []
        rulesets = {}
        for treatment, against in workload.against.items():
            rules = {f"r{index}": self._rule(each.id, _tests(each)) for index, each in enumerate(against)}
            rulesets[treatment] = rules | {"always": self._rule("", [])}
        self.host = Host(rulesets)

    def _rule(self, name: str, tests: list[dict[str, Any]]) -> dict[str, Any]:
        def fired(_: Any) -> None:
            if name:
                self.found.append(name)

        kind = {"kind": "item"}
        return {"all": [{"m": {"$and": [kind, *tests]} if tests else kind}], "run": fired}

    def evaluate(self, treatment: str, context: Any) -> Any:
        self.found.clear()
        self.host.assert_fact(treatment, context)
        self.host.delete_state(treatment, "0")
        return self.found

    def findings(self, treatment: str, context: Any) -> set[str]:
        return set(self.evaluate(treatment, context | {"kind": "item", "sid": "0", "id": "1"}))


def _literal(value: Any) -> str:
    return json.dumps(value)


def _expression(against: Against) -> str:
    parts = []
    for name, (op, value) in against.tests.items():
        if op == "in":
            words = " or ".join(f"{name} == {_literal(each)}" for each in value)
            parts.append(f"({words})" if len(value) > 1 else words)
        else:
            parts.append(f"{name} != null and {name} {op} {value}")  # an order with null is an error
    return "(" + " and ".join(parts) + ")"


def _cell(test: tuple[str, Any] | None) -> str:
    if test is None:
        return ""
    op, value = test
    return ", ".join(map(_literal, value)) if op == "in" else f"{op} {value}"


def _table(against: tuple[Against, ...]) -> dict[str, Any]:
    columns = list(dict.fromkeys(name for each in against for name in each.tests))
    rules = [
        {
            "_id": str(index),
            "finding": _literal(each.id),
            **{name: _cell(each.tests.get(name)) for name in columns},
        }
        for index, each in enumerate(against)
    ]
    inputs = [{"id": name, "name": name, "field": name, "type": "expression"} for name in columns]
    outputs = [{"id": "finding", "name": "finding", "field": "finding", "type": "expression"}]
    return {
        "type": "decisionTableNode",
        "content": {"hitPolicy": "collect", "rules": rules, "inputs": inputs, "outputs": outputs},
    }


def _graph(node: dict[str, Any]) -> dict[str, Any]:
    place = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", **place},
        {"id": "rules", "name": "rules", **node, **place},
        {"id": "out", "name": "out", "type": "outputNode", **place},
    ]
    edges = [
        {"id": "one", "type": "edge", "sourceId": "in", "targetId": "rules"},
        {"id": "two", "type": "edge", "sourceId": "rules", "targetId": "out"},
    ]
    return {"nodes": nodes, "edges": edges}


_OPERATORS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}


def _tests(against: Against) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, (op, value) in against.tests.items():
        if op != "in":
            found.append({_OPERATORS[op]: {name: value}})
        elif len(value) == 1:
            found.append({name: value[0]})
        else:
            found.append({"$or": [{name: each} for each in value]})
    return found
