"""What a case says of one thing, as unknowns: nothing, a value, bounds, undocumented, or missing."""

from __future__ import annotations

from dataclasses import dataclass

import z3

from imr_rules.engines.symbolic.values import FALSE, SymbolicValue, Words, any_of
from imr_rules.expression.values import FactType

__all__ = ["Said", "say"]


@dataclass(frozen=True, slots=True)
class Said:
    """All that a case may say of one thing. At most one of the three is the case; else nothing is said.

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

    @property
    def given(self) -> z3.BoolRef:
        """When anything is said."""
        return any_of((self.stated, self.undocumented, self.missing))

    def open_value(self, silent: z3.BoolRef) -> SymbolicValue:
        """Return the fact as the statement alone has it: the value stated, else all of its type.

        Args:
            silent: when silence counts against the request.
        """
        if self.kind.kind == "boolean":
            yes, no = z3.And(self.stated, self.low == 1), z3.And(self.stated, self.high == 0)
            return SymbolicValue.truth(yes, no, silent)
        if self.kind.kind == "choice":
            return SymbolicValue.choice(self.stated, self.word, silent)
        low = z3.If(self.stated, self.low, z3.IntVal(self.kind.low))
        high = z3.If(self.stated, self.high, z3.IntVal(self.kind.high))
        return SymbolicValue.number(low, high, silent, kind=self.kind.kind)


def say(name: str, kind: FactType, words: Words, *, undocumented: bool = True, missing: bool = True) -> Said:
    """Return the unknowns of what a case says of ``name``.

    Args:
        name: what it is about; unknowns of one name are the same unknown.
        kind: what a value of it may be.
        words: the numbers of the words that choices may be.
        undocumented, missing: whether that can be said of it.
    """
    stated = z3.Bool(f"{name}:stated")
    silent = z3.Bool(f"{name}:undocumented") if undocumented else FALSE
    unseen = z3.Bool(f"{name}:missing") if missing else FALSE
    low, high, word = z3.Int(f"{name}:low"), z3.Int(f"{name}:high"), z3.Int(f"{name}:word")
    constraints = [z3.AtMost(stated, silent, unseen, 1)]
    if kind.kind == "choice":
        numbers = [words.number(each) for each in sorted(kind.choices)]
        among = z3.Or([word == each for each in numbers]) if numbers else FALSE
        constraints.append(z3.Implies(stated, among))
    else:
        constraints += [kind.low <= low, low <= high, high <= kind.high]
        if kind.kind != "integer":
            constraints.append(low == high)
    return Said(kind, stated, silent, unseen, low, high, word, tuple(constraints))
