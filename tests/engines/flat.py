"""Random rulebooks and flat rows, and what the reference says of them: for whatever judges many items at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from msgspec.structs import replace

from imr_rules._dates import Period, Window
from imr_rules.expression import reference
from imr_rules.expression.values import Row, Value
from imr_rules.facts.flat import SILENCE, cells, columns_of
from imr_rules.facts.silence import Read, unmentioned
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.loaded import Loaded
from imr_rules.rulebook.model import Strength
from imr_rules.rulebook.plan import ALWAYS
from imr_rules.rulebook.suggestion import lean_towards, suggest
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
STRENGTHS: tuple[Strength | None, ...] = (None, None, None, "practice", "adapted")
"""Of all criteria of a guideline, as where reviewers' practice or another edition is all there is; None as they come."""
UNMENTIONED = Value("missing", 0, 0)
"""Stands for a fact that a row does not mention."""
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
            period, strength = draw(st.sampled_from(PERIODS)), draw(st.sampled_from(STRENGTHS))
            criteria = tuple(replace(each, strength=strength or each.strength) for each in guideline.criteria)
            found.append(replace(guideline, treatments=(treatment,), requests=period, criteria=criteria))
    return rulebook_of(found)


def rulebook_of(guidelines: Sequence[Any]) -> Rulebook:
    treatments = {name: Treatment(name, name, (name,), name, "visit", (name,)) for name in TREATMENTS}
    vocabulary = Vocabulary(
        strategies.VOCABULARY.facts, treatments, {}, {}, tiers=strategies.VOCABULARY.tiers
    )
    sources = {each.source.id: each.source for each in guidelines}
    loaded = Loaded("test", sources, {}, vocabulary, {each.id: each for each in guidelines})
    return Rulebook(loaded, "sha256:test")


class Item:
    """One item: what is asked for, the days it may date from, and what is known of each fact."""

    def __init__(
        self, treatment: str | None, first: date | None, last: date | None, facts: Row, read: Read | None,
        contradicted: bool | None, silence: Row,
    ) -> None:  # fmt: skip
        self.treatment, self.first, self.last, self.facts = treatment, first, last, facts
        self.read, self.contradicted, self.silence = read, contradicted, silence

    def row(self, specs: Sequence[FactSpec], read: Read) -> Row:
        """Return what is known of some facts; what is not mentioned, as a record read so far has it."""
        return {spec.name: self._value(spec, read, self.facts[spec.name]) for spec in specs}

    def row_of_silence(self, specs: Sequence[FactSpec]) -> Row:
        """Return the same with silence in what was read taken as silence."""
        facts = self.facts | self.silence
        return {spec.name: self._value(spec, "all", facts[spec.name]) for spec in specs}

    def _value(self, spec: FactSpec, read: Read, said: Value) -> Value:
        if said is not UNMENTIONED:
            return said
        return unmentioned(spec.type, spec.silence, "none" if spec.derived else read)

    def judgeable(self) -> Item:
        """Return the item with a known treatment and a day."""
        first = self.first or DAYS[0]
        treatment = self.treatment if self.treatment in TREATMENTS else TREATMENTS[0]
        return Item(
            treatment, first, self.last or first, self.facts, self.read, self.contradicted, self.silence
        )


def items(rulebook: Rulebook, seed: int, count: int, pool: int = 60) -> list[Item]:
    """Return random items, fast: the values of each fact are drawn from a pool.

    Of some facts everything possible is said, of some a plain value or nothing, of some nothing in any row. In some
    batches a plain value is all that is ever said, so that items are decided or lean. Of some every row was read alike.
    """
    chance = random.Random(seed)
    reads: Sequence[Any] = chance.choice(
        ((None, "none", "part", "all"), ("all",), ("part",), ("part",), (None,))
    )
    specs = rulebook.vocabulary.facts
    sure = chance.choice((None, None, 0.7, 0.98))
    pools = [
        _pool(spec, chance, pool) if sure is None else _plain(spec, chance, pool, sure)
        for spec in specs.values()
    ]
    columns = [chance.choices(each, k=count) for each in pools]
    names = list(specs)
    quiet = {name: _pool(specs[name], chance, pool) for name in strategies.DERIVED if chance.random() < 0.5}
    found = []
    for values in zip(*columns, strict=True):
        treatment = chance.choice((*TREATMENTS, *TREATMENTS, *TREATMENTS, "t9", None))
        first = chance.choice(DAYS) if chance.random() < 0.95 else None
        last = first
        if first is not None and chance.random() < 0.1:
            last = first + timedelta(chance.choice((1, 30, 3000)))
        silence = {
            name: said
            for name, values_ in quiet.items()
            if (said := chance.choice(values_)) is not UNMENTIONED and chance.random() < 0.5
        }
        read, contradicted = chance.choice(reads), chance.choice((*(None,) * 10, False, True))
        found.append(
            Item(treatment, first, last, dict(zip(names, values, strict=True)), read, contradicted, silence)
        )
    return found


def _plain(spec: FactSpec, chance: random.Random, count: int, sure: float) -> list[Value]:
    """Return plain values, so many of which are said at all; nothing turns a ground into a matter for review."""
    if spec.name in ALWAYS:
        return [UNMENTIONED]
    return [
        strategies.random_known(spec.type, chance) if chance.random() < sure else UNMENTIONED
        for _ in range(count)
    ]


def _pool(spec: FactSpec, chance: random.Random, count: int) -> list[Value]:
    style = chance.random()
    if style < 0.45:
        return [strategies.random_value(spec.type, chance) for _ in range(count)]
    if style > 0.95:
        return [UNMENTIONED]
    silent = Value("undocumented", spec.type.low, spec.type.high, silent=True)
    others = [UNMENTIONED, silent] if style < 0.6 else [UNMENTIONED]
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
        "read": (pa.string(), [each.read for each in rows]),
        "contradicted": (pa.bool_(), [each.contradicted for each in rows]),
    }
    said: dict[int, dict[str, Any]] = {}
    for name, spec in rulebook.vocabulary.facts.items():
        values = [each.facts[name] for each in rows]
        for value in values:
            if id(value) not in said:
                said[id(value)] = {} if value is UNMENTIONED else dict(cells(spec, value))
        told = [
            said[id(value)]
            | (
                {SILENCE + key: cell for key, cell in cells(spec, row.silence[name])}
                if name in row.silence
                else {}
            )
            for value, row in zip(values, rows, strict=True)
        ]
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
    read: Read = item.read or "none"
    row = plan.complete(item.row(plan.facts, read))
    statuses = [reference.judge(each, row) for each in plan.criteria]
    contradicted = item.contradicted is True
    found = suggest(plan, statuses, row, settled=settled, contradicted=contradicted)
    lean = None
    if found.suggestion == "needs_review" and settled and not contradicted:
        silence = None
        if read == "part":
            quiet = plan.complete(item.row_of_silence(plan.facts))
            silence = [reference.judge(each, quiet) for each in plan.criteria], quiet
        lean = lean_towards(plan, statuses, row, silence)
    asked = PreparedItem("", ANY_ITEM, treatment, ANY_EDITION, plan, settled, ANY_RECORD, row, ())
    return _row(
        treatment.name, found.suggestion,
        grounds=[plan.criteria[place].id for place in found.grounds],
        reasons=list(found.reasons), lean=lean,
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
        "lean": more["lean"].suggestion if more.get("lean") else None,
        "lean_rests_on": [*more["lean"].rests_on] if more.get("lean") else [],
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
        "lean",
        "lean_rests_on",
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
