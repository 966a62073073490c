"""Random rulebooks whose treatments ask alike: the same trees over other facts, numbers, words and limits."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from msgspec.structs import replace

from imr_rules.expression import AllOf, AnyOf, Compare, Linear, Node, Not, OneOf, Truth
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline, Limit, LimitRow
from imr_rules.rulebook.plan import ALWAYS
from tests import strategies
from tests.engines import flat

OFF = (*(0, -2, -1, 1, 3) * 3, 40, -40, 2**65, -(2**65))
"""How far a number is from the one in its place: near, beyond what a fact may be, or what a processor counts to."""


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """A rulebook whose first treatment is random and whose others are limited as it is, in other terms."""
    first, *others = flat.TREATMENTS
    names = [f"{first}-{number}" for number in range(draw(st.integers(1, 3)))]
    periods = st.sampled_from(flat.PERIODS)
    found = []
    for place, name in enumerate(names):
        guideline = draw(strategies.guidelines(name, names[:place]))
        found.append(replace(guideline, treatments=(first,), requests=draw(periods)))
    every = list(found)
    for other in others:
        terms = Terms(f"{first}-", f"{other}-", random.Random(draw(st.integers(0, 2**32))))
        alike = [terms.guideline(guideline) for guideline in found]
        if draw(st.integers(0, 3)) == 0:
            alike = [replace(guideline, requests=draw(periods)) for guideline in alike]
        every += [replace(guideline, treatments=(other,)) for guideline in alike]
    return flat.rulebook_of(every)


class Terms:
    """Says what a guideline says in other terms.

    Args:
        before, after: how the names of guidelines begin, there and here.
        chance: what the other facts, numbers and words are drawn from.
    """

    def __init__(self, before: str, after: str, chance: random.Random) -> None:
        self.before, self.after, self.chance = before, after, chance
        self._trees: dict[Node, Node] = {}
        self.facts = dict(zip(ALWAYS, ALWAYS, strict=True))
        for kind in ("boolean", "integer", "date", "choice"):
            names = [name for name in strategies.of_kind(kind, strategies.TYPES) if name not in ALWAYS]
            others = chance.sample(names, len(names)) if chance.random() < 0.8 else names
            self.facts |= dict(zip(names, others, strict=True))

    def guideline(self, guideline: Guideline) -> Guideline:
        """Return a guideline in other terms."""
        name = self._named(guideline.id)
        return replace(
            guideline,
            id=name,
            source=replace(guideline.source, id=name),
            applies_when=self.tree(guideline.applies_when),
            limits={key: self._limit(limit) for key, limit in guideline.limits.items()},
            criteria=tuple(
                replace(each, id=self._named(each.id), when=self.tree(each.when), require=self.tree(each.require))
                for each in guideline.criteria
            ),
            supersedes=tuple(
                replace(each, guideline=self._named(each.guideline), when=self.tree(each.when))
                for each in guideline.supersedes
            ),
        )  # fmt: skip

    def tree(self, node: Node) -> Node:
        """Return a tree in other terms: the same ones wherever it stands, as shapes tell what is asked twice."""
        if node not in self._trees:
            self._trees[node] = self._tree(node)
        return self._trees[node]

    def _tree(self, node: Node) -> Node:
        if isinstance(node, (AllOf, AnyOf)):
            return type(node)(tuple(self.tree(part) for part in node.parts))
        if isinstance(node, Not):
            return Not(self.tree(node.inner))
        if isinstance(node, Truth):
            return Truth(self.facts[node.name])
        if isinstance(node, Compare):
            terms = tuple((self._fact(name), factor) for name, factor in node.form.terms)
            return Compare(node.op, Linear(terms, node.form.constant + self.chance.choice(OFF)))
        if isinstance(node, OneOf) and node.name in strategies.of_kind("choice", strategies.TYPES):
            name = self.facts[node.name]
            words = sorted(strategies.TYPES[name].choices)
            return OneOf(name, frozenset(self.chance.sample(words, self.chance.randint(1, len(words) - 1))))
        return replace(node, name=self.facts[node.name]) if isinstance(node, OneOf) else node

    def _fact(self, name: str) -> str:
        return self.facts.get(name) or self._named(name)

    def _named(self, name: str) -> str:
        return self.after + name.removeprefix(self.before)

    def _limit(self, limit: Limit) -> Limit:
        rows = tuple(self._row(row) for row in limit.rows)
        return replace(
            limit, rows=rows, otherwise=None if limit.otherwise is None else self._row(limit.otherwise)
        )

    def _row(self, row: LimitRow) -> LimitRow:
        ends = sorted(self.chance.randint(0, 30) for _ in range(2))
        amounts = {"visits": (ends[0], ends[1])}
        return replace(row, when=self.tree(row.when), amounts=amounts)
