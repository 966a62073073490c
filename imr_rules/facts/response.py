"""Whether earlier care helped: response, objective improvement, functional improvement."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from imr_rules.expression.values import Value
from imr_rules.facts.counts import first_course
from imr_rules.facts.merge import known, merge, missing, reconcile
from imr_rules.facts.record import Derive, Record
from imr_rules.facts.scores import measured_function, measured_pain, measured_response
from imr_rules.rulebook.dictionary import FactSpec

_MEASURED: Mapping[str, Derive] = {
    work_out.__name__: work_out for work_out in (measured_response, measured_function)
}


def _any_of(record: Record, spec: FactSpec) -> Value:
    """Return whether one of the facts it rests on holds; silent where all that the record could say is silent."""
    facts = record.vocabulary.facts
    parts = [(name, _part(record, facts[name])) for name in spec.rests_on if name in facts]
    for _, value in parts:
        if value.low == 1:
            return value
    evidence = tuple(each for _, value in parts for each in value.evidence)
    open_parts = [(name, value) for name, value in parts if value.low != value.high]
    if not open_parts:
        return known(0, evidence=evidence)
    searched = [value for _, value in open_parts if value.state == "undocumented"]
    if searched and all(
        value.state == "undocumented" or _unmeasured(name, value) for name, value in open_parts
    ):
        return replace(searched[0], silent=spec.silence == "against_request", evidence=evidence)
    return Value("missing", 0, 1, conflict=any(value.conflict for _, value in parts), evidence=evidence)


def _unmeasured(name: str, value: Value) -> bool:
    """Whether a fact of the scales is open because no score is recorded: that says no more than silence."""
    return name in _MEASURED and value.state == "missing" and not value.evidence


def _narrower(record: Record, spec: FactSpec) -> Value | None:
    """Return what the facts that imply this one say for it: a yes, or that it is open; None where they say nothing.

    A no says nothing: function may be as it was where pain is less. Nor does a silent record.
    """
    narrower = record.vocabulary.facts.get(spec.implied_by or "")
    if narrower is None:
        return None
    implied = _narrower(record, narrower)
    said = None
    if record.tells(narrower.name):
        said = record.held_against(record.vocabulary.opposites(narrower), record.stated(narrower))
    if said is not None and implied is not None:
        said = reconcile(said, implied)
    said = said or implied
    return said if said is not None and (said.low == 1 or said.conflict or said.state == "missing") else None


def _after_care(record: Record, spec: FactSpec) -> Value:
    """Return whether one of the facts it rests on holds as a response to earlier care of this kind.

    What is said of a narrower fact is held against it. Where no visit was attended yet there is nothing to
    respond to. A gain that is recorded although no earlier visit is leaves it open: one of the two is not in
    the record. A lack of gain leaves it open too while this may be the first course.
    """
    found, narrower = _any_of(record, spec), _narrower(record, spec)
    first = first_course(record, record.vocabulary.facts["first_course"])
    if first.low == 0:
        worked_out = _refuted(record, spec)
        if worked_out is None:
            silent = found.state in ("missing", "undocumented")
            worked_out = _as_silent_as_any_response(record, found, spec) if silent else found
        if worked_out.high == 0 and first.high == 1:
            worked_out = replace(
                missing(spec.type, "whether there was an earlier visit is not known"),
                evidence=worked_out.evidence,
            )
        return worked_out if narrower is None else reconcile(narrower, worked_out)
    if first.assumed and any(each is not None and each.low == 1 for each in (found, narrower)):
        return replace(
            missing(spec.type, "a gain is recorded, and no earlier visit"),
            evidence=(narrower or found).evidence,
        )
    return known(0, note="no visit attended yet", assumed=first.assumed)


def _refuted(record: Record, spec: FactSpec) -> Value | None:
    """Return a no where the record denies what must hold beside the facts it rests on; None where it does not."""
    facts = record.vocabulary.facts
    for name in spec.refuted_by:
        if name in facts and record.tells(name):
            value = record.stated(facts[name])
            if value.high == 0:
                return known(0, note=f"{facts[name].label}: no", evidence=value.evidence)
    return None


def _as_silent_as_any_response(record: Record, found: Value, spec: FactSpec) -> Value:
    """Return what the record says of any response at all, where that denies a special one or is silent."""
    if not record.tells("response") or spec.name == "response" or found.conflict:
        return found
    given = record.finding("response")
    response = record.supposed.get("response") or merge(given or (), spec.type, spec.silence)
    return response if response.state == "undocumented" or response.high == 0 else found


def response(record: Record, spec: FactSpec) -> Value:
    """Return whether earlier care helped: an instrument, a measured gain, activities, or a lifted restriction."""
    return _after_care(record, spec)


def objective_improvement(record: Record, spec: FactSpec) -> Value:
    """Return whether function improved objectively: relief of pain alone is a response, and not this."""
    return _after_care(record, spec)


def functional_improvement(record: Record, spec: FactSpec) -> Value:
    """Return functional improvement, 8 CCR 9792.20(e): activities of daily living, or work restrictions.

    It asks for less dependence on care as well. That is a fact of its own, which only denies it here: a record
    that says nothing of it leaves a caution.
    """
    return _after_care(record, spec)


def pain_relief(record: Record, spec: FactSpec) -> Value:
    """Return whether earlier care relieved pain: what is said of the response to it, held against a scale of pain.

    Better function is a response too, and no relief: a record that tells of it and is silent on pain leaves it open.
    """
    facts = record.vocabulary.facts
    scale, function = facts["measured_pain"], facts["functional_improvement"]
    measured = record.reconciled(scale.name, measured_pain, scale)
    if record.tells("response"):
        return reconcile(record.stated(facts["response"]), measured)
    if measured.state == "undocumented":
        better = record.reconciled(function.name, functional_improvement, function)
        if better.low == 1:
            return missing(spec.type, "function improved, and nothing is said of pain")
    return measured


def _part(record: Record, spec: FactSpec) -> Value:
    work_out = _MEASURED.get(spec.name)
    if work_out is None:
        return record.stated(spec)
    return record.reconciled(spec.name, work_out, spec)
