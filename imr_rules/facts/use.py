"""For how many days a drug or device was used, and for how many it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from imr_rules._units import TABLE
from imr_rules.case import Amount, Course
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.merge import between, known, merge, missing, plus
from imr_rules.facts.record import Record
from imr_rules.facts.silence import none_recorded
from imr_rules.rulebook.dictionary import FactSpec

__all__ = ["days_of_use", "days_requested"]

_DAYS = {unit.name: unit.days for unit in TABLE if unit.days}


def days_of_use(record: Record, spec: FactSpec) -> Value:
    """Return for how many days a drug or device was used before: as counted, else from the course's dates."""
    values = []
    for course in record.discipline:
        belongs = record.here(course)
        if belongs is False:
            continue
        found = _days_of(record, course, spec)
        values.append(found if belongs else Value("bounded", 0, found.high, evidence=found.evidence))
    if values:
        return plus(values, spec.type)
    if record.item.course == "continuing":
        return between(
            1, spec.type.high, spec.type, note="the request is a continuation, and no course is recorded"
        )
    return none_recorded(spec.type, record.read, first=record.item.course == "initial")


def _days_of(record: Record, course: Course, spec: FactSpec) -> Value:
    if course.attended is not None and {each.unit for each in course.attended} <= _DAYS.keys():
        return _in_days(record, course.attended, spec)
    since = course.since.window if course.since else None
    until = course.until.window if course.until else record.as_of
    if since is None or until is None:
        return missing(spec.type, "a course is recorded without its length")
    return between(
        (until.first - since.last).days, (until.last - since.first).days, spec.type, evidence=course.evidence
    )


def _in_days(record: Record, statements: Sequence[Amount], spec: FactSpec) -> Value:
    kind = spec.type
    units = {str(each.unit or record.unit) for each in statements}
    if len(units) != 1 or not units <= _DAYS.keys():
        return missing(kind, "stated in another unit")
    times = _DAYS[units.pop()]
    found = merge(statements, FactType.integer(0, kind.high // times), spec.silence)
    if found.state in ("missing", "undocumented"):
        return found._replace(low=kind.low, high=kind.high)
    return between(found.low * times, found.high * times, kind, evidence=found.evidence)


def days_requested(record: Record, spec: FactSpec) -> Value:
    """Return for how many days the whole request asks: its amounts in time, else its duration.

    What utilization review authorized of it counts too: a limit judges the course as it would be.
    """
    item = record.item
    if item.asked is not None and {str(each.unit or record.unit) for each in item.asked} <= _DAYS.keys():
        return _in_days(record, item.asked, spec)
    if item.duration is not None:
        return known(item.duration.value * _DAYS[item.duration.unit])
    if (
        item.in_dispute is not None
        and {str(each.unit or record.unit) for each in item.in_dispute} <= _DAYS.keys()
    ):
        parts = [_in_days(record, item.in_dispute, spec)]
        parts += [_in_days(record, item.authorized, spec)] if item.authorized is not None else []
        return plus(parts, spec.type)
    silent = [each for group in (item.asked, item.in_dispute) for each in group or () if each.undocumented]
    if silent:
        return merge(silent, spec.type, spec.silence)
    return missing(spec.type)
