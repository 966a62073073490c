"""Counts of a case of the family: attended, authorized, in dispute, and all of it if granted."""

from __future__ import annotations

from collections.abc import Iterable

import z3

from imr_rules._units import UNITS
from imr_rules.engines.symbolic.values import FALSE, SymbolicValue, all_of, any_of, negation
from imr_rules.expression.values import FactType
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.sums import Sum, sum_in
from imr_rules.workbench.witness.family import Family
from imr_rules.workbench.witness.said import Said

__all__ = ["count", "first_course", "total"]


def count(family: Family, spec: FactSpec, part: str) -> SymbolicValue:
    """Return one of the counts: what is in dispute, authorized, attended before, or all of it together."""
    if part == "in_dispute":
        return _in_dispute(family, spec)
    if part == "authorized":
        return _authorized(family, spec)
    if part.startswith("attended"):
        return _attended(family, spec, part)
    before = _attended(family, spec, part.replace("if_granted", "attended"))
    return total(family, (before, _authorized(family, spec), _in_dispute(family, spec)), spec.type)


def total(family: Family, parts: Iterable[SymbolicValue], kind: FactType) -> SymbolicValue:
    """Return the sum of counts, as silent as its open parts are."""
    values = tuple(parts)
    low, most = z3.Sum([each.low for each in values]), z3.Sum([each.high for each in values])
    family.constraints.append(low <= kind.high)  # beyond its type a sum is not known, and flagged
    high = z3.If(most > kind.high, z3.IntVal(kind.high), most)
    silent = all_of(any_of((each.exact, each.silent)) for each in values)
    return SymbolicValue.number(low, high, z3.And(silent, low != high))


def _amount(family: Family, said: Said, spec: FactSpec) -> SymbolicValue:
    """Return an amount of the request in the unit it is stated in."""
    low = z3.If(said.stated, said.low, z3.IntVal(spec.type.low))
    high = z3.If(said.stated, said.high, z3.IntVal(spec.type.high))
    silent = said.undocumented if spec.silence == "against_request" else FALSE
    return SymbolicValue.number(low, high, silent)


def _in_dispute(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return the amount in dispute, in the unit of a fact."""
    if spec.type.unit == family.unit:
        return _amount(family, family.disputed, spec)
    said = family.say(_sum_of(spec).in_dispute, FactType.integer(1, 50, spec.type.unit), missing=False)
    return _amount(family, said, spec)


def _authorized(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return what review authorized of the request, in the unit of a fact."""
    granted, zero, most = family.granted, z3.IntVal(0), z3.IntVal(spec.type.high)
    if spec.type.unit == family.unit:
        low = z3.If(granted.stated, granted.low, zero)
        high = z3.If(granted.stated, granted.high, z3.If(granted.given, most, zero))
        return SymbolicValue.number(low, z3.If(high > most, most, high))
    return SymbolicValue.number(zero, z3.If(granted.given, most, zero))


def _attended(family: Family, spec: FactSpec, part: str) -> SymbolicValue:
    """Return what was attended before: of the courses here, on the whole claim, or after the operation."""
    names = {
        "attended": ("here", "after_surgery"),
        "attended_claim": ("here", "elsewhere"),
        "attended_since_surgery": ("after_surgery",),
    }[part]
    courses = [family.courses[name] for name in names]
    if spec.type.unit == family.unit:
        return total(family, (_visits(family, course, spec) for course in courses), spec.type)
    zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
    begun = any_of(course.given for course in courses)
    said = family.say(_sum_of(spec).attended, FactType.integer(0, 50, spec.type.unit), missing=False)
    open_ = z3.If(any_of((begun, said.undocumented)), most, zero)
    silent = said.undocumented if spec.silence == "against_request" else FALSE
    return SymbolicValue.number(
        z3.If(said.stated, said.low, zero), z3.If(said.stated, said.high, open_), silent
    )


def _sum_of(spec: FactSpec) -> Sum:
    """Return the sum of the course in the unit of a count."""
    found = sum_in(str(spec.type.unit))
    assert found is not None, "a count is in a unit of the table"
    return found


def _visits(family: Family, course: Said, spec: FactSpec) -> SymbolicValue:
    """Return what was attended of one course; 0 where there was none."""
    zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
    begun = z3.IntVal(int(UNITS[str(spec.type.unit)].begun_means_one))
    low = z3.If(course.stated, course.low, z3.If(course.undocumented, begun, zero))
    high = z3.If(course.stated, course.high, z3.If(course.given, most, zero))
    silent = course.undocumented if spec.silence == "against_request" else FALSE
    return SymbolicValue.number(low, high, silent)


def first_course(family: Family, spec: FactSpec) -> SymbolicValue:
    """Return whether no visit was attended here before."""
    here = [family.courses[name] for name in ("here", "after_surgery")]
    began = any_of(any_of((course.undocumented, z3.And(course.stated, course.low > 0))) for course in here)
    none = negation(any_of(course.given for course in here))
    if family.unit != "visit" and "prior_visits" in family.said:
        prior = family.said["prior_visits"]
        began = any_of((began, all_of((none, prior.stated, prior.low > 0))))
        none = all_of((none, negation(prior.given)))
    return SymbolicValue.truth(none, began)
