"""Days and stretches of time in a case of the family."""

from __future__ import annotations

import z3

from imr_rules.engines.symbolic.values import SymbolicValue
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.workbench.witness.family import Family

__all__ = ["day", "elapsed", "past"]


def elapsed(family: Family, known: z3.BoolRef, days: z3.ArithRef, spec: FactSpec) -> SymbolicValue:
    """Return a stretch of time where both its ends are known."""
    return SymbolicValue.number(
        z3.If(known, days, z3.IntVal(spec.type.low)), z3.If(known, days, z3.IntVal(spec.type.high))
    )


def day(family: Family, known: z3.BoolRef, when: z3.ArithRef, spec: FactSpec) -> SymbolicValue:
    """Return a day where it is known."""
    found = elapsed(family, known, when, spec)
    return SymbolicValue.number(found.low, found.high, kind="date")


def past(family: Family) -> z3.BoolRef:
    """Return whether an operation of a known day lies before the request; one still to come has no time since."""
    return z3.And(family.dated, family.surgery <= family.requested)
