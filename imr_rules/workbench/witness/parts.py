"""That two plans never answer differently, proven from what is not written alike in them and nothing else.

An answer is made of the status of each criterion, of whether an indication rests on something stated, and of whether
a guideline of unknown contents governs in each tier; where those are the same over every row, so is the answer. Most edits touch one criterion of a plan
of twenty, and are proven here without the other nineteen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import z3

from imr_rules.engines.judging import governs, is_stated, status
from imr_rules.engines.shape import PlanCompiler, Rule, rule_of
from imr_rules.engines.symbolic import AnyRow, SymbolicFacts
from imr_rules.engines.symbolic.values import all_of, any_of
from imr_rules.expression import Node, names
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.plan import Plan, Planned

_ASKED_BY_THE_SUGGESTION = ("follows_principal", "principal_supported")


class _Unknown(NamedTuple):
    """A guideline of unknown contents: when it governs, and the situations in which it is replaced."""

    applies: Node | None
    replaced: tuple[Node, ...]


class Unlike(NamedTuple):
    """What is not written alike in two plans whose answers are made in the same way.

    Attributes:
        criteria: a criterion, in each plan.
        unknown: the guidelines of unknown contents of a tier, in each plan.
    """

    criteria: tuple[tuple[Rule, Rule], ...]
    unknown: tuple[tuple[frozenset[_Unknown], frozenset[_Unknown]], ...]


def unlike_parts(old: Plan, new: Plan) -> Unlike | None:
    """Return what is not written alike, or None where more than parts of the two plans differ."""
    ours, theirs = old.criteria, new.criteria
    if [_standing(each) for each in ours] != [_standing(each) for each in theirs]:
        return None
    known = {spec.name: _means(spec) for spec in old.facts}
    if any(known.get(spec.name, _means(spec)) != _means(spec) for spec in new.facts):
        return None  # the same trees over facts that mean something else
    for name in _ASKED_BY_THE_SUGGESTION:
        if (name in old.types) != (name in new.types):
            return None
    criteria = [
        (before, after)
        for one, other in zip(ours, theirs, strict=True)
        if (before := rule_of(one)) != (after := rule_of(other))
    ]
    unknown = [
        (was, is_)
        for tier in dict.fromkeys((*old.tiers, *new.tiers))
        if (was := _unknown(old, tier)) != (is_ := _unknown(new, tier))
    ]
    found = Unlike(tuple(criteria), tuple(unknown))
    # A table of limits is itself made of rows that may differ: only a plan as a whole tells what it comes to.
    return None if _tables(old) != _tables(new) or _names_a_table(found) else found


def never_unlike(parts: Unlike, facts: Iterable[FactSpec]) -> bool:
    """Return whether it is proven that what is not written alike is alike over every row.

    Args:
        parts: what is not written alike.
        facts: those of both plans.
    """
    free, compiler = AnyRow(), PlanCompiler()
    specs = list(facts)
    criteria = [[compiler.criterion(each) for each in pair] for pair in parts.criteria]
    unknown = [[[compiler.silent(*each) for each in side] for side in pair] for pair in parts.unknown]
    types = {spec.name: spec.type for spec in specs}
    known = SymbolicFacts(free.row(specs), compiler.binding(), free.words, types)
    terms = []
    for before, after in criteria:
        one, other = status(before, known), status(after, known)
        terms += [z3.Xor(one[name], other[name]) for name in one]
        if before.carries is not None:
            stated = z3.Xor(is_stated(before, known), is_stated(after, known))
            terms.append(all_of((one["met"], stated)))
    for pair in unknown:
        was, is_ = (any_of(governs(each, known) for each in side) for side in pair)
        terms.append(z3.Xor(was, is_))
    return free.never(any_of(terms))


def _means(spec: FactSpec) -> tuple[Any, ...]:
    return spec.type, spec.silence, spec.derived


def _standing(planned: Planned) -> tuple[Any, ...]:
    return planned.id, planned.criterion.kind, planned.criterion.strength, planned.guideline.source.tier


def _unknown(plan: Plan, tier: str) -> frozenset[_Unknown]:
    return frozenset(
        _Unknown(
            None if each.by_analogy else each.applies_when,
            tuple(when for _, when in plan.superseded.get(each.id, ())),
        )
        for each in plan.guidelines
        if each.source.tier == tier and not each.known
    )


def _tables(plan: Plan) -> list[Any]:
    return [
        (table.name, [(row.when, sorted(row.amounts.items())) for row in table.limit.every_row])
        for table in plan.tables
    ]


def _names_a_table(parts: Unlike) -> bool:
    trees = [
        tree
        for pair in parts.criteria
        for rule in pair
        for tree in (rule.condition, rule.require, *(rule.carries or ())[:1])
    ]
    trees += [
        tree
        for pair in parts.unknown
        for side in pair
        for each in side
        for tree in (*each.replaced, *(() if each.applies is None else [each.applies]))
    ]
    return any("#limits." in name for tree in trees for name in names(tree))
