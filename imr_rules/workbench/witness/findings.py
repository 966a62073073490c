"""What a case may say of one fact as a finding, as unknowns."""

from __future__ import annotations

from datetime import date
from typing import Any

import z3
from msgspec import Struct

from imr_rules.engines.symbolic.values import FALSE, SymbolicValue, Words, all_of, any_of, negation
from imr_rules.expression.values import FactType, Silence

_SEARCHED = "the record"
_UNSEEN = "not legible"


class Finding(Struct, frozen=True):
    """All that a finding may say. At most one of the three holds; where none does, nothing is said.

    Attributes:
        stated: a value, or bounds, is stated: ``low`` to ``high``, or ``word``.
        undocumented: the record was searched and is silent.
        missing: nobody could look.
    """

    kind: FactType
    stated: z3.BoolRef
    undocumented: z3.BoolRef
    missing: z3.BoolRef
    low: z3.ArithRef
    high: z3.ArithRef
    word: z3.ArithRef
    constraints: tuple[z3.BoolRef, ...]

    @classmethod
    def of(cls, name: str, kind: FactType, words: Words) -> Finding:
        """Return what may be said of the fact ``name``; unknowns of one name are the same unknowns."""
        stated, undocumented, missing = (
            z3.Bool(f"{name}:{how}") for how in ("stated", "undocumented", "missing")
        )
        low, high, word = z3.Int(f"{name}:low"), z3.Int(f"{name}:high"), z3.Int(f"{name}:word")
        constraints: list[z3.BoolRef] = [z3.AtMost(stated, undocumented, missing, 1)]
        if kind.kind == "choice":
            among = any_of(word == words.number(each) for each in sorted(kind.choices))
            constraints.append(z3.Implies(stated, among))
        else:
            constraints += [kind.low <= low, low <= high, high <= kind.high]
            if kind.kind != "integer":
                constraints.append(low == high)
        return cls(kind, stated, undocumented, missing, low, high, word, tuple(constraints))

    @property
    def given(self) -> z3.BoolRef:
        """When anything is said."""
        return any_of((self.stated, self.undocumented, self.missing))

    def value(self, kind: FactType, silence: Silence, unsaid: SymbolicValue) -> SymbolicValue:
        """Return what the fact comes to: :func:`imr_rules.facts.merge.merge` of one statement, as terms.

        Args:
            kind, silence: the fact's type, and what silence about it means.
            unsaid: what it is where nothing is said.
        """
        none, absent = negation(self.given), FALSE
        told = any_of((self.stated, all_of((none, unsaid.told))))
        silent = all_of((none, unsaid.silent))
        if silence == "against_request":
            silent = any_of((self.undocumented, silent))
        elif silence == "absent":
            absent = self.undocumented
        assumed = any_of((absent, all_of((none, unsaid.assumed))))
        if kind.kind == "boolean":
            yes = any_of((all_of((self.stated, self.low == 1)), all_of((none, unsaid.yes))))
            no = any_of((all_of((self.stated, self.high == 0)), absent, all_of((none, unsaid.no))))
            return SymbolicValue.truth(yes, no, silent, assumed=assumed, told=told)
        exact = any_of((all_of((self.stated, self.low == self.high)), all_of((none, unsaid.exact))))
        if kind.kind == "choice":
            word = z3.If(none, unsaid.word, self.word)
            known = any_of((self.stated, all_of((none, unsaid.known))))
            return SymbolicValue.choice(
                known,
                word,
                silent,
                any_of((self.stated, all_of((none, unsaid.exact)))),
                assumed=assumed,
                told=told,
            )
        low = z3.If(self.stated, self.low, z3.If(none, unsaid.low, z3.IntVal(kind.low)))
        high = z3.If(self.stated, self.high, z3.If(none, unsaid.high, z3.IntVal(kind.high)))
        return SymbolicValue.number(low, high, silent, exact, kind.kind, assumed=assumed, told=told)

    def statement(self, model: z3.ModelRef, words: Words) -> Any:
        """Return what a model says of the fact, as a case has it; None where it says nothing."""

        def number(term: z3.ArithRef) -> int:
            return int(model.eval(term, model_completion=True).as_long())

        if holds(model, self.undocumented):
            return {"undocumented": [_SEARCHED]}
        if holds(model, self.missing):
            return {"missing": _UNSEEN}
        if not holds(model, self.stated):
            return None
        if self.kind.kind == "choice":
            return words.word(number(self.word))
        low, high = number(self.low), number(self.high)
        if self.kind.kind == "boolean":
            return bool(low)
        if self.kind.kind == "date":
            return str(date.fromordinal(low))
        return low if low == high else {"at_least": low, "at_most": high}

    def same(self, model: z3.ModelRef) -> z3.BoolRef:
        """Return that the same is said as in a model."""
        value = self.word == model.eval(self.word, model_completion=True)
        if self.kind.kind != "choice":
            ends = (self.low, self.high)
            value = all_of(end == model.eval(end, model_completion=True) for end in ends)
        how = (self.stated, self.undocumented, self.missing)
        said = [term if holds(model, term) else negation(term) for term in how]
        return all_of((*said, value) if holds(model, self.stated) else said)

    def alike(self, model: z3.ModelRef) -> z3.BoolRef:
        """Return that the same sort of thing is said as in a model: the number, day or word may differ."""
        how = (self.stated, self.undocumented, self.missing)
        said = [term if holds(model, term) else negation(term) for term in how]
        if holds(model, self.stated) and self.kind.kind in ("boolean", "integer"):
            said.append((self.low > 0) == model.eval(self.low > 0, model_completion=True))
        return all_of(said)


def holds(model: z3.ModelRef, term: z3.BoolRef) -> bool:
    """Whether a term holds in a model."""
    context, found = model.ctx.ref(), (z3.Ast * 1)()
    z3.Z3_model_eval(context, model.model, term.ast, True, found)  # the value itself: no term is made of it
    return bool(z3.Z3_get_bool_value(context, found[0]) == z3.Z3_L_TRUE)
