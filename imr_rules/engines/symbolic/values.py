"""What can be known of one fact, as Z3 terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import z3

TRUE: z3.BoolRef = z3.BoolVal(True)
FALSE: z3.BoolRef = z3.BoolVal(False)


def all_of(terms: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Return the conjunction of some terms, without what is plainly true."""
    kept: list[z3.BoolRef] = []
    for term in terms:
        if term is FALSE:
            return FALSE
        if term is not TRUE:
            kept.append(term)
    return TRUE if not kept else kept[0] if len(kept) == 1 else z3.And(kept)


def any_of(terms: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Return the disjunction of some terms, without what is plainly false."""
    kept: list[z3.BoolRef] = []
    for term in terms:
        if term is TRUE:
            return TRUE
        if term is not FALSE:
            kept.append(term)
    return FALSE if not kept else kept[0] if len(kept) == 1 else z3.Or(kept)


def negation(term: z3.BoolRef) -> z3.BoolRef:
    """Return the opposite of a term."""
    if term is TRUE:
        return FALSE
    return TRUE if term is FALSE else z3.Not(term)


class Terms:
    """Terms as an :class:`~imr_rules.engines.algebra.Algebra`."""

    true: z3.BoolRef = TRUE
    false: z3.BoolRef = FALSE
    every = staticmethod(all_of)
    some = staticmethod(any_of)
    negated = staticmethod(negation)

    @staticmethod
    def plain(term: z3.BoolRef) -> z3.BoolRef:
        """Return the term: what constant it amounts to takes a solver to see."""
        return term


@dataclass
class Words:
    """Numbers for the words that choices may be: the same word has the same number wherever it occurs."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """Return the number of a word."""
        return self.numbers.setdefault(word, len(self.numbers))

    def word(self, number: int) -> str:
        """Return the word with a number.

        Raises:
            KeyError: no word has it.
        """
        for word, each in self.numbers.items():
            if each == number:
                return word
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class SymbolicValue:
    """What is known of one fact: :class:`~imr_rules.expression.values.Value`, as terms.

    Attributes:
        low, high: the least and the greatest number or day still possible; of a truth, 0 and 1.
        yes, no: a truth is surely true, surely false; neither while it is open.
        known, word: a choice's word is known, and its number in ``words``.
        silent: the record was searched, is silent, and that silence counts against the request.
        exact: one value alone is possible.
    """

    kind: str
    low: z3.ArithRef
    high: z3.ArithRef
    yes: z3.BoolRef
    no: z3.BoolRef
    known: z3.BoolRef
    word: z3.ArithRef
    silent: z3.BoolRef
    exact: z3.BoolRef

    @classmethod
    def truth(cls, yes: z3.BoolRef, no: z3.BoolRef, silent: z3.BoolRef = FALSE) -> SymbolicValue:
        """Return a yes-or-no fact."""
        one, zero = z3.IntVal(1), z3.IntVal(0)
        exact = any_of((yes, no))
        low, high = z3.If(yes, one, zero), z3.If(no, zero, one)
        return cls("boolean", low, high, yes, no, FALSE, zero, silent, exact)

    @classmethod
    def number(
        cls, low: z3.ArithRef, high: z3.ArithRef, silent: z3.BoolRef = FALSE, exact: z3.BoolRef | None = None,
        kind: str = "integer",
    ) -> SymbolicValue:  # fmt: skip
        """Return a number, or a day as its ordinal."""
        single = low == high if exact is None else exact
        return cls(kind, low, high, FALSE, FALSE, FALSE, z3.IntVal(0), silent, single)

    @classmethod
    def choice(
        cls, known: z3.BoolRef, word: z3.ArithRef, silent: z3.BoolRef = FALSE, exact: z3.BoolRef | None = None
    ) -> SymbolicValue:
        """Return one of some words."""
        zero = z3.IntVal(0)
        return cls("choice", zero, zero, FALSE, FALSE, known, word, silent, known if exact is None else exact)


SymbolicRow = Mapping[str, SymbolicValue]
"""One flat typed row of facts, as terms."""
