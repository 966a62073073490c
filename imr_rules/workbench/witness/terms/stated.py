"""Facts that a case of the family gives as findings."""

from __future__ import annotations

import z3

from imr_rules.engines.symbolic.values import FALSE, SymbolicValue, any_of, negation
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.workbench.witness.family import Family

__all__ = ["finding", "given"]


def finding(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return a fact that a case gives as a finding, with what its silence means."""
    absent = spec.silence == "absent"
    said = family.say(spec.name, spec.type, undocumented=not absent, missing=absent)
    if not absent:
        return said.open_value(said.undocumented if spec.silence == "against_request" else FALSE)
    none = negation(any_of((said.stated, said.missing)))
    if spec.type.kind == "boolean":
        value = said.open_value(FALSE)
        return SymbolicValue.truth(value.yes, any_of((value.no, none)))
    if spec.type.kind == "choice":  # nothing said is no word, and yet not open
        return SymbolicValue.choice(said.stated, said.word, FALSE, any_of((said.stated, none)))
    value = said.open_value(FALSE)
    zero = z3.IntVal(0)
    return SymbolicValue.number(z3.If(none, zero, value.low), z3.If(none, zero, value.high))


def given(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return a derived fact of which the structured parts say nothing: as a finding gives it, else missing."""
    said = family.say(spec.name, spec.type, missing=False)
    return said.open_value(said.undocumented if spec.silence == "against_request" else FALSE)
