"""Every fact an item may be asked for: as the record states it, or worked out from its structured parts.

``DERIVED`` names every fact worked out here; the dictionary declares the same names, and loading a rulebook
checks that the two agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from imr_rules.expression.values import Value
from imr_rules.facts import counts, quantities, response, scores, situation, timing, use
from imr_rules.facts.record import Derive, Record
from imr_rules.rulebook.dictionary import FactSpec

__all__ = ["DERIVED", "derive"]


def derive(record: Record, spec: FactSpec) -> Value:
    """Return what is known of one fact of a disputed item."""
    if not spec.derived:
        return record.stated(spec)
    work_out = DERIVED.get(spec.name, scores.of_instrument)
    return record.reconciled(spec.name, work_out(record, spec), spec)


_OTHER_UNITS = ("hour", "day", "week", "month", "tablet", "study", "block", "level", "injection", "item")

DERIVED: Mapping[str, Derive] = {
    work_out.__name__: work_out
    for work_out in (
        quantities.asked, quantities.in_dispute, quantities.visits_per_week,
        counts.authorized, counts.prior_visits, counts.prior_visits_claim, counts.prior_visits_since_surgery,
        counts.visits_if_granted, counts.visits_if_granted_claim, counts.visits_if_granted_since_surgery,
        counts.first_course,
        timing.injury_date, timing.request_date, timing.surgery_date, timing.weeks_since_injury,
        timing.days_since_injury, timing.weeks_since_start, timing.days_since_surgery,
        timing.weeks_since_surgery, timing.months_since_surgery,
        situation.surgery_done, situation.after_planned_surgery, situation.postsurgical_procedure, situation.age, situation.body_region,
        situation.follows_principal, situation.principal_supported,
        scores.measured_response, scores.measured_function,
        response.response, response.objective_improvement, response.functional_improvement,
        use.days_of_use, use.days_requested,
    )
} | {
    # The same counts in other units: an amount is only ever read in the unit of the fact that asks for it.
    counts.named(part, unit): work_out
    for unit in _OTHER_UNITS
    for part, work_out in (
        ("in_dispute", quantities.in_dispute),
        ("attended", counts.prior_visits),
        ("if_granted", counts.visits_if_granted),
    )
}  # fmt: skip
"""Fact name → how it is worked out, for every derived fact but those of the instruments."""
