"""For how many days a drug or device was used in a case of the family, and for how many it is asked."""

from __future__ import annotations

import z3

from imr_rules._units import UNITS
from imr_rules.engines.symbolic.values import FALSE, SymbolicValue, all_of, any_of, negation
from imr_rules.expression.values import FactType
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.workbench.witness.family import Family
from imr_rules.workbench.witness.terms.counts import total

__all__ = ["days_of_use", "days_requested"]


def days_of_use(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return the days of earlier use: of the courses here where they are counted in time, else as a finding."""
    here = [family.courses[name] for name in ("here", "after_surgery")]
    any_here = any_of(course.given for course in here)
    said = family.say(
        spec.name, FactType.integer(0, spec.type.high, "day"), missing=False, undocumented=False
    )
    zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
    times = UNITS[family.unit].days
    if times is None:
        high = z3.If(said.stated, said.high, z3.If(any_here, most, zero))
        return SymbolicValue.number(z3.If(said.stated, said.low, zero), high)
    family.constraints.append(z3.Implies(any_here, negation(said.stated)))
    parts = []
    for course in here:
        family.constraints.append(z3.Implies(course.stated, course.high * times <= spec.type.high))
        parts.append(
            SymbolicValue.number(
                z3.If(course.stated, course.low * times, zero),
                z3.If(course.stated, course.high * times, z3.If(course.given, most, zero)),
                course.undocumented,
            )
        )
    whole = total(family, parts, spec.type)
    return SymbolicValue.number(
        z3.If(said.stated, said.low, whole.low), z3.If(said.stated, said.high, whole.high), whole.silent
    )


def days_requested(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return the days asked for: the item's duration, else its amounts where they are lengths of time."""
    said = family.say(spec.name, spec.type, undocumented=False, missing=False)
    family.constraints.append(said.low == said.high)  # a duration is one number
    disputed, granted = family.disputed, family.granted
    against = spec.silence == "against_request"
    zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
    times = UNITS[family.unit].days
    if times is None:
        silent = all_of((negation(said.stated), disputed.undocumented)) if against else FALSE
        return SymbolicValue.number(
            z3.If(said.stated, said.low, zero), z3.If(said.stated, said.low, most), silent
        )
    for each in (disputed, granted):
        family.constraints.append(z3.Implies(each.stated, each.high * times <= spec.type.high))
    asked = SymbolicValue.number(
        z3.If(disputed.stated, disputed.low * times, zero),
        z3.If(disputed.stated, disputed.high * times, most),
        disputed.undocumented,
    )
    more = SymbolicValue.number(
        z3.If(granted.stated, granted.low * times, zero),
        z3.If(granted.stated, granted.high * times, z3.If(granted.given, most, zero)),
    )
    whole = total(family, (asked, more), spec.type)
    unstated = negation(disputed.given)
    return SymbolicValue.number(
        z3.If(said.stated, said.low, z3.If(unstated, zero, whole.low)),
        z3.If(said.stated, said.low, z3.If(unstated, most, whole.high)),
        all_of((negation(said.stated), disputed.given, whole.silent)),
    )
