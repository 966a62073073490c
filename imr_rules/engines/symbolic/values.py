"""What can be known of one fact, as Z3 terms."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import z3
from msgspec import Struct, field

from imr_rules.expression.values import FactType, Value

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
    return TRUE if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def any_of(terms: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Return the disjunction of some terms, without what is plainly false."""
    kept: list[z3.BoolRef] = []
    for term in terms:
        if term is TRUE:
            return TRUE
        if term is not FALSE:
            kept.append(term)
    return FALSE if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def _joined(join: Callable[..., Any], terms: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """Join terms as ``z3.And`` and ``z3.Or`` do, without their search for terms of other sorts, which takes longest."""
    context = terms[0].ctx
    every = (z3.Ast * len(terms))(*(each.ast for each in terms))
    return z3.BoolRef(join(context.ref(), len(terms), every), context)


def at_most(weighted: Sequence[tuple[z3.BoolRef, int]], most: int) -> z3.BoolRef:
    """Return that the weights of the terms that hold come to no more than so much: ``z3.PbLe``, asked for quickly."""
    context = weighted[0][0].ctx
    terms = (z3.Ast * len(weighted))(*(term.ast for term, _ in weighted))
    weights = (ctypes.c_int * len(weighted))(*(weight for _, weight in weighted))
    return z3.BoolRef(z3.Z3_mk_pble(context.ref(), len(weighted), terms, weights, most), context)


def negation(term: z3.BoolRef) -> z3.BoolRef:
    """Return the opposite of a term."""
    if term is TRUE:
        return FALSE
    return TRUE if term is FALSE else z3.BoolRef(z3.Z3_mk_not(term.ctx.ref(), term.ast), term.ctx)


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


class Words(Struct):
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


class SymbolicValue(Struct, frozen=True):
    """What is known of one fact: :class:`~imr_rules.expression.values.Value`, as terms.

    Attributes:
        low, high: the least and the greatest number or day still possible; of a truth, 0 and 1.
        yes, no: a truth is surely true, surely false; neither while it is open.
        known, word: a choice's word is known, and its number in ``words``.
        silent: the record was searched, is silent, and that silence counts against the request.
        exact: one value alone is possible.
        assumed: it is known only because nothing was said of it.
        told: a value, or bounds, are stated.
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
    assumed: z3.BoolRef
    told: z3.BoolRef

    @classmethod
    def of(cls, known: Value, kind: FactType, words: Words) -> SymbolicValue:
        """Return what is known of a fact of one row."""
        silent, assumed, told, exact = (
            TRUE if each else FALSE for each in (known.silent, known.assumed, known.told, known.exact)
        )
        if kind.kind == "boolean":
            yes, no = (TRUE if known.low == known.high == each else FALSE for each in (1, 0))
            return cls.truth(yes, no, silent, assumed=assumed, told=told)
        if kind.kind == "choice":
            word = z3.IntVal(0 if known.text is None else words.number(known.text))
            sure = FALSE if known.text is None else TRUE
            return cls.choice(sure, word, silent, exact, assumed=assumed, told=told)
        low, high = z3.IntVal(known.low), z3.IntVal(known.high)
        return cls.number(low, high, silent, exact, kind.kind, assumed=assumed, told=told)

    @classmethod
    def truth(
        cls, yes: z3.BoolRef, no: z3.BoolRef, silent: z3.BoolRef = FALSE, *,
        assumed: z3.BoolRef = FALSE, told: z3.BoolRef | None = None,
    ) -> SymbolicValue:  # fmt: skip
        """Return a yes-or-no fact; it is told where it is known, unless ``told`` says when."""
        one, zero = z3.IntVal(1), z3.IntVal(0)
        exact = any_of((yes, no))
        low, high = z3.If(yes, one, zero), z3.If(no, zero, one)
        told = _told(exact, assumed) if told is None else told
        return cls("boolean", low, high, yes, no, FALSE, zero, silent, exact, assumed, told)

    @classmethod
    def number(
        cls, low: z3.ArithRef, high: z3.ArithRef, silent: z3.BoolRef = FALSE, exact: z3.BoolRef | None = None,
        kind: str = "integer", *, assumed: z3.BoolRef = FALSE, told: z3.BoolRef | None = None,
    ) -> SymbolicValue:  # fmt: skip
        """Return a number, or a day as its ordinal."""
        single = low == high if exact is None else exact
        told = _told(single, assumed) if told is None else told
        return cls(kind, low, high, FALSE, FALSE, FALSE, z3.IntVal(0), silent, single, assumed, told)

    @classmethod
    def choice(
        cls, known: z3.BoolRef, word: z3.ArithRef, silent: z3.BoolRef = FALSE, exact: z3.BoolRef | None = None, *,
        assumed: z3.BoolRef = FALSE, told: z3.BoolRef | None = None,
    ) -> SymbolicValue:  # fmt: skip
        """Return one of some words."""
        zero = z3.IntVal(0)
        single = known if exact is None else exact
        told = _told(single, assumed) if told is None else told
        return cls("choice", zero, zero, FALSE, FALSE, known, word, silent, single, assumed, told)

    def opened(self, kind: FactType) -> SymbolicValue:
        """Return what would be known if nothing were assumed."""
        if self.assumed is FALSE:
            return self
        sure = negation(self.assumed)
        if self.kind == "boolean":
            return SymbolicValue.truth(all_of((self.yes, sure)), all_of((self.no, sure)), self.silent)
        exact = all_of((self.exact, sure))
        if self.kind == "choice":
            return SymbolicValue.choice(all_of((self.known, sure)), self.word, self.silent, exact)
        low = z3.If(self.assumed, z3.IntVal(kind.low), self.low)
        high = z3.If(self.assumed, z3.IntVal(kind.high), self.high)
        return SymbolicValue.number(low, high, self.silent, exact, self.kind)


def _told(exact: z3.BoolRef, assumed: z3.BoolRef) -> z3.BoolRef:
    return all_of((exact, negation(assumed)))


SymbolicRow = Mapping[str, SymbolicValue]
"""One flat typed row of facts, as terms."""
