"""Random rulebooks and flat rows, and what the reference says of them: for whatever judges many items at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from imr_rules._dates import Period, Window
from imr_rules.expression import reference
from imr_rules.expression.values import Row, Value
from imr_rules.facts.flat import cells, columns_of
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.loaded import Loaded
from imr_rules.rulebook.suggestion import suggest
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.screening import PreparedItem
from imr_rules.screening.missing import missing_facts, silent_facts
from tests import strategies

DAYS = (date(2009, 7, 18), date(2012, 5, 1), date(2016, 7, 28), date(2016, 7, 29), date(2018, 1, 1))
PERIODS = (
    Period(date(2009, 7, 18), None),
    Period(date(2009, 7, 18), date(2016, 7, 28)),
    Period(date(2016, 7, 29), None),
)
TREATMENTS = ("t0", "t1", "t2")
ANY_ITEM: Any = None
ANY_EDITION: Any = None
ANY_RECORD: Any = None
ARROW = {"boolean": pa.bool_(), "integer": pa.int64(), "date": pa.date32(), "choice": pa.string()}


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """A rulebook with guidelines of two editions for each of three treatments."""
    found = []
    for treatment in TREATMENTS:
        names = [f"{treatment}-{number}" for number in range(draw(st.integers(0, 3)))]
        for place, name in enumerate(names):
            guideline = draw(strategies.guidelines(name, names[:place]))
            period = draw(st.sampled_from(PERIODS))
            found.append(replace(guideline, treatments=(treatment,), requests=period))
    return rulebook_of(found)


def rulebook_of(guidelines: Sequence[Any]) -> Rulebook:
    treatments = {name: Treatment(name, name, (name,), name, "visit", (name,)) for name in TREATMENTS}
    vocabulary = Vocabulary(strategies.VOCABULARY.facts, treatments, {}, {})
    sources = {each.source.id: each.source for each in guidelines}
    loaded = Loaded("test", sources, {}, vocabulary, {each.id: each for each in guidelines})
    return Rulebook(loaded, "sha256:test")


class Item:
    """One item: what is asked for, the days it may date from, and what is known of each fact."""

    def __init__(self, treatment: str | None, first: date | None, last: date | None, facts: Row) -> None:
        self.treatment, self.first, self.last, self.facts = treatment, first, last, facts

    def judgeable(self) -> Item:
        """Return the item with a known treatment and a day."""
        first = self.first or DAYS[0]
        treatment = self.treatment if self.treatment in TREATMENTS else TREATMENTS[0]
        return Item(treatment, first, self.last or first, self.facts)


def items(rulebook: Rulebook, seed: int, count: int, pool: int = 60) -> list[Item]:
    """Return random items, fast: the values of each fact are drawn from a pool.

    Of some facts everything possible is said, of some a plain value or nothing, of some nothing in any row.
    """
    chance = random.Random(seed)
    specs = rulebook.vocabulary.facts
    pools = [_pool(spec, chance, pool) for spec in specs.values()]
    columns = [chance.choices(each, k=count) for each in pools]
    names = list(specs)
    found = []
    for values in zip(*columns, strict=True):
        treatment = chance.choice((*TREATMENTS, *TREATMENTS, *TREATMENTS, "t9", None))
        first = chance.choice(DAYS) if chance.random() < 0.95 else None
        last = first
        if first is not None and chance.random() < 0.1:
            last = first + timedelta(chance.choice((1, 30, 3000)))
        found.append(Item(treatment, first, last, dict(zip(names, values, strict=True))))
    return found


def _pool(spec: FactSpec, chance: random.Random, count: int) -> list[Value]:
    style = chance.random()
    if style < 0.45:
        return [strategies.random_value(spec.type, chance) for _ in range(count)]
    unmentioned = Value("missing", spec.type.low, spec.type.high, assumed=True)
    if spec.silence == "absent" and spec.type.kind != "choice":
        unmentioned = Value("known", 0, 0, assumed=True)
    if style > 0.95:
        return [unmentioned]
    silent = Value("undocumented", spec.type.low, spec.type.high, silent=True)
    others = [unmentioned, silent] if style < 0.6 else [unmentioned]
    return [
        strategies.random_known(spec.type, chance) if chance.random() < 0.75 else chance.choice(others)
        for _ in range(count)
    ]


def batch(rulebook: Rulebook, rows: Sequence[Item]) -> pa.RecordBatch:
    """Return items as flat facts."""
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "treatment": (pa.string(), [each.treatment for each in rows]),
        "edition_from": (pa.date32(), [each.first for each in rows]),
        "edition_to": (pa.date32(), [each.last for each in rows]),
    }
    said: dict[int, dict[str, Any]] = {}
    for name, spec in rulebook.vocabulary.facts.items():
        values = [each.facts[name] for each in rows]
        for value in values:
            if id(value) not in said:
                said[id(value)] = {} if value.assumed else dict(cells(spec, value))
        told = [said[id(value)] for value in values]
        for column in columns_of(spec):
            kind = pa.string() if column.endswith(".state") else ARROW[spec.type.kind]
            columns[column] = (kind, [each.get(column) for each in told])
    arrays = {name: pa.array(values, kind) for name, (kind, values) in columns.items()}
    return pa.RecordBatch.from_pydict(arrays)


def expected(rulebook: Rulebook, item: Item) -> dict[str, Any]:
    """Return what the reference says of an item, as a row of what comes out."""
    treatment = rulebook.vocabulary.treatments.get(item.treatment) if item.treatment else None
    if treatment is None or item.first is None:
        reason, first = (
            ("treatment_not_recognized", "treatment")
            if treatment is None
            else ("edition_not_known", "request_date")
        )
        return _row(item.treatment if treatment else None, "needs_review", reasons=[reason], missing=[first])
    assert item.last is not None
    selection = rulebook.select(treatment, Window(item.first, item.last))
    plan, settled = selection.plan, not selection.open
    row = plan.complete({spec.name: item.facts[spec.name] for spec in plan.facts})
    statuses = [reference.judge(each, row) for each in plan.criteria]
    found = suggest(plan, statuses, row, settled=settled)
    asked = PreparedItem("", ANY_ITEM, treatment, ANY_EDITION, plan, settled, ANY_RECORD, row, ())
    return _row(
        treatment.name, found.suggestion,
        grounds=[plan.criteria[place].id for place in found.grounds],
        reasons=list(found.reasons),
        tier=found.tier,
        statuses=[(plan.criteria[place].id, statuses[place]) for place in found.governing],
        missing=[each.fact for each in missing_facts(asked, statuses, found, rulebook.vocabulary)],
        ask_for=[each.fact for each in silent_facts(asked, statuses, found, rulebook.vocabulary)],
    )  # fmt: skip


def _row(treatment: str | None, suggestion: str, **more: Any) -> dict[str, Any]:
    return {
        "treatment": treatment,
        "suggestion": suggestion,
        "grounds": more.get("grounds", []),
        "review_reasons": more.get("reasons", []),
        "tier": more.get("tier"),
        "statuses": more.get("statuses", []),
        "missing": more.get("missing", []),
        "ask_for": more.get("ask_for", []),
    }


def differences(
    rulebook: Rulebook, rows: Sequence[Item], found: pa.RecordBatch
) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yield each row of which the two do not say the same."""
    columns = (
        "treatment",
        "suggestion",
        "grounds",
        "review_reasons",
        "tier",
        "statuses",
        "missing",
        "ask_for",
    )
    told = found.select([*columns]).to_pylist()
    for place, (item, ours) in enumerate(zip(rows, told, strict=True)):
        theirs = expected(rulebook, item)
        if ours != theirs:
            yield place, theirs, ours


def spec_of(name: str) -> FactSpec:
    return strategies.VOCABULARY.facts[name]


__all__ = [
    "Item",
    "Value",
    "batch",
    "differences",
    "expected",
    "items",
    "rulebook_of",
    "rulebooks",
    "spec_of",
]
