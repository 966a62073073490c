"""The shape of a plan: all that judging depends on but the facts, numbers and words that it names.

Plans of one shape are judged together, whatever treatments and editions they are for. A shape has holes, numbered
in the order in which they are met; what fills them for one plan is its filling. Each fact of a plan has one hole,
so that what holds of holes (that two criteria ask the same) holds of facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from imr_rules.engines.columnar.bindings import Filling
from imr_rules.engines.columnar.parts import (
    Compared,
    Fixed,
    Joined,
    NumberAmong,
    Opposite,
    Part,
    Truthful,
    WordAmong,
)
from imr_rules.expression import AllOf, AnyOf, Comparator, Compare, Constant, Node, Not, OneOf, Truth, names
from imr_rules.rulebook.model import LimitRow
from imr_rules.rulebook.plan import ALWAYS, TIERS, Plan, TableLimit


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion: its tier, whether it counts, and what it asks.

    Attributes:
        asks: the facts of its requirement.
    """

    tier: str
    counts: bool
    condition: Part
    require: Part
    asks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A number of a limit with rows.

    Attributes:
        fact: the hole of the table itself.
        rows: when each row fits, and its number.
        otherwise: the number where none fits; None where there is none then.
        ends: the least and greatest number within.
        stands_for: the facts that its rows ask for.
    """

    fact: int
    rows: tuple[tuple[Part, int], ...]
    otherwise: int | None
    ends: tuple[int, int]
    stands_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """A guideline of unknown contents: where it applies (None for everywhere), and where others replace it."""

    tier: str
    applies: Part | None
    replaced: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """All that judging depends on but names.

    Attributes:
        settled: False where the days of a request fall under more than one edition.
        kinds: the kind of the fact of each hole.
        tables, criteria, silent: in the order of the plan.
        tiers: those of its guidelines, in the order they are tried.
        always: the facts that turn a ground into a matter for review, by the reason that they give.
        waits: the facts that say that an item follows another, and that the other is supported.
        date: the day of the request, where it is to be asked for, and whether the plan asks for it itself.
    """

    settled: bool
    kinds: tuple[str, ...]
    tables: tuple[Table, ...]
    criteria: tuple[Criterion, ...]
    silent: tuple[Silent, ...]
    tiers: tuple[str, ...]
    always: tuple[tuple[str, int], ...]
    waits: tuple[int, int] | None
    date: tuple[int, bool] | None


def shape_of(
    plan: Plan, settled: bool, criteria: Mapping[str, int], facts: Mapping[str, int]
) -> tuple[Shape, Filling]:
    """Return the shape of a plan, and what fills it.

    Args:
        plan: what governs.
        settled: False where the days of a request fall under more than one edition.
        criteria, facts: the numbers of all criteria and facts of the rulebook, by name.
    """
    mould = _Mould(plan)
    asked = {spec.name for spec in plan.facts}
    tables = tuple(mould.table(each) for each in plan.tables)
    heard = tuple(
        Criterion(
            each.guideline.source.tier, each.criterion.kind == "ground",
            mould.part(each.condition), mould.part(each.require), mould.facts_of((each.require,)),
        )
        for each in plan.criteria
    )  # fmt: skip
    silent = tuple(
        Silent(
            guideline.source.tier,
            None if guideline.by_analogy else mould.part(guideline.applies_when),
            tuple(mould.part(when) for _, when in plan.superseded.get(guideline.id, ())),
        )
        for guideline in plan.guidelines
        if not guideline.known
    )
    tiers = {each.tier for each in heard} | {each.tier for each in silent}
    always = tuple((name, mould.fact(name)) for name in ALWAYS if name in asked)
    waits = date = None
    if {"follows_principal", "principal_supported"} <= asked:
        waits = mould.fact("follows_principal"), mould.fact("principal_supported")
    if not settled and "request_date" in facts:
        date = mould.fact("request_date"), "request_date" in asked
    shape = Shape(
        settled, mould.kinds(), tables, heard, silent, tuple(each for each in TIERS if each in tiers), always, waits,
        date,
    )  # fmt: skip
    holes = tuple(mould.holes)
    codes = tuple(-1 if name in mould.tables else facts[name] for name in holes)
    numbers, words = tuple(mould.numbers), tuple(mould.words)
    return shape, Filling(holes, codes, numbers, words, tuple(criteria[each.id] for each in plan.criteria))


_FLIPPED: Mapping[Comparator, Comparator] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=",
}  # fmt: skip


class _Mould:
    """Takes names out of trees and puts holes in their place; parts that are the same become one."""

    def __init__(self, plan: Plan) -> None:
        self.types = plan.types
        self.tables = {each.name for each in plan.tables}
        self.holes: dict[str, int] = {}
        self.numbers: list[int] = []
        self.words: list[frozenset[str]] = []
        self._parts: dict[Node, Part] = {}

    def fact(self, name: str) -> int:
        """Return the hole of a fact."""
        return self.holes.setdefault(name, len(self.holes))

    def facts_of(self, nodes: Iterable[Node]) -> tuple[int, ...]:
        """Return the holes of the facts of trees, in order, each once."""
        return tuple(dict.fromkeys(self.fact(name) for node in nodes for name in names(node)))

    def kinds(self) -> tuple[str, ...]:
        """Return the kind of each hole's fact; a day nobody asks for has none."""
        return tuple(
            "limit" if name in self.tables else self.types[name].kind if name in self.types else ""
            for name in self.holes
        )

    def table(self, table: TableLimit) -> Table:
        """Return a number of a limit with rows."""

        def amount(row: LimitRow) -> int:
            return self._number(row.amounts[table.plural][table.end])

        limit = table.limit
        rows = tuple((self.part(row.when), amount(row)) for row in limit.rows)
        return Table(
            self.fact(table.name), rows, None if limit.otherwise is None else amount(limit.otherwise),
            (self._number(table.type.low), self._number(table.type.high)),
            self.facts_of(row.when for row in limit.rows),
        )  # fmt: skip

    def part(self, node: Node) -> Part:
        """Return a tree with holes."""
        found = self._parts.get(node)
        if found is None:
            found = self._new(node)
            self._parts[node] = found
        return found

    def _number(self, number: int) -> int:
        self.numbers.append(number)
        return len(self.numbers) - 1

    def _new(self, node: Node) -> Part:
        if isinstance(node, (AllOf, AnyOf)):
            parts = tuple(self.part(part) for part in node.parts)
            return Joined(len(self._parts), isinstance(node, AllOf), parts)
        if isinstance(node, Not):
            inner = self.part(node.inner)
            return Opposite(len(self._parts), inner)
        place = len(self._parts)
        if isinstance(node, Constant):
            return Fixed(place, node.value)
        if isinstance(node, Truth):
            return Truthful(place, self.fact(node.name))
        if isinstance(node, Compare):
            return self._compared(place, node)
        return self._among(place, node)

    def _compared(self, place: int, node: Compare) -> Part:
        op, terms, number = node.op, node.form.terms, -node.form.constant
        if len(terms) == 1 and terms[0][1] == -1:
            op, terms, number = _FLIPPED[op], ((terms[0][0], 1),), -number
        holes = tuple((self.fact(name), factor) for name, factor in terms)
        return Compared(place, op, holes, self._number(number))

    def _among(self, place: int, node: OneOf) -> Part:
        words = frozenset(each for each in node.values if isinstance(each, str))
        if not words:
            numbers = frozenset(each for each in node.values if isinstance(each, int))
            return NumberAmong(place, self.fact(node.name), numbers)
        self.words.append(words)
        return WordAmong(place, self.fact(node.name), len(self.words) - 1)
