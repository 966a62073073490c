"""Every fact an item may be asked for: as the record states it, or worked out from its structured parts.

``DERIVED`` says how each of :mod:`imr_rules.rulebook.derived` is worked out.
"""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules.expression.values import Value
from imr_rules.facts import counts, quantities, response, scores, situation, timing, use
from imr_rules.facts.merge import known
from imr_rules.facts.record import Derive, Record
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.sums import SUMS


def derive(record: Record, spec: FactSpec) -> Value:
    """Return what is known of one fact of a disputed item."""
    found = _found(record, spec)
    opposites = record.vocabulary.opposites(spec)
    return record.held_against(opposites, found) if opposites else found


def _found(record: Record, spec: FactSpec) -> Value:
    if spec.opposite_of is not None and record.finding(spec.name) is None:
        opposite = derive(record, record.vocabulary.facts[spec.opposite_of])
        if opposite.state == "known" and not opposite.assumed:
            return known(1 - opposite.low, evidence=opposite.evidence)
    if not spec.derived:
        return record.stated(spec)
    work_out = DERIVED.get(spec.name, scores.of_instrument)
    return record.reconciled(spec.name, work_out, spec)


DERIVED: Mapping[str, Derive] = {
    work_out.__name__: work_out
    for work_out in (
        quantities.asked, quantities.in_dispute, quantities.visits_per_week,
        counts.authorized, counts.first_course,
        timing.injury_date, timing.request_date, timing.surgery_date, timing.weeks_since_injury,
        timing.days_since_injury, timing.days_to_decision, timing.days_to_application, timing.days_of_newest_report, timing.weeks_since_start, timing.days_since_surgery,
        timing.weeks_since_surgery, timing.months_since_surgery,
        situation.surgery_done, situation.after_planned_surgery, situation.postsurgical_procedure, situation.age, situation.body_region,
        situation.follows_principal, situation.principal_supported,
        scores.measured_response, scores.measured_function, scores.measured_pain,
        response.response, response.pain_relief, response.objective_improvement, response.functional_improvement,
        use.days_of_use, use.days_requested,
    )
} | {
    # An amount is only ever read in the unit of the fact that asks for it.
    name: work_out
    for each in SUMS.values()
    for name, work_out in (
        (each.in_dispute, quantities.in_dispute),
        (each.attended, counts.ATTENDED[each.scope]),
        (each.total, counts.if_granted),
    )
}  # fmt: skip
"""Fact name → how it is worked out, for every derived fact but those of the instruments."""
