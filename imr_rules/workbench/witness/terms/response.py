"""Whether earlier care helped in a case of the family."""

from __future__ import annotations

import z3

from imr_rules.engines.symbolic.values import FALSE, SymbolicValue, all_of, any_of, negation
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.workbench.witness.family import Family
from imr_rules.workbench.witness.terms.counts import first_course
from imr_rules.workbench.witness.terms.stated import finding, given

__all__ = ["after_care"]


def after_care(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return whether earlier care helped: as a finding, held against its parts and the first course."""
    said = family.say(spec.name, spec.type)
    yes, no = z3.And(said.stated, said.low == 1), z3.And(said.stated, said.high == 0)
    against = spec.silence == "against_request"
    parts = [_part(family, family.facts[name]) for name in spec.rests_on if name in family.facts]
    some, none = any_of(part.yes for part in parts), FALSE
    if len(parts) == len(spec.rests_on):
        none = all_of(part.no for part in parts)
    open_parts = any_of(negation(part.exact) for part in parts)
    first = first_course(family, spec)
    family.constraints += [z3.Implies(some, negation(first.yes)), z3.Implies(open_parts, said.given)]
    if parts:
        family.constraints += [z3.Implies(some, negation(no)), z3.Implies(none, negation(yes))]
    none = all_of((none, negation(first.yes)))
    if spec.name != "response" and "response" in family.facts:
        general = family.say("response", spec.type)
        denied = all_of((general.stated, general.high == 0, negation(first.yes), negation(some)))
        family.constraints.append(z3.Implies(denied, negation(yes)))
        none = any_of((none, denied))
        quiet = all_of(
            (
                general.undocumented,
                negation(first.yes),
                negation(some),
                negation(none),
                negation(said.given),
            )
        )
    else:
        quiet = FALSE
    denied_limb = any_of(
        finding(family, family.facts[name]).no for name in spec.refuted_by if name in family.facts
    )
    family.constraints.append(z3.Implies(denied_limb, negation(any_of((yes, some)))))
    none = any_of((none, all_of((denied_limb, negation(first.yes)))))
    nothing = all_of((negation(said.given), first.yes))  # no visit yet: nothing to respond to
    silent = all_of((any_of((said.undocumented, quiet)), negation(some), negation(none)))
    return SymbolicValue.truth(any_of((yes, some)), any_of((no, none, nothing)), silent if against else FALSE)


def _part(family: Family, spec: FactSpec) -> SymbolicValue:
    return given(family, spec) if spec.derived else finding(family, spec)
