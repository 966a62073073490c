"""The shape of a plan: all that judging depends on except the facts, numbers and words that it names.

A shape has slots, numbered in the order in which they are met; a binding says what stands in them for one plan.
Plans of one shape are judged together, whatever their treatments and editions. Each fact of a plan has one slot, so
that what holds of slots (that two criteria ask the same) holds of facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from imr_rules.expression import AllOf, AnyOf, Comparator, Compare, Constant, Node, Not, OneOf, Truth, names
from imr_rules.rulebook.model import CriterionKind, LimitRow, Strength
from imr_rules.rulebook.plan import ALWAYS, Carries, Plan, Planned, TableLimit, recorded_names

# -- parts of trees ------------------------------------------------------------------------------------------


class Part(Struct, frozen=True):
    """A part of a criteria tree. Where a part occurs twice in a shape, it is the same part.

    Attributes:
        place: tells it from the other parts of its shape.
    """

    place: int


class Joined(Part, frozen=True):
    """``and``, where ``every``; else ``or``."""

    every: bool
    parts: tuple[Part, ...]


class Opposite(Part, frozen=True):
    """``not``."""

    inner: Part


class Leaf(Part, frozen=True):
    """A part that asks for facts itself.

    Attributes:
        facts: their slots.
    """

    facts: tuple[int, ...]


class Fixed(Leaf, frozen=True):
    """``true`` or ``false``."""

    value: bool


class Truthful(Leaf, frozen=True):
    """A yes-or-no fact."""


class Compared(Leaf, frozen=True):
    """A sum of multiples of facts beside a number: ``factors`` in the order of ``facts``, ``number`` a slot."""

    op: Comparator
    factors: tuple[int, ...]
    number: int


class WordAmong(Leaf, frozen=True):
    """Whether the word of a choice is one of the words in a slot."""

    words: int


class NumberAmong(Leaf, frozen=True):
    """Whether a number is one of some numbers, which are the same in every plan of this shape."""

    numbers: frozenset[int]


# -- shapes --------------------------------------------------------------------------------------------------


class Criterion(Struct, frozen=True):
    """A criterion.

    Attributes:
        tier: of its guideline.
        kind, strength: what it may do, and what carries it.
        asks: the facts of its requirement.
        carries: what must hold of stated facts for it to carry an indication; those facts; and the facts of which
            one must be stated. None where it is no indication.
        situation: what must be known to hold for it to be so much as mentioned. None where it always is.
    """

    tier: str
    kind: CriterionKind
    strength: Strength
    condition: Part
    require: Part
    asks: tuple[int, ...]
    carries: tuple[Part, tuple[int, ...], tuple[int, ...]] | None = None
    situation: Part | None = None


class Table(Struct, frozen=True):
    """A number of a limit with rows.

    Attributes:
        fact: the slot of the table itself.
        rows: when each row fits, and its number.
        otherwise: the number where none fits; None where there is none then.
        ends: the least and greatest number possible.
        stands_for: the facts that its rows ask for.
    """

    fact: int
    rows: tuple[tuple[Part, int], ...]
    otherwise: int | None
    ends: tuple[int, int]
    stands_for: tuple[int, ...]


class Silent(Struct, frozen=True):
    """A guideline of unknown contents: where it applies (None for everywhere), and where others replace it."""

    tier: str
    applies: Part | None
    replaced: tuple[Part, ...]


class Shape(Struct, frozen=True):
    """All that judging depends on except names.

    Attributes:
        settled: False where the days of a request fall under more than one edition.
        kinds: the kind of the fact in each slot.
        tables, criteria, silent: in the order of the plan.
        always: the facts that turn a ground into a matter for review, by the reason that they give.
        waits: the facts that say that an item follows another, and that the other is supported.
        date: the day of the request, where it is to be asked for, and whether the plan asks for it itself.
        tiers: the search sequence, in the order tried.
    """

    settled: bool
    kinds: tuple[str, ...]
    tables: tuple[Table, ...]
    criteria: tuple[Criterion, ...]
    silent: tuple[Silent, ...]
    always: tuple[tuple[str, int], ...]
    waits: tuple[int, int] | None
    date: tuple[int, bool] | None
    tiers: tuple[str, ...]


class Binding(NamedTuple):
    """What stands in the slots of a shape for one plan.

    Attributes:
        facts: by slot, the name of the fact or of the table of limits.
        codes: by slot, the number of the fact among all of a rulebook; -1 for a table of limits.
        numbers, words: by slots of their own.
        criteria: the numbers of the plan's criteria among all of a rulebook, in its order.
    """

    facts: tuple[str, ...]
    codes: tuple[int, ...]
    numbers: tuple[int, ...]
    words: tuple[frozenset[str], ...]
    criteria: tuple[int, ...]


# -- from a plan to its shape --------------------------------------------------------------------------------


class Rule(NamedTuple):
    """All of a criterion that an answer turns on, as a value that can be compared."""

    tier: str
    kind: CriterionKind
    strength: Strength
    condition: Node
    require: Node
    carries: Carries | None
    situation: Node | None


def rule_of(planned: Planned) -> Rule:
    """Return all of a criterion that an answer turns on."""
    criterion, tier = planned.criterion, planned.guideline.source.tier
    return Rule(
        tier,
        criterion.kind,
        criterion.strength,
        planned.condition,
        planned.require,
        planned.carries,
        planned.situation,
    )


def shape_of(
    plan: Plan, settled: bool, criteria: Mapping[str, int] = {}, facts: Mapping[str, int] = {}
) -> tuple[Shape, Binding]:
    """Return the shape of a plan, and what stands in its slots.

    Args:
        plan: what governs.
        settled: False where the days of a request fall under more than one edition.
        criteria, facts: the numbers of all criteria and facts of the rulebook, by name, where answers name them so.
    """
    compiler = PlanCompiler()
    asked = {spec.name for spec in plan.facts}
    tables = tuple(compiler.table(each) for each in plan.tables)
    judged = tuple(compiler.criterion(rule_of(each)) for each in plan.criteria)
    silent = tuple(
        compiler.silent(
            None if guideline.by_analogy else guideline.applies_when,
            (when for _, when in plan.superseded.get(guideline.id, ())),
            guideline.source.tier,
        )
        for guideline in plan.guidelines
        if not guideline.known
    )
    always = tuple((name, compiler.fact(name)) for name in ALWAYS if name in asked)
    waits = date = None
    if {"follows_principal", "principal_supported"} <= asked:
        waits = compiler.fact("follows_principal"), compiler.fact("principal_supported")
    if not settled and "request_date" in facts:
        date = compiler.fact("request_date"), "request_date" in asked
    shape = Shape(
        settled, _kinds(plan, compiler.slots), tables, judged, silent, always, waits, date, plan.tiers
    )
    return shape, compiler.binding(facts, tuple(criteria.get(each.id, -1) for each in plan.criteria))


def _kinds(plan: Plan, slots: Iterable[str]) -> tuple[str, ...]:
    """Return the kind of each slot's fact; a day nobody asks for has none."""
    tables = {each.name for each in plan.tables}
    return tuple(
        "limit" if name in tables else plan.types[name].kind if name in plan.types else "" for name in slots
    )


_FLIPPED: Mapping[Comparator, Comparator] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=",
}  # fmt: skip


class PlanCompiler:
    """Takes names, numbers and words out of trees and puts slots in their place.

    Attributes:
        slots: the number of each fact's slot.
        numbers, words: what stands in the slots for them.
    """

    def __init__(self) -> None:
        self.slots: dict[str, int] = {}
        self.numbers: list[int] = []
        self.words: list[frozenset[str]] = []
        self._parts: dict[Node, Part] = {}

    def fact(self, name: str) -> int:
        """Return the slot of a fact."""
        return self.slots.setdefault(name, len(self.slots))

    def binding(self, numbers: Mapping[str, int] = {}, criteria: tuple[int, ...] = ()) -> Binding:
        """Return what stands in the slots by now.

        Args:
            numbers: of facts among all of a rulebook.
            criteria: the numbers of the criteria among all of a rulebook.
        """
        slots = tuple(self.slots)
        codes = tuple(numbers.get(name, -1) for name in slots)
        return Binding(slots, codes, tuple(self.numbers), tuple(self.words), criteria)

    def criterion(self, rule: Rule) -> Criterion:
        """Return a criterion with slots."""
        carries = None
        if rule.carries is not None:
            tree, told = rule.carries
            carries = self.part(tree), self._slots(recorded_names(tree)), self._slots(told)
        condition, require = self.part(rule.condition), self.part(rule.require)
        asks = self._slots(names(rule.require))
        situation = None if rule.situation is None else self.part(rule.situation)
        return Criterion(rule.tier, rule.kind, rule.strength, condition, require, asks, carries, situation)

    def silent(self, applies: Node | None, replaced: Iterable[Node], tier: str = "statute") -> Silent:
        """Return a guideline of unknown contents with slots."""
        where = None if applies is None else self.part(applies)
        return Silent(tier, where, tuple(self.part(when) for when in replaced))

    def table(self, table: TableLimit) -> Table:
        """Return a number of a limit with rows, with slots."""

        def amount(row: LimitRow) -> int:
            return self._number(row.amounts[table.plural][table.end])

        limit = table.limit
        rows = tuple((self.part(row.when), amount(row)) for row in limit.rows)
        return Table(
            self.fact(table.name), rows, None if limit.otherwise is None else amount(limit.otherwise),
            (self._number(table.type.low), self._number(table.type.high)),
            self._slots(name for row in limit.rows for name in names(row.when)),
        )  # fmt: skip

    def _slots(self, facts: Iterable[str]) -> tuple[int, ...]:
        """Return the slots of facts, in order, each once."""
        return tuple(dict.fromkeys(self.fact(name) for name in facts))

    def _number(self, number: int) -> int:
        self.numbers.append(number)
        return len(self.numbers) - 1

    def part(self, node: Node) -> Part:
        """Return a tree with slots."""
        found = self._parts.get(node)
        if found is None:
            found = self._parts[node] = self._new(node)
        return found

    def _new(self, node: Node) -> Part:
        if isinstance(node, (AllOf, AnyOf)):
            parts = tuple(self.part(part) for part in node.parts)
            return Joined(len(self._parts), isinstance(node, AllOf), parts)
        if isinstance(node, Not):
            inner = self.part(node.inner)
            return Opposite(len(self._parts), inner)
        place = len(self._parts)
        if isinstance(node, Constant):
            return Fixed(place, (), node.value)
        if isinstance(node, Truth):
            return Truthful(place, (self.fact(node.name),))
        return self._compared(place, node) if isinstance(node, Compare) else self._among(place, node)

    def _compared(self, place: int, node: Compare) -> Part:
        op, terms, number = node.op, node.form.terms, -node.form.constant
        if len(terms) == 1 and terms[0][1] == -1:
            op, terms, number = _FLIPPED[op], ((terms[0][0], 1),), -number
        facts = tuple(self.fact(name) for name, _ in terms)
        return Compared(place, facts, op, tuple(factor for _, factor in terms), self._number(number))

    def _among(self, place: int, node: OneOf) -> Part:
        words = frozenset(each for each in node.values if isinstance(each, str))
        if not words:
            numbers = frozenset(each for each in node.values if isinstance(each, int))
            return NumberAmong(place, (self.fact(node.name),), numbers)
        self.words.append(words)
        return WordAmong(place, (self.fact(node.name),), len(self.words) - 1)
