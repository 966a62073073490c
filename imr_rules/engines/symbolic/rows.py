"""A symbolic row in which every fact is free, and the rows of cases as constraints on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import z3

from imr_rules.engines.symbolic.solver import limited_solver, never
from imr_rules.engines.symbolic.values import FALSE, TRUE, SymbolicRow, SymbolicValue, Words, any_of, negation
from imr_rules.expression.values import FactType, Row, Value
from imr_rules.rulebook.dictionary import FactSpec

MOST = 100_000
"""The largest count a case may state; a count of a request is not held within its type."""


class AnyRow:
    """Rows in which each fact is free within its type: every row that any case can give, and others.

    What no such row allows, no case does. A fact that two plans ask for is one unknown, so that both are
    compared over the same row; where two dictionaries differ on it, it is two, each free.

    Args:
        words: the numbers of the words that choices may be; shared with whatever encodes over these rows.

    Attributes:
        constraints: what holds of every row; a solver needs them beside what it is asked.
    """

    def __init__(self, words: Words | None = None) -> None:
        self.words = Words() if words is None else words
        self.constraints: list[z3.BoolRef] = []
        self._values: dict[tuple[str, FactType, str, bool], SymbolicValue] = {}
        self._told = 0

    def row(self, facts: Iterable[FactSpec]) -> SymbolicRow:
        """Return a row with a free value for each of some facts, such as those a plan asks for."""
        return {spec.name: self.value(spec) for spec in facts}

    def value(self, spec: FactSpec) -> SymbolicValue:
        """Return the free value of a fact; the same each time."""
        key = spec.name, spec.type, spec.silence, spec.derived
        if key not in self._values:
            self._values[key] = self._free(f"{spec.name}#{len(self._values)}", spec)
        return self._values[key]

    @cached_property
    def _solver(self) -> z3.Solver:
        return limited_solver()

    def never(self, *terms: z3.BoolRef) -> bool:
        """Whether it is proven that some terms never hold together; False says only that it is not."""
        self._solver.add(self.constraints[self._told :])
        self._told = len(self.constraints)
        return never(self._solver, *terms)

    def _free(self, name: str, spec: FactSpec) -> SymbolicValue:
        kind = spec.type
        # What a fact that is given means by silence is settled by the dictionary; one worked out from others
        # may be as silent as they are.
        silent = z3.Bool(f"{name}.silent") if spec.derived or spec.silence == "against_request" else FALSE
        exact, assumed, told = (z3.Bool(f"{name}.{what}") for what in ("exact", "assumed", "told"))
        self.constraints += [
            z3.Implies(silent, z3.Not(exact)),
            z3.Implies(assumed, z3.And(exact, z3.Not(told))),
            z3.Implies(exact, z3.Or(assumed, told)),
        ]
        if kind.kind == "boolean":
            yes, no = z3.Bool(f"{name}.yes"), z3.Bool(f"{name}.no")
            self.constraints += [z3.Not(z3.And(yes, no)), exact == z3.Or(yes, no)]
            return SymbolicValue.truth(yes, no, silent, assumed=assumed, told=told)
        if kind.kind == "choice":
            known, word = z3.Bool(f"{name}.known"), z3.Int(f"{name}.word")
            numbers = [self.words.number(each) for each in sorted(kind.choices)]
            among = any_of(word == each for each in numbers) if numbers else TRUE  # free text is any word
            self.constraints.append(z3.Implies(known, z3.And(among, exact)))
            return SymbolicValue.choice(known, word, silent, exact, assumed=assumed, told=told)
        low, high = z3.Int(f"{name}.low"), z3.Int(f"{name}.high")
        top = max(kind.high, MOST) if kind.kind == "integer" else kind.high
        self.constraints += [kind.low <= low, low <= high, high <= top, z3.Implies(exact, low == high)]
        return SymbolicValue.number(low, high, silent, exact, kind.kind, assumed=assumed, told=told)


def pins(row: SymbolicRow, found: Row, words: Words) -> list[z3.BoolRef]:
    """Return that a symbolic row is one real row: a constraint for each of its facts."""
    return [term for name, value in row.items() for term in pinned(value, found[name], words)]


def pinned(value: SymbolicValue, real: Value, words: Words) -> list[z3.BoolRef]:
    """Return that a symbolic value is a real one."""

    def either(term: z3.BoolRef, holds: bool) -> z3.BoolRef:
        return term if holds else negation(term)

    terms = [
        either(value.silent, real.silent), either(value.assumed, real.assumed), either(value.told, real.told),
    ]  # fmt: skip
    if value.kind == "boolean":
        yes, no = real.low == real.high == 1, real.low == real.high == 0
        return [*terms, either(value.yes, yes), either(value.no, no)]
    terms.append(either(value.exact, real.exact))
    if value.kind != "choice":
        return [*terms, value.low == real.low, value.high == real.high]
    terms.append(either(value.known, real.text is not None))
    return terms if real.text is None else [*terms, value.word == words.number(real.text)]
