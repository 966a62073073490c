"""The row of facts that derivation makes of each case of a family, as terms.

What :mod:`imr_rules.facts` works out of a case is written here a second time, module by module alike; tests and
:mod:`imr_rules.workbench.witness.search` hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable

from imr_rules.engines.symbolic.values import TRUE, SymbolicRow, SymbolicValue, negation
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.workbench.witness.family import Family, part_of
from imr_rules.workbench.witness.terms.counts import count, first_course
from imr_rules.workbench.witness.terms.response import after_care
from imr_rules.workbench.witness.terms.situation import age, procedure, region
from imr_rules.workbench.witness.terms.stated import finding, given
from imr_rules.workbench.witness.terms.timing import day, elapsed, past
from imr_rules.workbench.witness.terms.use import days_of_use, days_requested

__all__ = ["is_worked_out", "row_of"]


def row_of(family: Family, vocabulary: Vocabulary) -> SymbolicRow:
    """Return the row that derivation makes of a case, by the dictionary of a rulebook."""
    return {name: _value(family, vocabulary.facts[name]) for name in family.facts if name in vocabulary.facts}


def is_worked_out(name: str) -> bool:
    """Whether the terms say how a derived fact, other than an instrument's, comes about."""
    return name in _WORKED_OUT or part_of(name) is not None or name in _GIVEN


def _value(family: Family, spec: FactSpec) -> SymbolicValue:
    if not spec.derived:
        return finding(family, spec)
    part = part_of(spec.name)
    if part is not None:
        return count(family, spec, part)
    return _WORKED_OUT.get(spec.name, given)(family, spec)


_GIVEN = frozenset(
    {"principal_supported", "visits_per_week", "weeks_since_start", "measured_response", "measured_function"}
)
"""Derived facts that a case of the family gives as findings: it has no frequency, no dated courses
and no scores."""

_WORKED_OUT: dict[str, Callable[[Family, FactSpec], SymbolicValue]] = {
    "after_planned_surgery": finding,  # the principal item of the family is no operation
    "first_course": first_course,
    "days_of_use": days_of_use,
    "days_requested": days_requested,
    "request_date": lambda family, spec: day(family, TRUE, family.requested, spec),
    "injury_date": lambda family, spec: day(family, family.injured, family.injury, spec),
    "surgery_date": lambda family, spec: day(family, family.dated, family.surgery, spec),
    "days_since_injury": lambda family, spec: elapsed(
        family, family.injured, family.requested - family.injury, spec
    ),
    "weeks_since_injury": lambda family, spec: elapsed(
        family, family.injured, (family.requested - family.injury) / 7, spec
    ),
    "days_since_surgery": lambda family, spec: elapsed(
        family, past(family), family.requested - family.surgery, spec
    ),
    "weeks_since_surgery": lambda family, spec: elapsed(
        family, past(family), (family.requested - family.surgery) / 7, spec
    ),
    "months_since_surgery": lambda family, spec: elapsed(family, past(family), family.months, spec),
    "surgery_done": lambda family, spec: SymbolicValue.truth(family.operated, negation(family.operated)),
    "postsurgical_procedure": procedure,
    "body_region": region,
    "age": age,
    "follows_principal": lambda family, spec: SymbolicValue.truth(family.follows, negation(family.follows)),
    "response": after_care,
    "objective_improvement": after_care,
    "functional_improvement": after_care,
}
