"""The operation, the part of the body and the age in a case of the family."""

from __future__ import annotations

import z3

from imr_rules.engines.symbolic.values import FALSE, SymbolicValue
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.workbench.witness.family import Family

__all__ = ["age", "procedure", "region"]


def procedure(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return which operation of the postsurgical table was done."""
    said = family.say(spec.name, spec.type, undocumented=False, missing=False)
    family.constraints.append(z3.Implies(said.stated, family.operated))
    return SymbolicValue.choice(said.stated, said.word)


def region(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return which part of the body the item is for."""
    said = family.say(spec.name, spec.type, undocumented=False, missing=False)
    family.constraints.append(said.stated == family.placed)
    return SymbolicValue.choice(said.stated, said.word)


def age(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return the age of the worker."""
    said = family.say(spec.name, spec.type, undocumented=False, missing=False)
    return said.open_value(FALSE)
