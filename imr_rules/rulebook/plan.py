"""Which guidelines govern an item, and everything needed to judge it, worked out once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from imr_rules.errors import EngineError
from imr_rules.expression import AllOf, AnyOf, Compare, Constant, Node, Not, OneOf, names
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.model import STATUTE, Criterion, Guideline, Limit, LimitRow, Template
from imr_rules.rulebook.sums import SUMS
from imr_rules.rulebook.template import settled
from imr_rules.rulebook.vocabulary import Vocabulary

ALWAYS = ("exceptional_factors", "rebuttal_documented")
"""Facts that every item is asked for: they turn a ground for upholding into a matter for review."""


AGE_OF_INJURY = "weeks_since_injury"


class Carries(NamedTuple):
    """What makes an indication that is met a ground for overturning.

    Attributes:
        tree: what must hold of stated facts: what the criterion requires, or its own condition where it requires
            nothing that a record holds.
        told: the facts of which one must be stated: those of the tree, or of the guideline's situation where the
            tree asks for none.
    """

    tree: Node
    told: tuple[str, ...]


class Planned(Struct, frozen=True):
    """A criterion with its effective condition: applies, not superseded, ``when``, and its limits exist."""

    criterion: Criterion
    guideline: Guideline
    tier: str
    """The tier of the search sequence that its guideline is of."""
    situation: Node | None
    """What must be known to hold for it to be so much as mentioned; None where it always is."""
    condition: Node
    facts: tuple[str, ...]
    """The facts it asks for and speaks of, in order."""
    shown: tuple[FactSpec, ...]
    """Those of them that a reader is shown: tables of limits are left out."""
    tables: tuple[Limit, ...]
    """The limits with rows that it uses."""
    quantity: str | None
    """The count that its requirement puts a limit on, where that is all it does."""
    carries: Carries | None
    """What carries it as a ground for overturning; None where it is no indication."""
    says: Mapping[str, Template]
    """Status → its reason, in which only what depends on the case is left to fill in."""

    @property
    def id(self) -> str:
        """Return ``<guideline>#<criterion>``."""
        return self.criterion.id

    @property
    def require(self) -> Node:
        """Return what it demands."""
        return self.criterion.require


class TableLimit(Struct, frozen=True):
    """One number of a limit with rows, as a fact of the row: known once it is settled which rows fit."""

    name: str
    limit: Limit
    plural: str
    end: int
    type: FactType
    facts: frozenset[str]
    """The facts that its rows ask for."""

    def value(self, row: Row, fits: Sequence[bool | None] | None = None) -> Value:
        """Return the number: the largest of the rows that fit, within what the open rows still allow.

        Args:
            row: the facts.
            fits: whether each row of the limit fits, where that was worked out already.
        """
        sure, possible = [], []
        for each, fit in zip(self.limit.rows, self.limit.fits(row) if fits is None else fits, strict=True):
            if fit is not False:
                possible.append(each.amounts[self.plural][self.end])
                if fit:
                    sure.append(possible[-1])
        if not sure and self.limit.otherwise is not None:
            possible.append(self.limit.otherwise.amounts[self.plural][self.end])
        if not possible:  # no row fits and there is no other: the criterion does not apply
            return Value("missing", self.type.low, self.type.high)
        low, high = (max(sure) if sure else min(possible)), max(possible)
        return Value("known" if low == high else "bounded", low, high)


def governing_rows(limit: Limit, row: Row) -> tuple[LimitRow | None, tuple[LimitRow, ...]]:
    """Return the row of ``limit`` that governs, or None while that is open, and every row that fits."""
    fits = limit.fits(row)
    if None in fits:
        return None, ()
    fitting = [each for each, fit in zip(limit.rows, fits, strict=True) if fit]
    if not fitting:
        return limit.otherwise, ()
    return max(fitting, key=lambda each: max(high for _, high in each.amounts.values())), tuple(fitting)


class Plan(Struct, frozen=True):
    """All that can govern one treatment under one set of guidelines.

    Attributes:
        guidelines: in the order they are tried.
        criteria: all of theirs, in that order.
        facts: the dictionary entries of every fact asked for.
        tables: the limits with rows, as facts.
        types: type of every name in a row.
        touched: fact → places of the criteria whose status may turn on it, by way of a table of limits too.
        superseded: guideline id → (the guideline that replaces it, and when).
        tiers: the order in which guidelines are tried (in California 8 CCR 9792.21.1(a)), then practice without
            guideline text. Statutes stand outside it: they always add.
    """

    guidelines: tuple[Guideline, ...]
    criteria: tuple[Planned, ...]
    facts: tuple[FactSpec, ...]
    tables: tuple[TableLimit, ...]
    types: Mapping[str, FactType]
    touched: Mapping[str, tuple[int, ...]]
    superseded: Mapping[str, tuple[tuple[str, Node], ...]]
    tiers: tuple[str, ...]

    def complete(self, row: Row, changed: str | None = None) -> Row:
        """Add to ``row`` the limits that depend on it: all, or those that turn on one fact that changed."""
        limit, fits = None, None
        for table in self.tables:  # the numbers of one limit stand together
            if changed is None or changed in table.facts:
                if limit is not table.limit:
                    limit, fits = table.limit, table.limit.fits(row)
                row[table.name] = table.value(row, fits)
        return row


def make_plan(guidelines: Iterable[Guideline], vocabulary: Vocabulary) -> Plan:
    """Work out how ``guidelines`` judge an item together."""
    order = {tier: place for place, tier in enumerate((STATUTE, *vocabulary.tiers))}
    chosen = sorted(guidelines, key=lambda each: (order[each.source.tier], each.id))
    present = {each.id for each in chosen}
    superseded: dict[str, list[tuple[str, Node]]] = {}
    for guideline in chosen:
        for each in guideline.supersedes:
            if each.guideline in present:
                superseded.setdefault(each.guideline, []).append((guideline.id, each.when))
    planned, tables = [], {}
    for guideline in chosen:
        replaced: tuple[Node, ...] = tuple(Not(when) for _, when in superseded.get(guideline.id, ()))
        applies = Constant(True) if guideline.by_analogy else guideline.applies_when
        for criterion in guideline.criteria:
            limits = [guideline.limits[name] for name in criterion.limits]
            exists = [
                _any_of(row.when for row in limit.rows)
                for limit in limits
                if limit.rows and not limit.otherwise
            ]
            condition = _all_of((applies, *replaced, *exists, criterion.when))
            asked = dict.fromkeys([*names(criterion.require), *names(criterion.when)])
            for template in criterion.says.values():
                asked.update(
                    {
                        piece[1]: None
                        for piece in template.pieces
                        if not isinstance(piece, str) and piece[0] == "fact"
                    }
                )
            shown = tuple(vocabulary.facts[name] for name in asked if name in vocabulary.facts)
            rowed = tuple(limit for limit in limits if limit.rows)
            quantity = _limited_quantity(criterion.require)
            carries = _carries(criterion, guideline) if criterion.kind == "indication" else None
            says = {status: settled(each, guideline.limits) for status, each in criterion.says.items()}
            told_in = guideline.applies_when if guideline.left_out else None
            planned.append(
                Planned(
                    criterion, guideline, guideline.source.tier, told_in, condition,
                    tuple(asked), shown, rowed, quantity, carries, says,
                )
            )  # fmt: skip
            tables.update({table.name: table for table in _tables(guideline, asked)})
    wanted = dict.fromkeys(ALWAYS)
    for criterion_planned in planned:
        wanted.update(dict.fromkeys(names(criterion_planned.condition)))
        wanted.update(dict.fromkeys(criterion_planned.facts))
    for guideline in chosen:
        situation = dict.fromkeys(names(guideline.applies_when))
        wanted.update(situation)
        tables.update({table.name: table for table in _tables(guideline, situation)})
        if guideline.by_analogy and AGE_OF_INJURY in vocabulary.facts:
            wanted[AGE_OF_INJURY] = None  # an analogy says how old the injury is
    for replacements in superseded.values():
        for _, when in replacements:
            wanted.update(dict.fromkeys(names(when)))
    for table in tables.values():
        for row in table.limit.rows:
            wanted.update(dict.fromkeys(names(row.when)))
    facts = tuple(
        vocabulary.facts[name] for name in wanted if name not in tables and name in vocabulary.facts
    )
    undeclared = [
        name for name in wanted if name not in tables and name not in vocabulary.facts and name not in ALWAYS
    ]
    if undeclared:
        raise EngineError(f"a plan asks for facts that are not declared: {', '.join(undeclared)}")
    types = {spec.name: spec.type for spec in facts} | {name: table.type for name, table in tables.items()}
    return Plan(
        tuple(chosen), tuple(planned), facts, tuple(tables.values()), types, _touched(planned, tables),
        {name: tuple(each) for name, each in superseded.items()},
        tuple(vocabulary.tiers),
    )  # fmt: skip


def _touched(planned: Iterable[Planned], tables: Mapping[str, TableLimit]) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = {}
    for place, each in enumerate(planned):
        for name in (*names(each.condition), *names(each.require)):
            for fact in (name, *(tables[name].facts if name in tables else ())):
                found.setdefault(fact, {})[place] = None
    return {fact: tuple(places) for fact, places in found.items()}


def _carries(criterion: Criterion, guideline: Guideline) -> Carries:
    tree = criterion.require if recorded_names(criterion.require) else criterion.when
    return Carries(tree, recorded_names(tree) or recorded_names(guideline.applies_when))


def recorded_names(tree: Node) -> tuple[str, ...]:
    """Return the facts of the record that a tree asks for, each once: a number of a limit is none."""
    return tuple(dict.fromkeys(name for name in names(tree) if "#" not in name))


def _all_of(nodes: Iterable[Node]) -> Node:
    kept = tuple(node for node in nodes if node != Constant(True))
    return kept[0] if len(kept) == 1 else AllOf(kept) if kept else Constant(True)


_GROWING = frozenset(name for each in SUMS.values() for name in (each.total, each.in_dispute))
"""Counts that grow with what is in dispute."""


def _limited_quantity(tree: Node) -> str | None:
    if not isinstance(tree, Compare) or tree.op not in ("<=", "<"):
        return None
    grows = [name for name, factor in tree.form.terms if factor > 0 and name in _GROWING]
    return grows[0] if len(grows) == 1 else None


def _any_of(nodes: Iterable[Node]) -> Node:
    """Return ``or`` of some trees; words of one fact become one list, so that a long table stays one test."""
    words: dict[str, frozenset[str]] = {}
    others: list[Node] = []
    for node in nodes:
        if isinstance(node, OneOf) and all(isinstance(each, str) for each in node.values):
            words[node.name] = words.get(node.name, frozenset()) | {str(each) for each in node.values}
        else:
            others.append(node)
    kept = (*(OneOf(name, each) for name, each in words.items()), *others)
    return kept[0] if len(kept) == 1 else AnyOf(kept)


def _tables(guideline: Guideline, asked: Iterable[str]) -> Iterable[TableLimit]:
    prefix = f"{guideline.id}#limits."
    for name in asked:
        if name.startswith(prefix):
            limit_name, plural, end = name[len(prefix) :].split(".")
            limit = guideline.limits[limit_name]
            index = 0 if end == "min" else 1
            every = [row.amounts[plural][index] for row in limit.every_row]
            facts = frozenset(fact for row in limit.rows for fact in names(row.when))
            yield TableLimit(name, limit, plural, index, FactType.integer(min(every), max(every)), facts)
