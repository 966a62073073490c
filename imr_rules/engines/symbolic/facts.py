"""A symbolic row as what is known of the facts of a shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import z3

from imr_rules.engines.algebra import Valuation
from imr_rules.engines.shape import Binding, Compared, Fixed, Leaf, NumberAmong, Table, Truthful, WordAmong
from imr_rules.engines.symbolic.values import (
    FALSE,
    TRUE,
    SymbolicRow,
    SymbolicValue,
    Terms,
    Words,
    all_of,
    any_of,
    negation,
)
from imr_rules.expression.values import FactType


class SymbolicFacts(Valuation[z3.BoolRef]):
    """A symbolic row behind the slots of a shape.

    Args:
        row: a value for every fact that the shape names.
        binding: what stands in its slots.
        words: the numbers of the words that choices may be.
        types: of the facts that may be assumed.
        contradicted: whether the case contradicts itself.

    Attributes:
        row: the same, with the tables of limits that were worked out.
    """

    def __init__(
        self, row: SymbolicRow, binding: Binding, words: Words, types: Mapping[str, FactType], *,
        contradicted: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(Terms())
        self.row = dict(row)
        self._binding, self._words, self._types = binding, words, types
        self._contradicted = contradicted

    def _value(self, fact: int) -> SymbolicValue:
        return self.row[self._binding.facts[fact]]

    def yes(self, fact: int) -> z3.BoolRef:
        """Return when a yes-or-no fact is surely true."""
        return self._value(fact).yes

    def exact(self, fact: int) -> z3.BoolRef:
        """Return when one value of a fact alone is possible."""
        return self._value(fact).exact

    def silent(self, fact: int) -> z3.BoolRef:
        """Return when a fact is open for silence that counts against the request."""
        return self._value(fact).silent

    def assumed(self, fact: int) -> z3.BoolRef:
        """Return when a fact is known only because nothing was said of it."""
        return self._value(fact).assumed

    def told(self, fact: int) -> z3.BoolRef:
        """Return when a value of a fact, or bounds, are stated."""
        return self._value(fact).told

    def contradicted(self) -> z3.BoolRef:
        """Return when a case contradicts itself in something that every answer turns on."""
        return TRUE if self._contradicted else FALSE

    def stated(self) -> SymbolicFacts:
        """Return what would be known if nothing were assumed; the tables of limits stay as they are."""
        return self._stated

    @cached_property
    def _stated(self) -> SymbolicFacts:
        opened = {
            name: value.opened(self._types[name]) if name in self._types else value
            for name, value in self.row.items()
        }
        return SymbolicFacts(opened, self._binding, self._words, self._types)

    def decide(self, leaf: Leaf) -> tuple[z3.BoolRef, z3.BoolRef]:
        """Return when a leaf is surely true, and when surely false."""
        if isinstance(leaf, Compared):
            return self._compared(leaf)
        if isinstance(leaf, Fixed):
            return (TRUE, FALSE) if leaf.value else (FALSE, TRUE)
        value = self._value(leaf.facts[0])
        if isinstance(leaf, WordAmong):
            numbers = map(self._words.number, sorted(self._binding.words[leaf.words]))
            among = any_of(value.word == number for number in numbers)
            return all_of((value.known, among)), all_of((value.known, negation(among)))
        if isinstance(leaf, NumberAmong):
            runs = _runs(sorted(leaf.numbers))
            within = [z3.And(first <= value.low, value.high <= last) for first, last in runs]
            apart = [z3.Or(value.high < first, last < value.low) for first, last in runs]
            return any_of(within), all_of(apart)
        assert isinstance(leaf, Truthful)
        return value.yes, value.no

    def _compared(self, leaf: Compared) -> tuple[z3.BoolRef, z3.BoolRef]:
        limit = self._binding.numbers[leaf.number]
        low, high = self._bounds(leaf)
        match leaf.op:
            case "<=":
                return high <= limit, low > limit
            case "<":
                return high < limit, low >= limit
            case ">=":
                return low >= limit, high < limit
            case ">":
                return low > limit, high <= limit
        equal, differ = z3.And(low == limit, high == limit), z3.Or(low > limit, high < limit)
        return (equal, differ) if leaf.op == "==" else (differ, equal)

    def _bounds(self, leaf: Compared) -> tuple[z3.ArithRef, z3.ArithRef]:
        """Return the least and the greatest value of a sum. Exact: each fact occurs once in it."""
        low, high = [], []
        for fact, factor in zip(leaf.facts, leaf.factors, strict=True):
            value = self._value(fact)
            least, most = (value.low, value.high) if factor > 0 else (value.high, value.low)
            low.append(least if factor == 1 else factor * least)
            high.append(most if factor == 1 else factor * most)
        return z3.Sum(low), z3.Sum(high)

    def work_out(self, table: Table) -> None:
        """Add the largest number of the rows of a limit that fit, within what the open rows still allow."""
        sure: dict[int, list[z3.BoolRef]] = {}
        possible: dict[int, list[z3.BoolRef]] = {}
        for when, slot in table.rows:
            amount = self._binding.numbers[slot]
            sure.setdefault(amount, []).append(self.rail(when, "true"))
            possible.setdefault(amount, []).append(negation(self.rail(when, "false")))
        none_sure = negation(any_of(term for terms in sure.values() for term in terms))
        if table.otherwise is not None:
            possible.setdefault(self._binding.numbers[table.otherwise], []).append(none_sure)
        ends = [self._binding.numbers[slot] for slot in table.ends]
        falling = sorted(possible, reverse=True)
        high = stepped([(any_of(possible[each]), each) for each in falling], ends[1])
        least = stepped([(any_of(possible[each]), each) for each in reversed(falling)], ends[0])
        low = stepped([(any_of(sure[each]), each) for each in sorted(sure, reverse=True)], least)
        exists = any_of(term for terms in possible.values() for term in terms)
        found = SymbolicValue.number(low, high, exact=z3.And(low == high, exists))
        self.row[self._binding.facts[table.fact]] = found


def stepped(steps: Sequence[tuple[z3.BoolRef, int]], otherwise: z3.ArithRef | int) -> z3.ArithRef:
    """Return the number of the first step whose condition holds."""
    found = z3.IntVal(otherwise) if isinstance(otherwise, int) else otherwise
    for condition, number in reversed(steps):
        found = z3.If(condition, z3.IntVal(number), found)
    return found


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as runs without a gap, each with its first and last."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found
