"""Whether earlier care helped: response, objective improvement, functional improvement."""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules.expression.values import Value
from imr_rules.facts.counts import first_course
from imr_rules.facts.merge import known, merge, missing
from imr_rules.facts.record import Derive, Record
from imr_rules.facts.scores import measured_function, measured_response
from imr_rules.rulebook.dictionary import FactSpec

_MEASURED: Mapping[str, Derive] = {
    work_out.__name__: work_out for work_out in (measured_response, measured_function)
}


def _any_of(record: Record, spec: FactSpec) -> Value:
    """Return whether one of the facts it rests on holds; silent where all that is open is silent."""
    facts = record.vocabulary.facts
    values = [_part(record, facts[name]) for name in spec.rests_on if name in facts]
    for value in values:
        if value.low == 1:
            return value
    evidence = tuple(each for value in values for each in value.evidence)
    open_values = [value for value in values if value.low != value.high]
    if not open_values:
        return known(0, evidence=evidence)
    searched = [value for value in open_values if value.state == "undocumented"]
    if len(searched) == len(open_values):
        return searched[0]._replace(silent=spec.silence == "against_request", evidence=evidence)
    return Value("missing", 0, 1, conflict=any(value.conflict for value in values), evidence=evidence)


def _after_care(record: Record, spec: FactSpec) -> Value:
    """Return whether one of the facts it rests on holds as a response to earlier care of this kind.

    Where no visit was attended yet there is nothing to respond to. A gain that is recorded although no
    earlier visit is leaves it open: one of the two is not in the record.
    """
    found = _any_of(record, spec)
    first = first_course(record, record.vocabulary.facts["first_course"])
    if first.low == 0:
        return _as_silent_as_any_response(record, found, spec) if found.state == "missing" else found
    if found.low == 1 and first.assumed:
        return missing(spec.type, "a gain is recorded, and no earlier visit")._replace(
            evidence=found.evidence
        )
    return known(0, note="no visit attended yet", assumed=first.assumed)


def _as_silent_as_any_response(record: Record, found: Value, spec: FactSpec) -> Value:
    """Return what the record says of any response at all, where that denies a special one or is silent."""
    given = record.finding("response")
    if given is None or spec.name == "response" or found.conflict:
        return found
    response = merge(given, spec.type, spec.silence)
    return response if response.state == "undocumented" or response.high == 0 else found


def response(record: Record, spec: FactSpec) -> Value:
    """Return whether earlier care helped: an instrument, a measured gain, activities, or a lifted restriction."""
    return _after_care(record, spec)


def objective_improvement(record: Record, spec: FactSpec) -> Value:
    """Return whether function improved objectively: relief of pain alone is a response, and not this."""
    return _after_care(record, spec)


def functional_improvement(record: Record, spec: FactSpec) -> Value:
    """Return functional improvement: activities of daily living or work restrictions, unless dependence is as before.

    8 CCR 9792.20 asks for both limbs. Silence about the second, less dependence on care, is left to a caution; a
    record that says dependence was not reduced says that this is no functional improvement.
    """
    found = _after_care(record, spec)
    second = record.stated(record.vocabulary.facts["dependence_reduced"])
    if found.high == 1 and second.state == "known" and second.high == 0:
        return known(0, note="dependence on care is not reduced", evidence=second.evidence)
    return found


def _part(record: Record, spec: FactSpec) -> Value:
    work_out = _MEASURED.get(spec.name)
    if work_out is None:
        return record.stated(spec)
    return record.reconciled(spec.name, work_out(record, spec), spec)
